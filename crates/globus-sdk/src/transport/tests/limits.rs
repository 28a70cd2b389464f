//! What bounds a call: its deadline, and the size of what it reads.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream;
use http::{Request, Response};
use url::Url;

use super::scripted::{Bench, SHAPE, Step, answer, get, plan};
use crate::error::ErrorKind;
use crate::operation::Idempotency::Repeatable;
use crate::transport::{
    Ambient, AnswerBody, CheckResult, Exchange, MAX_ANSWER_BYTES, RetryConfig, Settings, TransientRule, Transport,
    TransportError, TransportErrorKind,
};

/// Answers at once, and sends one byte every few milliseconds for ever.
#[derive(Debug)]
struct Dripping(u16);

impl Transport for Dripping {
    fn send(
        &self,
        _: Request<Bytes>,
        _: Option<Duration>,
    ) -> BoxFuture<'_, Result<Response<AnswerBody>, TransportError>> {
        Box::pin(async {
            let drip = stream::repeat(()).then_drip();
            Ok(Response::builder()
                .status(self.0)
                .body(AnswerBody::from_stream(drip))
                .unwrap())
        })
    }
}

trait Drip: futures_core::Stream<Item = ()> + Send + Sized + 'static {
    fn then_drip(self) -> impl futures_core::Stream<Item = Result<Bytes, TransportError>> + Send + 'static {
        futures_util::StreamExt::then(self, |()| async {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Ok(Bytes::from_static(b"x"))
        })
    }
}

impl<S: futures_core::Stream<Item = ()> + Send + 'static> Drip for S {}

fn exchange(transport: Arc<dyn Transport>, retry: RetryConfig, max_answer_bytes: usize) -> Exchange {
    Exchange::new(Settings {
        transport,
        authorizer: None,
        retry,
        ambient: Ambient::default(),
        shape: &SHAPE,
        transient: TransientRule::Standard,
        origin: Url::parse("https://svc.example.org/").unwrap(),
        hook: None,
        max_answer_bytes,
    })
}

#[tokio::test]
async fn a_body_that_drips_is_cut_by_the_deadline() {
    let retry = RetryConfig::default().with_deadline(Duration::from_millis(80));
    for status in [200, 500] {
        let exchange = exchange(Arc::new(Dripping(status)), retry.clone(), MAX_ANSWER_BYTES);
        let error = exchange.fetch(get("/thing"), &plan(Repeatable)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
        assert!(error.to_string().contains("0.08 s"), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("with_deadline")));
    }
    let exchange = exchange(Arc::new(Dripping(200)), retry, MAX_ANSWER_BYTES);
    let mut answered = exchange.run(get("/thing"), &plan(Repeatable)).await.unwrap();
    for _ in 0..30 {
        answered.chunk().await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_body_that_is_too_long_is_refused() {
    let exchange = exchange(Arc::new(Dripping(200)), RetryConfig::default(), 3);
    let error = exchange.fetch(get("/thing"), &plan(Repeatable)).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Decode, false));
    assert!(error.to_string().contains("3 bytes"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("max_answer_bytes")));
}

#[tokio::test]
async fn of_an_error_the_beginning_is_kept() {
    let bench = Bench::new([answer(404, &[], &"x".repeat(3 << 20))]);
    let error = bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!(error.http_status(), Some(404));
    assert!(error.api().is_some_and(|api| format!("{api:?}").len() < 4 << 20));
}

#[tokio::test]
async fn nobody_listens_on_this_machine() {
    let refused = || Step::Fail(TransportErrorKind::Connect);
    let bench = Bench::new((0..9).map(|_| refused()));
    let error = bench.run(get("http://127.0.0.1:9/x"), Repeatable).await.unwrap_err();
    assert_eq!((error.kind(), bench.transport.left()), (ErrorKind::Connection, 7));
    let bench = Bench::new((0..9).map(|_| refused()));
    bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!(bench.transport.left(), 3);
}

#[tokio::test]
async fn errors_name_who_answered() {
    let moved = answer(302, &[("location", "https://elsewhere.example/there")], "");
    let bench = Bench::new([moved, super::scripted::status(404)]);
    let error = bench.run(get("/here"), Repeatable).await.unwrap_err().to_string();
    assert!(error.contains("https://elsewhere.example/there"), "{error}");
    assert!(
        error.contains("redirected from https://svc.example.org/here"),
        "{error}"
    );

    let circle = (0..40).map(|_| answer(302, &[("location", "/here")], ""));
    let error = Bench::new(circle).run(get("/here"), Repeatable).await.unwrap_err();
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Connection, false));
    assert!(error.hint().is_some_and(|hint| hint.contains("circles")), "{error}");
}

#[tokio::test]
async fn bodies_stay_with_their_origin() {
    let moved = answer(307, &[("location", "https://elsewhere.example/")], "");
    let bench = Bench::new([moved, super::scripted::status(200)]);
    bench
        .run(super::scripted::post("/thing"), Repeatable)
        .await
        .unwrap_err();
    assert_eq!(bench.transport.left(), 1);
}

#[tokio::test]
async fn closures_are_checks() {
    let retry = RetryConfig::default().with_check_fn(|_| CheckResult::GiveUp);
    let bench = Bench::with([super::scripted::status(500)], None, retry);
    bench.run(get("/thing"), Repeatable).await.unwrap_err();
}

#[test]
fn a_runtime_without_timers_is_refused() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .unwrap();
    let transport = crate::transport::HttpTransport::default();
    let error = runtime
        .block_on(transport.send(get("http://127.0.0.1:9/"), None))
        .unwrap_err();
    assert!(error.to_string().contains("timers"), "{error}");
}
