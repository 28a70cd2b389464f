//! The recorded cases of token storage, in `conformance/vectors/token_storage.jsonl`, and what they do not tell.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use globus_sdk::error::{Error, ErrorKind, Result, StorageError, StorageProblem};
use globus_sdk::models::Model as _;
use globus_sdk::services::auth::{OAuthDependentTokenResponse, OAuthTokenResponse};
use globus_sdk::tokens::{
    AppFolder, JsonTokenStorage, MemoryTokenStorage, StorageWarning, TokenDataByResourceServer, TokenGrant,
    TokenStorage, TokenStorageData,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Rules, vectors};

/// A storage of the kind that a vector is about.
fn open(vector: &Value, folder: &Path, memory: &MemoryTokenStorage) -> Arc<dyn TokenStorage> {
    let namespace = vector["namespace"].as_str().unwrap_or("DEFAULT");
    if vector["storage"] == "memory" {
        return Arc::new(memory.clone().with_namespace(namespace));
    }
    let path = folder.join(vector["file"].as_str().expect("a file"));
    Arc::new(JsonTokenStorage::new(path).expect("a path").with_namespace(namespace))
}

fn grant(document: &Value, now: SystemTime) -> TokenGrant {
    if document.is_array() {
        let mut answer: OAuthDependentTokenResponse = serde_json::from_value(document.clone()).expect("an answer");
        answer.received(now);
        return TokenGrant::from(&answer);
    }
    let mut answer: OAuthTokenResponse = serde_json::from_value(document.clone()).expect("an answer");
    answer.received(now);
    TokenGrant::from(&answer)
}

/// As the vectors write a token, with what is unknown apart.
fn observed(token: &TokenStorageData) -> Value {
    let mut document = json!(token);
    if !token.extra.is_empty() {
        document["__extra__"] = token.extra.clone().into();
    }
    document
}

async fn step(storage: &dyn TokenStorage, step: &Value, now: SystemTime) -> Result<Value> {
    let argument = &step["args"][0];
    let name = || argument.as_str().expect("a text");
    Ok(match step["op"].as_str().expect("an operation") {
        "store" => {
            let data = serde_json::from_value(argument.clone()).expect("stored tokens");
            storage.store_token_data_by_resource_server(data).await?;
            Value::Null
        }
        "store_response" => {
            storage.store_token_response(grant(argument, now)).await?;
            Value::Null
        }
        "get" => storage
            .get_token_data(name())
            .await?
            .as_ref()
            .map_or(Value::Null, observed),
        "get_all" => {
            let all = storage.get_token_data_by_resource_server().await?;
            all.iter().map(|(key, token)| (key.clone(), observed(token))).collect()
        }
        "remove" => storage.remove_token_data(name()).await?.into(),
        "namespaces" => json!(storage.namespaces().await?),
        other => panic!("no operation {other}"),
    })
}

fn storage_error(error: Error) -> Box<StorageError> {
    match error {
        Error::Storage(error) => error,
        other => panic!("another kind of error: {other}"),
    }
}

