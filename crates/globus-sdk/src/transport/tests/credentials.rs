//! Renewal after a 401, and new logins.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use url::Url;

use super::scripted::{Bench, SHAPE, Step, answer, get, plan, post, status};
use crate::authorizers::{Authorizer, Renewal, RenewingAuthorizer, TokenSource};
use crate::error::{ApiError, Error, Result};
use crate::operation::Idempotency::{Once, Repeatable};
use crate::transport::{
    Ambient, AuthorizationHook, Exchange, FixedRandom, MAX_ANSWER_BYTES, RetryConfig, Settings, TransientRule,
};

/// Tokens `T1`, `T2` and so on.
#[derive(Debug, Default)]
struct Numbered(AtomicU32);

impl TokenSource for Numbered {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal>> {
        Box::pin(async {
            let number = self.0.fetch_add(1, Ordering::Relaxed) + 1;
            Ok(Renewal::new(
                format!("T{number}"),
                SystemTime::now() + Duration::from_secs(3600),
            ))
        })
    }
}

fn renewing() -> Arc<dyn Authorizer> {
    Arc::new(RenewingAuthorizer::new(Numbered::default()))
}

async fn tokens(steps: impl IntoIterator<Item = Step>, config: RetryConfig) -> (Vec<String>, Vec<f64>, Option<u16>) {
    let bench = Bench::with(steps, Some(renewing()), config);
    let result = bench.run(post("/thing"), Once).await;
    let sent = bench
        .credentials()
        .into_iter()
        .map(|header| header.unwrap().replace("Bearer ", ""));
    (
        sent.collect(),
        bench.sleeps(),
        result.err().and_then(|error| error.http_status()),
    )
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_at_once() {
    let defaults = RetryConfig::default;
    assert_eq!(
        tokens([status(401), status(200)], defaults()).await,
        (vec!["T1".into(), "T2".into()], vec![], None)
    );
    let (sent, sleeps, error) = tokens([status(401), status(401)], defaults()).await;
    assert_eq!((sent.len(), sleeps, error), (2, vec![], Some(401)));
    let (sent, sleeps, error) = tokens([status(429), status(401), status(429), status(200)], defaults()).await;
    assert_eq!(
        (sent, sleeps, error),
        (
            vec!["T1".into(), "T1".into(), "T2".into(), "T2".into()],
            vec![0.5, 2.0],
            None
        )
    );
}

#[tokio::test]
async fn renewal_is_possible_when_retries_are_used_up() {
    let one = RetryConfig::default().with_max_retries(1);
    let (sent, _, error) = tokens([status(429), status(401), status(200)], one.clone()).await;
    assert_eq!((sent.len(), error), (3, None));
    let (sent, _, error) = tokens([status(401), status(429)], one).await;
    assert_eq!((sent.len(), error), (2, Some(429)));
    let (sent, _, error) = tokens([status(401), status(200)], RetryConfig::none()).await;
    assert_eq!((sent.len(), error), (1, Some(401)));
}

/// Agrees to another attempt, and counts how often it is asked.
#[derive(Debug, Default)]
struct Agreeable(AtomicU32);

impl AuthorizationHook for Agreeable {
    fn logins(&self) -> u64 {
        7
    }

    fn redrive<'a>(&'a self, _: &'a ApiError, before: u64) -> BoxFuture<'a, Result<bool, Error>> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async move { Ok(before == 7) })
    }
}

fn consent_required() -> Step {
    let body = r#"{"code": "ConsentRequired", "message": "m", "required_scopes": ["a"]}"#;
    answer(403, &[("content-type", "application/json")], body)
}

fn with_hook(bench: &Bench, hook: &Arc<Agreeable>) -> Exchange {
    let ambient = Ambient::new(bench.clock.clone(), FixedRandom::new(0.5));
    let origin = Url::parse("https://svc.example.org/").unwrap();
    let rule = TransientRule::Standard;
    let config = RetryConfig::default();
    Exchange::new(Settings {
        transport: bench.transport.clone(),
        authorizer: None,
        retry: config,
        ambient,
        shape: &SHAPE,
        transient: rule,
        origin,
        hook: Some(hook.clone()),
        max_answer_bytes: MAX_ANSWER_BYTES,
    })
}

#[tokio::test]
async fn a_hook_may_have_a_refused_request_sent_once_more() {
    let hook = Arc::new(Agreeable::default());
    let bench = Bench::new([consent_required(), status(200)]);
    with_hook(&bench, &hook)
        .fetch(post("/thing"), &plan(Once))
        .await
        .unwrap();
    assert_eq!(hook.0.load(Ordering::Relaxed), 1);

    let bench = Bench::new([consent_required(), consent_required()]);
    let error = with_hook(&bench, &hook)
        .fetch(get("/thing"), &plan(Repeatable))
        .await
        .unwrap_err();
    assert_eq!((error.http_status(), hook.0.load(Ordering::Relaxed)), (Some(403), 2));

    let bench = Bench::new([status(403)]);
    with_hook(&bench, &hook)
        .fetch(get("/thing"), &plan(Repeatable))
        .await
        .unwrap_err();
    assert_eq!(hook.0.load(Ordering::Relaxed), 2);
}
