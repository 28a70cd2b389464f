//! From the storage to a token that is good: renewed where it ended, got anew where it does not do.

use std::sync::Arc;

use http::HeaderValue;
use secrecy::ExposeSecret;
use tokio::sync::oneshot;

use super::authorizer::MARGIN;
use super::core::{Core, LoginClient};
use super::turns::Ticket;
use crate::error::{Error, Result, TokenError};
use crate::scopes::ScopeList;
use crate::services::auth::OAuthTokenResponse;
use crate::tokens::{LockGuard, TokenGrant, TokenStorage, TokenStorageData};

impl Core {
    /// A token for `resource_server` that is not `rejected`.
    pub(super) async fn good_token(
        self: &Arc<Self>,
        resource_server: &str,
        rejected: Option<&HeaderValue>,
        ticket: Ticket,
    ) -> Result<TokenStorageData> {
        let why = match self.found(resource_server).await {
            Ok(token) if self.is_good(&token, rejected) => return Ok(token),
            Ok(token) if token.refresh_token.is_some() => {
                match self.refresh_to_the_end(resource_server, rejected).await {
                    Err(error) if is_dead(&error) => error,
                    renewed => return renewed,
                }
            }
            Ok(token) => Error::from(TokenError::expired(resource_server, token.expires_at_seconds)),
            Err(error @ Error::Token(_)) if !is_of_another_person(&error) => error,
            Err(error) => return Err(error),
        };
        if self.person.is_none() {
            return self.fetch(resource_server, rejected).await;
        }
        self.log_in_for(resource_server, &why, rejected, ticket).await?;
        self.found(resource_server).await
    }

    /// The stored token, if it passes the validators.
    pub(super) async fn stored(&self, resource_server: &str) -> Result<TokenStorageData> {
        self.required(resource_server)?;
        let found = self.storage.get_token_data(resource_server).await?;
        found.ok_or_else(|| TokenError::missing(resource_server).into())
    }

    pub(super) fn is_good(&self, token: &TokenStorageData, rejected: Option<&HeaderValue>) -> bool {
        self.ambient.clock.now() + MARGIN < token.expires_at()
            && token.header().is_ok_and(|header| Some(&header) != rejected)
    }

    /// A refresh token may be good for one use only: whoever began to trade it reads the answer and stores it, even if the
    /// caller goes away.
    pub(super) async fn refresh_to_the_end(
        self: &Arc<Self>,
        resource_server: &str,
        rejected: Option<&HeaderValue>,
    ) -> Result<TokenStorageData> {
        let (this, resource_server, rejected) = (self.clone(), resource_server.to_owned(), rejected.cloned());
        let work = async move { this.refresh(&resource_server, rejected.as_ref()).await };
        self.background.finish(work).await
    }

    /// Trades the refresh token. The storage is locked meanwhile and read again first: another process may have done it.
    async fn refresh(
        self: &Arc<Self>,
        resource_server: &str,
        rejected: Option<&HeaderValue>,
    ) -> Result<TokenStorageData> {
        let lock = self.storage.lock(resource_server).await?;
        let stored = match self.unsaved.get(resource_server) {
            Some(unsaved) => unsaved,
            None => self.stored(resource_server).await?,
        };
        if self.is_good(&stored, rejected) {
            return Ok(stored);
        }
        let identity = match &stored.identity_id {
            Some(identity) => Some(identity.clone()),
            None => self.storage.identity_id().await?,
        };
        let (answer, _lock) = self.trade_refresh_token(&stored, identity.clone(), lock).await?;
        let answer = match answer {
            // Another process may have used it at the same moment: where locks do not work, or the connection on which a
            // lock was held broke.
            Err(error) if is_dead(&error) => match self.stored(resource_server).await {
                Ok(other) if other != stored && self.is_good(&other, rejected) => return Ok(other),
                _ => return Err(error),
            },
            answer => answer?,
        };
        // Stored before anybody uses the access token, since the old refresh token may be of no more use.
        self.keep(&refreshed(&answer, identity), Some(&stored)).await?;
        self.stored(resource_server).await
    }

