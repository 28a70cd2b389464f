//! A service behind the layer, whose callers must meet an authentication policy, and programs that log in for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use axum::routing::get;
use axum::{Json, Router};
use futures_util::future::BoxFuture;
use globus_emulator::Emulator;
use globus_emulator::seed::{
    ALICE, ALICE_LINKED, NATIVE_CLIENT_ID, POLICY, PROJECT, RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET,
};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::resource_server::{AuthenticateLayer, Authenticator, Requirements};
use globus_sdk::scopes::AuthScopes;
use globus_sdk::transport::{Ambient, ManualClock, SystemRandom};
use globus_sdk::{
    AccessTokenAuthorizer, AuthClient, AuthorizationFlow, BaseClient, ConfidentialAppAuthClient, Config,
    MemoryTokenStorage, Result, UserApp, gare,
};
use secrecy::SecretString;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);

/// Alice, who logs in whenever she is asked to.
#[derive(Debug)]
struct Alice(Arc<Emulator>, Arc<AtomicUsize>);

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.1.fetch_add(1, Ordering::SeqCst);
            Ok(self.0.sign_in(url, "alice").unwrap().code().unwrap().into())
        })
    }
}

/// A service that asks for a policy, and a program of Alice's.
struct Scene {
    emulator: Arc<Emulator>,
    clock: ManualClock,
    url: String,
    logins: Arc<AtomicUsize>,
    program: BaseClient,
}

fn scope() -> String {
    format!("https://auth.globus.org/scopes/{RESOURCE_SERVER_ID}/all")
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Config::from_lookup(lookup).unwrap()
}

impl Scene {
    async fn new(emulator: Emulator, policy: &str) -> Self {
        let emulator = Arc::new(emulator);
        let clock = ManualClock::new(SystemTime::now());
        let client = ConfidentialAppAuthClient::with_secret(RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET)
            .config(config(&emulator))
            .ambient(Ambient::new(clock.clone(), SystemRandom))
            .build()
            .unwrap();
        let requirements = Requirements::scopes(scope()).unwrap().with_policies(policy).unwrap();
        let layer = AuthenticateLayer::new(Authenticator::new(&client, requirements));
        let router = Router::new().route("/archive", get(|| async { Json(json!({"open": true})) }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(axum::serve(listener, router.layer(layer)).into_future());

        let logins = Arc::new(AtomicUsize::new(0));
        let app = GlobusAppConfig::new()
            .with_config(config(&emulator))
            .with_ambient(Ambient::new(clock.clone(), SystemRandom))
            .with_token_storage(MemoryTokenStorage::new())
            .with_login_policy(LoginPolicy::Always)
            .with_auto_redrive_gares(true)
            .with_login_flow_manager(Alice(emulator.clone(), logins.clone()));
        let app = UserApp::builder("A Test").client_id(NATIVE_CLIENT_ID).config(app);
        let program = BaseClient::builder()
            .base_url(&url)
            .resource_server(RESOURCE_SERVER_ID)
            .app_scopes(scope())
            .app(&app.build().unwrap())
            .build()
            .unwrap();
        Self {
            emulator,
            clock,
            url,
            logins,
            program,
        }
    }

    async fn open(&self) -> usize {
        let answer: Value = self.program.get("/archive").await.unwrap().json().unwrap();
        assert_eq!(answer["open"], true);
        self.logins.load(Ordering::SeqCst)
    }

    fn pass(&self, time: Duration) {
        self.emulator.advance(time);
        self.clock.advance(time);
    }

    /// What the service says to a token that somebody has.
    async fn ask(&self, token: &str) -> std::result::Result<(), Value> {
        let client = BaseClient::builder()
            .base_url(&self.url)
            .authorizer(AccessTokenAuthorizer::new(token))
            .build()
            .unwrap();
        let Err(error) = client.get("/archive").await else {
            return Ok(());
        };
        let api = error.api().unwrap();
        assert_eq!(api.http_status(), 403);
        Err(api.raw_json().unwrap().clone())
    }
}

/// Of the domain, within half an hour.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_that_is_too_old_is_made_anew() {
    let scene = Scene::new(Emulator::start().await.unwrap(), POLICY).await;
    assert_eq!(scene.open().await, 1, "a login of a moment ago meets the policy");
    scene.pass(29 * MINUTE);
    assert_eq!(scene.open().await, 1);
    scene.pass(2 * MINUTE);
    assert_eq!(
        scene.open().await,
        2,
        "the request was refused, and sent again after a login"
    );
    assert_eq!(scene.open().await, 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_of_another_domain_stay_outside() {
    let scene = Scene::new(Emulator::start().await.unwrap(), POLICY).await;
    let token = |who: &str| scene.emulator.mint_token(who, &[&scope()]).unwrap();
    scene.ask(&token(ALICE)).await.unwrap();
    let refused = scene.ask(&token(ALICE_LINKED)).await.unwrap_err();
    let demand = gare::to_gare(&refused).unwrap().authorization_parameters;
    assert_eq!(demand.session_required_policies, Some(vec![POLICY.to_owned()]));
    assert_eq!(demand.required_scopes, Some(vec![scope()]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_factor_is_asked_for() {
    let emulator = Emulator::start().await.unwrap();
    let developer = emulator.mint_token(ALICE, &[AuthScopes::MANAGE_PROJECTS]).unwrap();
    let auth = AuthClient::builder()
        .config(config(&emulator))
        .authorizer(AccessTokenAuthorizer::new(developer))
        .build()
        .unwrap();
    let policy = auth
        .create_policy(PROJECT, "careful", "with a second factor")
        .high_assurance(true)
        .required_mfa(true)
        .authentication_assurance_timeout(1800u64)
        .await
        .unwrap();
    let policy = policy.policy.as_ref().unwrap().id.as_ref().unwrap().to_string();
    let scene = Scene::new(emulator, &policy).await;
    assert_eq!(scene.open().await, 2, "one login without, one with a second factor");
    assert_eq!(scene.open().await, 2);

    // A program that acts as itself has no session: it is refused, and is not let in by mistake.
    let program = scene.emulator.mint_token(RESOURCE_SERVER_ID, &[&scope()]).unwrap();
    scene.ask(&program).await.unwrap_err();
}
