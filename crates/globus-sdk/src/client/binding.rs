//! Credentials of a client that must ask its server for its resource server first.

use std::sync::{Arc, OnceLock, Weak};

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::Core;
use crate::authorizers::Authorizer;
use crate::engine::Bond;
use crate::error::{Error, Result};
use crate::scopes::IntoScopes;

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
