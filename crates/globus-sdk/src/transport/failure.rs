//! From a failed attempt to the crate's error.

use std::time::Duration;

use super::retry::Why;
use super::{TransportError, TransportErrorKind};
use crate::error::{DecodeError, Error, NetworkError, RequestSummary};

/// How hard it was tried.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) why: Why,
}

impl Effort {
    fn describe(self, message: &str) -> String {
        let seconds = self.elapsed.as_secs_f64();
        let reason = match self.why {
            Why::MayBeDone => "; not sent again because it may have been carried out",
            Why::Deadline => "; the deadline of the call is over",
            Why::Budget => "; too many requests of this client had to be sent again lately",
            Why::Final | Why::Off | Why::Check | Why::Exhausted => "",
        };
        match self.attempts {
            0 | 1 => format!("{message} (1 attempt, {seconds:.1} s{reason})"),
            attempts => format!("{message} ({attempts} attempts in {seconds:.1} s{reason})"),
        }
    }
}

/// The crate's error for an attempt without an answer.
///
/// `effort` is left out for a body that the caller reads.
pub(super) fn network(error: TransportError, request: RequestSummary, effort: Option<Effort>) -> Error {
    let kind = error.kind();
    if kind == TransportErrorKind::Invalid {
        return Error::validation("request", error.to_string());
    }
    if kind == TransportErrorKind::TooLarge {
        let refused = DecodeError::new("of a bearable size", error.message())
            .with_request(request)
            .with_hint("ask for less at once, read it as a stream, or allow more with `max_answer_bytes`")
            .with_source(error);
        return refused.into();
    }
    let proxied = error.peer().is_some_and(|peer| peer.contains(" through the proxy "));
    let message = error.to_string();
    let mut failure = NetworkError::new(
        request,
        effort.map_or(message.clone(), |effort| effort.describe(&message)),
    );
    if let Some(hint) = hint(kind, effort.map(|effort| effort.why), proxied) {
        failure = failure.with_hint(hint);
    }
    let lasting = kind == TransportErrorKind::Redirect;
    let failure = Box::new(failure.with_lasting(lasting).with_source(error));
    match kind {
        TransportErrorKind::ConnectTimeout => Error::ConnectTimeout(failure),
        TransportErrorKind::Timeout | TransportErrorKind::Deadline => Error::Timeout(failure),
        _ => Error::Connection(failure),
    }
}

fn hint(kind: TransportErrorKind, why: Option<Why>, proxied: bool) -> Option<&'static str> {
    match kind {
        _ if why == Some(Why::MayBeDone) => Some("find out whether the request was carried out before you repeat it"),
        TransportErrorKind::Connect | TransportErrorKind::ConnectTimeout if proxied => {
            Some("check the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names, or list the host in NO_PROXY")
        }
        TransportErrorKind::Tls => Some(
            "if the network or the service has its own certificate authority, name its file in SSL_CERT_FILE or \
             GLOBUS_SDK_VERIFY_SSL",
        ),
        TransportErrorKind::Timeout => Some("allow more time with `with_timeout` or GLOBUS_SDK_HTTP_TIMEOUT (seconds)"),
        TransportErrorKind::Deadline => Some(
            "ask for less at once, read the answer as a stream, or allow more time with `RetryConfig::with_deadline`",
        ),
        TransportErrorKind::Redirect => Some(
            "check the base URL: the address leads elsewhere or in circles; `with_redirects(false)` shows the answer itself",
        ),
        TransportErrorKind::Interrupted | TransportErrorKind::Body => Some("try again later"),
        _ => None,
    }
}
