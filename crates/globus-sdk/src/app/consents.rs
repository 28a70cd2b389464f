//! The consents of an app's person, for scopes that depend on others.

use std::sync::{Arc, OnceLock, Weak};

use futures_util::future::BoxFuture;

use super::core::Core;
use crate::authorizers::AccessTokenAuthorizer;
use crate::client::Async;
use crate::error::{Result, TokenError};
use crate::scopes::{AuthScopes, ConsentForest};
use crate::services::auth::AuthClient;
use crate::tokens::{ConsentFetcher, TokenStorage};

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
            let token = app
                .storage
                .inner()
                .get_token_data(AuthScopes::RESOURCE_SERVER)
                .await?
                .ok_or_else(missing)?;
            let client = AuthClient::<Async>::builder()
                .config(app.config.clone())
                .transport(app.transport.clone())
                .ambient(app.ambient.clone())
                .authorizer(AccessTokenAuthorizer::new(token.access_token))
                .build()?;
            let answer = client.get_consents(identity_id).await?;
            Ok(ConsentForest::from_json(&answer.json()?)?)
        })
    }
}
