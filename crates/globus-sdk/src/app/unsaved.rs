//! Tokens that were got and could not be stored, for example on a full disk: lost they would be, if the service takes
//! the refresh token of before no more.

use super::core::{Core, locked};
use crate::error::{Error, Result};
use crate::tokens::{TokenGrant, TokenStorage, TokenStorageData};

impl Core {
    /// Stores what a grant brought. If the storage cannot take it, the error says why, and the tokens stay in use as long
    /// as the program runs.
    pub(super) async fn keep(&self, grant: TokenGrant) -> Result<()> {
        let stored = self.storage.store_token_response(grant.clone()).await;
        for token in grant.tokens() {
            if let Err(Error::Storage(_)) = &stored {
                let before = self.storage.inner().get_token_data(&token.resource_server).await;
                let data = grant.to_stored(token, before.ok().flatten());
                locked(&self.unsaved).insert(token.resource_server.clone(), data);
            } else if stored.is_ok() {
                locked(&self.unsaved).remove(&token.resource_server);
            }
        }
        stored
    }

    /// A token that is not stored yet. It is tried once more; what is answered could not be stored again.
    pub(super) async fn unsaved(&self, resource_server: &str) -> Option<TokenStorageData> {
        let data = locked(&self.unsaved).get(resource_server).cloned()?;
        // A storage that takes nothing may not have locks either.
        let _lock = self.storage.lock(resource_server).await.ok();
        let storage = self.storage.inner();
        let newer = storage
            .get_token_data(resource_server)
            .await
            .is_ok_and(|stored| stored.is_some_and(|stored| stored.expires_at_seconds > data.expires_at_seconds));
        let change = [(resource_server.to_owned(), data.clone())].into();
        if newer || storage.store_token_data_by_resource_server(change).await.is_ok() {
            locked(&self.unsaved).remove(resource_server);
            return None;
        }
        Some(data)
    }
}
