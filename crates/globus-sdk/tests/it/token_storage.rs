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
    AppFolder, JsonTokenStorage, MemoryTokenStorage, SQLiteTokenStorage, StorageWarning, TokenDataByResourceServer,
    TokenGrant, TokenStorage, TokenStorageData,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{Rules, vectors};

/// A storage of the kind that a vector is about. Those of before version 4 are read, and continued in today's form.
struct Opened {
    storage: Arc<dyn TokenStorage>,
    sqlite: Option<SQLiteTokenStorage>,
}

fn open(vector: &Value, kind: &str, folder: &Path, memory: &MemoryTokenStorage) -> Opened {
    let namespace = vector["namespace"].as_str().unwrap_or("DEFAULT");
    let path = folder.join(vector["file"].as_str().expect("a file"));
    let sqlite = kind.ends_with("sqlite").then(|| {
        SQLiteTokenStorage::new(&path)
            .expect("a database")
            .with_namespace(namespace)
    });
    let storage: Arc<dyn TokenStorage> = match (kind, &sqlite) {
        (_, Some(sqlite)) => Arc::new(sqlite.clone()),
        ("memory" | "legacy_memory", _) => Arc::new(memory.clone().with_namespace(namespace)),
        ("json" | "legacy_json", _) => Arc::new(JsonTokenStorage::new(path).expect("a path").with_namespace(namespace)),
        (other, _) => panic!("no storage {other}"),
    };
    Opened { storage, sqlite }
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

async fn step(opened: &Opened, step: &Value, now: SystemTime) -> Result<Value> {
    let storage = &*opened.storage;
    let sqlite = || opened.sqlite.as_ref().expect("a database");
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
        "store_config" => {
            let config = step["args"][1].as_object().expect("an object");
            sqlite().store_config(name(), config).await?;
            Value::Null
        }
        "read_config" => sqlite().read_config(name()).await?.map_or(Value::Null, Value::Object),
        "remove_config" => sqlite().remove_config(name()).await?.into(),
        other => panic!("no operation {other}"),
    })
}

pub(crate) fn storage_error(error: Error) -> Box<StorageError> {
    match error {
        Error::Storage(error) => error,
        other => panic!("another kind of error: {other}"),
    }
}

#[tokio::test]
async fn recorded_storages() {
    let rules = Rules::load("token_storage");
    let mut replayed = BTreeMap::new();
    for vector in vectors("token_storage") {
        let id = vector["id"].as_str().expect("an id");
        let mut kind = vector["storage"].as_str().unwrap_or("path");
        *replayed.entry(kind.to_owned()).or_insert(0) += 1;
        if kind == "path" {
            recorded_path(&vector);
            continue;
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
        let mut storage = open(&vector, kind, folder.path(), &memory);
        let mut failed = 0;
        for recorded in vector["steps"].as_array().expect("steps") {
            if recorded["op"] == "reopen" {
                let mut vector = vector.clone();
                if let Some(namespace) = recorded["args"][0].get("namespace") {
                    vector["namespace"] = namespace.clone();
                }
                storage = open(&vector, kind, folder.path(), &memory);
                continue;
            }
            if recorded["op"] == "switch" {
                kind = recorded["args"][0].as_str().expect("a storage");
                storage = open(&vector, kind, folder.path(), &memory);
                continue;
            }
            let result = step(&storage, recorded, now).await;
            // The old adapters do not know the new form; there is one form here.
            let fails = recorded["result"]["ok"] == false && !kind.starts_with("legacy_");
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
                    if recorded["result"]["ok"] == true {
                        let expected = &recorded["result"]["value"];
                        let portable = found.contains(&"portable-form");
                        let expected = if portable {
                            without_nulls(expected)
                        } else {
                            expected.clone()
                        };
                        assert_eq!(value, expected, "{id}: {recorded}");
                    }
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
    println!("replayed: {replayed:?}");
}

/// What is `null` in a token of before version 4 is left out.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let there = members.iter().filter(|(_, value)| !value.is_null());
            there.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        other => other.clone(),
    }
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
    #[cfg(unix)]
    assert_eq!(mode(path), 0o600, "{id}");
    if vector["final_database"].is_object() {
        return check_database(vector, path);
    }
    let mut expected = vector["final_json"].clone();
    if vector["storage"] == "legacy_json" && expected["format_version"] == "1.0" {
        expected = json!({"data": {"DEFAULT": without_nulls(&expected["by_rs"])}, "format_version": "2.0"});
    }
    if found.contains(&"portable-form") {
        expected["globus-sdk.version"] = concat!("rust-", env!("CARGO_PKG_VERSION")).into();
    }
    let text = fs::read_to_string(path).expect("a file");
    assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), expected, "{id}");
}

