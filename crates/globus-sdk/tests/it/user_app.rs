//! Apps of a person, from the login page to the service and back: against the emulator.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::{BoxFuture, join_all};
use globus_emulator::{Clock, Emulator, Fault, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::error::TokenError;
use globus_sdk::gare::GlobusAuthorizationParameters;
use globus_sdk::login::{CommandLineLoginFlowManager, LoginFlowManager};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::{
    AuthorizationFlow, Config, Error, GroupsClient, MemoryTokenStorage, Result, TokenStorage, TransferClient, UserApp,
};
use secrecy::SecretString;

/// Alice, or somebody else, who logs in whenever she is asked to.
#[derive(Debug)]
struct Alice {
    name: &'static str,
    emulator: Arc<Emulator>,
    logins: Arc<AtomicUsize>,
}

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.logins.fetch_add(1, Ordering::SeqCst);
            let code = self
                .emulator
                .sign_in(url, self.name)
                .expect("everybody can log in")
                .code();
            Ok(code.expect("a code").into())
        })
    }
}

struct Scene {
    emulator: Arc<Emulator>,
    storage: Arc<MemoryTokenStorage>,
    logins: Arc<AtomicUsize>,
}

impl Scene {
    async fn new() -> Self {
        let emulator = Arc::new(Emulator::builder().clock(Clock::Real).start().await.unwrap());
        Self {
            emulator,
            storage: Arc::new(MemoryTokenStorage::new()),
            logins: Arc::default(),
        }
    }

    fn config(&self) -> GlobusAppConfig {
        self.config_of("alice")
    }

    fn config_of(&self, name: &'static str) -> GlobusAppConfig {
        let env = self.emulator.env();
        let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let alice = Alice {
            name,
            emulator: self.emulator.clone(),
            logins: self.logins.clone(),
        };
        GlobusAppConfig::new()
            .with_config(Config::from_lookup(lookup).unwrap())
            .with_token_storage(self.storage.clone())
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(alice)
    }

    #[allow(clippy::unused_self, reason = "it reads as a method of the site")]
    fn app(&self, config: GlobusAppConfig) -> UserApp {
        UserApp::builder("A Test")
            .client_id(seed::NATIVE_CLIENT_ID)
            .config(config)
            .build()
            .unwrap()
    }

    fn logins(&self) -> usize {
        self.logins.load(Ordering::SeqCst)
    }

    fn calls(&self, path: &str) -> usize {
        self.emulator
            .requests()
            .iter()
            .filter(|request| request.path == path)
            .count()
    }
}

#[tokio::test]
async fn a_login_covers_all_clients_and_is_kept() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    let transfer = TransferClient::builder().app(&app).build().unwrap();
    assert!(app.login_required().await.unwrap());
    assert!(!groups.get_my_groups().await.unwrap().is_empty());
    transfer.endpoint_search().filter_scope("my-endpoints").await.unwrap();
    assert_eq!(scene.logins(), 1, "one login for both");
    assert!(!app.login_required().await.unwrap());

    let stored = scene
        .storage
        .get_token_data(GroupsScopes::RESOURCE_SERVER)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.identity_id.as_deref(), Some(seed::ALICE));
    assert!(stored.refresh_token.is_some(), "refresh tokens by default");

    // The next run of the program finds them.
    let again = scene.app(scene.config());
    GroupsClient::builder()
        .app(&again)
        .build()
        .unwrap()
        .get_my_groups()
        .await
        .unwrap();
    assert_eq!(scene.logins(), 1);

    app.logout(false).await.unwrap();
    assert!(app.login_required().await.unwrap());
    assert!(scene.calls("/v2/oauth2/token/revoke") >= 4);
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_without_asking() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let before = scene.calls("/v2/oauth2/token");
    scene.emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    assert_eq!((scene.logins(), scene.calls("/v2/oauth2/token")), (1, before + 1));
}

