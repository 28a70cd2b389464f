//! Stores, imports and layers that fail: their errors tell what to do, and nothing of what they hold.

use globus_emulator::{Fault, seed};
use globus_sdk::error::Error;
use globus_sdk::resource_server::{AuthenticateLayer, Authenticator, Requirements};
use globus_sdk::tokens::{
    CliLogin, JsonTokenStorage, KeyringTokenStorage, PostgresTokenStorage, SQLiteTokenStorage,
    TokenDataByResourceServer, TokenStorage, TokenStorageData,
};
use globus_sdk::{ConfidentialAppAuthClient, Result};
use keyring_core::api::CredentialApi as _;

use super::{Scene, Witness};
use crate::postgres::PostgresServer;

const TOKEN: &str = "hush-token/+ of the storage";
const REFRESH: &str = "hush-refresh/+ of the storage";

fn stored() -> TokenDataByResourceServer {
    let mut token = TokenStorageData::new("groups.api.globus.org", "a scope", TOKEN, 1);
    token.refresh_token = Some(REFRESH.into());
    [("groups.api.globus.org".to_owned(), token)].into_iter().collect()
}

/// What can become of a document: it is cut, or a token in it is no text.
fn spoiled(document: &str) -> [String; 3] {
    let end = document.find(REFRESH).unwrap() + REFRESH.len();
    let listed = |secret: &str, text: &str| text.replace(&format!("\"{secret}\""), &format!("[\"{secret}\"]"));
    [
        document[..end].to_owned(),
        listed(REFRESH, document),
        listed(TOKEN, document),
    ]
}

/// Sees the errors of a storage that cannot be read.
async fn fails<S: TokenStorage>(witness: &Witness, storage: Result<S>) {
    let error = match storage {
        Ok(storage) => {
            witness.saw(&storage);
            storage.get_token_data_by_resource_server().await.unwrap_err()
        }
        Err(error) => error,
    };
    assert!(matches!(error, Error::Storage(_)), "{error}");
    witness.failed(&error);
}

