//! Tokens that a storage could not take.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::TokenStorageData;

/// Tokens that a storage could not take, on a full disk for example. The apps that use the storage look here first, and try
/// to store what is here; it is gone with the program. Clones are the same.
///
/// Every storage of this crate has one, so that an app for each request loses nothing. One of yours has a field of this
/// type and answers it from [`TokenStorage::unsaved`](super::TokenStorage::unsaved).
#[derive(Clone, Default)]
pub struct UnsavedTokens(Arc<Mutex<Rows>>);

/// By namespace and resource server.
type Rows = BTreeMap<(String, String), TokenStorageData>;

impl UnsavedTokens {
    /// Those of one namespace.
    pub(crate) fn of(&self, namespace: &str) -> UnsavedOf {
        UnsavedOf {
            all: self.clone(),
            namespace: namespace.to_owned(),
        }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for UnsavedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnsavedTokens({})", self.rows().len())
    }
}

/// The tokens of one namespace that could not be stored.
#[derive(Debug, Clone)]
pub(crate) struct UnsavedOf {
    all: UnsavedTokens,
    namespace: String,
}

impl UnsavedOf {
    fn key(&self, resource_server: &str) -> (String, String) {
        (self.namespace.clone(), resource_server.to_owned())
    }

    pub(crate) fn get(&self, resource_server: &str) -> Option<TokenStorageData> {
        self.all.rows().get(&self.key(resource_server)).cloned()
    }

    pub(crate) fn insert(&self, data: TokenStorageData) {
        self.all.rows().insert(self.key(&data.resource_server), data);
    }

    pub(crate) fn remove(&self, resource_server: &str) {
        self.all.rows().remove(&self.key(resource_server));
    }

    pub(crate) fn resource_servers(&self) -> Vec<String> {
        let rows = self.all.rows();
        let ours = rows.keys().filter(|(namespace, _)| *namespace == self.namespace);
        ours.map(|(_, resource_server)| resource_server.clone()).collect()
    }
}
