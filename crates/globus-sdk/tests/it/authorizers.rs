//! The authorizers, from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::future::{BoxFuture, join_all};
use globus_sdk::authorizers::{
    AccessTokenAuthorizer, Authorizer, BasicAuthorizer, NullAuthorizer, Renewal, RenewingAuthorizer, TokenSource,
};
use globus_sdk::error::{Error, ErrorKind};
use serde_json::Value;
use tokio::sync::watch;

const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../conformance/vectors/authorizers.jsonl"
);
const NOW: u64 = 1_700_000_000;

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Fetches `T1`, `T2` and so on, slowly, and fails while it is told to.
#[derive(Debug, Default)]
struct Source {
    begun: AtomicU32,
    finished: AtomicU32,
    failing: AtomicBool,
    /// Whether the answer is still to come.
    holding: watch::Sender<bool>,
}

impl TokenSource for Source {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>> {
        Box::pin(async {
            let number = self.begun.fetch_add(1, Ordering::SeqCst) + 1;
            self.holding.subscribe().wait_for(|held| !held).await.unwrap();
            tokio::time::sleep(Duration::from_millis(30)).await;
            self.finished.fetch_add(1, Ordering::SeqCst);
            if self.failing.load(Ordering::SeqCst) {
                return Err(Error::usage(format!("failure {number}")));
            }
            Ok(Renewal::new(format!("T{number}"), at(NOW + 3600)))
        })
    }
}

impl Source {
    fn fetches(&self) -> u32 {
        self.begun.load(Ordering::SeqCst)
    }
}

fn renewing(source: &Arc<Source>) -> RenewingAuthorizer<Arc<Source>> {
    RenewingAuthorizer::builder(source.clone()).now(|| at(NOW)).build()
}

async fn header(authorizer: &dyn Authorizer) -> String {
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    assert!(header.is_sensitive());
    header.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn recorded_cases() {
    let cases = std::fs::read_to_string(VECTORS).unwrap();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let arg = |index: usize| case["args"][index].as_str().unwrap();
        let authorizer: Box<dyn Authorizer> = match case["class"].as_str().unwrap() {
            "AccessTokenAuthorizer" => Box::new(AccessTokenAuthorizer::new(arg(0))),
            "BasicAuthorizer" => Box::new(BasicAuthorizer::new(arg(0), arg(1))),
            "NullAuthorizer" => Box::new(NullAuthorizer),
            other => panic!("unknown class {other}"),
        };
        let header = authorizer.authorization_header().await.unwrap();
        assert_eq!(
            header.as_ref().map(|header| header.to_str().unwrap()),
            case["header"].as_str(),
            "{line}"
        );
        let again = authorizer.handle_missing_authorization(header.as_ref()).await.unwrap();
        assert_eq!(case["handle_missing_authorization"], again, "{line}");
    }
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let token = AccessTokenAuthorizer::new("hush-token");
    let basic = BasicAuthorizer::new("someone", "hush-password");
    let renewing = RenewingAuthorizer::builder(Arc::new(Source::default()))
        .token("hush-token", at(NOW))
        .build();
    let renewal = Renewal::new("hush-token", at(NOW)).with_refresh_token(Some("hush-refresh".into()));
    let header = token.authorization_header().await;
    let text = format!("{token:?} {basic:?} {renewing:?} {renewal:?} {header:?}");
    assert!(!text.contains("hush") && text.contains("someone"), "{text}");
    assert_eq!(
        AccessTokenAuthorizer::new("abc").token_hash(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    );
}

#[tokio::test]
async fn a_token_that_no_header_can_carry() {
    let error = AccessTokenAuthorizer::new("hush\n")
        .authorization_header()
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Validation);
    assert!(
        !error.to_string().contains("hush") && error.to_string().contains("line break"),
        "{error}"
    );
}

#[tokio::test]
async fn a_token_is_renewed_a_minute_before_it_expires() {
    for (expires_at, expected) in [
        (NOW + 60, "Bearer OLD"),
        (NOW + 59, "Bearer T1"),
        (NOW - 1, "Bearer T1"),
        (0, "Bearer T1"),
    ] {
        let source = Arc::new(Source::default());
        let builder = RenewingAuthorizer::builder(source.clone())
            .token("OLD", at(expires_at))
            .now(|| at(NOW));
        let authorizer = builder.build();
        assert_eq!(header(&authorizer).await, expected);
        assert_eq!(header(&authorizer).await, expected);
    }
}

