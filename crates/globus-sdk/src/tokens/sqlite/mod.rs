//! Tokens in an SQLite database.

mod database;
mod schema;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde_json::{Map, Value};

use super::files::LOCK_TIMEOUT;
use super::settings::settings;
use super::{
    AppFolder, DEFAULT_NAMESPACE, LockGuard, StorageWarning, TokenDataByResourceServer, TokenStorage, TokenStorageData,
    UnsavedTokens,
};
use crate::error::{Error, Result};

use database::{Database, Fault};

/// Keeps tokens in an SQLite database that only its owner can read.
///
/// It is the database of the Python SDK (`SQLiteTokenStorage` and, before version 4, `SQLiteAdapter`), so that programs in
/// both languages share their logins.
///
/// - Many threads and processes may use the database at a time, from the first moment on: a new one appears in its
///   place whole, with its tables. Whoever finds it in use waits for up to a minute.
/// - A change is one transaction, with a journal beside the file while it lasts: if the program or the machine dies,
///   all of it is there or nothing. The journal is not a write-ahead log, which network file systems cannot share; a
///   database that another program switched to one stays so.
/// - On a file system without locks nothing keeps two processes apart: if both write at the same moment, they can corrupt
///   the database. It works there for one process, and a [warning](StorageWarning::NoLocks) says so.
/// - Renewals take turns by empty files beside it, `<name>.<16 digits>.lock`, which stay: see
///   [`JsonTokenStorage`](super::JsonTokenStorage), also for places where nothing can be written.
/// - The file has the permissions 0600, whatever it had before; a folder that has to be made has 0700. A file of
///   another user is refused. What is removed is overwritten.
/// - A file that is corrupt is kept aside as `<name>.corrupt-1` (or the next free number) and reported once, by an
///   [error](crate::error::StorageError) that names both; after it, the storage is empty. A database of another kind or
///   a newer version is never touched.
///
/// Beside tokens it can keep settings, as `SQLiteAdapter` does: a JSON object for each name, in the same namespaces.
///
/// Clones share the connection, the locks and the [warnings](Self::warnings).
#[derive(Clone)]
pub struct SQLiteTokenStorage {
    namespace: String,
    lock_timeout: Duration,
    database: Arc<Database>,
}

/// What a database holds in one namespace.
pub(super) struct Kept {
    pub(super) namespace: String,
    pub(super) tokens: TokenDataByResourceServer,
    pub(super) configs: BTreeMap<String, Map<String, Value>>,
}

/// All tokens, and the settings of these names, in a database that belongs to another program and stays as it is. Blocks.
pub(super) fn read_all(path: &Path, names: &[&str]) -> Result<Vec<Kept>> {
    database::read_only(path, |connection| {
        let namespaces = schema::namespaces(connection, true)?;
        let kept = namespaces.into_iter().map(|namespace| {
            let failed = |fault: Fault| fault.within(&namespace);
            let mut configs = BTreeMap::new();
            for name in names {
                let config = schema::read_config(connection, &namespace, name).map_err(failed)?;
                configs.extend(config.map(|config| ((*name).to_owned(), config)));
            }
            let tokens = schema::all(connection, &namespace).map_err(failed)?;
            Ok(Kept {
                namespace,
                tokens,
                configs,
            })
        });
        kept.collect()
    })
}

settings!(SQLiteTokenStorage, lock "other processes");

impl SQLiteTokenStorage {
    /// Keeps tokens in the database `path`, which is made if it is not there. This does the work of some milliseconds on
    /// the calling thread.
    ///
    /// # Errors
    /// [`Error::Usage`] for `:memory:`; [`MemoryTokenStorage`](super::MemoryTokenStorage) keeps tokens in memory.
    /// [`Error::Storage`] if the file cannot be made or is no database of tokens.
    pub fn new(path: impl AsRef<Path>) -> Result<Self> {
        if path.as_ref().as_os_str() == ":memory:" {
            return Err(Error::usage(
                "an SQLite storage needs a file; use MemoryTokenStorage to keep tokens in memory",
            ));
        }
        let storage = Self {
            namespace: DEFAULT_NAMESPACE.to_owned(),
            lock_timeout: LOCK_TIMEOUT,
            database: Arc::new(Database::new(path.as_ref())?),
        };
        storage.database.with("read", |_| Ok(()))?;
        Ok(storage)
    }

