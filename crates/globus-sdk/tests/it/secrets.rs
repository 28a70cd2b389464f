//! No secret of a login reaches a log, an error or a debug form: not raw, not in base64, not percent-encoded.

use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use futures_util::future::BoxFuture;
use globus_emulator::{Emulator, seed};
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::{
    AccessTokenAuthorizer, AuthorizationFlow, ClientApp, ConfidentialAppAuthClient, Config, Error, GroupsClient,
    MemoryTokenStorage, NativeAppAuthClient, RefreshTokenAuthorizer, Result, TokenStorage, UserApp,
};
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::fmt::MakeWriter;

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

    fn check(&self) {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let written = String::from_utf8_lossy(&written);
        let secrets = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(
            secrets.len() > 10 && written.len() > 10_000,
            "{} secrets, {} bytes",
            secrets.len(),
            written.len()
        );
        for secret in secrets.iter() {
            let escaped: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let forms = [
                secret.clone(),
                escaped,
                STANDARD.encode(secret),
                STANDARD_NO_PAD.encode(secret),
                URL_SAFE_NO_PAD.encode(secret),
            ];
            for form in forms {
                assert!(!written.contains(&form), "{form} of {secret} was written");
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

#[tokio::test]
async fn no_secret_is_written_anywhere() {
    let witness = Witness::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(witness.clone());
    let _log = tracing::subscriber::set_default(subscriber.finish());
    let emulator = Arc::new(Emulator::start().await.unwrap());
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let config = Config::from_lookup(lookup).unwrap();
    witness.secret(seed::CLIENT_SECRET);
    witness.secret(STANDARD.encode(format!("{}:{}", seed::CLIENT_ID, seed::CLIENT_SECRET)));

    // A person's app: login, use, renewal, refusal, logout.
    let storage = Arc::new(MemoryTokenStorage::new());
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
    note_stored(&witness, &storage).await;
    emulator.expire_tokens();
    groups.get_my_groups().await.unwrap();
    note_stored(&witness, &storage).await;
    witness.failed(&groups.create_group(serde_json::json!({"name": "n"})).await.unwrap_err());
    witness.saw(&(&app, &groups));
    app.logout(true).await.unwrap();

    // A program's app, and clients with wrong, used and refused credentials.
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
    note_stored(&witness, &storage).await;

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
        .config(config)
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