#[tokio::test]
async fn more_scopes_need_one_more_login() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    groups.add_app_scope(GroupsScopes::ALL).unwrap();
    assert!(app.login_required().await.unwrap());
    groups.get_my_groups().await.unwrap();
    assert_eq!(scene.logins(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn concurrent_calls_share_a_login() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    let transfer = TransferClient::builder().app(&app).build().unwrap();
    let mut calls = Vec::new();
    for _ in 0..8 {
        let (groups, transfer) = (groups.clone(), transfer.clone());
        calls.push(tokio::spawn(async move {
            groups.get_my_groups().await?;
            transfer
                .endpoint_search()
                .filter_scope("my-endpoints")
                .await
                .map(|_| ())
        }));
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(scene.logins(), 1);
}

#[tokio::test]
async fn a_login_with_demands_always_runs() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    app.login().await.unwrap();
    app.login().await.unwrap();
    assert_eq!(scene.logins(), 1, "a login that is not needed does nothing");
    let demands = GlobusAuthorizationParameters::new()
        .with_session_message("hello")
        .with_session_required_mfa(true);
    app.run_login_flow(demands).await.unwrap();
    app.login().force(true).await.unwrap();
    assert_eq!(scene.logins(), 3);
}

#[tokio::test]
async fn where_nobody_can_be_asked_the_login_is_offered_and_finished_later() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config().with_login_policy(LoginPolicy::Never));
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    let Err(Error::LoginRequired(offer)) = groups.get_my_groups().await else {
        panic!("a login is needed")
    };
    let code = scene
        .emulator
        .sign_in(offer.url().unwrap(), "alice")
        .unwrap()
        .code()
        .unwrap();
    app.finish_login(code).await.unwrap();
    assert!(!groups.get_my_groups().await.unwrap().is_empty());
    assert_eq!(scene.logins(), 0);
}

#[tokio::test]
async fn the_command_line_ends_with_an_error_where_the_input_does() {
    let scene = Scene::new().await;
    let manager = CommandLineLoginFlowManager::on(std::io::empty(), std::io::sink());
    let app = scene.app(scene.config().with_login_flow_manager(manager));
    let Err(Error::LoginRequired(offer)) = app.login().await else {
        panic!("nobody is there")
    };
    assert!(offer.why().contains("input ended"), "{offer}");

    // The login that was shown can still be finished.
    let code = scene
        .emulator
        .sign_in(offer.url().unwrap(), "alice")
        .unwrap()
        .code()
        .unwrap();
    app.finish_login(code).await.unwrap();
    app.logout(false).await.unwrap();

    let (silence, _kept_open) = std::io::pipe().unwrap();
    let manager = CommandLineLoginFlowManager::on(silence, std::io::sink()).with_deadline(Duration::from_millis(20));
    let app = scene.app(scene.config().with_login_flow_manager(manager));
    let Err(Error::LoginRequired(offer)) = app.login().await else {
        panic!("nobody is there")
    };
    assert!(offer.why().contains("nobody logged in"), "{offer}");
}