#[tokio::test]
async fn no_token_in_a_damaged_storage_is_told() {
    let Scene { witness, .. } = &Scene::begin().await;
    witness.secret(TOKEN);
    witness.secret(REFRESH);
    witness.secret("hush-client-secret/+");
    let folder = tempfile::tempdir().unwrap();
    let (json, sqlite) = (folder.path().join("tokens.json"), folder.path().join("storage.db"));
    let storage = JsonTokenStorage::new(&json).unwrap();
    storage.store_token_data_by_resource_server(stored()).await.unwrap();
    for content in spoiled(&std::fs::read_to_string(&json).unwrap()) {
        std::fs::write(&json, content).unwrap();
        fails(witness, JsonTokenStorage::new(&json)).await;
    }

    let storage = SQLiteTokenStorage::new(&sqlite).unwrap();
    storage.store_token_data_by_resource_server(stored()).await.unwrap();
    let settings = serde_json::json!({"client_id": "c", "client_secret": "hush-client-secret/+"});
    let settings = settings.as_object().unwrap();
    storage.store_config("auth_client_data", settings).await.unwrap();
    let rows = rusqlite::Connection::open(&sqlite).unwrap();
    let change = |table: &str, column: &str, document: &str| {
        let sql = format!("UPDATE {table} SET {column} = ?");
        assert_eq!(rows.execute(&sql, [document]).unwrap(), 1);
    };
    let read = |table: &str, column: &str| -> String {
        let sql = format!("SELECT {column} FROM {table}");
        rows.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let document = read("token_storage", "token_data_json");
    for content in spoiled(&document) {
        change("token_storage", "token_data_json", &content);
        fails(witness, SQLiteTokenStorage::new(&sqlite)).await;
        witness.failed(&CliLogin::read_all(&sqlite).await.unwrap_err());
    }
    change("token_storage", "token_data_json", &document);
    let document = read("config_storage", "config_data_json");
    witness.saw(&CliLogin::read_all(&sqlite).await.unwrap());
    for content in [document.trim_end_matches('}'), "[\"hush-client-secret/+\"]"] {
        change("config_storage", "config_data_json", content);
        witness.failed(&CliLogin::read_all(&sqlite).await.unwrap_err());
        witness.failed(&storage.read_config("auth_client_data").await.unwrap_err());
    }

    // Some errors of keyrings carry what they could not decode.
    for spoil in 0..3 {
        let keyring = keyring_core::mock::Store::new().unwrap();
        let storage = KeyringTokenStorage::new(keyring.clone(), "secrets").unwrap();
        storage.store_token_data_by_resource_server(stored()).await.unwrap();
        for entry in keyring.inner.lock().unwrap().borrow().iter() {
            let secret = entry.get_secret().unwrap();
            match spoil {
                0 => entry.set_error(keyring_core::Error::BadEncoding(secret)),
                1 => entry.set_error(keyring_core::Error::BadDataFormat(secret, "hush-not".into())),
                _ => {
                    let text = String::from_utf8(secret).unwrap();
                    if text.contains(TOKEN) {
                        entry.set_secret(spoiled(&text)[1].as_bytes()).unwrap();
                    }
                }
            }
        }
        fails(witness, Ok(storage)).await;
    }
    witness.check();
}

#[tokio::test]
async fn no_password_of_a_database_is_told() {
    let Scene { witness, .. } = &Scene::begin().await;
    let password = "hush/+pass:word@\u{e9}";
    witness.secret(password);
    let encoded: String = url::form_urlencoded::byte_serialize(password.as_bytes()).collect();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    for connection in [
        format!("postgres://u:{encoded}@127.0.0.1:{port}/db"),
        format!("host=127.0.0.1 port={port} user=u password='{password}'"),
        format!("postgres://u:{encoded}@127.0.0.1:{port}/db?sslmode=require"),
        format!("postgres://u:{encoded}@127.0.0.1:{port}/db?sslmode={encoded}"),
        format!("postgres://u:{password}@:no-port/db"),
        format!("host=127.0.0.1 passwort='{password}'"),
        format!("host=127.0.0.1 password='{password}"),
        password.to_owned(),
    ] {
        witness.failed(&PostgresTokenStorage::connect(&connection).await.unwrap_err());
    }
    if let Some(server) = PostgresServer::start() {
        let database = server.schema().await;
        if !database.contains("://") {
            let with_password = format!("{database} password='{password}'");
            let storage = PostgresTokenStorage::connect(&with_password).await.unwrap();
            storage.store_token_data_by_resource_server(stored()).await.unwrap();
            witness.saw(&storage);
            let missing = format!("{with_password} dbname=no_such_database");
            witness.failed(&PostgresTokenStorage::connect(&missing).await.unwrap_err());
        }
    }
    witness.finds_none();
}

/// What a layer answers to those it does not let through, and what it notes when it cannot ask.
#[tokio::test]
async fn no_token_that_a_layer_refuses_is_told() {
    let Scene {
        witness,
        emulator,
        config,
        ..
    } = &Scene::begin().await;
    let client = ConfidentialAppAuthClient::with_secret(seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET);
    let client = client.config(config.clone()).build().unwrap();
    let scope = format!("https://auth.globus.org/scopes/{}/all", seed::RESOURCE_SERVER_ID);
    let required = Requirements::scopes(scope.as_str()).unwrap().with_mfa();
    let layer = AuthenticateLayer::new(Authenticator::new(&client, required));
    witness.saw(&layer);
    let router = axum::Router::new()
        .route("/", axum::routing::get(async || "let in"))
        .layer(layer);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    // On this thread, whose log is looked at.
    let local = tokio::task::LocalSet::new();
    local.spawn_local(async move { axum::serve(listener, router).await.unwrap() });
    let no_mfa = emulator.mint_token(seed::ALICE, &[&scope]).unwrap();
    let no_scope = emulator.mint_token(seed::ALICE, &["openid"]).unwrap();
    let asking = async {
        let mut statuses = Vec::new();
        for authorization in [
            format!("Bearer {no_mfa}"),
            format!("Bearer {no_scope}"),
            "Bearer a-token-nobody-gave/+".to_owned(),
            format!("Token {no_mfa}"),
            format!("Bearer {no_mfa}, Bearer {no_scope}"),
            "Bearer unheard-of/+".to_owned(),
        ] {
            let (_, secret) = authorization.split_once(' ').unwrap();
            witness.secret(secret);
            if secret.starts_with("unheard") {
                emulator.inject(Fault::status(503).path("/v2/oauth2/token/introspect").always());
            }
            let head = format!(
                "GET / HTTP/1.1\r\nhost: {address}\r\nauthorization: {authorization}\r\nconnection: close\r\n\r\n"
            );
            let ask = move || crate::local_server::send(address, head.as_bytes());
            let answer = tokio::task::spawn_blocking(ask).await.unwrap();
            statuses.push(answer[9..12].to_owned());
            witness.saw(&answer);
        }
        statuses
    };
    let statuses = local.run_until(asking).await;
    assert_eq!(statuses, ["403", "401", "401", "401", "401", "503"]);
    witness.check();
}
