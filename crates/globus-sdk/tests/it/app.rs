//! Apps: where tokens come from, who renews them, and what happens where nobody can be asked.

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::scopes::{FlowsScopes, GroupsScopes};
use globus_sdk::tokens::TokenStorageData;
use globus_sdk::transport::{AnswerBody, Transport, TransportError};
use globus_sdk::{
    ClientApp, Config, Error, FlowsClient, GroupsClient, MemoryTokenStorage, TokenStorage, UserApp, blocking,
};
use serde_json::json;

const CLIENT_ID: &str = "c11e0000-0000-4000-8000-00000000c11e";

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
        .cast_signed()
}

fn emulator_config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    Config::from_lookup(move |name| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())).unwrap()
}

fn client_app(emulator: &Emulator, storage: Arc<MemoryTokenStorage>) -> ClientApp {
    let config = GlobusAppConfig::new()
        .with_config(emulator_config(emulator))
        .with_token_storage(storage);
    let builder = ClientApp::builder("a test")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET);
    builder.config(config).build().unwrap()
}

fn token_requests(emulator: &Emulator) -> usize {
    emulator
        .requests()
        .iter()
        .filter(|request| request.path == "/v2/oauth2/token")
        .count()
}

#[tokio::test]
async fn a_client_app_gets_stores_and_renews_its_tokens() {
    let emulator = Emulator::start().await.unwrap();
    let storage = Arc::new(MemoryTokenStorage::new());
    let app = client_app(&emulator, storage.clone());
    let groups = GroupsClient::builder()
        .app(&app)
        .app_scopes(GroupsScopes::ALL)
        .build()
        .unwrap();
    assert!(app.login_required().await.unwrap());

    groups.get_my_groups().await.unwrap();
    groups.get_my_groups().await.unwrap();
    assert_eq!(token_requests(&emulator), 1, "a token in use is used again");
    let stored = storage
        .get_token_data(GroupsScopes::RESOURCE_SERVER)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.scope, GroupsScopes::ALL);
    assert!(!app.login_required().await.unwrap());

    // Another app with the same storage finds the token there.
    let other = client_app(&emulator, storage.clone());
    GroupsClient::builder()
        .app(&other)
        .app_scopes(GroupsScopes::ALL)
        .build()
        .unwrap()
        .get_my_groups()
        .await
        .unwrap();
    assert_eq!(token_requests(&emulator), 1);

    // A refused token is replaced, once.
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    assert_eq!(token_requests(&emulator), 2);

    app.logout(false).await.unwrap();
    assert!(
        storage
            .get_token_data(GroupsScopes::RESOURCE_SERVER)
            .await
            .unwrap()
            .is_none()
    );
    assert!(app.login_required().await.unwrap());
    app.login().await.unwrap();
    assert!(!app.login_required().await.unwrap());
}

#[tokio::test]
async fn more_scopes_get_another_token() {
    let emulator = Emulator::start().await.unwrap();
    let app = client_app(&emulator, Arc::new(MemoryTokenStorage::new()));
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let refused = groups.create_group(json!({"name": "n"})).await.unwrap_err();
    assert_eq!(refused.http_status(), Some(403));
    groups.add_app_scope(GroupsScopes::ALL).unwrap();
    groups.create_group(json!({"name": "n"})).await.unwrap();
    assert_eq!(token_requests(&emulator), 2);
}

#[test]
fn a_blocking_app() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let emulator = runtime.block_on(Emulator::start()).unwrap();
    let config = GlobusAppConfig::new()
        .with_config(emulator_config(&emulator))
        .with_token_storage(MemoryTokenStorage::new());
    let builder = blocking::ClientApp::builder("a test")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET);
    let app = builder.config(config).build().unwrap();
    let groups = blocking::GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().send().unwrap();
    assert!(!app.login_required().send().unwrap());
    app.logout(true).send().unwrap();
    assert!(app.login_required().send().unwrap());
}

/// Answers token requests with rotating refresh tokens, slowly, and everything else with an empty list of flows.
#[derive(Debug, Default)]
struct Rotating {
    refreshes: AtomicUsize,
    refuse: bool,
    /// Refuses every access token, too.
    reject: bool,
}

