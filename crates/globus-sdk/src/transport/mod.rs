//! From an `http::Request` to an `http::Response`: sending, retrying, redirecting, authorizing.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;

/// The body of an answer (skeleton).
#[derive(Debug)]
pub struct AnswerBody {}
/// Why no answer came (skeleton).
#[derive(Debug)]
pub struct TransportError {}

/// Sends one HTTP request and reads its answer: no retry, no redirect, no credentials of its own.
///
/// The SDK brings an implementation over reqwest; tests and special networks bring their own.
pub trait Transport: Send + Sync + fmt::Debug {
    /// Sends `request`; the body of the answer is not read before the future is done.
    fn send(
        &self,
        request: http::Request<Bytes>,
        timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>>;
}
