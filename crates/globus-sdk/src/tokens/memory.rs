//! Tokens that are forgotten when the program ends.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::BoxFuture;

use super::keyed_locks::KeyedLocks;
use super::settings::settings;
use super::{DEFAULT_NAMESPACE, LockGuard, TokenDataByResourceServer, TokenStorage, TokenStorageData};
use crate::error::Result;

/// Keeps tokens as long as it, or a clone of it, exists.
#[derive(Clone)]
pub struct MemoryTokenStorage {
    namespace: String,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    tokens: Mutex<BTreeMap<String, TokenDataByResourceServer>>,
    locks: KeyedLocks,
}

settings!(MemoryTokenStorage);

impl MemoryTokenStorage {
    /// An empty storage.
    pub fn new() -> Self {
        Self {
            namespace: DEFAULT_NAMESPACE.to_owned(),
            shared: Arc::default(),
        }
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<String, TokenDataByResourceServer>> {
        self.shared.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryTokenStorage {
    fn default() -> Self {
        Self::new()
    }
}

impl TokenStorage for MemoryTokenStorage {
    fn namespace(&self) -> &str {
        &self.namespace
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            self.tokens().entry(self.namespace.clone()).or_default().extend(data);
            Ok(())
        })
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(async { Ok(self.tokens().get(&self.namespace).cloned().unwrap_or_default()) })
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        Box::pin(async move {
            let tokens = self.tokens();
            Ok(tokens
                .get(&self.namespace)
                .and_then(|all| all.get(resource_server))
                .cloned())
        })
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let mut tokens = self.tokens();
            let removed = tokens
                .get_mut(&self.namespace)
                .and_then(|all| all.remove(resource_server));
            Ok(removed.is_some())
        })
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        Box::pin(async {
            let tokens = self.tokens();
            let used = tokens.iter().filter(|(_, all)| !all.is_empty());
            Ok(used.map(|(namespace, _)| namespace.clone()).collect())
        })
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        Box::pin(async move { Ok(LockGuard::new(self.shared.locks.acquire(&self.namespace, key).await)) })
    }
}

impl fmt::Debug for MemoryTokenStorage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTokenStorage")
            .field("namespace", &self.namespace)
            .finish_non_exhaustive()
    }
}
