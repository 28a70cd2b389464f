//! What is particular to tokens in a keyring: entries, their size, and what happens when it fails half way.

use std::any::Any;
use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use globus_sdk::error::StorageProblem;
use globus_sdk::tokens::{KeyringTokenStorage, TokenDataByResourceServer, TokenStorage, TokenStorageData};
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, Entry, Error};

use crate::token_storage::{data, storage_error};

/// A keyring that takes 2560 bytes at most, as Windows does, and fails after some writes.
#[derive(Debug, Clone, Default)]
struct Small {
    entries: Arc<Mutex<HashMap<String, Vec<u8>>>>,
    writes_left: Arc<AtomicUsize>,
}

impl CredentialStoreApi for Small {
    fn vendor(&self) -> String {
        "a test".to_owned()
    }

    fn id(&self) -> String {
        "small".to_owned()
    }

    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> Result<Entry, Error> {
        let cell = Cell {
            keyring: self.clone(),
            name: format!("{service}: {user}"),
        };
        Ok(Entry::new_with_credential(Arc::new(cell)))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct Cell {
    keyring: Small,
    name: String,
}

impl Cell {
    fn write(&self) -> Result<(), Error> {
        let left = &self.keyring.writes_left;
        let taken = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        taken
            .map(drop)
            .map_err(|_| Error::NoStorageAccess("it is locked".into()))
    }
}

impl CredentialApi for Cell {
    fn set_secret(&self, secret: &[u8]) -> Result<(), Error> {
        self.write()?;
        if secret.len() > 2560 {
            return Err(Error::TooLong("secret".to_owned(), 2560));
        }
        self.keyring
            .entries
            .lock()
            .unwrap()
            .insert(self.name.clone(), secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> Result<Vec<u8>, Error> {
        self.keyring
            .entries
            .lock()
            .unwrap()
            .get(&self.name)
            .cloned()
            .ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> Result<(), Error> {
        self.write()?;
        self.keyring
            .entries
            .lock()
            .unwrap()
            .remove(&self.name)
            .map(drop)
            .ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> Result<Option<Arc<Credential>>, Error> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn storage(keyring: &Small) -> (tempfile::TempDir, KeyringTokenStorage) {
    let folder = tempfile::tempdir().unwrap();
    let storage = KeyringTokenStorage::new(Arc::new(keyring.clone()), "test").unwrap();
    let storage = storage.with_lock_folder(folder.path()).unwrap();
    (folder, storage)
}

fn tokens(text: &str) -> TokenDataByResourceServer {
    let token = |name: &str| (name.to_owned(), TokenStorageData::new(name, "scope", text, 1));
    [token("a"), token("b")].into()
}

#[tokio::test]
async fn a_change_that_fails_half_way_changes_nothing() {
    let keyring = Small::default();
    let (_folder, storage) = storage(&keyring);
    keyring.writes_left.store(usize::MAX, Ordering::SeqCst);
    storage
        .store_token_data_by_resource_server(tokens("old"))
        .await
        .unwrap();
    let mut failed = 0;
    for writes in 0.. {
        keyring.writes_left.store(writes, Ordering::SeqCst);
        let stored = storage.store_token_data_by_resource_server(tokens("new")).await;
        let now = storage.get_token_data_by_resource_server().await.unwrap();
        let Err(error) = stored else {
            assert_eq!(now, tokens("new"));
            break;
        };
        assert_eq!(now, tokens("old"), "after {writes} writes");
        assert!(error.hint().is_some(), "{error}");
        assert_eq!(storage_error(error).problem(), StorageProblem::Access);
        failed += 1;
    }
    assert_eq!(failed, 3, "two tokens and the index");
}

#[tokio::test]
async fn entries_are_small_and_go_with_their_tokens() {
    let keyring = Small::default();
    keyring.writes_left.store(usize::MAX, Ordering::SeqCst);
    let (_folder, storage) = storage(&keyring);
    let names: Vec<String> = (0..45)
        .map(|number| format!("{number:08}-aaaa-4bbb-8ccc-000000000001"))
        .collect();
    for name in &names {
        let token = TokenStorageData::new(name, "scope ".repeat(40), "x".repeat(700), 1)
            .with_refresh_token(Some("y".repeat(700).into()));
        storage
            .store_token_data_by_resource_server([(name.clone(), token)].into())
            .await
            .unwrap();
    }
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 45);
    assert_eq!(
        keyring.entries.lock().unwrap().len(),
        45 + 2,
        "one for each, one that lists them, one for namespaces"
    );

    let huge = TokenStorageData::new("a", "scope", "SECRET".repeat(500), 1);
    let error = storage
        .store_token_data_by_resource_server([("a".to_owned(), huge)].into())
        .await
        .unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("2560") && !shown.contains("SECRET"), "{shown}");
    assert_eq!(storage.get_token_data_by_resource_server().await.unwrap().len(), 45);

    for name in &names {
        assert!(storage.remove_token_data(name).await.unwrap());
    }
    let left: Vec<String> = keyring.entries.lock().unwrap().keys().cloned().collect();
    assert_eq!(left, ["test: namespaces"]);
}

#[tokio::test]
async fn what_was_removed_by_hand_is_not_there() {
    let keyring = Small::default();
    keyring.writes_left.store(usize::MAX, Ordering::SeqCst);
    let (_folder, storage) = storage(&keyring);
    for name in ["a", "b"] {
        storage.store_token_data_by_resource_server(data(name)).await.unwrap();
    }
    keyring
        .entries
        .lock()
        .unwrap()
        .retain(|name, text| !name.contains("token ") || !String::from_utf8_lossy(text).contains("\"a\""));
    assert_eq!(storage.get_token_data("a").await.unwrap(), None);
    let stored = storage.get_token_data_by_resource_server().await.unwrap();
    assert_eq!(stored.into_keys().collect::<Vec<_>>(), ["b"]);
    keyring
        .entries
        .lock()
        .unwrap()
        .insert("test: index of DEFAULT".to_owned(), b"SECRET".to_vec());
    let error = storage.get_token_data("a").await.unwrap_err();
    let shown = format!("{error} {error:?} {storage:?}");
    assert!(
        shown.contains("index of DEFAULT") && !shown.contains("SECRET"),
        "{shown}"
    );
}
