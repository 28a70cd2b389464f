//! Errors of the way to the service and back.

use std::fmt;

use super::{Cause, RequestSummary, redact};

/// No usable answer came: the connection failed, broke, or took too long.
#[derive(Debug, Clone)]
pub struct NetworkError {
    request: RequestSummary,
    message: String,
    hint: Option<String>,
    lasting: bool,
    cause: Option<Cause>,
}

impl NetworkError {
    /// `message` says what happened, without the URL.
    pub fn new(request: RequestSummary, message: impl Into<String>) -> Self {
        let hint = request.host().map(|host| {
            format!("check that a service (or the emulator) is running at {host} and that no proxy or firewall is in between")
        });
        Self {
            request,
            message: redact::paragraph(&message.into()),
            hint,
            lasting: false,
            cause: None,
        }
    }

    /// Keeps the error of the HTTP library as the source. Its text must not hold the URL's query.
    #[must_use]
    pub fn with_source(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Cause::new(cause));
        self
    }

    /// Replaces what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says that the same request would fail again.
    #[must_use]
    pub(crate) fn with_lasting(mut self, lasting: bool) -> Self {
        self.lasting = lasting;
        self
    }

    pub(super) fn is_lasting(&self) -> bool {
        self.lasting
    }

    /// The request that got no answer.
    pub fn request(&self) -> &RequestSummary {
        &self.request
    }

    /// What happened.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.request, self.message)
    }
}

impl std::error::Error for NetworkError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(Cause::as_dyn)
    }
}

/// An answer came, but it is not what the operation promises.
#[derive(Debug, Clone)]
pub struct DecodeError {
    what: String,
    message: String,
    path: Option<String>,
    request: Option<RequestSummary>,
    status: Option<u16>,
    excerpt: Option<String>,
    hint: Option<&'static str>,
    cause: Option<Cause>,
}

impl DecodeError {
    /// `what` names what was expected, for example a type or "a JSON object"; `message` what came instead.
    pub fn new(what: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            message: redact::paragraph(&message.into()),
            path: None,
            request: None,
            status: None,
            excerpt: None,
            hint: None,
            cause: None,
        }
    }

    /// Adds where in the document the problem is, for example `groups[3].name`.
    #[must_use]
    pub fn at_path(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into()).filter(|path| !path.is_empty() && path != ".");
        self
    }

    /// Adds the request and the answer's status; of `body` a short, redacted excerpt is kept.
    #[must_use]
    pub fn from_answer(mut self, request: RequestSummary, status: http::StatusCode, body: &[u8]) -> Self {
        self.request = Some(request);
        self.status = Some(status.as_u16());
        self.excerpt = Some(redact::excerpt(body)).filter(|excerpt| !excerpt.is_empty());
        self
    }

    /// Adds the request, where nothing is to be said of the answer.
    #[must_use]
    pub(crate) fn with_request(mut self, request: RequestSummary) -> Self {
        self.request = Some(request);
        self
    }

    /// Replaces what to do about it.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// Keeps the decoder's error as the source.
    #[must_use]
    pub fn with_source(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Cause::new(cause));
        self
    }

    /// What was expected.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What came instead.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Where in the document the problem is.
    pub fn path(&self) -> Option<&str> {
        self.path.as_deref()
    }

    /// The request whose answer it was.
    pub fn request(&self) -> Option<&RequestSummary> {
        self.request.as_ref()
    }

    /// HTTP status of the answer.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// A short, redacted piece of the body.
    pub fn excerpt(&self) -> Option<&str> {
        self.excerpt.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        if self.hint.is_some() {
            return self.hint;
        }
        if self.status.is_some() && self.excerpt.is_none() {
            return Some(
                "the answer has no body: look at its status and headers, and check that the address is that of a Globus service",
            );
        }
        Some("read the answer as JSON or text instead, and check that the address is that of a Globus service")
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(request) = &self.request {
            write!(f, "{request}: ")?;
        }
        write!(f, "the answer is not {}: {}", self.what, self.message)?;
        if let Some(path) = &self.path {
            write!(f, " (at {path})")?;
        }
        if let Some(excerpt) = &self.excerpt {
            write!(f, "; body: {excerpt}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(Cause::as_dyn)
    }
}