#[tokio::test]
async fn recorded_storages() {
    let rules = Rules::load("token_storage");
    let mut left_out = BTreeMap::new();
    for vector in vectors("token_storage") {
        let id = vector["id"].as_str().expect("an id");
        match vector["storage"].as_str() {
            Some("json" | "memory") => {}
            Some("sqlite" | "legacy_sqlite") => {
                *left_out.entry("SQLite is not there yet").or_insert(0) += 1;
                continue;
            }
            Some("legacy_json" | "legacy_memory") => {
                *left_out
                    .entry("storage of before version 4, which is only read")
                    .or_insert(0) += 1;
                continue;
            }
            None => {
                recorded_path(&vector);
                continue;
            }
            Some(other) => panic!("{id}: no storage {other}"),
        }
        let found = rules.find_all(&vector);
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(vector["file"].as_str().expect("a file"));
        if let Some(text) = vector["initial_file"]["text"].as_str() {
            fs::write(&path, text).expect("written");
        } else if let Some(document) = vector["initial_file"].get("json") {
            fs::write(&path, document.to_string()).expect("written");
        }
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(vector["now"].as_f64().expect("a time"));
        let memory = MemoryTokenStorage::new();
        let mut storage = open(&vector, folder.path(), &memory);
        let mut failed = 0;
        for recorded in vector["steps"].as_array().expect("steps") {
            if recorded["op"] == "reopen" {
                let mut vector = vector.clone();
                if let Some(namespace) = recorded["args"][0].get("namespace") {
                    vector["namespace"] = namespace.clone();
                }
                storage = open(&vector, folder.path(), &memory);
                continue;
            }
            let result = step(&*storage, recorded, now).await;
            let fails = recorded["result"]["ok"] == false;
            let not_in_order = found.contains(&"token-not-in-order") && recorded["op"] == "get_all";
            match result {
                Ok(value) if fails && found.contains(&"kept-aside") && failed > 0 => {
                    assert!(
                        value.is_null() || value == json!({}) || value == json!(false),
                        "{id}: {value}"
                    );
                }
                Ok(value) => {
                    assert!(!fails && !not_in_order, "{id}: {recorded}");
                    assert_eq!(value, recorded["result"]["value"], "{id}: {recorded}");
                }
                Err(error) => {
                    failed += 1;
                    assert!(not_in_order || fails, "{id}: {error}");
                    let kept_aside = found.contains(&"kept-aside");
                    let error = storage_error(error);
                    assert_eq!(error.path(), Some(&*path), "{id}: {error}");
                    assert_eq!(error.kept_path().is_some(), kept_aside, "{id}: {error}");
                    let expected = if kept_aside {
                        StorageProblem::Corrupt
                    } else {
                        StorageProblem::Format
                    };
                    assert_eq!(error.problem(), expected, "{id}: {error}");
                }
            }
        }
        check_file(&vector, &found, &path);
    }
    rules.assert_all_used();
    println!("not replayed: {left_out:?}");
}

fn check_file(vector: &Value, found: &[&str], path: &Path) {
    let id = &vector["id"];
    if vector["file_absent"] == true {
        return assert!(!path.exists(), "{id}");
    }
    if found.contains(&"kept-aside") {
        let kept = path.with_file_name("tokens.json.corrupt-1");
        assert_eq!(
            fs::read_to_string(kept).expect("the old text"),
            vector["final_text"],
            "{id}"
        );
        return;
    }
    let mut expected = vector["final_json"].clone();
    if found.contains(&"portable-form") {
        expected["globus-sdk.version"] = concat!("rust-", env!("CARGO_PKG_VERSION")).into();
    }
    let text = fs::read_to_string(path).expect("a file");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected, "{id}");
    #[cfg(unix)]
    assert_eq!(mode(path), 0o600, "{id}");
}

fn recorded_path(vector: &Value) {
    let id = &vector["id"];
    let text = |name: &str| vector[name].as_str().expect("a text");
    let path = AppFolder::of_home("~").token_file(text("client_id"), text("app_name"), text("environment"), "json");
    if vector["result"]["ok"] == true {
        let expected = format!(
            "{}.json",
            vector["result"]["path_without_extension"].as_str().expect("a path")
        );
        assert_eq!(path.expect("a path"), Path::new(&expected), "{id}");
    } else {
        assert_eq!(path.expect_err("it fails").kind(), ErrorKind::Usage, "{id}");
        assert_eq!(vector["result"]["error"], "GlobusSDKUsageError", "{id}");
    }
}

fn data(resource_server: &str) -> TokenDataByResourceServer {
    let token = TokenStorageData::new(resource_server, "scope", "ACCESS-SECRET", 2_000_000_000)
        .with_identity_id("alice".to_owned())
        .with_refresh_token(Some("REFRESH-SECRET".into()));
    [(resource_server.to_owned(), token)].into()
}

