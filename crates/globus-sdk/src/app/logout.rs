//! Logging out: tokens are revoked and removed.

use std::collections::BTreeSet;

use secrecy::{ExposeSecret, SecretString};

use super::core::{Core, LoginClient, locked};
use crate::error::Result;
use crate::tokens::TokenStorage;

impl Core {
    /// Revokes and removes the tokens of required resource servers; with `sweep`, all that are stored. So are those that
    /// could not be stored. A token that cannot be revoked stays; the others go all the same.
    pub(super) async fn log_out(&self, sweep: bool) -> Result<()> {
        let required = self.scope_requirements();
        let stored = self.storage.inner().get_token_data_by_resource_server().await?;
        let all: BTreeSet<String> = stored.into_keys().chain(self.unsaved.resource_servers()).collect();
        let ours = all
            .into_iter()
            .filter(|resource_server| sweep || required.contains_key(resource_server));
        let mut done = Ok(());
        for resource_server in ours {
            if let Err(error) = self.discard(&resource_server).await {
                done = done.and(Err(error));
            }
        }
        self.storage.forget_identity();
        self.forget();
        if let Some(person) = &self.person {
            *locked(&person.pending) = None;
        }
        done
    }

    /// Read again under the lock: another process may just have renewed it.
    async fn discard(&self, resource_server: &str) -> Result<()> {
        let _lock = self.storage.lock(resource_server).await?;
        let stored = self.storage.inner().get_token_data(resource_server).await?;
        let unsaved = self.unsaved.get(resource_server);
        for token in stored.iter().chain(&unsaved) {
            self.revoke(&token.access_token).await?;
            if let Some(refresh_token) = &token.refresh_token {
                self.revoke(refresh_token).await?;
            }
        }
        if stored.is_some() {
            self.storage.remove_token_data(resource_server).await?;
        }
        self.unsaved.remove(resource_server);
        Ok(())
    }

    async fn revoke(&self, token: &SecretString) -> Result<()> {
        let token = token.expose_secret();
        match &self.login {
            LoginClient::Native(client) => client.oauth2_revoke_token(token).await?,
            LoginClient::Confidential(client) => client.oauth2_revoke_token(token).await?,
        };
        Ok(())
    }
}
