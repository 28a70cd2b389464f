//! Why no answer came.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Why a [`Transport`](super::Transport) has no answer, or not all of it.
#[derive(Debug, Clone)]
pub struct TransportError {
    kind: TransportErrorKind,
    message: String,
    peer: Option<String>,
    unprocessed: bool,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

/// Kinds of [`TransportError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: refused, unreachable, unknown host, proxy that does not answer.
    Connect,
    /// No connection within the time allowed for it.
    ConnectTimeout,
    /// The secure connection failed, most often because the certificate is not trusted.
    Tls,
    /// The connection was there and broke before an answer began.
    Interrupted,
    /// Nothing came within the time allowed.
    Timeout,
    /// The answer began, and its body was cut short or cannot be decompressed.
    Body,
    /// The whole call took longer than its deadline.
    Deadline,
    /// The answer is longer than allowed.
    TooLarge,
    /// The answer is a redirect that is not followed.
    Redirect,
    /// The request itself cannot be sent, whatever the network does.
    Invalid,
    /// Anything else.
    Other,
}

impl TransportErrorKind {
    /// Whether no byte of the request can have reached the service.
    const fn is_before_sending(self) -> bool {
        matches!(self, Self::Connect | Self::ConnectTimeout | Self::Tls | Self::Invalid)
    }

    const fn as_text(self) -> &'static str {
        match self {
            Self::Connect => "cannot connect",
            Self::ConnectTimeout => "cannot connect in time",
            Self::Tls => "no secure connection",
            Self::Interrupted => "the connection broke before an answer came",
            Self::Timeout => "no answer in time",
            Self::Body => "the answer was cut short",
            Self::Deadline => "the call took too long",
            Self::TooLarge => "the answer is too large",
            Self::Redirect => "the redirect is not followed",
            Self::Invalid => "the request cannot be sent",
            Self::Other => "the request failed",
        }
    }
}

impl TransportError {
    /// `message` says what happened, without credentials, query or body.
    ///
    /// Errors of the kinds `Connect`, `ConnectTimeout`, `Tls` and `Invalid` count as
    /// [surely unprocessed](Self::is_surely_unprocessed), others do not.
    pub fn new(kind: TransportErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            peer: None,
            unprocessed: kind.is_before_sending(),
            source: None,
        }
    }

    /// Names the other side as `host:port`.
    #[must_use]
    pub fn with_peer(mut self, peer: impl Into<String>) -> Self {
        self.peer = Some(peer.into());
        self
    }

    /// Keeps the error of the layer below.
    #[must_use]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// Says whether it is certain that the service did not act on the request. With `true`, even a request
    /// that must not be carried out twice is sent again.
    #[must_use]
    pub fn with_surely_unprocessed(mut self, unprocessed: bool) -> Self {
        self.unprocessed = unprocessed;
        self
    }

    /// What kind of failure it was.
    pub const fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether it is certain that the service did not act on the request.
    pub const fn is_surely_unprocessed(&self) -> bool {
        self.unprocessed
    }

    /// The other side as `host:port`, if known.
    pub fn peer(&self) -> Option<&str> {
        self.peer.as_deref()
    }

    /// What happened, without the kind and the peer.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.as_text())?;
        if let Some(peer) = &self.peer {
            write!(f, " ({peer})")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}
