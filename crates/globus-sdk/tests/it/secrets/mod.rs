//! No secret of a login reaches a log, an error or a debug form: not raw, not in base64, not percent-encoded, and not byte by
//! byte.

mod failures;
mod shown;

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::resource_server::{Authenticator, Requirements};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{KeyringTokenStorage, PostgresTokenStorage, SQLiteTokenStorage};
use globus_sdk::{
    AccessTokenAuthorizer, AuthorizationFlow, ClientApp, ConfidentialAppAuthClient, Config, Error, GroupsClient,
    JsonTokenStorage, MemoryTokenStorage, NativeAppAuthClient, RefreshTokenAuthorizer, Result, TokenStorage, UserApp,
};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::fmt::MakeWriter;

use crate::postgres::PostgresServer;

/// Everything that was written, and everything that must not be in it.
#[derive(Debug, Clone, Default)]
struct Witness {
    written: Arc<Mutex<Vec<u8>>>,
    secrets: Arc<Mutex<Vec<String>>>,
}

impl Witness {
    fn secret(&self, secret: impl Into<String>) {
        self.secrets
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(secret.into());
    }

    fn saw(&self, thing: &impl std::fmt::Debug) {
        let text = format!("{thing:?}\n{thing:#?}\n");
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(text.as_bytes());
    }

    fn failed(&self, error: &Error) {
        self.saw(error);
        let text = format!("{error}\n{}\n", serde_json::to_string(error).unwrap());
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(text.as_bytes());
        let mut cause: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
        while let Some(next) = cause {
            self.saw(&next.to_string());
            cause = next.source();
        }
    }

    /// That there were enough secrets and texts for something to be found, and that nothing was.
    fn check(&self) {
        let (secrets, written) = (self.secrets.lock().unwrap().len(), self.written.lock().unwrap().len());
        assert!(secrets > 6 && written > 10_000, "{secrets} secrets, {written} bytes");
        self.finds_none();
    }

    fn finds_none(&self) {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let written = String::from_utf8_lossy(&written);
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        for secret in secrets.iter() {
            let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let bytes = format!("{:?}", secret.as_bytes());
            let forms = [
                secret.clone(),
                escaped,
                bytes.trim_matches(['[', ']']).to_owned(),
                STANDARD.encode(secret),
                STANDARD_NO_PAD.encode(secret),
                URL_SAFE_NO_PAD.encode(secret),
            ];
            for form in forms {
                let line = written.lines().find(|line| line.contains(&form));
                assert_eq!(line, None, "{form} of {secret} was written");
            }
        }
    }
}

impl Write for Witness {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.written
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Witness {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[derive(Debug)]
struct Alice {
    emulator: Arc<Emulator>,
    witness: Witness,
}

impl LoginFlowManager for Alice {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            self.witness.saw(flow);
            let kept = serde_json::to_value(flow).unwrap();
            self.witness
                .secret(kept["verifier"].as_str().expect("the kept login has its verifier"));
            let code = self.emulator.sign_in(url, "alice").unwrap().code().unwrap();
            self.witness.secret(code.clone());
            Ok(code.into())
        })
    }
}

async fn note_stored(witness: &Witness, storage: &dyn TokenStorage) {
    let stored = storage.get_token_data_by_resource_server().await.unwrap();
    witness.saw(&stored);
    for token in stored.into_values() {
        witness.secret(token.access_token.expose_secret());
        witness.secret(
            token
                .refresh_token
                .map_or_else(|| "no refresh token".to_owned(), |t| t.expose_secret().to_owned()),
        );
    }
}

/// Somebody who watches, an emulator, and what leads to it.
struct Scene {
    witness: Witness,
    emulator: Arc<Emulator>,
    config: Config,
    _log: tracing::subscriber::DefaultGuard,
}

impl Scene {
    async fn begin() -> Self {
        let witness = Witness::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(witness.clone());
        let log = tracing::subscriber::set_default(subscriber.finish());
        let emulator = Arc::new(Emulator::start().await.unwrap());
        let env = emulator.env();
        let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        for (id, secret) in [
            (seed::CLIENT_ID, seed::CLIENT_SECRET),
            (seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET),
        ] {
            witness.secret(secret);
            witness.secret(STANDARD.encode(format!("{id}:{secret}")));
        }
        Self {
            witness,
            emulator,
            config: Config::from_lookup(lookup).unwrap(),
            _log: log,
        }
    }
}