#[tokio::test]
async fn many_callers_one_fetch() {
    let source = Arc::new(Source::default());
    let authorizer = renewing(&source);
    let headers = join_all((0..64).map(|_| header(&authorizer))).await;
    assert!(headers.iter().all(|header| header == "Bearer T1"));
    assert_eq!(source.fetches(), 1);

    // All of them are refused together.
    let refused = authorizer.authorization_header().await.unwrap();
    join_all((0..64).map(|_| async {
        assert!(authorizer.handle_missing_authorization(refused.as_ref()).await.unwrap());
        assert_eq!(header(&authorizer).await, "Bearer T2");
    }))
    .await;
    assert_eq!(source.fetches(), 2);
    assert!(authorizer.handle_missing_authorization(refused.as_ref()).await.unwrap());
    assert_eq!(header(&authorizer).await, "Bearer T2");
}

#[test]
fn many_threads_with_their_own_runtimes_one_fetch() {
    let source = Arc::new(Source::default());
    let authorizer = renewing(&source);
    std::thread::scope(|scope| {
        for _ in 0..32 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()
                    .unwrap();
                assert_eq!(runtime.block_on(header(&authorizer)), "Bearer T1");
            });
        }
    });
    assert_eq!(source.fetches(), 1);
}

#[tokio::test]
async fn everybody_gets_the_error_and_the_next_call_tries_again() {
    let source = Arc::new(Source::default());
    source.failing.store(true, Ordering::SeqCst);
    let authorizer = renewing(&source);
    for error in join_all((0..64).map(|_| authorizer.authorization_header())).await {
        assert_eq!(error.unwrap_err().to_string(), "failure 1");
    }
    assert_eq!(source.fetches(), 1);
    source.failing.store(false, Ordering::SeqCst);
    assert_eq!(header(&authorizer).await, "Bearer T2");
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_take_the_fetch_along() {
    let source = Arc::new(Source::default());
    let authorizer = renewing(&source);
    let first = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { header(&authorizer).await }
    });
    while source.fetches() == 0 {
        tokio::task::yield_now().await;
    }
    let others = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { join_all((0..8).map(|_| header(&authorizer))).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert!(others.await.unwrap().iter().all(|header| header == "Bearer T1"));
    assert_eq!(source.fetches(), 1);
}

#[tokio::test]
async fn when_everybody_goes_away_what_was_begun_comes_to_its_end() {
    let source = Arc::new(Source::default());
    let authorizer = renewing(&source);
    let only = tokio::spawn({
        let authorizer = authorizer.clone();
        async move { header(&authorizer).await }
    });
    while source.fetches() == 0 {
        tokio::task::yield_now().await;
    }
    only.abort();
    assert!(only.await.unwrap_err().is_cancelled());
    while source.finished.load(Ordering::SeqCst) == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(header(&authorizer).await, "Bearer T1");
    assert_eq!(source.fetches(), 1);
}

fn alone() -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().build().unwrap()
}

#[test]
fn a_runtime_that_goes_away_takes_nothing_along() {
    for workers in [None, Some(1)] {
        let source = Arc::new(Source::default());
        source.holding.send_replace(true);
        let authorizer = renewing(&source);
        let other = workers.map_or_else(alone, |workers| {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            builder.worker_threads(workers).enable_all().build().unwrap()
        });
        let first = authorizer.clone();
        let begun = other.spawn(async move { first.authorization_header().await });
        other.block_on(async {
            while source.fetches() == 0 {
                tokio::task::yield_now().await;
            }
        });
        let second = authorizer.clone();
        let waiting = std::thread::spawn(move || alone().block_on(header(&second)));
        assert!(!begun.is_finished());
        other.shutdown_background();
        source.holding.send_replace(false);
        assert_eq!(waiting.join().unwrap(), "Bearer T1");
        assert_eq!(source.fetches(), 1);
    }
}