impl Transport for Rotating {
    fn send(
        &self,
        request: http::Request<Bytes>,
        _timeout: Option<Duration>,
    ) -> BoxFuture<'_, Result<http::Response<AnswerBody>, TransportError>> {
        Box::pin(async move {
            let mut status = 200;
            let body = if request.uri().path() == "/v2/oauth2/token" {
                let turn = self.refreshes.fetch_add(1, Ordering::SeqCst);
                let form = String::from_utf8_lossy(request.body()).into_owned();
                for _ in 0..50 {
                    tokio::task::yield_now().await;
                }
                if self.refuse || !form.contains(&format!("refresh_token=R{turn}")) {
                    status = 401;
                    json!({"error": "invalid_grant"})
                } else {
                    json!({"access_token": format!("A{}", turn + 1), "refresh_token": format!("R{}", turn + 1),
                        "scope": FlowsScopes::ALL, "expires_in": 3600, "token_type": "Bearer",
                        "resource_server": FlowsScopes::RESOURCE_SERVER, "other_tokens": []})
                }
            } else if self.reject {
                status = 401;
                json!({"error": {"code": "AUTHENTICATION_ERROR", "detail": "Expired or invalid Bearer token"}})
            } else {
                json!({"flows": [], "has_next_page": false})
            };
            let answer = http::Response::builder()
                .status(status)
                .header("content-type", "application/json");
            Ok(answer
                .body(AnswerBody::from(Bytes::from(body.to_string())))
                .expect("a valid answer"))
        })
    }
}

