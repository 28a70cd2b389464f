//! Logging out: tokens are revoked and removed.

use secrecy::{ExposeSecret, SecretString};

use super::core::{Core, LoginClient};
use crate::error::Result;
use crate::tokens::TokenStorage;

impl Core {
    /// Revokes and removes the tokens of required resource servers; with `sweep`, all that are stored.
    pub(super) async fn log_out(&self, sweep: bool) -> Result<()> {
        let stored = self.storage.inner().get_token_data_by_resource_server().await?;
        let required = self.scope_requirements();
        for (resource_server, token) in stored {
            if !sweep && !required.contains_key(&resource_server) {
                continue;
            }
            let _lock = self.storage.lock(&resource_server).await?;
            self.revoke(&token.access_token).await?;
            if let Some(refresh_token) = &token.refresh_token {
                self.revoke(refresh_token).await?;
            }
            self.storage.remove_token_data(&resource_server).await?;
        }
        self.storage.forget_identity();
        self.forget();
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
