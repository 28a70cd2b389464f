//! Says which requests are made.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_sdk::Config;
use globus_sdk::operation::Operation;
use globus_sdk::transport::{AnswerBody, HttpTransport, Transport, TransportError};
use http::{Request, Response};

/// The usual transport, with a line on stdout for each request.
#[derive(Debug)]
pub(crate) struct Narrator {
    inner: HttpTransport,
    calls: AtomicUsize,
    quiet: AtomicUsize,
}

/// While it lives, requests are counted and not told.
pub(crate) struct Quiet<'a>(&'a Narrator);

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        self.0.quiet.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Narrator {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            inner: HttpTransport::new(config),
            calls: AtomicUsize::new(0),
            quiet: AtomicUsize::new(0),
        }
    }

    /// For requests that come again and again.
    pub(crate) fn quiet(&self) -> Quiet<'_> {
        self.quiet.fetch_add(1, Ordering::Relaxed);
        Quiet(self)
    }

    /// How many requests there were.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

impl Transport for Narrator {
    fn send(
        &self,
        request: Request<Bytes>,
        timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        let operation = request.extensions().get::<&'static Operation>();
        let operation = operation.map_or_else(|| "a request".to_owned(), |operation| operation.key());
        let line = format!("{} {}", request.method(), request.uri().path());
        self.calls.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move {
            let answer = self.inner.send(request, timeout).await;
            match &answer {
                _ if self.quiet.load(Ordering::Relaxed) > 0 => {}
                Ok(answer) => say!("  -> {operation}: {line} -> {}", answer.status()),
                Err(error) => say!("  -> {operation}: {line} -> no answer: {error}"),
            }
            answer
        })
    }
}
