//! [`copy_tokens`]: from one storage to another.

use super::{TokenDataByResourceServer, TokenStorage};
use crate::error::Result;

/// Copies all tokens of one storage to another, each in the namespace that it has been given, and answers how many. Those
/// of the Python SDK are read where they are: [`JsonTokenStorage`](super::JsonTokenStorage) and `SQLiteTokenStorage`
/// know its files.
///
/// Each token is read and stored under its [lock](TokenStorage::lock), so that none is copied while somebody renews it.
/// Afterwards both storages have the same refresh tokens: where the service takes one only once, use one of the two.
///
/// # Errors
/// Those of the storages. If a token cannot be read, nothing is copied; if one cannot be stored, those before it are.
pub async fn copy_tokens(from: &dyn TokenStorage, to: &dyn TokenStorage) -> Result<usize> {
    let names = from.get_token_data_by_resource_server().await?.into_keys();
    let mut tokens = Vec::new();
    // One lock at a time: two storages' locks together could wait for each other, and both may be one storage.
    for name in names {
        let _lock = from.lock(&name).await?;
        if let Some(token) = from.get_token_data(&name).await? {
            tokens.push((name.clone(), token));
        }
    }
    let count = tokens.len();
    for (name, token) in tokens {
        let _lock = to.lock(&name).await?;
        to.store_token_data_by_resource_server([(name.clone(), token)].into())
            .await?;
    }
    Ok(count)
}

/// Stores the tokens of a login, all at once, and looks at each again under its lock: a renewal that began before may have
/// written over it. Never are two locks held at once.
pub(super) async fn store_login(to: &dyn TokenStorage, tokens: TokenDataByResourceServer) -> Result<()> {
    to.store_token_data_by_resource_server(tokens.clone()).await?;
    for (name, token) in tokens {
        let _lock = to.lock(&name).await?;
        let stored = to.get_token_data(&name).await?;
        // Whoever else has logged in or out since is left alone.
        if stored.is_some_and(|stored| stored != token && stored.identity_id == token.identity_id) {
            to.store_token_data_by_resource_server([(name.clone(), token)].into())
                .await?;
        }
    }
    Ok(())
}