/// Login, use, renewal, refusal, logout, with tokens in `storage`.
async fn a_persons_day<S: TokenStorage + 'static>(storage: Arc<S>) {
    let Scene {
        witness,
        emulator,
        config,
        ..
    } = &Scene::begin().await;
    witness.saw(&storage);
    let settings = GlobusAppConfig::new()
        .with_config(config.clone())
        .with_token_storage(storage.clone())
        .with_login_policy(LoginPolicy::Always)
        .with_login_flow_manager(Alice {
            emulator: emulator.clone(),
            witness: witness.clone(),
        });
    let app = UserApp::builder("secrets")
        .client_id(seed::NATIVE_CLIENT_ID)
        .config(settings)
        .build()
        .unwrap();
    let groups = GroupsClient::builder().app(&app).build().unwrap();
    witness.saw(&groups.get_my_groups().await.unwrap());
    note_stored(witness, &storage).await;
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    note_stored(witness, &storage).await;
    witness.failed(&groups.create_group(serde_json::json!({"name": "n"})).await.unwrap_err());
    witness.saw(&(&app, &groups));
    app.logout(true).await.unwrap();
    witness.check();
}

#[tokio::test]
async fn no_secret_of_a_person_is_written_anywhere() {
    a_persons_day(Arc::new(MemoryTokenStorage::new())).await;
    let home = tempfile::tempdir().unwrap();
    a_persons_day(Arc::new(
        JsonTokenStorage::new(home.path().join("tokens.json")).unwrap(),
    ))
    .await;
    a_persons_day(Arc::new(
        SQLiteTokenStorage::new(home.path().join("tokens.db")).unwrap(),
    ))
    .await;
    let keyring = keyring_core::mock::Store::new().unwrap();
    a_persons_day(Arc::new(KeyringTokenStorage::new(keyring, "secrets").unwrap())).await;
    if let Some(server) = PostgresServer::start() {
        let database = server.schema().await;
        a_persons_day(Arc::new(PostgresTokenStorage::connect(&database).await.unwrap())).await;
    }
}

#[tokio::test]
async fn no_secret_of_a_login_in_a_browser_is_written_anywhere() {
    let Scene {
        witness,
        emulator,
        config,
        ..
    } = &Scene::begin().await;
    let storage = Arc::new(MemoryTokenStorage::new());
    for ending in ["allowed", "refused", "of no use"] {
        let (manager, opened) = crate::local_server::manager();
        witness.saw(&manager);
        let settings = GlobusAppConfig::new()
            .with_config(config.clone())
            .with_token_storage(storage.clone())
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(manager);
        let app = UserApp::builder("secrets")
            .client_id(seed::NATIVE_CLIENT_ID)
            .config(settings);
        let app = app.build().unwrap();
        let login = tokio::spawn(app.login().force(true).into_future());
        let opened = tokio::task::spawn_blocking(move || opened.next());
        let url = opened.await.unwrap();
        let redirect = crate::local_server::param(&url, "redirect_uri");
        let state = crate::local_server::param(&url, "state");
        witness.secret(state.clone());
        let target = match ending {
            "refused" => format!("/?error=access_denied&state={state}"),
            "allowed" => {
                let code = emulator.sign_in(url.as_str(), "alice").unwrap().code().unwrap();
                witness.secret(code.clone());
                format!("/?code={code}&state={state}")
            }
            _ => {
                witness.secret("a code/+ that nobody gave");
                format!("/?code=a+code%2F%2B+that+nobody+gave&state={state}")
            }
        };
        let to = redirect.trim_start_matches("http://").parse().unwrap();
        let stray = target.replace(&state, "another-state");
        let ask = move || {
            [
                crate::local_server::get(to, &stray),
                crate::local_server::get(to, &target),
            ]
        };
        witness.saw(&tokio::task::spawn_blocking(ask).await.unwrap());
        let outcome = login.await.unwrap();
        assert_eq!(outcome.is_ok(), ending == "allowed", "{ending}: {outcome:?}");
        match outcome {
            Ok(()) => note_stored(witness, &storage).await,
            Err(error) => witness.failed(&error),
        }
    }
    witness.check();
}