    /// Trades a refresh token in the background, with the lock: should the caller's runtime end before the answer is there,
    /// it is stored all the same. In any other case the caller stores it, since what a storage is connected with may belong
    /// to the caller's runtime.
    async fn trade_refresh_token(
        self: &Arc<Self>,
        stored: &TokenStorageData,
        identity: Option<String>,
        lock: LockGuard,
    ) -> Result<(Result<OAuthTokenResponse>, LockGuard)> {
        let (this, stored) = (self.clone(), stored.clone());
        let (give, take) = oneshot::channel();
        self.background.start(async move {
            let answer = this.exchange_refresh_token(&stored).await;
            if let Err((Ok(answer), _lock)) = give.send((answer, lock)) {
                // Whoever needs the token next reads it, or gets this error when storing it fails once more.
                let _ = this.keep(&refreshed(&answer, identity), Some(&stored)).await;
            }
        });
        let gone = |_| Error::usage("there is no thread in the background to get a token with");
        take.await.map_err(gone)
    }

    async fn exchange_refresh_token(&self, stored: &TokenStorageData) -> Result<OAuthTokenResponse> {
        let token = stored.refresh_token.as_ref();
        let token = token.ok_or_else(|| TokenError::missing_refresh_token(&stored.resource_server))?;
        let answer = match &self.login {
            LoginClient::Native(client) => client.oauth2_refresh_token(token.expose_secret()).await?,
            LoginClient::Confidential(client) => client.oauth2_refresh_token(token.expose_secret()).await?,
        };
        Ok(answer.into_inner())
    }

    /// Gets tokens as the app itself.
    pub(super) async fn fetch(
        &self,
        resource_server: &str,
        rejected: Option<&HeaderValue>,
    ) -> Result<TokenStorageData> {
        let _lock = self.storage.lock(resource_server).await?;
        if let Ok(stored) = self.stored(resource_server).await
            && self.is_good(&stored, rejected)
        {
            return Ok(stored);
        }
        let scopes: ScopeList = self.required(resource_server)?.into_iter().collect();
        let answer = self.client_credentials(scopes).await?;
        let grant = TokenGrant::new(answer.tokens().iter().cloned());
        match self.keep(&grant, None).await {
            // Another one costs nothing: that it could not be stored is no reason to fail.
            Err(Error::Storage(error)) => {
                tracing::warn!(%error, "a token is not stored");
                let token = self.unsaved.get(resource_server);
                let token = token.ok_or_else(|| TokenError::missing(resource_server))?;
                self.storage.accept(token).await
            }
            kept => {
                kept?;
                self.stored(resource_server).await
            }
        }
    }

    pub(super) async fn client_credentials(&self, scopes: ScopeList) -> Result<OAuthTokenResponse> {
        let LoginClient::Confidential(client) = &self.login else {
            return Err(Error::usage("an app without a secret cannot act as itself"));
        };
        Ok(client.oauth2_client_credentials_tokens(scopes).await?.into_inner())
    }
}

fn refreshed(answer: &OAuthTokenResponse, identity: Option<String>) -> TokenGrant {
    TokenGrant::refreshed(answer.tokens().iter().cloned()).with_identity_id(identity)
}

/// A refresh token that the service takes no more: only a login helps.
pub(super) fn is_dead(error: &Error) -> bool {
    match error {
        Error::Api(api) => matches!(api.http_status().as_u16(), 400 | 401) && api.code() == Some("invalid_grant"),
        Error::Token(_) => !is_of_another_person(error),
        _ => false,
    }
}

/// Somebody else has logged in, in another process: a login here would write over their tokens.
pub(super) fn is_of_another_person(error: &Error) -> bool {
    use TokenError::{IdentityMismatch, MixedIdentities};
    matches!(error, Error::Token(token) if matches!(**token, IdentityMismatch { .. } | MixedIdentities { .. }))
}

impl TokenStorageData {
    /// The header that carries the token.
    pub(super) fn header(&self) -> Result<HeaderValue> {
        let text = format!("Bearer {}", self.access_token.expose_secret());
        let mut header = HeaderValue::try_from(text)
            .map_err(|_| Error::validation("a stored access token", "has characters that no header may have"))?;
        header.set_sensitive(true);
        Ok(header)
    }
}
