//! A storage that asks validators first.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;

use super::identity::identity_of;
use super::{TokenDataValidator, TokenValidationContext};
use crate::error::{Result, TokenError};
use crate::tokens::{LockGuard, TokenDataByResourceServer, TokenGrant, TokenStorage, TokenStorageData, UnsavedTokens};

/// Keeps tokens in another storage, and asks [validators](TokenDataValidator) before storing and after reading.
///
/// Other than with a plain storage, a token that is not there is an error, [`TokenError::Missing`]. Tokens are removed
/// without asking anybody.
#[derive(Debug)]
pub struct ValidatingTokenStorage {
    storage: Arc<dyn TokenStorage>,
    validators: Vec<Arc<dyn TokenDataValidator>>,
    /// Whose tokens are stored, once it is known.
    identity_id: Mutex<Option<String>>,
}

impl ValidatingTokenStorage {
    /// Adds validation to a storage; without [validators](Self::with_validator), everything passes. Nothing is read
    /// yet.
    pub fn new(storage: impl TokenStorage + 'static) -> Self {
        Self {
            storage: Arc::new(storage),
            validators: Vec::new(),
            identity_id: Mutex::default(),
        }
    }

    /// Adds a validator, to be asked after those that are there.
    #[must_use]
    pub fn with_validator(mut self, validator: impl TokenDataValidator + 'static) -> Self {
        self.validators.push(Arc::new(validator));
        self
    }

    /// The storage in which the tokens are.
    pub fn inner(&self) -> &Arc<dyn TokenStorage> {
        &self.storage
    }

    /// Whose tokens are stored; `None` if none are, or they do not tell.
    ///
    /// # Errors
    /// [`TokenError::MixedIdentities`] if tokens of several identities are stored; those of the storage.
    pub async fn identity_id(&self) -> Result<Option<String>> {
        // Not held while the storage is asked.
        let known = self.identity_id.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some() {
            return Ok(known);
        }
        let found = identity_of(&self.storage.get_token_data_by_resource_server().await?)?;
        self.remember(found.as_deref());
        Ok(found)
    }

    /// Forgets whose tokens were stored, so that somebody else may log in. To be called when the tokens have been
    /// removed.
    pub fn forget_identity(&self) {
        *self.identity_id.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    fn remember(&self, identity_id: Option<&str>) {
        let mut known = self.identity_id.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = identity_id.map(str::to_owned);
        }
    }

    async fn context(&self, data: &TokenDataByResourceServer) -> Result<TokenValidationContext> {
        Ok(TokenValidationContext {
            token_data_identity_id: identity_of(data)?,
            prior_identity_id: self.identity_id().await?,
        })
    }

    /// Asks whether the tokens may be stored.
    pub(crate) async fn admit(&self, data: &TokenDataByResourceServer) -> Result<TokenValidationContext> {
        let context = self.context(data).await?;
        for validator in &self.validators {
            validator.before_store(data, &context).await?;
        }
        Ok(context)
    }

    /// Asks whether a token may be used, wherever it was kept.
    pub(crate) async fn accept(&self, token: TokenStorageData) -> Result<TokenStorageData> {
        let data = TokenDataByResourceServer::from([(token.resource_server.clone(), token.clone())]);
        self.retrieved(&data).await?;
        Ok(token)
    }

    async fn retrieved(&self, data: &TokenDataByResourceServer) -> Result<()> {
        let context = self.context(data).await?;
        self.remember(context.identity_id());
        for validator in &self.validators {
            validator.after_retrieve(data, &context).await?;
        }
        Ok(())
    }
}

impl TokenStorage for ValidatingTokenStorage {
    fn namespace(&self) -> &str {
        self.storage.namespace()
    }

    fn store_token_data_by_resource_server(&self, data: TokenDataByResourceServer) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let context = self.admit(&data).await?;
            self.storage.store_token_data_by_resource_server(data).await?;
            self.remember(context.identity_id());
            Ok(())
        })
    }

    fn get_token_data_by_resource_server(&self) -> BoxFuture<'_, Result<TokenDataByResourceServer>> {
        Box::pin(async move {
            let data = self.storage.get_token_data_by_resource_server().await?;
            self.retrieved(&data).await?;
            Ok(data)
        })
    }

    /// The token stored under `resource_server`, never `None`.
    fn get_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<Option<TokenStorageData>>> {
        Box::pin(async move {
            let found = self.storage.get_token_data(resource_server).await?;
            let token = found.ok_or_else(|| TokenError::missing(resource_server))?;
            self.accept(token).await.map(Some)
        })
    }

    fn remove_token_data<'a>(&'a self, resource_server: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.storage.remove_token_data(resource_server)
    }

    fn namespaces(&self) -> BoxFuture<'_, Result<Vec<String>>> {
        self.storage.namespaces()
    }

    fn lock<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<LockGuard>> {
        self.storage.lock(key)
    }

    fn unsaved(&self) -> Option<&UnsavedTokens> {
        self.storage.unsaved()
    }

    /// A refresh keeps the identity that is stored, whatever the answer says.
    fn store_token_response(&self, grant: TokenGrant) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let mut data = TokenDataByResourceServer::new();
            for token in grant.tokens() {
                let row = if grant.is_refresh() {
                    // From the storage itself: what is stored need not be valid to be renewed.
                    let stored = self.storage.get_token_data(&token.resource_server).await?;
                    let identity = match stored.as_ref().and_then(|stored| stored.identity_id.clone()) {
                        Some(identity) => Some(identity),
                        None => self.identity_id().await?,
                    };
                    grant.to_stored(token, stored).with_identity_id(identity)
                } else {
                    grant.to_stored(token, None)
                };
                data.insert(token.resource_server.clone(), row);
            }
            self.store_token_data_by_resource_server(data).await
        })
    }
}