#[tokio::test]
async fn no_secret_of_a_program_is_written_anywhere() {
    let Scene { witness, config, .. } = &Scene::begin().await;
    let storage = Arc::new(MemoryTokenStorage::new());
    let settings = GlobusAppConfig::new()
        .with_config(config.clone())
        .with_token_storage(storage.clone());
    let builder = ClientApp::builder("secrets")
        .client_id(seed::CLIENT_ID)
        .client_secret(seed::CLIENT_SECRET);
    let program = builder.config(settings).build().unwrap();
    GroupsClient::builder()
        .app(&program)
        .build()
        .unwrap()
        .get_my_groups()
        .await
        .unwrap();
    note_stored(witness, &storage).await;

    let wrong = "wrong secret/+é";
    witness.secret(wrong);
    let client = ConfidentialAppAuthClient::with_secret(seed::CLIENT_ID, wrong)
        .config(config.clone())
        .build()
        .unwrap();
    witness.saw(&client);
    witness.failed(
        &client
            .oauth2_client_credentials_tokens(GroupsScopes::ALL)
            .await
            .unwrap_err(),
    );
    let native = NativeAppAuthClient::builder(seed::NATIVE_CLIENT_ID)
        .config(config.clone())
        .build()
        .unwrap();
    let flow = native.oauth2_start_flow(GroupsScopes::ALL).build().unwrap();
    for code in ["a code that was never given", "another/+code"] {
        witness.secret(code);
        witness.failed(&flow.exchange(&native, code).await.unwrap_err());
    }
    let dead = "a-dead-refresh-token/+";
    witness.secret(dead);
    let authorizer = RefreshTokenAuthorizer::new(&native, dead);
    witness.saw(&authorizer);
    let client = GroupsClient::builder()
        .config(config.clone())
        .authorizer(authorizer)
        .build()
        .unwrap();
    witness.failed(&client.get_my_groups().await.unwrap_err());
    let dead = "a-dead-access-token/+";
    witness.secret(dead);
    let client = GroupsClient::builder()
        .config(config.clone())
        .authorizer(AccessTokenAuthorizer::new(dead))
        .build()
        .unwrap();
    witness.failed(&client.get_my_groups().await.unwrap_err());
    witness.saw(
        &client
            .get("/x?token=in-the-address")
            .with_header("Authorization", "Bearer in-a-header"),
    );
    witness.secret("in-the-address");
    witness.secret("in-a-header");
    witness.check();
}

#[tokio::test]
async fn no_secret_of_a_service_is_written_anywhere() {
    let Scene {
        witness,
        emulator,
        config,
        ..
    } = &Scene::begin().await;
    let client = ConfidentialAppAuthClient::with_secret(seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET)
        .config(config.clone())
        .build()
        .unwrap();
    let scope = format!("https://auth.globus.org/scopes/{}/all", seed::RESOURCE_SERVER_ID);
    let authenticator = Authenticator::new(&client, Requirements::scopes(scope.as_str()).unwrap());
    let ask = async |token: &str| {
        let mut headers = http::HeaderMap::new();
        headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
        authenticator.authenticate(&headers).await
    };
    let token = emulator.mint_token(seed::ALICE, &[&scope]).unwrap();
    let ended = emulator.mint_token(seed::ALICE, &["openid"]).unwrap();
    for secret in [token.as_str(), ended.as_str(), "a-token-nobody-gave/+"] {
        witness.secret(secret);
    }
    let caller = ask(&token).await.unwrap();
    witness.saw(&(&authenticator, &caller));
    match caller.dependent_token(GroupsScopes::ALL).await {
        Ok(dependent) => {
            witness.saw(&dependent);
            witness.secret(dependent.access_token.expose_secret());
        }
        Err(error) => witness.failed(&error),
    }
    witness.saw(&authenticator);
    for refused in [ended.as_str(), "a-token-nobody-gave/+"] {
        let refusal = ask(refused).await.unwrap_err();
        witness.saw(&(&refusal, refusal.document()));
    }
    witness.check();
}

/// A storage that gives up while it has tokens in its hands.
#[derive(Debug, Default)]
struct Clumsy(MemoryTokenStorage);

impl TokenStorage for Clumsy {
    fn namespace(&self) -> &str {
        self.0.namespace()
    }
    fn store_token_data_by_resource_server(
        &self,
        data: globus_sdk::tokens::TokenDataByResourceServer,
    ) -> BoxFuture<'_, Result<()>> {
        for token in data.values() {
            reveal(token.access_token.expose_secret());
        }
        panic!("dropped {data:?}");
    }
    fn get_token_data_by_resource_server(
        &self,
    ) -> BoxFuture<'_, Result<globus_sdk::tokens::TokenDataByResourceServer>> {
        self.0.get_token_data_by_resource_server()
    }
    fn get_token_data<'a>(
        &'a self,
        resource_server: &'a str,
    ) -> BoxFuture<'a, Result<Option<globus_sdk::tokens::TokenStorageData>>> {
        self.0.get_token_data(resource_server)
    }
    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.0.remove_token_data(resource_server)
    }
    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.0.namespaces()
    }
    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<globus_sdk::tokens::LockGuard>> {
        self.0.lock(key)
    }
}

