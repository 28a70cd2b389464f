//! Tokens that were got and could not be stored, for example on a full disk: lost they would be, if the service takes
//! the refresh token of before no more.

use super::core::Core;
use crate::error::{Error, Result, StorageError};
use crate::tokens::{TokenDataByResourceServer, TokenGrant, TokenStorage, TokenStorageData};

impl Core {
    /// Stores what a login brought, all at once. A renewal on its way writes the token of before over it: so each token is
    /// looked at again under its lock. Never are two locks held at once, so that nobody waits in a circle.
    pub(super) async fn keep_login(&self, grant: &TokenGrant) -> Result<()> {
        let rows = grant.tokens().iter();
        let rows = rows.map(|token| (token.resource_server.clone(), grant.to_stored(token, None)));
        let rows: TokenDataByResourceServer = rows.collect();
        match self.storage.store_token_data_by_resource_server(rows.clone()).await {
            Err(Error::Storage(error)) => {
                for data in rows.into_values() {
                    self.unsaved.insert(data);
                }
                return Err(in_memory(*error));
            }
            stored => stored?,
        }
        for (resource_server, data) in rows {
            self.unsaved.remove(&resource_server);
            // It is stored: that there is no lock is no reason to fail.
            let Ok(_lock) = self.storage.lock(&resource_server).await else {
                continue;
            };
            let stored = self.storage.inner().get_token_data(&resource_server).await;
            let is_older = |stored: &TokenStorageData| *stored != data && !is_of_another(stored, &data);
            if stored.is_ok_and(|stored| stored.as_ref().is_some_and(is_older)) {
                self.put(data).await?;
            }
        }
        Ok(())
    }

    /// Stores what a grant brought for a token whose lock is held; `before` is what a renewal started from.
    pub(super) async fn keep(&self, grant: &TokenGrant, before: Option<&TokenStorageData>) -> Result<()> {
        let mut done = Ok(());
        for token in grant.tokens() {
            let before = match before.filter(|row| row.resource_server == token.resource_server) {
                Some(row) => Some(row.clone()),
                None if grant.is_refresh() => {
                    let other = self.storage.inner().get_token_data(&token.resource_server).await;
                    other.ok().flatten()
                }
                None => None,
            };
            done = done.and(self.put(grant.to_stored(token, before)).await);
        }
        done
    }

    /// Stores a token. If the storage cannot take it, the error says why, and the token stays in use as long as the
    /// program runs.
    async fn put(&self, data: TokenStorageData) -> Result<()> {
        let resource_server = data.resource_server.clone();
        let change = [(resource_server.clone(), data.clone())].into();
        match self.storage.store_token_data_by_resource_server(change).await {
            Ok(()) => self.unsaved.remove(&resource_server),
            Err(Error::Storage(error)) => {
                self.unsaved.insert(data);
                return Err(in_memory(*error));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// The token in use, stored or not, if it passes the validators.
    pub(super) async fn found(&self, resource_server: &str) -> Result<TokenStorageData> {
        match self.unsaved(resource_server).await {
            Some(token) => self.storage.accept(token).await,
            None => self.stored(resource_server).await,
        }
    }

    /// A token that is not stored yet. It is tried once more; what is answered could not be stored again.
    async fn unsaved(&self, resource_server: &str) -> Option<TokenStorageData> {
        let data = self.unsaved.get(resource_server)?;
        // A storage that takes nothing may not have locks either.
        let _lock = self.storage.lock(resource_server).await.ok();
        let storage = self.storage.inner();
        // What is there now is not known: nothing is written over it.
        let Ok(stored) = storage.get_token_data(resource_server).await else {
            return Some(data);
        };
        if !stored.as_ref().is_some_and(|stored| replaces(stored, &data)) {
            let data = completed(data, stored);
            let change = [(resource_server.to_owned(), data.clone())].into();
            if storage.store_token_data_by_resource_server(change).await.is_err() {
                return Some(data);
            }
        }
        self.unsaved.remove(resource_server);
        None
    }
}

/// Adds to the error what becomes of the token.
fn in_memory(error: StorageError) -> Error {
    let kept = "the new token is in use as long as this program runs";
    let hint = error.hint().map_or(kept.to_owned(), |hint| format!("{hint}; {kept}"));
    error.with_hint(hint).into()
}

/// Whether what is stored is of more use than `data`: newer, or of somebody else who has logged in since.
fn replaces(stored: &TokenStorageData, data: &TokenStorageData) -> bool {
    stored.expires_at_seconds > data.expires_at_seconds || is_of_another(stored, data)
}

fn is_of_another(stored: &TokenStorageData, data: &TokenStorageData) -> bool {
    let both = stored.identity_id.as_ref().zip(data.identity_id.as_ref());
    both.is_some_and(|(stored, ours)| stored != ours)
}

/// The token with what only the stored one has.
fn completed(data: TokenStorageData, stored: Option<TokenStorageData>) -> TokenStorageData {
    let Some(stored) = stored else { return data };
    TokenStorageData {
        refresh_token: data.refresh_token.or(stored.refresh_token),
        identity_id: data.identity_id.or(stored.identity_id),
        ..data
    }
}