    /// Keeps the tokens of an app where the Globus SDKs look for them by default: see [`AppFolder::token_file`].
    ///
    /// # Errors
    /// Those of [`AppFolder::from_env`], [`AppFolder::token_file`] and [`SQLiteTokenStorage::new`].
    pub fn for_app(client_id: &str, app_name: &str, environment: &str) -> Result<Self> {
        Self::new(AppFolder::from_env()?.token_file(client_id, app_name, environment, "db")?)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        self.database.place.path()
    }

    /// Whether the file is there.
    pub fn file_exists(&self) -> bool {
        self.path().exists()
    }

    /// What works, but not as safely as it should, as far as it has been noticed.
    pub fn warnings(&self) -> Vec<StorageWarning> {
        self.database.place.warnings.all()
    }

    /// Stores a setting of the program under a name, in place of what was there.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub async fn store_config(&self, name: &str, config: &Map<String, Value>) -> Result<()> {
        let (name, text) = (name.to_owned(), Value::from(config.clone()).to_string());
        self.work("write", move |database, namespace| {
            database.with("write", |open| schema::store_config(open, namespace, &name, &text))
        })
        .await
    }

    /// The setting of that name; `None` if there is none.
    ///
    /// # Errors
    /// [`Error::Storage`], also if what is stored is no JSON object.
    pub async fn read_config(&self, name: &str) -> Result<Option<Map<String, Value>>> {
        let name = name.to_owned();
        self.work("read", move |database, namespace| {
            database.with("read", |open| schema::read_config(open, namespace, &name))
        })
        .await
    }

    /// Removes the setting of that name; answers whether there was one.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub async fn remove_config(&self, name: &str) -> Result<bool> {
        let name = name.to_owned();
        self.work("write", move |database, namespace| {
            database.with("write", |open| schema::remove_config(open, namespace, &name))
        })
        .await
    }

    /// The namespaces in which tokens or settings are stored, sorted.
    ///
    /// # Errors
    /// [`Error::Storage`].
    pub async fn namespaces_with_configs(&self) -> Result<Vec<String>> {
        self.work("read", |database, _| {
            database.with("read", |open| schema::namespaces(open, true))
        })
        .await
    }

    async fn work<T, F>(&self, tried: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Database, &str) -> Result<T> + Send + 'static,
    {
        let (database, namespace) = (self.database.clone(), self.namespace.clone());
        let place = database.place.clone();
        place.in_turn(tried, move || work(&database, &namespace)).await
    }
}

impl TokenStorage for SQLiteTokenStorage {
    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.work("write", move |database, namespace| {
            let rows = data.into_iter().map(|(key, token)| Ok((key, token.to_text()?)));
            let rows: Vec<(String, String)> = rows.collect::<Result<_>>()?;
            database.with("write", |open| schema::store(open, namespace, &rows))
        }))
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(self.work("read", |database, namespace| {
            database.with("read", |open| schema::all(open, namespace))
        }))
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        let resource_server = resource_server.to_owned();
        Box::pin(self.work("read", move |database, namespace| {
            database.with("read", |open| schema::one(open, namespace, &resource_server))
        }))
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        let resource_server = resource_server.to_owned();
        Box::pin(self.work("write", move |database, namespace| {
            database.with("write", |open| schema::remove(open, namespace, &resource_server))
        }))
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(self.work("read", |database, _| {
            database.with("read", |open| schema::namespaces(open, false))
        }))
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(self.database.place.lock(&self.namespace, key, self.lock_timeout))
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        Some(&self.database.place.unsaved)
    }
}

impl fmt::Debug for SQLiteTokenStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SQLiteTokenStorage")
            .field("namespace", &self.namespace)
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
