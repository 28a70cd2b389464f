//! [`copy_tokens`]: from one storage to another.

use super::{TokenStorage, TokenStorageData};
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
    store_each(to, tokens).await?;
    Ok(count)
}

/// Stores tokens under their keys, each under its lock.
pub(super) async fn store_each(
    to: &dyn TokenStorage,
    tokens: impl IntoIterator<Item = (String, TokenStorageData)>,
) -> Result<()> {
    for (name, token) in tokens {
        let _lock = to.lock(&name).await?;
        to.store_token_data_by_resource_server([(name.clone(), token)].into())
            .await?;
    }
    Ok(())
}
