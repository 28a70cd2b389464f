//! How a client is bound to an app: it registers its scopes there and gets its credentials from it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::authorizers::Authorizer;
use crate::config::Config;
use crate::error::Result;
use crate::scopes::ScopeList;
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
pub(crate) struct Bond {
    pub(crate) app: Arc<dyn AppBinding>,
    /// Scopes that wait until the resource server is known.
    waiting: Arc<Mutex<Vec<ScopeList>>>,
}

impl Bond {
    pub(crate) fn new(app: Arc<dyn AppBinding>) -> Self {
        Self {
            app,
            waiting: Arc::default(),
        }
    }

    /// Registers scopes, or keeps them until the resource server is known.
    pub(crate) fn register(&self, resource_server: Option<&str>, scopes: ScopeList) -> Result<()> {
        if let Some(resource_server) = resource_server {
            return self.app.add_scope_requirements(resource_server, &scopes);
        }
        scopes.to_scopes()?;
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(scopes);
        Ok(())
    }

    pub(crate) fn register_waiting(&self, resource_server: &str) -> Result<()> {
        let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        waiting
            .iter()
            .try_for_each(|scopes| self.app.add_scope_requirements(resource_server, scopes))
    }
}
