//! Whether tokens allow what is needed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use futures_util::future::BoxFuture;

use super::{TokenDataValidator, TokenValidationContext};
use crate::error::{Result, TokenError};
use crate::scopes::{ConsentForest, Scope};
use crate::tokens::{TokenDataByResourceServer, TokenStorageData};

/// Scopes that are needed, by resource server. Clones share what they hold.
#[derive(Debug, Clone, Default)]
pub struct ScopeRequirements(Arc<RwLock<BTreeMap<String, Vec<Scope>>>>);

impl ScopeRequirements {
    /// Nothing is needed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets what is needed of a resource server, in place of what was.
    pub fn set(&self, resource_server: impl Into<String>, scopes: impl IntoIterator<Item = Scope>) {
        let scopes = scopes.into_iter().collect();
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.insert(resource_server.into(), scopes);
    }

    /// What is needed of a resource server; `None` if it was never set.
    pub fn get(&self, resource_server: &str) -> Option<Vec<Scope>> {
        let all = self.0.read().unwrap_or_else(PoisonError::into_inner);
        all.get(resource_server).cloned()
    }

    /// All that is needed.
    pub fn all(&self) -> BTreeMap<String, Vec<Scope>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<K: Into<String>> FromIterator<(K, Vec<Scope>)> for ScopeRequirements {
    fn from_iter<I: IntoIterator<Item = (K, Vec<Scope>)>>(items: I) -> Self {
        let all = items.into_iter().map(|(key, scopes)| (key.into(), scopes)).collect();
        Self(Arc::new(RwLock::new(all)))
    }
}

/// Asks Globus Auth what a person has consented to.
///
/// API: <https://docs.globus.org/api/auth/reference/> (`GET /v2/api/identities/{identity_id}/consents`).
pub trait ConsentFetcher: Send + Sync + fmt::Debug {
    /// The consents that the identity has given to this program.
    fn fetch_consents<'a>(&'a self, identity_id: &'a str) -> BoxFuture<'a, Result<ConsentForest>>;
}

impl<T: ConsentFetcher + ?Sized> ConsentFetcher for Arc<T> {
    fn fetch_consents<'a>(&'a self, identity_id: &'a str) -> BoxFuture<'a, Result<ConsentForest>> {
        (**self).fetch_consents(identity_id)
    }
}

/// Lets tokens be stored and used only if they have the scopes that are needed.
///
/// Before storing it looks at the scopes themselves. After reading it also looks at what they depend on: for that it
/// fetches the person's consents, unless those of the last time do. Without an identity there is nothing to ask for, so
/// that dependencies pass unseen. An optional dependency counts too: where it is required of the program, it is needed.
///
/// [`TokenError::UnmetScopes`] or [`TokenError::UnmetDependentScopes`] otherwise.
#[derive(Debug)]
pub struct ScopeRequirementsValidator {
    requirements: ScopeRequirements,
    fetcher: Arc<dyn ConsentFetcher>,
    consents: Mutex<Option<Arc<ConsentForest>>>,
}

impl ScopeRequirementsValidator {
    /// Goes by `requirements`, as they are at the time of each call.
    pub fn new(requirements: ScopeRequirements, fetcher: impl ConsentFetcher + 'static) -> Self {
        Self {
            requirements,
            fetcher: Arc::new(fetcher),
            consents: Mutex::default(),
        }
    }

    /// The scopes needed of a resource server, if the token has all of them.
    fn check(&self, resource_server: &str, token: &TokenStorageData) -> Result<Vec<Scope>, TokenError> {
        let required = self.requirements.get(resource_server).unwrap_or_default();
        let lacking = required.iter().map(Scope::name).filter(|name| !token.has_scope(name));
        let lacking: Vec<String> = lacking.map(str::to_owned).collect();
        if lacking.is_empty() {
            Ok(required)
        } else {
            Err(TokenError::unmet_scopes(resource_server, lacking))
        }
    }

    async fn check_dependencies(
        &self,
        resource_server: &str,
        required: &[Scope],
        identity: Option<&str>,
    ) -> Result<()> {
        if required.iter().all(|scope| scope.dependencies().is_empty()) {
            return Ok(());
        }
        let known = self.consents.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if known.is_some_and(|forest| forest.meets(required)) {
            return Ok(());
        }
        let Some(identity) = identity else { return Ok(()) };
        let forest = Arc::new(self.fetcher.fetch_consents(identity).await?);
        *self.consents.lock().unwrap_or_else(PoisonError::into_inner) = Some(forest.clone());
        if forest.meets(required) {
            return Ok(());
        }
        let text = |scope: &Scope| scope.to_text().unwrap_or_else(|_| scope.name().to_owned());
        let required = required.iter().map(text).collect();
        Err(TokenError::unmet_dependent_scopes(resource_server, required).into())
    }
}

impl TokenDataValidator for ScopeRequirementsValidator {
    fn before_store<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        _context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for (resource_server, token) in data {
                self.check(resource_server, token)?;
            }
            Ok(())
        })
    }

    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            for token in data.values() {
                let required = self.check(&token.resource_server, token)?;
                self.check_dependencies(&token.resource_server, &required, context.identity_id())
                    .await?;
            }
            Ok(())
        })
    }
}
