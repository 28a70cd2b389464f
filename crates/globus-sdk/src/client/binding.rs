//! How a client is bound to an app: it registers its scopes there and gets its credentials from it.

use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::Core;
use crate::authorizers::Authorizer;
use crate::config::Config;
use crate::error::{Error, Result};
use crate::scopes::{IntoScopes, ScopeList};
use crate::transport::{Ambient, AuthorizationHook, Transport};

/// An app, as clients see it.
pub trait AppBinding: Send + Sync + fmt::Debug {
    /// Name of the app, for the `User-Agent` header.
    fn app_name(&self) -> &str;

    /// The app's settings: its environment is that of its clients.
    fn config(&self) -> &Config;

    /// What sends the requests of the app and its clients.
    fn transport(&self) -> Arc<dyn Transport>;

    /// Where time and randomness come from.
    fn ambient(&self) -> Ambient;

    /// Tells the app which scopes a client needs.
    ///
    /// # Errors
    /// Text that is no scope.
    fn add_scope_requirements(&self, resource_server: &str, scopes: &ScopeList) -> Result<()>;

    /// What supplies the header of requests to a resource server. Nothing is asked of anybody before a request needs it.
    fn authorizer(&self, resource_server: &str) -> Arc<dyn Authorizer>;

    /// What answers a service's demand for another login, where the app is set to.
    fn hook(&self) -> Option<Arc<dyn AuthorizationHook>>;
}

/// The binding of one client.
#[derive(Debug, Clone)]
pub(super) struct Bond {
    pub(super) app: Arc<dyn AppBinding>,
    /// Scopes that wait until the resource server is known.
    waiting: Arc<Mutex<Vec<ScopeList>>>,
}

impl Bond {
    pub(super) fn new(app: Arc<dyn AppBinding>) -> Self {
        Self {
            app,
            waiting: Arc::default(),
        }
    }

    /// Registers scopes, or keeps them until the resource server is known.
    pub(super) fn register(&self, resource_server: Option<&str>, scopes: ScopeList) -> Result<()> {
        match resource_server {
            Some(resource_server) => self.app.add_scope_requirements(resource_server, &scopes),
            None => {
                scopes.to_scopes()?;
                self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(scopes);
                Ok(())
            }
        }
    }

    fn register_waiting(&self, resource_server: &str) -> Result<()> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting
            .iter()
            .try_for_each(|scopes| self.app.add_scope_requirements(resource_server, scopes))
    }
}

/// Credentials of a client whose server has to be asked for its resource server first.
#[derive(Debug)]
pub(super) struct AskingAuthorizer {
    pub(super) bond: Bond,
    pub(super) core: Weak<Core>,
    pub(super) own_scopes: bool,
    pub(super) found: OnceLock<Arc<dyn Authorizer>>,
}

impl AskingAuthorizer {
    async fn find(&self) -> Result<Arc<dyn Authorizer>> {
        if let Some(found) = self.found.get() {
            self.bond
                .register_waiting(self.core()?.known_resource_server().unwrap_or_default())?;
            return Ok(found.clone());
        }
        let core = self.core()?;
        let Some(resource_server) = core.resource_server().await? else {
            return Err(Error::usage(format!("`{}` has no resource server", core.spec().name)));
        };
        if let (true, Some(scopes_of)) = (self.own_scopes, core.spec().scopes_of) {
            self.bond
                .register(Some(&resource_server), scopes_of(&resource_server)?.into_scopes())?;
        }
        self.bond.register_waiting(&resource_server)?;
        Ok(self
            .found
            .get_or_init(|| self.bond.app.authorizer(&resource_server))
            .clone())
    }

    fn core(&self) -> Result<Arc<Core>> {
        self.core.upgrade().ok_or_else(|| Error::usage("the client is gone"))
    }
}

impl Authorizer for AskingAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>>> {
        Box::pin(async move { self.find().await?.authorization_header().await })
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool>> {
        let rejected = rejected.cloned();
        Box::pin(async move { self.find().await?.handle_missing_authorization(rejected.as_ref()).await })
    }
}