fn json_storage() -> (TempDir, JsonTokenStorage) {
    let folder = tempfile::tempdir().expect("a folder");
    let storage = JsonTokenStorage::new(folder.path().join("tokens.json")).expect("a path");
    (folder, storage)
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).expect("a file").permissions().mode() & 0o7777
}

/// What every storage has to do.
async fn conforms(storage: Arc<dyn TokenStorage>, other_namespace: Arc<dyn TokenStorage>) {
    assert!(storage.get_token_data_by_resource_server().await.unwrap().is_empty());
    assert_eq!(storage.get_token_data("a").await.unwrap(), None);
    assert!(storage.namespaces().await.unwrap().is_empty());
    assert!(!storage.remove_token_data("a").await.unwrap());
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    storage.store_token_data_by_resource_server(data("b")).await.unwrap();
    other_namespace
        .store_token_data_by_resource_server(data("c"))
        .await
        .unwrap();
    let all = storage.get_token_data_by_resource_server().await.unwrap();
    assert_eq!(all.keys().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(all["a"], data("a")["a"]);
    assert_eq!(storage.get_token_data("b").await.unwrap(), data("b").remove("b"));
    assert_eq!(storage.get_token_data("c").await.unwrap(), None);
    assert_eq!(other_namespace.get_token_data("a").await.unwrap(), None);
    assert_eq!(
        storage.namespaces().await.unwrap(),
        [storage.namespace(), other_namespace.namespace()]
    );
    assert!(storage.remove_token_data("a").await.unwrap());
    assert!(!storage.remove_token_data("a").await.unwrap());
    assert!(storage.get_token_data("b").await.unwrap().is_some());
    assert!(other_namespace.remove_token_data("c").await.unwrap());
    assert_eq!(storage.namespaces().await.unwrap(), [storage.namespace()]);

    // A lock keeps everybody else out, but for other keys and other namespaces, and does not hinder storing.
    let held = storage.lock("k").await.unwrap();
    let _other_key = storage.lock("other").await.unwrap();
    let _other_namespace = other_namespace.lock("k").await.unwrap();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    let waiting = storage.clone();
    let waiter = tokio::spawn(async move { waiting.lock("k").await.map(drop) });
    tokio::time::sleep(Duration::from_millis(20)).await;
    assert!(!waiter.is_finished());
    drop(held);
    waiter.await.unwrap().unwrap();
}

#[tokio::test]
async fn all_storages_behave_alike() {
    let memory = MemoryTokenStorage::new();
    conforms(Arc::new(memory.clone()), Arc::new(memory.with_namespace("other"))).await;
    let (_folder, storage) = json_storage();
    conforms(Arc::new(storage.clone()), Arc::new(storage.with_namespace("other"))).await;
    let (_folder, storage) = json_storage();
    let again = JsonTokenStorage::new(storage.path()).unwrap();
    conforms(Arc::new(storage), Arc::new(again.with_namespace("other"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_tasks_and_storages_lose_nothing() {
    let (_folder, storage) = json_storage();
    let writers = (0..16).map(|number| {
        // Half of them share a storage, the others have their own.
        let own = JsonTokenStorage::new(storage.path()).unwrap();
        let storage = if number % 2 == 0 { storage.clone() } else { own };
        tokio::spawn(async move {
            for round in 0..4 {
                let name = format!("rs-{number}-{round}");
                storage.store_token_data_by_resource_server(data(&name)).await?;
                assert!(storage.get_token_data(&name).await?.is_some());
            }
            Ok::<_, Error>(())
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap().unwrap();
    }
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 64);
}

#[tokio::test]
async fn nothing_shows_a_token() {
    let (_folder, storage) = json_storage();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    let token = storage.get_token_data("a").await.unwrap();
    let shown = format!("{token:?} {storage:?} {:?}", TokenGrant::new([]));
    assert!(shown.contains("alice") && !shown.contains("SECRET"), "{shown}");
    let memory = MemoryTokenStorage::new();
    memory.store_token_data_by_resource_server(data("a")).await.unwrap();
    assert!(!format!("{memory:?}").contains("SECRET"));

    // Errors about content neither, whatever is wrong with it.
    for entry in [
        json!("SECRET"),
        json!({"resource_server": "a", "scope": "s", "access_token": ["SECRET"], "expires_at_seconds": 1}),
        json!({"resource_server": "a", "scope": "s", "access_token": "SECRET", "expires_at_seconds": "SECRET"}),
    ] {
        let file = json!({"format_version": "2.0", "globus-sdk.version": "x", "data": {"DEFAULT": {"a": entry}}});
        fs::write(storage.path(), file.to_string()).unwrap();
        let error = storage.get_token_data("a").await.unwrap_err();
        let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
        assert!(shown.contains("`a`") && !shown.contains("SECRET"), "{shown}");
        // Other tokens can still be stored and read.
        storage.store_token_data_by_resource_server(data("b")).await.unwrap();
        assert!(storage.get_token_data("b").await.unwrap().is_some());
    }
    fs::write(storage.path(), "{\"data\": {\"SECRET").unwrap();
    let error = storage.get_token_data("a").await.unwrap_err();
    let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
    assert!(!shown.contains("SECRET"), "{shown}");
}

#[tokio::test]
async fn a_corrupt_file_is_kept_aside_once() {
    let (folder, storage) = json_storage();
    for (number, text) in ["", "{\"data\": {\"DEF", "\0\0\0\0"].into_iter().enumerate() {
        fs::write(storage.path(), text).unwrap();
        let error = if number % 2 == 0 {
            storage.get_token_data("a").await.map(drop)
        } else {
            storage.store_token_data_by_resource_server(data("a")).await
        };
        let error = storage_error(error.unwrap_err());
        assert_eq!(error.problem(), StorageProblem::Corrupt);
        let kept = folder.path().join(format!("tokens.json.corrupt-{}", number + 1));
        assert_eq!(error.kept_path(), Some(&*kept));
        assert!(error.to_string().contains(&*kept.to_string_lossy()), "{error}");
        assert_eq!(fs::read_to_string(kept).unwrap(), text);
        assert_eq!(storage.get_token_data("a").await.unwrap(), None);
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        assert!(storage.get_token_data("a").await.unwrap().is_some());
    }
}

#[tokio::test]
async fn files_of_other_kinds_stay_as_they_are() {
    let (_folder, storage) = json_storage();
    for text in ["{}", "[1]", "{\"format_version\": \"9.0\", \"data\": {}}", "null"] {
        fs::write(storage.path(), text).unwrap();
        for _ in 0..2 {
            let error = storage
                .store_token_data_by_resource_server(data("a"))
                .await
                .unwrap_err();
            assert_eq!(storage_error(error).problem(), StorageProblem::Format);
            assert_eq!(fs::read_to_string(storage.path()).unwrap(), text);
        }
    }
    fs::remove_file(storage.path()).unwrap();
    fs::create_dir(storage.path()).unwrap();
    assert!(storage.get_token_data("a").await.is_err());
    assert!(storage.store_token_data_by_resource_server(data("a")).await.is_err());
}

#[tokio::test]
async fn a_file_that_is_being_rewritten_is_not_corrupt() {
    let (_folder, storage) = json_storage();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    let text = fs::read(storage.path()).unwrap();
    // As a program does it that truncates the file first.
    fs::write(storage.path(), &text[..text.len() / 2]).unwrap();
    let path = storage.path().to_owned();
    let writer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(40));
        fs::write(path, text).unwrap();
    });
    assert!(storage.get_token_data("a").await.unwrap().is_some());
    writer.join().unwrap();
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;

    #[tokio::test]
    async fn others_are_locked_out() {
        let (folder, _) = json_storage();
        let storage = JsonTokenStorage::new(folder.path().join("new/folder/tokens.json")).unwrap();
        assert!(!storage.file_exists());
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        let _held = storage.lock("a").await.unwrap();
        assert!(storage.file_exists());
        for entry in fs::read_dir(storage.path().parent().unwrap()).unwrap() {
            assert_eq!(mode(&entry.unwrap().path()), 0o600);
        }
        assert_eq!(mode(&folder.path().join("new/folder")), 0o700);
        assert_eq!(mode(&folder.path().join("new")), 0o700);
        assert!(storage.warnings().is_empty());

        for write in [false, true] {
            fs::set_permissions(storage.path(), fs::Permissions::from_mode(0o644)).unwrap();
            if write {
                storage.store_token_data_by_resource_server(data("b")).await.unwrap();
            } else {
                storage.get_token_data("a").await.unwrap();
            }
            assert_eq!(mode(storage.path()), 0o600);
        }
        let warnings = storage.warnings();
        let [
            StorageWarning::OpenToOthers {
                path,
                mode,
                repaired: true,
                ..
            },
        ] = &*warnings
        else {
            panic!("{warnings:?}")
        };
        assert_eq!((&**path, *mode), (storage.path(), 0o644));
    }

    #[tokio::test]
    async fn a_link_stays_a_link() {
        let (folder, real) = json_storage();
        let link = folder.path().join("link.json");
        real.store_token_data_by_resource_server(data("a")).await.unwrap();
        symlink(real.path(), &link).unwrap();
        let storage = JsonTokenStorage::new(&link).unwrap();
        storage.store_token_data_by_resource_server(data("b")).await.unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(real.get_token_data_by_resource_server().await.unwrap().len(), 2);
        // The lock is that of the file, whatever name it is reached by.
        let _held = real.lock("a").await.unwrap();
        let waiter = storage.with_lock_timeout(Duration::from_millis(10));
        assert!(waiter.lock("a").await.is_err());
    }

    #[tokio::test]
    async fn what_died_before_leaves_nothing() {
        let (folder, storage) = json_storage();
        let leftover = folder.path().join(".tokens.json.aB3dE6gH.tmp");
        let others = [
            ".tokens.json.short.tmp",
            ".tokens.json.x.aB3dE6gH.tmp",
            "tokens.json.aB3dE6gH.tmp",
        ];
        fs::write(&leftover, "half").unwrap();
        for other in others {
            fs::write(folder.path().join(other), "").unwrap();
        }
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        assert!(!leftover.exists());
        assert!(others.iter().all(|other| folder.path().join(other).exists()));
    }

    #[tokio::test]
    async fn the_file_of_another_user_is_refused() {
        let (_folder, storage) = json_storage();
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        if chown(storage.path(), Some(12345), None).is_err() {
            // Only root can give a file away; for everybody else, a file that cannot be read comes near.
            fs::set_permissions(storage.path().parent().unwrap(), fs::Permissions::from_mode(0o500)).unwrap();
            let error = storage
                .store_token_data_by_resource_server(data("b"))
                .await
                .unwrap_err();
            fs::set_permissions(storage.path().parent().unwrap(), fs::Permissions::from_mode(0o700)).unwrap();
            assert_eq!(storage_error(error).problem(), StorageProblem::Access);
            return;
        }
        for error in [
            storage.get_token_data("a").await.map(drop).unwrap_err(),
            storage
                .store_token_data_by_resource_server(data("b"))
                .await
                .unwrap_err(),
        ] {
            assert!(error.to_string().contains("12345") && error.hint().is_some(), "{error}");
            assert_eq!(storage_error(error).problem(), StorageProblem::Access);
        }
    }
}