/// A second fetch would end the first one's refresh token where the service takes each only once.
#[tokio::test(start_paused = true)]
async fn however_long_a_fetch_takes_there_is_no_second_one() {
    let source = Arc::new(Source::default());
    source.holding.send_replace(true);
    let authorizer = renewing(&source);
    let first = authorizer.clone();
    let elsewhere = std::thread::spawn(move || alone().block_on(header(&first)));
    while source.fetches() == 0 {
        tokio::task::yield_now().await;
    }
    let second = authorizer.clone();
    let waiting = tokio::spawn(async move { header(&second).await });
    for _ in 0..10 {
        tokio::time::advance(Duration::from_secs(3600)).await;
        tokio::task::yield_now().await;
    }
    assert_eq!((source.fetches(), waiting.is_finished()), (1, false));
    source.holding.send_replace(false);
    assert_eq!(waiting.await.unwrap(), "Bearer T1");
    assert_eq!(elsewhere.join().unwrap(), "Bearer T1");
    assert_eq!(source.fetches(), 1);
}

/// Polls again whenever it is woken, without any runtime.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Thread(std::thread::Thread);
    impl std::task::Wake for Thread {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Arc::new(Thread(std::thread::current())).into();
    let mut future = std::pin::pin!(future);
    loop {
        match future.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            std::task::Poll::Ready(done) => return done,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn without_any_runtime_a_token_is_fetched_too() {
    let authorizer = renewing(&Arc::new(Source::default()));
    assert_eq!(block_on(header(&authorizer)), "Bearer T1");
}

#[derive(Debug)]
struct Broken;

impl TokenSource for Broken {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>> {
        Box::pin(async { panic!("hush") })
    }
}

#[tokio::test]
async fn a_source_that_panics_is_an_error_for_everybody_and_every_time() {
    let authorizer = RenewingAuthorizer::new(Broken);
    for _ in 0..2 {
        let errors = join_all((0..8).map(|_| authorizer.authorization_header())).await;
        for error in errors {
            let error = error.unwrap_err().to_string();
            assert!(error.contains("panicked") && !error.contains("hush"), "{error}");
        }
    }
}

#[tokio::test]
async fn the_callback_comes_before_the_first_use() {
    let source = Arc::new(Source::default());
    let stored = Arc::new(AtomicU32::new(0));
    let failing = Arc::new(AtomicBool::new(true));
    let authorizer = RenewingAuthorizer::builder(source.clone())
        .now(|| at(NOW))
        .on_refresh({
            let (stored, failing) = (stored.clone(), failing.clone());
            move |renewal| {
                let (stored, failing) = (stored.clone(), failing.clone());
                async move {
                    assert_eq!(renewal.expires_at_seconds(), NOW + 3600);
                    tokio::task::yield_now().await;
                    if failing.load(Ordering::SeqCst) {
                        return Err(Error::usage("the disk is full"));
                    }
                    stored.fetch_add(1, Ordering::SeqCst);
                    Ok(())
                }
            }
        })
        .build();
    let error = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(error.to_string(), "the disk is full");
    assert_eq!((authorizer.token_hash(), authorizer.expires_at()), (None, None));
    failing.store(false, Ordering::SeqCst);
    assert_eq!(header(&authorizer).await, "Bearer T2");
    assert_eq!(
        (stored.load(Ordering::SeqCst), authorizer.expires_at()),
        (1, Some(at(NOW + 3600)))
    );
}

#[test]
fn a_runtime_that_stands_still_keeps_nobody_waiting() {
    let source = Arc::new(Source::default());
    let authorizer = renewing(&source);
    alone().block_on(async {
        let first = authorizer.clone();
        let begun = tokio::spawn(async move { first.authorization_header().await });
        tokio::task::yield_now().await;
        // As a blocking client does it inside a runtime: this thread waits for another one.
        let second = authorizer.clone();
        let blocking = std::thread::spawn(move || alone().block_on(header(&second)));
        assert_eq!(blocking.join().unwrap(), "Bearer T1");
        begun.await.unwrap().unwrap();
    });
    assert_eq!(source.fetches(), 1);
}
