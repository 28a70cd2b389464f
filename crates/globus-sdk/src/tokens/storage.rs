//! The interface of storages.

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{TokenDataByResourceServer, TokenGrant, TokenStorageData, UnsavedTokens};
use crate::error::Result;

/// The namespace that a storage uses unless told otherwise.
pub const DEFAULT_NAMESPACE: &str = "DEFAULT";

/// Keeps tokens: one for each resource server, apart for each namespace.
///
/// Apps call it in the caller's runtime. Where that has a single thread, which may stand still, they call it in one of their
/// own, which ends with the app: connections that should outlive it belong on a runtime of the storage's own.
///
/// Implementations may be called from many threads at a time, and dropping a future must never leave half of a change
/// behind. Errors are [`Error::Storage`](crate::error::Error::Storage) and hold nothing of what is stored.
pub trait TokenStorage: Send + Sync + fmt::Debug {
    /// The part of the storage that this value reads and writes.
    fn namespace(&self) -> &str;

    /// Stores tokens under the keys of the map and leaves all others as they are, in one step: either all are stored,
    /// and stay stored even if the machine fails, or none.
    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>>;

    /// All tokens of the namespace.
    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>>;

    /// The token stored under `resource_server`, or `None`.
    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        Box::pin(async move {
            let mut all = self.get_token_data_by_resource_server().await?;
            Ok(all.remove(resource_server))
        })
    }

    /// Removes the token stored under `resource_server`; answers whether there was one.
    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// The namespaces in which tokens are stored, sorted.
    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>>;

    /// Waits until nobody else holds the lock of that name, and takes it until the guard is dropped.
    ///
    /// It excludes everybody who uses the same storage, other processes included, and belongs to the namespace. It
    /// does not hinder reading and storing: it is for whoever renews a token (`key` is then its resource server).
    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>>;

    /// Where apps keep what this storage could not take until it can; `None`, as in the provided method, lets each app keep
    /// that by itself.
    fn unsaved(&self) -> Option<&UnsavedTokens> {
        None
    }

    /// Stores what a grant brought, each token under its resource server.
    ///
    /// Of a [refresh](TokenGrant::refreshed) it keeps what the answer left out. Hold the [lock](Self::lock) meanwhile.
    fn store_token_response(&self, grant: TokenGrant) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let rows = grant.rows(self).await?;
            self.store_token_data_by_resource_server(rows).await
        })
    }
}

/// One storage can serve several apps.
impl<T: TokenStorage + ?Sized> TokenStorage for Arc<T> {
    fn namespace(&self) -> &str {
        (**self).namespace()
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        (**self).store_token_data_by_resource_server(data)
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        (**self).get_token_data_by_resource_server()
    }

    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        (**self).get_token_data(resource_server)
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        (**self).remove_token_data(resource_server)
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        (**self).namespaces()
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        (**self).lock(key)
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        (**self).unsaved()
    }

    fn store_token_response(&self, grant: TokenGrant) -> BoxFuture<'_, Result<()>> {
        (**self).store_token_response(grant)
    }
}

/// A lock that is held; dropping it lets go.
#[must_use = "the lock is let go as soon as the guard is dropped"]
pub struct LockGuard {
    _held: Box<dyn std::any::Any + Send + Sync>,
}

impl LockGuard {
    /// `held` is whatever lets go of the lock when it is dropped.
    pub fn new(held: impl Send + Sync + 'static) -> Self {
        Self { _held: Box::new(held) }
    }
}

impl fmt::Debug for LockGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LockGuard(..)")
    }
}