const REVEALED: &str = "GLOBUS_TEST_REVEALED";

/// Tells the test that looks on, by a file, what must not be seen.
fn reveal(secret: &str) {
    let path = std::env::var(REVEALED).unwrap();
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(path)
        .unwrap();
    writeln!(file, "{secret}").unwrap();
}

#[derive(Debug)]
struct Panicking(Arc<Emulator>);

impl LoginFlowManager for Panicking {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move {
            reveal(serde_json::to_value(flow).unwrap()["verifier"].as_str().unwrap());
            let code: SecretString = self.0.sign_in(url, "alice").unwrap().code().unwrap().into();
            reveal(code.expose_secret());
            panic!("{flow:?} {code:?}");
        })
    }
}

/// Panics in every way that this crate's values can be part of; run by the test below.
#[tokio::test]
#[ignore = "panics"]
async fn panics() {
    let witness = Witness::default();
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let config = Config::from_lookup(lookup).unwrap();
    let app = |storage: Arc<dyn TokenStorage>, manager: Arc<dyn LoginFlowManager>| {
        let settings = GlobusAppConfig::new()
            .with_config(config.clone())
            .with_token_storage(storage)
            .with_login_policy(LoginPolicy::Always)
            .with_login_flow_manager(manager);
        let app = UserApp::builder("p").client_id(seed::NATIVE_CLIENT_ID).config(settings);
        app.build().unwrap()
    };
    let alice = Arc::new(Alice {
        emulator: emulator.clone(),
        witness: witness.clone(),
    });
    let good = Arc::new(MemoryTokenStorage::new());
    let apps = [
        app(
            Arc::new(MemoryTokenStorage::new()),
            Arc::new(Panicking(emulator.clone())),
        ),
        app(Arc::new(Clumsy::default()), alice.clone()),
    ];
    for app in apps {
        let groups = GroupsClient::builder().app(&app).build().unwrap();
        let call = tokio::spawn(groups.get_my_groups().into_future());
        assert!(call.await.unwrap_err().is_panic());
        let login = tokio::spawn(app.login().into_future());
        assert!(login.await.unwrap_err().is_panic());
    }
    let app = app(good.clone(), alice);
    app.login().await.unwrap();
    for token in good.get_token_data_by_resource_server().await.unwrap().into_values() {
        reveal(token.access_token.expose_secret());
    }
    reveal(seed::CLIENT_SECRET);
    let client = ConfidentialAppAuthClient::with_secret(seed::CLIENT_ID, "wrong-hush-secret").config(config.clone());
    reveal("wrong-hush-secret");
    let client = client.build().unwrap();
    let stored = good.get_token_data_by_resource_server().await.unwrap();
    let shown = app.clone();
    let all = tokio::spawn(async move { panic!("{shown:?} {stored:?} {client:?}") });
    assert!(all.await.unwrap_err().is_panic());
    let native = NativeAppAuthClient::builder(seed::NATIVE_CLIENT_ID)
        .config(config.clone())
        .build()
        .unwrap();
    let flow = native.oauth2_start_flow(GroupsScopes::ALL).build().unwrap();
    reveal("a-hush-code");
    let unwrapped = tokio::spawn(async move { flow.exchange(&native, "a-hush-code").await.map(drop).unwrap() });
    assert!(unwrapped.await.unwrap_err().is_panic());
    for secret in witness.secrets.lock().unwrap().iter() {
        reveal(secret);
    }
}

#[test]
fn no_secret_is_part_of_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let revealed = folder.path().join("revealed");
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["secrets::panics", "--exact", "--ignored", "--nocapture"])
        .env(REVEALED, &revealed)
        .env("RUST_BACKTRACE", "full")
        .output()
        .unwrap();
    let witness = Witness::default();
    for said in [&output.stdout, &output.stderr] {
        witness.written.lock().unwrap().extend_from_slice(said);
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(said.matches("panicked at").count() >= 6, "{said}");
    for secret in std::fs::read_to_string(revealed).unwrap().lines() {
        witness.secret(secret);
    }
    witness.check();
}
