//! Refresh tokens: one renewal for all who need it, and no refresh token lost.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::{BoxFuture, join_all};
use globus_sdk::authorizers::Authorizer;
use globus_sdk::config::Config;
use globus_sdk::error::{Error, ErrorKind};
use globus_sdk::transport::{Ambient, AnswerBody, Clock as _, FixedRandom, ManualClock, Transport, TransportError};
use globus_sdk::{NativeAppAuthClient, RefreshTokenAuthorizer, blocking};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

fn answer(number: usize, refresh_token: Option<&str>) -> Value {
    json!({
        "access_token": format!("access-{number}"), "refresh_token": refresh_token, "scope": "all", "expires_in": 3600,
        "token_type": "Bearer", "resource_server": "transfer.api.globus.org", "other_tokens": []
    })
}

fn client(transport: Arc<dyn Transport>, clock: &ManualClock) -> NativeAppAuthClient {
    NativeAppAuthClient::builder("the-client")
        .config(Config::default())
        .transport(transport)
        .ambient(Ambient::new(clock.clone(), FixedRandom::new(0.0)))
        .build()
        .unwrap()
}

async fn header(authorizer: &RefreshTokenAuthorizer) -> String {
    let header = authorizer.authorization_header().await.unwrap().unwrap();
    header.to_str().unwrap().to_owned()
}

fn sent(transport: &Scripted) -> Vec<String> {
    let body = |request: http::Request<Bytes>| String::from_utf8(request.body().to_vec()).unwrap();
    transport.requests().into_iter().map(body).collect()
}

#[tokio::test]
async fn the_refresh_token_is_kept_until_another_one_comes() {
    let transport = Scripted::json([answer(1, None), answer(2, Some("second")), answer(3, None)]);
    let clock = ManualClock::at_unix(1_700_000_000);
    let stored = Arc::new(Mutex::new(Vec::new()));
    let store = stored.clone();
    let authorizer = RefreshTokenAuthorizer::with(&client(transport.clone(), &clock), "first", |settings| {
        settings.on_refresh(move |renewal| {
            let store = store.clone();
            async move {
                let refresh_token = renewal
                    .refresh_token
                    .as_ref()
                    .map(|token| token.expose_secret().to_owned());
                store.lock().unwrap().push(refresh_token.unwrap());
                Ok(())
            }
        })
    });
    for number in 1..=3 {
        assert_eq!(header(&authorizer).await, format!("Bearer access-{number}"));
        assert_eq!(
            header(&authorizer).await,
            format!("Bearer access-{number}"),
            "it is good for an hour"
        );
        clock.advance(Duration::from_secs(3541));
    }
    assert_eq!(
        *stored.lock().unwrap(),
        ["first", "second", "second"],
        "what to keep, each time"
    );
    let with = |token: &str| format!("grant_type=refresh_token&refresh_token={token}&client_id=the-client");
    assert_eq!(sent(&transport), [with("first"), with("first"), with("second")]);
    assert_eq!(authorizer.refresh_token().expose_secret(), "second");
    assert!(!format!("{authorizer:?}").contains("second"));
}

#[tokio::test]
async fn a_token_that_could_not_be_stored_is_not_used() {
    let transport = Scripted::json([answer(1, Some("second")), answer(2, None)]);
    let clock = ManualClock::at_unix(1_700_000_000);
    let failures = Arc::new(AtomicUsize::new(1));
    let authorizer = RefreshTokenAuthorizer::with(&client(transport.clone(), &clock), "first", |settings| {
        settings.on_refresh(move |_| {
            let left = failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
            async move { left.map_or(Ok(()), |_| Err(Error::usage("the disk is full"))) }
        })
    });
    let error = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(error.to_string(), "the disk is full");
    assert_eq!(header(&authorizer).await, "Bearer access-2");
    assert!(
        sent(&transport)[1].contains("refresh_token=second"),
        "the first one is used up"
    );
}

