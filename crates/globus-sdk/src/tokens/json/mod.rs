//! Tokens in a JSON file.

mod file;
mod format;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::files::LOCK_TIMEOUT;
use super::offload::offload;
use super::settings::settings;
use super::{
    AppFolder, DEFAULT_NAMESPACE, LockGuard, StorageWarning, TokenDataByResourceServer, TokenStorage, TokenStorageData,
    UnsavedTokens,
};
use crate::error::Result;

use file::TokenFile;

/// Keeps tokens in a JSON file that only its owner can read.
///
/// It is the file of the Python SDK (format 2.0; 1.0 is read, and written as 2.0 with the next change), by default in
/// the same place, so that programs in both languages share their logins.
///
/// - Many threads and processes may change the file at a time: each reads, changes and replaces it under a lock, the
///   file `<name>.lock` beside it. (The Python SDK takes no lock: do not let it *write* at the same moment.)
/// - A change is written to a new file, which then replaces the old one: at every moment, even if the power fails, the
///   file is whole, and what has been stored stays.
/// - The file has the permissions 0600, whatever it had before; a folder that has to be made has 0700. A file of
///   another user is refused.
/// - Empty files `<name>.<16 digits>.lock`, one for each token that was ever renewed, stay beside the file on purpose:
///   removing one could remove a lock that somebody is about to take. They may be removed while no program runs.
/// - Where nothing can be written, what is stored is read, a token that is renewed stays usable in memory, and a
///   [warning](StorageWarning::NotWritable) says so where there is not even room for a lock.
/// - A file that is not JSON is kept aside as `<name>.corrupt-1` (or the next free number) and reported once, by an
///   [error](crate::error::StorageError) that names both; after it, the storage is empty. A file of another kind or a
///   newer version is never touched.
///
/// Clones share their locks and [warnings](Self::warnings).
#[derive(Debug, Clone)]
pub struct JsonTokenStorage {
    namespace: String,
    lock_timeout: Duration,
    file: Arc<TokenFile>,
}

settings!(JsonTokenStorage, lock "other processes");

impl JsonTokenStorage {
    /// Keeps tokens in the file `path`, which is made when something is stored.
    ///
    /// # Errors
    /// [`Error::Storage`](crate::error::Error::Storage) if the path is empty, or relative where there is no current
    /// folder.
    pub fn new(path: impl AsRef<Path>) -> Result<Self> {
        Ok(Self {
            namespace: DEFAULT_NAMESPACE.to_owned(),
            lock_timeout: LOCK_TIMEOUT,
            file: Arc::new(TokenFile::new(path.as_ref())?),
        })
    }

    /// Keeps the tokens of an app where the Globus SDKs look for them by default: see [`AppFolder::token_file`].
    ///
    /// # Errors
    /// Those of [`AppFolder::from_env`], [`AppFolder::token_file`] and [`JsonTokenStorage::new`].
    pub fn for_app(client_id: &str, app_name: &str, environment: &str) -> Result<Self> {
        Self::new(AppFolder::from_env()?.token_file(client_id, app_name, environment, "json")?)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.file.place.path()
    }

    /// Whether the file is there.
    pub fn file_exists(&self) -> bool {
        self.path().exists()
    }

    /// What works, but not as safely as it should, as far as it has been noticed.
    pub fn warnings(&self) -> Vec<StorageWarning> {
        self.file.place.warnings.all()
    }

    async fn read<T, F>(&self, read: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&TokenFile, &str) -> Result<T> + Send + 'static,
    {
        let (file, namespace) = (self.file.clone(), self.namespace.clone());
        offload("read", move || read(&file, &namespace)).await
    }

    async fn write<T, F>(&self, write: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&TokenFile, &str) -> Result<T> + Send + 'static,
    {
        let (file, namespace) = (self.file.clone(), self.namespace.clone());
        let place = file.place.clone();
        place.in_turn("write", move || write(&file, &namespace)).await
    }
}

impl TokenStorage for JsonTokenStorage {
    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write(move |file, namespace| file.change(|document| document.store(namespace, &data))))
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(self.read(|file, namespace| file.read(|document| document.all(namespace))))
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        let resource_server = resource_server.to_owned();
        Box::pin(self.read(move |file, namespace| file.read(|document| document.one(namespace, &resource_server))))
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        let resource_server = resource_server.to_owned();
        Box::pin(
            self.write(move |file, namespace| file.change(|document| document.remove(namespace, &resource_server))),
        )
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(self.read(|file, _| file.read(|document| Ok(document.namespaces()))))
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(self.file.place.lock(&self.namespace, key, self.lock_timeout))
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        Some(&self.file.place.unsaved)
    }
}