/// The tables, their columns and their rows. Documents are compared by what they say.
fn check_database(vector: &Value, path: &Path) {
    let id = &vector["id"];
    let database = rusqlite::Connection::open(path).expect("a database");
    let list = |sql: &str| -> Vec<Vec<Value>> {
        let mut statement = database.prepare(sql).expect("a statement");
        let columns = statement.column_count();
        let cell = |row: &rusqlite::Row<'_>, column| match row.get_ref(column)? {
            rusqlite::types::ValueRef::Null => Ok(Value::Null),
            rusqlite::types::ValueRef::Integer(number) => Ok(number.into()),
            other => Ok(other.as_str()?.into()),
        };
        let rows = statement.query_map([], |row| (0..columns).map(|column| cell(row, column)).collect());
        rows.expect("rows").collect::<Result<_, _>>().expect("rows")
    };
    for table in vector["final_database"]["tables"].as_array().expect("tables") {
        let name = table["name"].as_str().expect("a name");
        let columns = list(&format!(
            r#"SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info('{name}')"#
        ));
        // Settings are no business of tokens: their table is there as soon as there is a setting.
        if name == "config_storage" && columns.is_empty() {
            continue;
        }
        assert_eq!(json!(columns), table["columns"], "{id}: {name}");
        let mut rows = list(&format!("SELECT * FROM {name} ORDER BY 1, 2"));
        let mut expected = vector["final_database"]["rows"][name].clone();
        if name == "sdk_storage_adapter_internal" {
            expected[0][1] = "2".into();
            expected[1][1] = concat!("rust-", env!("CARGO_PKG_VERSION")).into();
        } else {
            let documents = rows.iter_mut().chain([]).map(|row| &mut row[2]);
            let recorded = expected.as_array_mut().expect("rows").iter_mut().map(|row| &mut row[2]);
            for document in documents.chain(recorded) {
                let value: Value = serde_json::from_str(document.as_str().expect("a text")).expect("JSON");
                *document = without_nulls(&value);
            }
        }
        assert_eq!(json!(rows), expected, "{id}: {name}");
    }
}

/// A database as it was recorded, written by another program.
fn recorded_database(vector: &Value, path: &Path) {
    let database = rusqlite::Connection::open(path).expect("a database");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    for table in vector["final_database"]["tables"].as_array().expect("tables") {
        let columns = table["columns"].as_array().expect("columns");
        let declared = columns
            .iter()
            .map(|column| format!("{} {} NOT NULL", text(&column[0]), text(&column[1])));
        let keys = columns
            .iter()
            .filter(|column| column[4] != 0)
            .map(|column| text(&column[0]));
        let sql = format!(
            "CREATE TABLE {} ({}, PRIMARY KEY ({}))",
            text(&table["name"]),
            declared.collect::<Vec<_>>().join(", "),
            keys.collect::<Vec<_>>().join(", ")
        );
        database.execute_batch(&sql).expect("a table");
        for row in vector["final_database"]["rows"][text(&table["name"])]
            .as_array()
            .expect("rows")
        {
            let values: Vec<String> = row.as_array().expect("a row").iter().map(text).collect();
            let places = vec!["?"; values.len()].join(", ");
            let sql = format!("INSERT INTO {} VALUES ({places})", text(&table["name"]));
            database
                .execute(&sql, rusqlite::params_from_iter(values))
                .expect("a row");
        }
    }
}

#[tokio::test]
async fn databases_of_both_versions_are_read() {
    let (mut databases, mut tokens) = (0, 0);
    for vector in vectors("token_storage") {
        if !vector["final_database"].is_object() {
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("tokens.db");
        recorded_database(&vector, &path);
        databases += 1;
        let storage = SQLiteTokenStorage::new(&path).expect("a database");
        let mut found = Vec::new();
        for namespace in storage.namespaces().await.unwrap() {
            let part = storage.clone().with_namespace(&namespace);
            for (key, token) in part.get_token_data_by_resource_server().await.unwrap() {
                found.push(json!([namespace, key, observed(&token)]));
            }
            part.store_token_data_by_resource_server(data("new")).await.unwrap();
            assert!(part.remove_token_data("new").await.unwrap());
        }
        let mut expected = vector["final_database"]["rows"]["token_storage"].clone();
        for row in expected.as_array_mut().expect("rows") {
            let document: Value = serde_json::from_str(row[2].as_str().expect("a text")).expect("JSON");
            row[2] = without_nulls(&document);
        }
        tokens += found.len();
        assert_eq!(json!(found), expected, "{}", vector["id"]);
    }
    println!("{databases} recorded databases with {tokens} tokens");
    assert!(databases == 15 && tokens > 10);
}

fn recorded_path(vector: &Value) {
    let id = &vector["id"];
    let text = |name: &str| vector[name].as_str().expect("a text");
    let file = |extension: &str| {
        AppFolder::of_home("~").token_file(text("client_id"), text("app_name"), text("environment"), extension)
    };
    let path = file("json");
    if vector["result"]["ok"] == true {
        let expected = vector["result"]["path_without_extension"].as_str().expect("a path");
        for extension in ["json", "db"] {
            assert_eq!(
                file(extension).expect("a path"),
                Path::new(&format!("{expected}.{extension}")),
                "{id}"
            );
        }
    } else {
        assert_eq!(path.expect_err("it fails").kind(), ErrorKind::Usage, "{id}");
        assert_eq!(vector["result"]["error"], "GlobusSDKUsageError", "{id}");
    }
}

pub(crate) fn data(resource_server: &str) -> TokenDataByResourceServer {
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
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt as _;
    fs::metadata(path).expect("a file").permissions().mode() & 0o7777
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