#[tokio::test]
async fn tokens_of_several_services_are_refused() {
    let mut two = answer(1, None);
    two["other_tokens"] =
        json!([{"access_token": "x", "scope": "y", "expires_in": 1, "resource_server": "groups.api.globus.org"}]);
    let clock = ManualClock::at_unix(1_700_000_000);
    let authorizer = RefreshTokenAuthorizer::new(&client(Scripted::json([two]), &clock), "first");
    let error = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    assert!(error.to_string().contains("groups.api.globus.org"));
}

#[tokio::test]
async fn a_token_at_hand_is_used_first() {
    let transport = Scripted::json([answer(1, None)]);
    let clock = ManualClock::at_unix(1_700_000_000);
    let expires = clock.now() + Duration::from_secs(100);
    let client = client(transport.clone(), &clock);
    let authorizer = RefreshTokenAuthorizer::with(&client, "first", |settings| settings.token("at-hand", expires));
    assert_eq!(header(&authorizer).await, "Bearer at-hand");
    assert!(transport.requests().is_empty());
    let refused = authorizer.authorization_header().await.unwrap();
    assert!(authorizer.handle_missing_authorization(refused.as_ref()).await.unwrap());
    assert_eq!(header(&authorizer).await, "Bearer access-1");
}

#[tokio::test]
async fn an_expired_refresh_token_is_a_clear_error() {
    let transport = Scripted::answers([json_answer(400, &json!({"error": "invalid_grant"}))]);
    let clock = ManualClock::at_unix(1_700_000_000);
    let authorizer = RefreshTokenAuthorizer::new(&client(transport.clone(), &clock), "hush");
    let error = authorizer.authorization_header().await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_grant"));
    assert!(error.hint().unwrap().contains("log in again"));
    assert!(!format!("{error} {error:?}").contains("hush"));
    assert_eq!(transport.requests().len(), 1);
}

/// A token endpoint that takes its time, replaces the refresh token each time and takes each only once.
#[derive(Debug, Default)]
struct Rotating(AtomicUsize);

impl Transport for Rotating {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
        let current = format!("refresh_token=r{}&", number - 1);
        let good = String::from_utf8_lossy(request.body()).contains(&current);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let answer = if good {
                json_answer(200, &answer(number, Some(&format!("r{number}"))))
            } else {
                json_answer(400, &json!({"error": "invalid_grant"}))
            };
            Ok(answer.map(AnswerBody::from))
        })
    }
}

/// Behind 64 tasks and 16 threads with runtimes of their own, one refresh.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_callers_make_one_refresh() {
    let transport = Arc::new(Rotating::default());
    let clock = ManualClock::at_unix(1_700_000_000);
    let authorizer = RefreshTokenAuthorizer::new(&client(transport.clone(), &clock), "r0");
    let blocking = blocking::TransferClient::builder()
        .authorizer(authorizer.clone())
        .config(Config::default());
    assert!(blocking.build().is_ok(), "a blocking client takes it too");
    for round in 1..=3 {
        let threads: Vec<_> = (0..16)
            .map(|_| {
                let authorizer = authorizer.clone();
                std::thread::spawn(move || {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()
                        .unwrap();
                    runtime.block_on(header(&authorizer))
                })
            })
            .collect();
        let tasks: Vec<_> = (0..64)
            .map(|_| {
                let authorizer = authorizer.clone();
                tokio::spawn(async move { header(&authorizer).await })
            })
            .collect();
        let wanted = format!("Bearer access-{round}");
        for task in join_all(tasks).await {
            assert_eq!(task.unwrap(), wanted);
        }
        for thread in threads {
            let joined = tokio::task::spawn_blocking(move || thread.join()).await.unwrap();
            assert_eq!(joined.unwrap(), wanted);
        }
        assert_eq!(transport.0.load(Ordering::SeqCst), round, "one refresh per round");
        clock.advance(Duration::from_secs(3600));
    }
}
