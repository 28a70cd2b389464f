//! What is sent again, and when.

use std::time::Duration;

use super::scripted::{Bench, Step, answer, get, plan, post, status};
use crate::error::{Error, ErrorKind};
use crate::operation::Idempotency::{Keyed, Once, Repeatable};
use crate::transport::{
    Backoff, CheckResult, RetryBudget, RetryCheck, RetryConfig, RetryContext, TransportErrorKind as Kind,
};

/// How many attempts a first failure leads to, for each class of operation.
async fn attempts(step: Step) -> [usize; 3] {
    let mut counts = [0; 3];
    for (count, class) in counts.iter_mut().zip([Repeatable, Keyed, Once]) {
        let bench = Bench::new([step.clone(), status(200)]);
        let _ = bench.run(post("/thing"), class).await;
        *count = bench.transport.sent().len();
    }
    counts
}

#[tokio::test]
async fn only_what_surely_was_not_done_is_done_again() {
    for ambiguous in [
        status(500),
        status(502),
        status(503),
        status(504),
        Step::Fail(Kind::Interrupted),
        Step::Fail(Kind::Timeout),
        Step::Fail(Kind::Body),
        Step::Fail(Kind::Other),
        Step::Cut(200),
        answer(503, &[("retry-after", "0")], ""),
        answer(502, &[("retry-after", "3")], ""),
    ] {
        assert_eq!(attempts(ambiguous.clone()).await, [2, 2, 1], "{ambiguous:?}");
    }
    for refused in [
        status(429),
        answer(503, &[("retry-after", "3")], ""),
        answer(503, &[("retry-after", "Tue, 14 Nov 2023 22:13:50 GMT")], ""),
        Step::Fail(Kind::Connect),
        Step::Fail(Kind::ConnectTimeout),
        Step::Fail(Kind::Tls),
    ] {
        assert_eq!(attempts(refused.clone()).await, [2, 2, 2], "{refused:?}");
    }
    for lasting in [
        status(400),
        status(404),
        status(501),
        Step::Fail(Kind::Invalid),
        Step::Loop,
    ] {
        assert_eq!(attempts(lasting.clone()).await, [1, 1, 1], "{lasting:?}");
    }
}

#[tokio::test]
async fn errors_say_how_hard_it_was_tried() {
    let bench = Bench::new(vec![Step::Fail(Kind::Interrupted); 6]);
    let error = bench.run(get("/thing?token=abc"), Repeatable).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.to_string().contains("6 attempts in 15.5 s"), "{error}");

    let bench = Bench::new([Step::Fail(Kind::Timeout)]);
    let error = bench.run(post("/thing"), Once).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("may have been carried out"), "{error}");
    assert!(error.hint().is_some_and(|hint| hint.contains("find out")));

    let bench = Bench::with([Step::Fail(Kind::ConnectTimeout)], None, RetryConfig::none());
    assert_eq!(
        bench.run(get("/thing"), Repeatable).await.unwrap_err().kind(),
        ErrorKind::ConnectTimeout
    );
}

#[tokio::test]
async fn long_waits_are_obeyed_or_not_begun() {
    let bench = Bench::new([answer(429, &[("retry-after", "30")], ""), status(200)]);
    bench.run(get("/thing"), Repeatable).await.unwrap();
    assert_eq!(bench.sleeps(), [30.0]);

    for long in ["3600", "99999999999999999999999", "Wed, 15 Nov 2023 22:13:20 GMT"] {
        let bench = Bench::new([answer(429, &[("retry-after", long)], ""), status(200)]);
        let error = bench.run(get("/thing"), Repeatable).await.unwrap_err();
        assert_eq!((error.http_status(), bench.sleeps()), (Some(429), vec![]));
    }

    let forever = RetryConfig::default().with_deadline(None);
    let bench = Bench::with(
        [answer(429, &[("retry-after", "3600")], ""), status(200)],
        None,
        forever,
    );
    bench.run(get("/thing"), Repeatable).await.unwrap();
    assert_eq!(bench.sleeps(), [3600.0]);
}

