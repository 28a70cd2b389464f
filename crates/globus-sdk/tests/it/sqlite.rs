//! What is particular to tokens in a database: settings, corruption, permissions, other programs at the same file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use globus_sdk::error::{ErrorKind, StorageProblem};
use globus_sdk::tokens::{SQLiteTokenStorage, StorageWarning, TokenStorage};
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::token_storage::{data, storage_error};

fn storage() -> (TempDir, SQLiteTokenStorage) {
    let folder = tempfile::tempdir().unwrap();
    let storage = SQLiteTokenStorage::new(folder.path().join("tokens.db")).unwrap();
    (folder, storage)
}

fn sql(path: &Path, text: &str) {
    Connection::open(path).unwrap().execute_batch(text).unwrap();
}

#[test]
fn a_database_in_memory_is_refused() {
    assert_eq!(
        SQLiteTokenStorage::new(":memory:").unwrap_err().kind(),
        ErrorKind::Usage
    );
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/tokens.db");
    let storage = SQLiteTokenStorage::new(&path).unwrap().with_namespace("n");
    assert!(
        path.is_file() && storage.file_exists(),
        "it is there as soon as it is opened"
    );
}

#[tokio::test]
async fn settings() {
    let (_folder, storage) = storage();
    let object = |value: Value| value.as_object().unwrap().clone();
    assert_eq!(storage.read_config("c").await.unwrap(), None);
    assert!(!storage.remove_config("c").await.unwrap());
    storage
        .store_config("c", &object(json!({"k": [1, null, "é"]})))
        .await
        .unwrap();
    let other = storage.clone().with_namespace("other");
    assert_eq!(other.read_config("c").await.unwrap(), None);
    other.store_config("c", &object(json!({}))).await.unwrap();
    let again = SQLiteTokenStorage::new(storage.path()).unwrap();
    assert_eq!(
        again.read_config("c").await.unwrap(),
        Some(object(json!({"k": [1, null, "é"]})))
    );
    again.store_config("c", &object(json!({"k": 2}))).await.unwrap();
    assert_eq!(storage.read_config("c").await.unwrap(), Some(object(json!({"k": 2}))));

    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    assert_eq!(storage.namespaces().await.unwrap(), ["DEFAULT"]);
    assert_eq!(storage.namespaces_with_configs().await.unwrap(), ["DEFAULT", "other"]);
    assert!(storage.remove_config("c").await.unwrap());
    assert!(!storage.remove_config("c").await.unwrap());
    assert!(other.read_config("c").await.unwrap().is_some());

    for odd in ["'[1]'", "'{'", "x'00ff'"] {
        sql(
            storage.path(),
            &format!("UPDATE config_storage SET config_data_json = {odd}"),
        );
        let error = storage_error(other.read_config("c").await.unwrap_err());
        assert!(
            error.problem() == StorageProblem::Format && error.to_string().contains("`c`"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn odd_rows_do_not_hinder_others() {
    let (_folder, storage) = storage();
    for name in ["a", "b"] {
        storage.store_token_data_by_resource_server(data(name)).await.unwrap();
    }
    for odd in ["'\"SECRET\"'", "'SECRET'", "x'00ff'", "7", "'{\"access_token\": 5}'"] {
        let change = format!("UPDATE token_storage SET token_data_json = {odd} WHERE resource_server = 'a'");
        sql(storage.path(), &change);
        for result in [
            storage.get_token_data("a").await.map(drop),
            storage.get_token_data_by_resource_server().await.map(drop),
        ] {
            let error = result.unwrap_err();
            let shown = format!("{error} {error:?}");
            assert!(shown.contains("`a`") && !shown.contains("SECRET"), "{shown}");
            assert_eq!(storage_error(error).problem(), StorageProblem::Format);
        }
        assert_eq!(storage.get_token_data("b").await.unwrap(), data("b").remove("b"));
    }
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 2);
    assert!(!format!("{storage:?}").contains("SECRET"));
}

#[tokio::test]
async fn a_corrupt_database_is_kept_aside_once() {
    let (folder, storage) = storage();
    for number in 1..=4 {
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        // Another file in its place, with a journal that must not be applied to the next database.
        let journal = folder.path().join("tokens.db-journal");
        let mut bytes = fs::read(storage.path()).unwrap();
        match number {
            1 => bytes = b"half a line of another kin".to_vec(),
            2 => bytes.truncate(bytes.len() / 2),
            3 => bytes[100..].fill(0xff),
            _ => bytes[..16].fill(0),
        }
        fs::remove_file(storage.path()).unwrap();
        fs::write(storage.path(), &bytes).unwrap();
        fs::write(&journal, "not of this database").unwrap();
        let error = if number % 2 == 0 {
            storage.get_token_data_by_resource_server().await.map(drop)
        } else {
            storage.store_token_data_by_resource_server(data("b")).await
        };
        let error = storage_error(error.unwrap_err());
        assert_eq!(error.problem(), StorageProblem::Corrupt, "{error}");
        let kept = folder.path().join(format!("tokens.db.corrupt-{number}"));
        assert_eq!(error.kept_path(), Some(&*kept));
        assert_eq!(fs::read(&kept).unwrap(), bytes);
        assert!(!journal.exists());
        assert_eq!(storage.get_token_data("a").await.unwrap(), None);
    }
    println!("4 of 4 corrupt databases kept aside");
}

#[tokio::test]
async fn databases_of_other_kinds_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in [
        "CREATE TABLE places (url)",
        "CREATE TABLE token_storage (namespace, resource_server, token_data_json);
         CREATE TABLE sdk_storage_adapter_internal (attribute, value);
         INSERT INTO sdk_storage_adapter_internal VALUES ('globus-sdk.database_schema_version', '3')",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        sql(&path, text);
        let before = fs::read(&path).unwrap();
        let error = storage_error(SQLiteTokenStorage::new(&path).unwrap_err());
        assert_eq!(error.problem(), StorageProblem::Format);
        assert!(error.hint().is_some() && error.path() == Some(&*path), "{error}");
        assert_eq!(fs::read(&path).unwrap(), before);
    }
    assert!(
        SQLiteTokenStorage::new(folder.path()).is_err(),
        "a folder is no database"
    );
    // Nothing in it yet, as the Python SDK leaves it for a moment.
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    let storage = SQLiteTokenStorage::new(&empty).unwrap();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
}

#[tokio::test]
async fn a_file_that_was_removed_or_replaced_is_opened_anew() {
    let (folder, storage) = storage();
    storage.store_token_data_by_resource_server(data("a")).await.unwrap();
    fs::remove_file(storage.path()).unwrap();
    assert_eq!(storage.get_token_data("a").await.unwrap(), None);
    storage.store_token_data_by_resource_server(data("b")).await.unwrap();
    let other = SQLiteTokenStorage::new(folder.path().join("other.db")).unwrap();
    other.store_token_data_by_resource_server(data("c")).await.unwrap();
    drop(other);
    fs::rename(folder.path().join("other.db"), storage.path()).unwrap();
    assert!(storage.get_token_data("c").await.unwrap().is_some());
    storage.store_token_data_by_resource_server(data("d")).await.unwrap();
    let again = SQLiteTokenStorage::new(storage.path()).unwrap();
    let stored = again.get_token_data_by_resource_server().await.unwrap();
    assert_eq!(
        stored.into_keys().collect::<Vec<_>>(),
        ["c", "d"],
        "nothing went to a file that is gone"
    );
}

#[tokio::test]
async fn a_database_in_use_is_waited_for() {
    let (_folder, storage) = storage();
    let mut other = Connection::open(storage.path()).unwrap();
    let change = other
        .transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive)
        .unwrap();
    let store = tokio::spawn({
        let storage = storage.clone();
        async move { storage.store_token_data_by_resource_server(data("a")).await }
    });
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(!store.is_finished());
    change.commit().unwrap();
    store.await.unwrap().unwrap();
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{PermissionsExt as _, chown, symlink};

    use super::*;
    use crate::token_storage::mode;

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[tokio::test]
    async fn others_are_locked_out_of_all_files() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/folder/tokens.db");
        // Switched to a write-ahead log by another program, which is still there: so are the files of the log.
        SQLiteTokenStorage::new(&path).unwrap();
        let other = Connection::open(&path).unwrap();
        other.pragma_update(None, "journal_mode", "wal").unwrap();
        let storage = SQLiteTokenStorage::new(&path).unwrap();
        storage.store_token_data_by_resource_server(data("a")).await.unwrap();
        let _held = storage.lock("a").await.unwrap();
        let files = || {
            fs::read_dir(path.parent().unwrap())
                .unwrap()
                .map(|entry| entry.unwrap().path())
        };
        assert_eq!(files().count(), 5, "the database, two files of the log, two locks");
        assert!(files().all(|file| mode(&file) == 0o600));
        assert_eq!(mode(&folder.path().join("new/folder")), 0o700);
        assert!(storage.warnings().is_empty());

        for file in ["tokens.db", "tokens.db-wal", "tokens.db-shm"] {
            chmod(&path.with_file_name(file), 0o644);
        }
        assert!(storage.get_token_data("a").await.unwrap().is_some());
        assert!(files().all(|file| mode(&file) == 0o600));
        let warned = storage.warnings();
        assert_eq!(warned.len(), 3, "{warned:?}");
        chmod(path.parent().unwrap(), 0o777);
        storage.get_token_data("a").await.unwrap();
        let warned = storage.warnings();
        let Some(StorageWarning::FolderOpenToOthers {
            mode, repaired: false, ..
        }) = warned.last()
        else {
            panic!("{warned:?}")
        };
        assert_eq!(*mode, 0o777);
    }

    #[tokio::test]
    async fn a_journal_is_closed_to_others() {
        let (folder, storage) = storage();
        let mut other = Connection::open(storage.path()).unwrap();
        let change = other
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .unwrap();
        change
            .execute("INSERT INTO token_storage VALUES ('n', 'r', '{}')", [])
            .unwrap();
        assert_eq!(mode(&folder.path().join("tokens.db-journal")), 0o600);
        change.rollback().unwrap();
    }

    #[tokio::test]
    async fn links_and_strangers() {
        let (folder, storage) = storage();
        let link = folder.path().join("link.db");
        symlink(storage.path(), &link).unwrap();
        let linked = SQLiteTokenStorage::new(&link).unwrap();
        linked.store_token_data_by_resource_server(data("a")).await.unwrap();
        assert!(storage.get_token_data("a").await.unwrap().is_some());
        let _held = storage.lock("a").await.unwrap();
        assert!(
            linked
                .with_lock_timeout(Duration::from_millis(10))
                .lock("a")
                .await
                .is_err()
        );

        if chown(storage.path(), Some(12345), None).is_err() {
            println!("only root can give a file away");
            return;
        }
        for error in [
            storage.get_token_data("a").await.map(drop).unwrap_err(),
            SQLiteTokenStorage::new(storage.path()).map(drop).unwrap_err(),
        ] {
            assert!(error.to_string().contains("12345") && error.hint().is_some(), "{error}");
            assert_eq!(storage_error(error).problem(), StorageProblem::Access);
        }
    }

    #[tokio::test]
    async fn what_died_while_it_made_a_database_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".tokens.db.aB3dE6gH.tmp", ".tokens.db.aB3dE6gH.tmp-journal"] {
            fs::write(folder.path().join(name), "half").unwrap();
        }
        SQLiteTokenStorage::new(folder.path().join("tokens.db")).unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["tokens.db", "tokens.db.lock"]);
    }
}
