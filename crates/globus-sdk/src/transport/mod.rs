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

// ---- STUB ----
use crate::authorizers::Authorizer;
use crate::error::{Error, ErrorShape, Result as R};
use crate::operation::{Idempotency, Operation};
use std::sync::Arc;
#[allow(missing_docs)]
#[derive(Debug, Clone, Default)]
pub struct RetryConfig {}
#[allow(missing_docs)]
#[derive(Debug, Clone, Copy)]
pub enum TransientRule {
    Standard,
    Transfer,
    TransferV2,
}
#[allow(missing_docs)]
pub trait AuthorizationHook: Send + Sync + fmt::Debug {}
#[allow(missing_docs)]
pub trait Clock: Send + Sync + fmt::Debug {
    fn now(&self) -> std::time::SystemTime;
    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()>;
}
#[derive(Debug)]
struct Sys;
impl Clock for Sys {
    fn now(&self) -> std::time::SystemTime {
        std::time::SystemTime::now()
    }
    fn sleep(&self, d: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(d))
    }
}
#[allow(missing_docs)]
#[derive(Debug, Clone)]
pub struct Ambient {
    pub clock: Arc<dyn Clock>,
}
impl Default for Ambient {
    fn default() -> Self {
        Self { clock: Arc::new(Sys) }
    }
}
impl Ambient {
    pub(crate) fn uuid_v1(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
}
#[allow(missing_docs)]
#[derive(Debug)]
pub struct HttpTransport;
impl HttpTransport {
    pub(crate) fn new(_: &crate::config::Config) -> R<Self> {
        Ok(Self)
    }
}
impl Transport for HttpTransport {
    fn send(
        &self,
        _: http::Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        Box::pin(async { Err(TransportError {}) })
    }
}
#[derive(Debug)]
pub(crate) struct Exchange {
    authorizer: Option<Arc<dyn Authorizer>>,
    ambient: Ambient,
    t: Arc<dyn Transport>,
}
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub idempotency: Idempotency,
    pub authorization: bool,
    pub redirects: bool,
    pub timeout: Option<Duration>,
    pub retry: Option<RetryConfig>,
    pub resend: bool,
}
#[derive(Debug)]
pub(crate) struct Answered {
    r: http::Response<AnswerBody>,
}
impl Exchange {
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn new(
        t: Arc<dyn Transport>,
        authorizer: Option<Arc<dyn Authorizer>>,
        _: RetryConfig,
        ambient: Ambient,
        _: &'static ErrorShape,
        _: TransientRule,
        _: url::Url,
        _: Option<Arc<dyn AuthorizationHook>>,
    ) -> Self {
        Self { authorizer, ambient, t }
    }
    pub(crate) fn authenticates(&self) -> bool {
        self.authorizer.is_some()
    }
    pub(crate) fn ambient(&self) -> &Ambient {
        &self.ambient
    }
    pub(crate) async fn run(&self, r: http::Request<Bytes>, p: &Plan) -> R<Answered> {
        let r = self.t.send(r, p.timeout).await.map_err(|_| Error::usage("x"))?;
        Ok(Answered { r })
    }
}
impl Answered {
    pub(crate) fn status(&self) -> http::StatusCode {
        self.r.status()
    }
    pub(crate) fn headers(&self) -> &http::HeaderMap {
        self.r.headers()
    }
    pub(crate) async fn chunk(&mut self) -> Option<R<Bytes>> {
        None
    }
    pub(crate) async fn collect(self, _: Option<&'static Operation>) -> R<crate::response::Raw> {
        Err(Error::usage("x"))
    }
}
