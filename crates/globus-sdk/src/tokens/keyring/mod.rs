//! Tokens in the keyring of the operating system.

mod entries;

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use keyring_core::CredentialStore;

use super::files::{LOCK_TIMEOUT, Place, make_folder};
use super::offload::offload;
use super::settings::settings;
use super::{
    AppFolder, DEFAULT_NAMESPACE, LockGuard, StorageWarning, TokenDataByResourceServer, TokenStorage, TokenStorageData,
    UnsavedTokens, slugify_app_name,
};
use crate::error::Result;

use entries::Entries;

/// Keeps tokens in a keyring: the Keychain of macOS, the Credential Manager of Windows, the Secret Service of a Linux
/// desktop.
///
/// - Each token has an entry of its own, and each namespace one more that lists them: keyrings take little at a time,
///   Windows 2560 bytes. That is enough for about 45 resource servers in a namespace there. What does not fit is an error
///   and changes nothing.
/// - A change of several tokens comes into force all at once. How durable it is, is up to the keyring.
/// - Keyrings have no locks. What keeps processes apart are files without content in the folder `locks` of
///   [`AppFolder`], or in [another one](Self::with_lock_folder). They stay there.
/// - Where nobody is logged in to a desktop there is often no keyring, and every call is an
///   [error](crate::error::StorageError): use a file there.
///
/// Needs the feature `keyring`.
#[derive(Clone)]
pub struct KeyringTokenStorage {
    namespace: String,
    lock_timeout: Duration,
    place: Arc<Place>,
    shared: Arc<Shared>,
}

struct Shared {
    entries: Entries,
    /// Held during each change; where the file system has no locks, at least this program does not disturb itself.
    changes: Mutex<()>,
}

settings!(KeyringTokenStorage, lock "other processes");

impl KeyringTokenStorage {
    /// Keeps tokens in the keyring of this operating system, under the name `service`: that of your program.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::error::Error::Storage) if there is no keyring; those of [`new`](Self::new).
    pub fn native(service: &str) -> Result<Self> {
        #[cfg(target_os = "macos")]
        let store = apple_native_keyring_store::keychain::Store::new();
        #[cfg(windows)]
        let store = windows_native_keyring_store::Store::new();
        #[cfg(all(unix, not(target_os = "macos")))]
        let store = zbus_secret_service_keyring_store::Store::new();
        Self::new(store.map_err(|error| entries::failed("find", &error))?, service)
    }

    /// Keeps tokens in a keyring of your choice, for example [`keyring_core::mock::Store`] in tests.
    ///
    /// # Errors
    /// [`Error::Usage`](crate::error::Error::Usage) for a service of which no [slug](slugify_app_name) can be made, and if
    /// the user has no home folder.
    pub fn new(store: Arc<CredentialStore>, service: &str) -> Result<Self> {
        let folder = AppFolder::from_env()?.path().join("locks");
        Ok(Self {
            namespace: DEFAULT_NAMESPACE.to_owned(),
            lock_timeout: LOCK_TIMEOUT,
            place: Arc::new(Place::new(&lock_file(&folder, service)?)?),
            shared: Arc::new(Shared {
                entries: Entries::new(store, service.to_owned()),
                changes: Mutex::default(),
            }),
        })
    }

    /// Keeps the files that stand for locks in another folder, which all programs that share the service have to use.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::error::Error::Storage) if the path is empty.
    pub fn with_lock_folder(mut self, folder: impl AsRef<Path>) -> Result<Self> {
        let file = lock_file(folder.as_ref(), self.shared.entries.service())?;
        self.place = Arc::new(Place::new(&file)?);
        Ok(self)
    }

    /// What works, but not as safely as it should, as far as it has been noticed.
    pub fn warnings(&self) -> Vec<StorageWarning> {
        self.place.warnings.all()
    }

    async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Entries, &str) -> Result<T> + Send + 'static,
    {
        let (shared, namespace) = (self.shared.clone(), self.namespace.clone());
        offload("read", move || read(&shared.entries, &namespace)).await
    }

    async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Entries, &str) -> Result<T> + Send + 'static,
    {
        let (shared, place, namespace) = (self.shared.clone(), self.place.clone(), self.namespace.clone());
        let turns = place.clone();
        let work = move || {
            let target = place.target();
            let _changes = shared.changes.lock().unwrap_or_else(PoisonError::into_inner);
            make_folder(&target, "lock")?;
            let _held = place.lock_for_change(&target, "lock")?;
            write(&shared.entries, &namespace)
        };
        turns.in_turn("write", work).await
    }
}

fn lock_file(folder: &Path, service: &str) -> Result<std::path::PathBuf> {
    Ok(folder.join(format!("keyring-{}", slugify_app_name(service)?)))
}

impl TokenStorage for KeyringTokenStorage {
    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write(move |entries, namespace| entries.store(namespace, &data)))
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(self.read(Entries::all))
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        let resource_server = resource_server.to_owned();
        Box::pin(self.read(move |entries, namespace| entries.one(namespace, &resource_server)))
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        let resource_server = resource_server.to_owned();
        Box::pin(self.write(move |entries, namespace| entries.remove(namespace, &resource_server)))
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(self.read(|entries, _| entries.namespaces()))
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(self.place.lock(&self.namespace, key, self.lock_timeout))
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        Some(&self.place.unsaved)
    }
}

impl fmt::Debug for KeyringTokenStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyringTokenStorage")
            .field("namespace", &self.namespace)
            .field("service", &self.shared.entries.service())
            .finish_non_exhaustive()
    }
}
