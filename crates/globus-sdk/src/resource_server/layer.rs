//! [`AuthenticateLayer`]: authentication before a service of `tower`, such as a router of axum.

use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::Authenticator;

/// Lets requests through whose token does, with their [`Caller`](super::Caller) among the extensions, and answers all
/// others with a [`Refusal`](super::Refusal).
///
/// In axum, `Router::layer(AuthenticateLayer::new(authenticator))` puts it before all routes, and a handler takes
/// `Extension(caller): Extension<Caller>`.
#[derive(Debug, Clone)]
pub struct AuthenticateLayer {
    authenticator: Authenticator,
}

impl AuthenticateLayer {
    /// A layer that lets through whom `authenticator` accepts.
    pub fn new(authenticator: Authenticator) -> Self {
        Self { authenticator }
    }
}

impl<S> Layer<S> for AuthenticateLayer {
    type Service = Authenticate<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Authenticate {
            authenticator: self.authenticator.clone(),
            inner,
        }
    }
}

/// A service behind an [`AuthenticateLayer`].
#[derive(Debug, Clone)]
pub struct Authenticate<S> {
    authenticator: Authenticator,
    inner: S,
}

impl<S, Q, B> Service<http::Request<Q>> for Authenticate<S>
where
    S: Service<http::Request<Q>, Response = http::Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    Q: Send + 'static,
    B: From<Bytes>,
{
    type Response = http::Response<B>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: http::Request<Q>) -> Self::Future {
        // The one that said it is ready is the one that is called.
        let waiting = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, waiting);
        let authenticator = self.authenticator.clone();
        Box::pin(async move {
            // Held across the wait: the headers, and not the request, whose body need not be `Sync`.
            let headers = request.headers().clone();
            match authenticator.authenticate(&headers).await {
                Ok(caller) => {
                    request.extensions_mut().insert(caller);
                    inner.call(request).await
                }
                Err(refusal) => Ok(refusal.into_response()),
            }
        })
    }
}