#[tokio::test]
async fn an_app_does_not_go_on_as_somebody_else() {
    let scene = Scene::new().await;
    let (alice, bob) = (scene.app(scene.config()), scene.app(scene.config_of("bob")));
    let hers = GroupsClient::builder().app(&alice).build().unwrap();
    let his = GroupsClient::builder().app(&bob).build().unwrap();
    hers.get_my_groups().await.unwrap();
    bob.logout(true).await.unwrap();
    his.get_my_groups().await.unwrap();
    for expired in [false, true] {
        if expired {
            scene.emulator.expire_tokens();
        }
        for error in [hers.get_my_groups().await.map(drop), alice.login().await] {
            let Err(Error::Token(error)) = error else {
                panic!("{error:?}")
            };
            assert!(matches!(*error, TokenError::IdentityMismatch { .. }), "{error}");
        }
    }
    his.get_my_groups().await.unwrap();
    for token in scene
        .storage
        .get_token_data_by_resource_server()
        .await
        .unwrap()
        .values()
    {
        assert_eq!(token.identity_id.as_deref(), Some(seed::BOB));
    }
    assert_eq!(scene.logins(), 2);
    alice.logout(true).await.unwrap();
    hers.get_my_groups().await.unwrap();
    assert_eq!(scene.logins(), 3, "alice again");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_whose_caller_goes_away_is_finished() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let slow = Fault::slow(Duration::from_millis(300)).path("/jwk.json");
    scene.emulator.inject(slow.times(1));
    let login = tokio::spawn(app.login().into_future());
    let traded = async {
        while scene.calls("/v2/oauth2/token") == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), traded)
        .await
        .expect("the code is traded");
    login.abort();
    app.login().await.unwrap();
    assert_eq!(scene.logins(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_renewal_that_fails_fails_once_for_all_who_waited() {
    let scene = Scene::new().await;
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    groups.get_my_groups().await.unwrap();
    let authorizer = app.get_authorizer(GroupsScopes::RESOURCE_SERVER).unwrap();
    let token = authorizer.authorization_header().await.unwrap();
    let fault = Fault::status(403).path("/v2/oauth2/token");
    scene.emulator.inject(fault.times(1));
    let before = scene.calls("/v2/oauth2/token");

    // All are there before the renewal can begin.
    let lock = scene.storage.lock(GroupsScopes::RESOURCE_SERVER).await.unwrap();
    let all = join_all((0..8).map(|_| authorizer.handle_missing_authorization(token.as_ref())));
    let (answers, ()) = tokio::join!(all, async { drop(lock) });
    assert!(answers.iter().all(Result::is_err), "{answers:?}");
    assert_eq!(scene.calls("/v2/oauth2/token"), before + 1);

    // Whoever comes later tries again.
    assert!(authorizer.handle_missing_authorization(token.as_ref()).await.unwrap());
    assert_eq!((scene.calls("/v2/oauth2/token"), scene.logins()), (before + 2, 1));
}

/// The answer to a renewal is on its way when the runtime ends in which it was asked for. The refresh token was good for
/// one use.
#[test]
fn a_renewal_outlives_the_runtime_that_began_it() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .unwrap()
    };
    let lasting = runtime();
    let scene = lasting.block_on(Scene::new());
    scene.emulator.rotate_refresh_tokens(true);
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    lasting.block_on(groups.get_my_groups().into_future()).unwrap();
    scene.emulator.expire_tokens();
    scene.emulator.clear_requests();
    let slow = Fault::slow(Duration::from_millis(300)).path("/v2/oauth2/token");
    scene.emulator.inject(slow.after().times(1));

    let passing = runtime();
    passing.spawn(groups.get_my_groups().into_future());
    while scene.calls("/v2/oauth2/token") == 0 {
        std::thread::yield_now();
    }
    passing.shutdown_background();
    lasting.block_on(groups.get_my_groups().into_future()).unwrap();
    assert_eq!((scene.calls("/v2/oauth2/token"), scene.logins()), (1, 1));
}

/// Somebody who looks at the login page and never answers.
#[derive(Debug, Default)]
struct Ponderer {
    asked: tokio::sync::Notify,
}

impl LoginFlowManager for Ponderer {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, _: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        self.asked.notify_one();
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_login_that_nobody_waits_for_any_more_is_given_up() {
    let scene = Scene::new().await;
    let person = Arc::new(Ponderer::default());
    let app = scene.app(scene.config().with_login_flow_manager(person.clone()));
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    for time in 1..3 {
        let request = tokio::spawn(groups.get_my_groups().into_future());
        let asked = tokio::time::timeout(Duration::from_secs(30), person.asked.notified());
        assert!(asked.await.is_ok(), "request {time} asks");
        request.abort();
    }
}

/// No login mends that.
#[tokio::test]
async fn with_tokens_of_two_people_nobody_is_asked() {
    let scene = Scene::new().await;
    let alice = scene.app(scene.config());
    GroupsClient::builder()
        .app(&alice)
        .build()
        .unwrap()
        .get_my_groups()
        .await
        .unwrap();
    let other = Arc::new(MemoryTokenStorage::new());
    let bob = scene.app(scene.config_of("bob").with_token_storage(other.clone()));
    let transfer = TransferClient::builder().app(&bob).build().unwrap();
    transfer.endpoint_search().filter_scope("my-endpoints").await.unwrap();
    let mut theirs = other.get_token_data_by_resource_server().await.unwrap();
    theirs.retain(|server, _| server.contains("transfer"));
    scene.storage.store_token_data_by_resource_server(theirs).await.unwrap();

    let logins = scene.logins();
    let app = scene.app(scene.config());
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    for error in [
        groups.get_my_groups().await.map(drop).unwrap_err(),
        app.login().await.unwrap_err(),
        app.login().force(true).await.unwrap_err(),
    ] {
        assert!(error.to_string().contains("several identities"), "{error}");
    }
    assert_eq!(scene.logins(), logins);
    app.logout(true).await.unwrap();
    groups.get_my_groups().await.unwrap();
}