/// A person's app whose token for flows ended a while ago.
async fn expired_app(transport: Arc<Rotating>, storage: Arc<MemoryTokenStorage>) -> UserApp {
    let token = |server: &str, scope: &str, ends: i64| {
        let mut data = TokenStorageData::new(server, scope, "A0", ends);
        data.refresh_token = Some("R0".to_owned().into());
        data.identity_id = Some("00000001-aaaa-4bbb-8ccc-000000000001".to_owned());
        (server.to_owned(), data)
    };
    let tokens = [
        token("auth.globus.org", "openid", now() + 3600),
        token(FlowsScopes::RESOURCE_SERVER, FlowsScopes::ALL, now() - 10),
    ];
    storage
        .store_token_data_by_resource_server(tokens.into())
        .await
        .unwrap();
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(storage)
        .with_login_policy(LoginPolicy::Never)
        .with_transport(transport);
    UserApp::builder("a test")
        .client_id(CLIENT_ID)
        .config(config)
        .build()
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_tasks_make_one_refresh() {
    let transport = Arc::new(Rotating::default());
    let storage = Arc::new(MemoryTokenStorage::new());
    let app = expired_app(transport.clone(), storage.clone()).await;
    let flows = FlowsClient::builder().app(&app).build().unwrap();
    let other_client = FlowsClient::builder().app(&app).build().unwrap();
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let client = if task % 2 == 0 { &flows } else { &other_client };
            tokio::spawn(client.list_flows().into_future())
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(transport.refreshes.load(Ordering::SeqCst), 1);
    let stored = storage
        .get_token_data(FlowsScopes::RESOURCE_SERVER)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(secrecy(&stored), "R1", "the rotated token is stored");
}

fn secrecy(stored: &TokenStorageData) -> &str {
    use secrecy::ExposeSecret;
    stored.refresh_token.as_ref().unwrap().expose_secret()
}

#[tokio::test]
async fn two_apps_on_one_storage_make_one_refresh() {
    let transport = Arc::new(Rotating::default());
    let storage = Arc::new(MemoryTokenStorage::new());
    let first = expired_app(transport.clone(), storage.clone()).await;
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(storage)
        .with_login_policy(LoginPolicy::Never)
        .with_transport(transport.clone());
    let second = UserApp::builder("a test")
        .client_id(CLIENT_ID)
        .config(config)
        .build()
        .unwrap();
    let (first, second) = (
        FlowsClient::builder().app(&first).build().unwrap(),
        FlowsClient::builder().app(&second).build().unwrap(),
    );
    let (left, right) =
        futures_util::future::join(first.list_flows().into_future(), second.list_flows().into_future()).await;
    left.unwrap();
    right.unwrap();
    assert_eq!(transport.refreshes.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_caller_that_goes_away_loses_no_rotated_token() {
    let transport = Arc::new(Rotating::default());
    let storage = Arc::new(MemoryTokenStorage::new());
    let app = expired_app(transport.clone(), storage.clone()).await;
    let flows = FlowsClient::builder().app(&app).build().unwrap();
    {
        let mut call = flows.list_flows().into_future();
        // Whether it is done already depends on the other thread; it is dropped in any case.
        poll_fn(|context| {
            let _ = call.as_mut().poll(context);
            Poll::Ready(())
        })
        .await;
        // A token is got in the background, so the call need not be looked at for that.
        for _ in 0..2000 {
            if transport.refreshes.load(Ordering::SeqCst) == 1 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
        }
    }
    assert_eq!(
        transport.refreshes.load(Ordering::SeqCst),
        1,
        "the refresh was under way"
    );
    flows.list_flows().await.unwrap();
    assert_eq!(transport.refreshes.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_dead_refresh_token_offers_a_login() {
    let transport = Arc::new(Rotating {
        refuse: true,
        ..Rotating::default()
    });
    let storage = Arc::new(MemoryTokenStorage::new());
    let app = expired_app(transport, storage.clone()).await;
    let flows = FlowsClient::builder().app(&app).build().unwrap();
    let Err(Error::LoginRequired(offer)) = flows.list_flows().await else {
        panic!("a login is needed")
    };
    assert!(
        offer
            .url()
            .unwrap()
            .starts_with("https://auth.globus.org/v2/oauth2/authorize?"),
        "{offer}"
    );
    assert!(offer.url().unwrap().contains("access_type=offline"));
    assert!(offer.scopes().iter().any(|scope| scope == FlowsScopes::ALL), "{offer}");
    let stored = storage
        .get_token_data(FlowsScopes::RESOURCE_SERVER)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        secrecy(&stored),
        "R0",
        "a refresh that fails leaves the stored token alone"
    );
}

#[tokio::test]
async fn tokens_that_the_service_refuses_offer_a_login_always_the_same() {
    let transport = Arc::new(Rotating {
        refuse: true,
        reject: true,
        ..Rotating::default()
    });
    let app = expired_app(transport, Arc::new(MemoryTokenStorage::new())).await;
    let flows = FlowsClient::builder().app(&app).build().unwrap();
    let mut urls = Vec::new();
    for _ in 0..2 {
        let Err(Error::LoginRequired(offer)) = flows.list_flows().await else {
            panic!("a login is needed")
        };
        urls.push(offer.url().unwrap().to_owned());
    }
    assert_eq!(urls[0], urls[1], "every address that was shown is good");
    let foreign = app
        .finish_login("https://auth.globus.org/?state=other&code=c")
        .await
        .unwrap_err();
    assert!(
        !matches!(foreign, Error::Api(_)),
        "an address of another login is not sent: {foreign}"
    );
}

#[tokio::test]
async fn a_missing_token_offers_a_login_for_all_scopes() {
    let config = GlobusAppConfig::new()
        .with_config(Config::default())
        .with_token_storage(MemoryTokenStorage::new())
        .with_login_policy(LoginPolicy::Never)
        .with_transport(Arc::new(Rotating {
            refuse: true,
            ..Rotating::default()
        }));
    let app = UserApp::builder("a test")
        .client_id(CLIENT_ID)
        .config(config)
        .build()
        .unwrap();
    let flows = FlowsClient::builder().app(&app).build().unwrap();
    let _groups = GroupsClient::builder().app(&app).build().unwrap();
    let Err(Error::LoginRequired(offer)) = flows.list_flows().await else {
        panic!("a login is needed")
    };
    for scope in ["openid", FlowsScopes::ALL, GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS] {
        assert!(offer.scopes().iter().any(|asked| asked == scope), "{scope}: {offer}");
    }
    assert!(app.login_required().await.unwrap());
    let refused = app.finish_login("a code").await.unwrap_err();
    assert_eq!(refused.api().unwrap().code(), Some("invalid_grant"));
}

#[test]
fn settings_that_do_not_go_together() {
    let error = |app: Result<UserApp, Error>| app.unwrap_err().to_string();
    assert!(error(UserApp::builder("n").build()).contains("client_id"));
    let client = globus_sdk::NativeAppAuthClient::new(CLIENT_ID).unwrap();
    assert!(
        error(
            UserApp::builder("n")
                .client_id(CLIENT_ID)
                .native_login_client(client)
                .build()
        )
        .contains("not both")
    );
    assert!(
        ClientApp::builder("n")
            .client_id(CLIENT_ID)
            .build()
            .unwrap_err()
            .to_string()
            .contains("client_secret")
    );
    assert!(error(UserApp::new("con", CLIENT_ID)).contains("con") || cfg!(windows));
}
