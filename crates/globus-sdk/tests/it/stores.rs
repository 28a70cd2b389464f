//! One list of checks for all storages, each of which is one line.

use futures_util::future::join;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use globus_emulator::Emulator;
use globus_emulator::seed::ALICE;
use globus_sdk::error::Error;
use globus_sdk::models::Model as _;
use globus_sdk::services::auth::{OAuthDependentTokenResponse, OAuthTokenResponse};
use globus_sdk::tokens::{
    JsonTokenStorage, KeyringTokenStorage, MemoryTokenStorage, OAuthTokenData, PostgresTokenStorage,
    SQLiteTokenStorage, TokenDataByResourceServer, TokenGrant, TokenStorage, TokenStorageData, ValidatingTokenStorage,
};

use serde_json::json;

use crate::one_renewal::logged_in;
use crate::postgres::PostgresServer;
use crate::token_storage::data;

/// Opens a storage with a namespace; called again it opens the same one, or another part of it.
pub(crate) type Open<'a> = &'a dyn Fn(&str) -> Arc<dyn TokenStorage>;

#[tokio::test]
async fn memory() {
    let storage = MemoryTokenStorage::new();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn json() {
    let file = File::new("tokens.json");
    let storage = JsonTokenStorage::new(&file.path).unwrap();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn json_opened_again() {
    let file = File::new("tokens.json");
    conforms(&|namespace| Arc::new(JsonTokenStorage::new(&file.path).unwrap().with_namespace(namespace))).await;
}

#[tokio::test]
async fn sqlite() {
    let file = File::new("tokens.db");
    let storage = SQLiteTokenStorage::new(&file.path).unwrap();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn sqlite_opened_again() {
    let file = File::new("tokens.db");
    conforms(&|namespace| Arc::new(SQLiteTokenStorage::new(&file.path).unwrap().with_namespace(namespace))).await;
}

#[tokio::test]
async fn keyring() {
    let folder = tempfile::tempdir().unwrap();
    let store = keyring_core::mock::Store::new().unwrap();
    let storage = KeyringTokenStorage::new(store, "A test").unwrap();
    let storage = storage.with_lock_folder(folder.path()).unwrap();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn keyring_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = keyring_core::mock::Store::new().unwrap();
    let open = |namespace: &str| -> Arc<dyn TokenStorage> {
        let storage = KeyringTokenStorage::new(store.clone(), "A test").unwrap();
        Arc::new(
            storage
                .with_lock_folder(folder.path())
                .unwrap()
                .with_namespace(namespace),
        )
    };
    conforms(&open).await;
}

#[tokio::test]
async fn postgres() {
    let Some(server) = PostgresServer::start() else { return };
    let storage = PostgresTokenStorage::connect(&server.schema().await).await.unwrap();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn postgres_with_few_connections() {
    let Some(server) = PostgresServer::start() else { return };
    let storage = PostgresTokenStorage::connect_with(&server.schema().await, 5)
        .await
        .unwrap();
    conforms(&|namespace| Arc::new(storage.clone().with_namespace(namespace))).await;
}

#[tokio::test]
async fn postgres_from_two_programs() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = server.schema().await;
    let one = PostgresTokenStorage::connect(&schema).await.unwrap();
    let other = PostgresTokenStorage::connect(&schema).await.unwrap();
    let turn = AtomicUsize::new(0);
    conforms(&|namespace| {
        let even = turn.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
        Arc::new(if even { &one } else { &other }.clone().with_namespace(namespace))
    })
    .await;
}

/// The example, as it is.
#[allow(dead_code)]
#[path = "../../examples/own_token_storage.rs"]
mod own_token_storage;

#[tokio::test]
async fn one_of_a_users_own() {
    let folder = tempfile::tempdir().unwrap();
    let open = |namespace: &str| -> Arc<dyn TokenStorage> {
        Arc::new(own_token_storage::OneFile {
            folder: folder.path().to_owned(),
            namespace: namespace.to_owned(),
        })
    };
    conforms(&open).await;
}

#[tokio::test]
async fn validating() {
    let storage = MemoryTokenStorage::new();
    // Other than the others, it never answers that a token is not there; that is asked of the storage below.
    conforms_without_missing(&|namespace| {
        Arc::new(ValidatingTokenStorage::new(storage.clone().with_namespace(namespace)))
    })
    .await;
}

struct File {
    path: std::path::PathBuf,
    _folder: tempfile::TempDir,
}

impl File {
    fn new(name: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            path: Path::new(folder.path()).join(name),
            _folder: folder,
        }
    }
}

/// What every storage has to do.
pub(crate) async fn conforms(open: Open<'_>) {
    nothing_is_there(open).await;
    conforms_without_missing(open).await;
}

async fn conforms_without_missing(open: Open<'_>) {
    stored_and_removed(open).await;
    odd_names_and_values(open).await;
    grants(open).await;
    answers(open).await;
    namespaces_are_apart(open).await;
    many_at_a_time(open).await;
    locks_exclude(open).await;
}

async fn all(storage: &dyn TokenStorage) -> TokenDataByResourceServer {
    storage.get_token_data_by_resource_server().await.unwrap()
}

async fn store(storage: &dyn TokenStorage, name: &str) {
    storage.store_token_data_by_resource_server(data(name)).await.unwrap();
}

async fn clear(storage: &dyn TokenStorage) {
    for name in all(storage).await.into_keys() {
        assert!(storage.remove_token_data(&name).await.unwrap());
    }
}

async fn nothing_is_there(open: Open<'_>) {
    let storage = open("DEFAULT");
    assert!(all(&*storage).await.is_empty());
    assert_eq!(storage.get_token_data("a").await.unwrap(), None);
    assert!(storage.namespaces().await.unwrap().is_empty());
    assert!(!storage.remove_token_data("a").await.unwrap());
}

async fn stored_and_removed(open: Open<'_>) {
    let storage = open("DEFAULT");
    assert_eq!(storage.namespace(), "DEFAULT");
    store(&*storage, "a").await;
    store(&*storage, "b").await;
    assert_eq!(all(&*storage).await.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(
        all(&*open("DEFAULT")).await["a"],
        data("a")["a"],
        "every field comes back"
    );
    assert_eq!(storage.get_token_data("b").await.unwrap(), data("b").remove("b"));

    // In place of what was there, and nothing of it stays.
    let plain = TokenStorageData::new("a", "scope", "NEWER", 5).with_token_type(None);
    let change = [("a".to_owned(), plain.clone())].into();
    storage.store_token_data_by_resource_server(change).await.unwrap();
    assert_eq!(storage.get_token_data("a").await.unwrap(), Some(plain));
    // Nothing to store changes nothing.
    storage.store_token_data_by_resource_server([].into()).await.unwrap();
    assert_eq!(all(&*storage).await.len(), 2);

    assert!(storage.remove_token_data("a").await.unwrap());
    assert!(!storage.remove_token_data("a").await.unwrap());
    assert!(storage.get_token_data("b").await.unwrap().is_some());
    clear(&*storage).await;
    assert!(storage.namespaces().await.unwrap().is_empty());
}

async fn odd_names_and_values(open: Open<'_>) {
    let storage = open("über \"alles\" / 1%_");
    let names = ["é 漢/\\'\"%_", "", "x".repeat(200).leak(), "key differs"];
    let mut stored = TokenDataByResourceServer::new();
    for (number, name) in (0..).zip(names) {
        let inner = if name == "key differs" { "inner" } else { name };
        let token = TokenStorageData::new(inner, "s/é", "漢\n\t\u{1}\"".repeat(20), i64::MAX - number)
            .with_refresh_token(Some("".into()))
            .with_token_type(None);
        stored.insert(name.to_owned(), token);
    }
    storage
        .store_token_data_by_resource_server(stored.clone())
        .await
        .unwrap();
    assert_eq!(all(&*storage).await, stored);
    assert_eq!(
        storage.get_token_data("key differs").await.unwrap().as_ref(),
        Some(&stored["key differs"])
    );
    assert_eq!(storage.namespaces().await.unwrap(), ["über \"alles\" / 1%_"]);
    clear(&*storage).await;
}

async fn grants(open: Open<'_>) {
    let storage = open("grants");
    let token = |text: &str| OAuthTokenData::new("a", "scope", text, 7);
    let mut first = token("first");
    first.refresh_token = Some("REFRESH".into());
    let login = TokenGrant::new([first]).with_identity_id("alice".to_owned());
    storage.store_token_response(login).await.unwrap();
    let renewed = TokenGrant::refreshed([token("second")]);
    storage.store_token_response(renewed).await.unwrap();
    let stored = all(&*storage).await.remove("a").unwrap();
    let expected = TokenStorageData::new("a", "scope", "second", 7)
        .with_identity_id("alice".to_owned())
        .with_refresh_token(Some("REFRESH".into()));
    assert_eq!(stored, expected, "what the answer left out stays");
    clear(&*storage).await;
}

/// What the service answers to a login, to a request for dependent tokens, and to a renewal, which changes nothing else.
async fn answers(open: Open<'_>) {
    let storage = open("answers");
    let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1000);
    let answer = |server: &str, token: &str| {
        json!({
            "access_token": token, "refresh_token": format!("R-{token}"), "expires_in": 60, "resource_server": server,
            "scope": format!("s:{server}"), "token_type": "Bearer", "other_tokens": [],
        })
    };
    let expected = |server: &str, token: &str, identity: Option<&str>| {
        TokenStorageData::new(server, format!("s:{server}"), token, 1060)
            .with_identity_id(identity.map(str::to_owned))
            .with_refresh_token(Some(format!("R-{token}").into()))
    };
    let read = |document| {
        let mut answer: OAuthTokenResponse = serde_json::from_value(document).unwrap();
        answer.received(at);
        answer
    };
    let mut login = answer("a", "A");
    login["other_tokens"] = json!([answer("b", "B")]);
    let login = TokenGrant::from(&read(login)).with_identity_id("alice".to_owned());
    storage.store_token_response(login).await.unwrap();
    let renewed = read(answer("b", "NEW"));
    let renewed = TokenGrant::refreshed(renewed.tokens().iter().cloned());
    storage.store_token_response(renewed).await.unwrap();
    let stored = all(&*storage).await;
    assert_eq!(
        stored["a"],
        expected("a", "A", Some("alice")),
        "a renewal changes only its own"
    );
    assert_eq!(stored["b"], expected("b", "NEW", Some("alice")));
    clear(&*storage).await;

    let storage = open("dependent");
    let mut dependent: OAuthDependentTokenResponse =
        serde_json::from_value(json!([answer("a", "A"), answer("b", "B")])).unwrap();
    dependent.received(at);
    storage
        .store_token_response(TokenGrant::from(&dependent))
        .await
        .unwrap();
    let renewed = read(answer("c", "C"));
    let renewed = TokenGrant::refreshed(renewed.tokens().iter().cloned());
    storage.store_token_response(renewed).await.unwrap();
    let stored = all(&*storage).await;
    for (server, token) in [("a", "A"), ("b", "B"), ("c", "C")] {
        assert_eq!(stored[server], expected(server, token, None), "nobody told whose it is");
    }
    clear(&*storage).await;
}

/// The identity of a login is the `sub` of its ID token.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_login_tells_whose_tokens_these_are() {
    let (json, sqlite) = (File::new("tokens.json"), File::new("tokens.db"));
    let storages: [Arc<dyn TokenStorage>; 3] = [
        Arc::new(MemoryTokenStorage::new()),
        Arc::new(JsonTokenStorage::new(&json.path).unwrap()),
        Arc::new(SQLiteTokenStorage::new(&sqlite.path).unwrap()),
    ];
    let emulator = Arc::new(Emulator::start().await.unwrap());
    for storage in storages {
        logged_in(&emulator, storage.clone()).await;
        let stored = all(&*storage).await;
        assert_eq!(
            stored.keys().collect::<Vec<_>>(),
            ["auth.globus.org", "groups.api.globus.org"]
        );
        for (server, token) in stored {
            assert_eq!(token.identity_id, Some(ALICE.to_owned()), "{server}");
            assert!(token.refresh_token.is_some(), "{server}");
        }
    }
}

/// A login does not step between a renewal that has read the old token and what that will store.
#[tokio::test]
async fn a_login_is_stored_under_its_locks() {
    let storage = MemoryTokenStorage::new();
    let token = |server: &str| OAuthTokenData::new(server, "s", "NEW", 1060);
    let login = TokenGrant::new(["a", "b", "c"].map(token)).with_identity_id("alice".to_owned());
    let held = storage.lock("b").await.unwrap();
    let mut storing = Box::pin(login.store_in(&storage));
    assert!(futures_util::poll!(&mut storing).is_pending());
    assert_eq!(all(&storage).await.len(), 3, "all at once");
    let renewed = TokenGrant::new([OAuthTokenData::new("b", "s", "RENEWED", 1060)]);
    let renewed = renewed.with_identity_id("alice".to_owned());
    storage.store_token_response(renewed).await.unwrap();
    // Somebody logs out meanwhile.
    assert!(storage.remove_token_data("c").await.unwrap());
    drop(held);
    storing.await.unwrap();
    let stored = all(&storage).await;
    assert_eq!(json!(stored["b"])["access_token"], "NEW");
    assert_eq!(stored.keys().collect::<Vec<_>>(), ["a", "b"]);
}

async fn namespaces_are_apart(open: Open<'_>) {
    let (one, other) = (open("DEFAULT"), open("other"));
    store(&*one, "a").await;
    store(&*other, "c").await;
    assert_eq!(all(&*one).await.keys().collect::<Vec<_>>(), ["a"]);
    assert_eq!(all(&*other).await.keys().collect::<Vec<_>>(), ["c"]);
    assert_eq!(one.namespaces().await.unwrap(), ["DEFAULT", "other"]);
    assert!(!one.remove_token_data("c").await.unwrap());
    assert!(other.remove_token_data("c").await.unwrap());
    assert_eq!(other.namespaces().await.unwrap(), ["DEFAULT"]);
    clear(&*one).await;
}

async fn many_at_a_time(open: Open<'_>) {
    let writers = (0..16).map(|number| {
        let storage = open("DEFAULT");
        tokio::spawn(async move {
            for round in 0..4 {
                let name = format!("rs-{number}-{round}");
                storage.store_token_data_by_resource_server(data(&name)).await?;
                assert_eq!(storage.get_token_data(&name).await?, data(&name).remove(&name));
            }
            Ok::<_, Error>(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    let storage = open("DEFAULT");
    assert_eq!(all(&*storage).await.len(), 64, "none is lost");
    clear(&*storage).await;
}

/// A lock keeps everybody else out, but for other keys and other namespaces, and does not hinder storing.
async fn locks_exclude(open: Open<'_>) {
    let storage = open("DEFAULT");
    let held = storage.lock("k").await.unwrap();
    let _other_key = storage.lock("other").await.unwrap();
    let _other_namespace = open("other").lock("k").await.unwrap();
    store(&*storage, "a").await;
    assert_eq!(all(&*storage).await.len(), 1);
    let waiting = open("DEFAULT");
    let waiter = tokio::spawn(async move { waiting.lock("k").await });
    // One that gives up waiting leaves nothing locked.
    let given_up = open("DEFAULT");
    let given_up = tokio::time::timeout(Duration::from_millis(20), given_up.lock("k")).await;
    assert!(given_up.is_err() && !waiter.is_finished());
    drop(held);
    let held = waiter.await.unwrap().unwrap();
    drop(held);
    let (one, other) = join(storage.lock("k"), storage.lock("another")).await;
    drop((one.unwrap(), other.unwrap()));
    clear(&*storage).await;
}
