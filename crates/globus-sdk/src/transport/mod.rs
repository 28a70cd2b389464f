//! From an `http::Request` to an `http::Response`: sending, retrying, redirecting, authorizing.
//!
//! [`Transport`] is the narrow part that can be replaced: one request, one answer. [`HttpTransport`] is the
//! implementation for real networks. Everything that is decided (whether to send again, where a redirect
//! leads, whether credentials may leave) is a pure function in a module of its own, and the exchange calls
//! them in order. Time and chance come from [`Ambient`], so tests need neither waiting nor luck.

mod answered;
mod body;
mod budget;
mod clock;
mod error;
mod exchange;
mod failure;
mod hook;
mod http;
mod idempotency;
mod manual;
mod origin;
mod pool;
mod proxy;
mod redirect;
mod retry;
mod retry_after;
mod retry_config;
mod tls;
mod transient;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use ::http::{Request, Response};
use bytes::Bytes;
use futures_util::future::BoxFuture;

pub(crate) use answered::Answered;
pub use body::AnswerBody;
pub use budget::RetryBudget;
pub use clock::{Ambient, Clock, Random, SystemClock, SystemRandom};
pub use error::{TransportError, TransportErrorKind};
pub(crate) use exchange::{Exchange, MAX_ANSWER_BYTES, Plan, Settings};
pub use hook::AuthorizationHook;
pub use http::{HttpTransport, HttpTransportBuilder};
pub use idempotency::Idempotency;
pub use manual::{FixedRandom, ManualClock};
pub use retry_config::{Backoff, CheckResult, RetryCheck, RetryConfig, RetryContext};
pub use transient::TransientRule;

/// Sends one HTTP request and reads its answer: no retry, no redirect, no credentials of its own.
///
/// The SDK brings [`HttpTransport`]; tests and special networks bring their own.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request`; the body of the answer need not be read before the future is done.
    ///
    /// Requests of declared operations carry their row, a `&'static `[`Operation`](crate::operation::Operation), among
    /// their extensions.
    ///
    /// `timeout` is the longest time that may pass until the answer begins, and then between two parts of its
    /// body; `None` waits without end. An answer with any status is `Ok`; a redirect is answered, not followed.
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>>;
}