#[tokio::test]
async fn the_deadline_counts_from_the_first_attempt() {
    let config = RetryConfig::default()
        .with_backoff(Backoff::constant(Duration::from_secs(4)))
        .with_deadline(Duration::from_secs(10));
    let bench = Bench::with(vec![status(500); 6], None, config);
    bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!(bench.sleeps(), [4.0, 4.0]);
}

#[tokio::test]
async fn a_call_can_forbid_repetitions() {
    let bench = Bench::new([status(503), status(200)]);
    let mut once = plan(Repeatable);
    once.resend = false;
    bench.exchange.fetch(get("/thing"), &once).await.unwrap_err();
    assert_eq!(bench.transport.left(), 1);

    let bench = Bench::new([status(503), status(200)]);
    let mut own = plan(Repeatable);
    own.retry = Some(RetryConfig::none());
    bench.exchange.fetch(get("/thing"), &own).await.unwrap_err();
    assert_eq!(bench.transport.left(), 1);
    bench.run(get("/thing"), Repeatable).await.unwrap();
}

#[tokio::test]
async fn the_budget_is_shared_by_the_calls_of_a_client() {
    let config = RetryConfig::default()
        .with_budget(RetryBudget::new(0.0, 0))
        .with_max_retries(3);
    let bench = Bench::with(vec![status(500); 9], None, config);
    bench.run(get("/a"), Repeatable).await.unwrap_err();
    assert_eq!(bench.transport.sent().len(), 2);
    let error = bench
        .exchange
        .clone()
        .fetch(get("/b"), &plan(Repeatable))
        .await
        .unwrap_err();
    assert_eq!((bench.transport.sent().len(), error.http_status()), (3, Some(500)));
}

/// Asks for another attempt on 202, and forbids it on 500.
#[derive(Debug)]
struct Patience;

impl RetryCheck for Patience {
    fn check(&self, context: &RetryContext<'_>) -> CheckResult {
        match context.status().map(|status| status.as_u16()) {
            Some(202) if context.body() == Some(b"wait") => CheckResult::Retry,
            Some(500) => CheckResult::GiveUp,
            _ => CheckResult::NoDecision,
        }
    }
}

#[tokio::test]
async fn own_checks_come_first() {
    let config = RetryConfig::default().with_check(Patience);
    let steps = [
        answer(202, &[], "wait"),
        answer(202, &[], "wait"),
        status(502),
        answer(202, &[], "done"),
    ];
    let bench = Bench::with(steps, None, config.clone());
    bench.run(get("/thing"), Repeatable).await.unwrap();
    assert_eq!(bench.transport.left(), 0);

    let bench = Bench::with([status(500), status(200)], None, config.clone());
    bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!(bench.transport.left(), 1);

    let bench = Bench::with(vec![answer(202, &[], "wait"); 9], None, config);
    let raw = bench
        .run(get("/thing"), Repeatable)
        .await
        .unwrap()
        .collect(None)
        .await
        .unwrap();
    assert_eq!((raw.status.as_u16(), bench.transport.left()), (202, 3));
}

#[tokio::test]
async fn a_cut_error_document_leaves_its_status() {
    let bench = Bench::new([Step::Cut(404)]);
    let error = bench.run(get("/thing"), Repeatable).await.unwrap_err();
    assert_eq!(error.http_status(), Some(404));
}

#[tokio::test]
async fn a_cut_body_is_an_error_of_the_reader() {
    let bench = Bench::new([Step::Cut(200)]);
    let answered = bench.exchange.run(get("/thing"), &plan(Repeatable)).await.unwrap();
    let error = answered.collect(None).await.unwrap_err();
    assert!(matches!(error, Error::Connection(_)), "{error}");
}

#[tokio::test]
async fn dropping_the_future_ends_the_call() {
    let bench = Bench::new([status(503), status(200)]);
    let call = bench.run(get("/thing"), Repeatable);
    drop(call);
    assert_eq!(bench.transport.left(), 2);
}
