//! The consents of an app's person, for scopes that depend on others.

use std::sync::{Arc, OnceLock, Weak};

use futures_util::future::BoxFuture;
use http::{HeaderValue, StatusCode};

use super::core::Core;
use super::renew::is_dead;
use crate::authorizers::AccessTokenAuthorizer;
use crate::client::Async;
use crate::error::{Error, Result, TokenError};
use crate::scopes::{AuthScopes, ConsentForest, Scope};
use crate::services::auth::AuthClient;
use crate::tokens::{ConsentFetcher, TokenStorage, TokenStorageData};

/// Reads consents with the app's own token for Auth.
#[derive(Debug, Clone, Default)]
pub(super) struct AppConsents(Arc<OnceLock<Weak<Core>>>);

impl AppConsents {
    /// The app whose consents are read; it exists only after its storage does.
    pub(super) fn of(&self, app: &Arc<Core>) {
        let _ = self.0.set(Arc::downgrade(app));
    }
}

impl ConsentFetcher for AppConsents {
    fn fetch_consents<'a>(&'a self, identity_id: &'a str) -> BoxFuture<'a, Result<ConsentForest>> {
        Box::pin(async move {
            let missing = || TokenError::missing(AuthScopes::RESOURCE_SERVER);
            let app = self.0.get().and_then(Weak::upgrade).ok_or_else(missing)?;
            let token = app.auth_token(None).await?;
            match app.consents(identity_id, &token).await {
                Err(refused) if is_unauthorized(&refused) => {
                    let other = app.auth_token(Some(&token.header()?)).await?;
                    let again = app.consents(identity_id, &other).await;
                    again.map_err(|error| if is_unauthorized(&error) { ended(&other) } else { error })
                }
                found => found,
            }
        })
    }
}

impl Core {
    /// The token for Auth, renewed if need be. Nobody is asked: this is part of finding out whether somebody has to be.
    async fn auth_token(self: &Arc<Self>, rejected: Option<&HeaderValue>) -> Result<TokenStorageData> {
        let auth = AuthScopes::RESOURCE_SERVER;
        let token = if let Some(token) = self.unsaved.get(auth) {
            token
        } else {
            let stored = self.storage.inner().get_token_data(auth).await?;
            stored.ok_or_else(|| TokenError::missing(auth))?
        };
        // A renewal checks the token, which would lead back here.
        let depends = |scope: &Scope| !scope.dependencies().is_empty();
        if self.is_good(&token, rejected) || self.required(auth)?.iter().any(depends) {
            return Ok(token);
        }
        if token.refresh_token.is_none() {
            return Err(ended(&token));
        }
        match self.refresh_to_the_end(auth, rejected).await {
            Err(error) if is_dead(&error) => Err(ended(&token)),
            renewed => renewed,
        }
    }

    async fn consents(&self, identity_id: &str, token: &TokenStorageData) -> Result<ConsentForest> {
        let client = AuthClient::<Async>::builder()
            .config(self.config.clone())
            .transport(self.transport.clone())
            .ambient(self.ambient.clone())
            .authorizer(AccessTokenAuthorizer::new(token.access_token.clone()))
            .build()?;
        let answer = client.get_consents(identity_id).await?;
        Ok(ConsentForest::from_json(&answer.json()?)?)
    }
}

/// A reason to log in.
fn ended(token: &TokenStorageData) -> Error {
    TokenError::expired(AuthScopes::RESOURCE_SERVER, token.expires_at_seconds).into()
}

fn is_unauthorized(error: &Error) -> bool {
    matches!(error, Error::Api(api) if api.http_status() == StatusCode::UNAUTHORIZED)
}
