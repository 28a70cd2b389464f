//! Scopes that timers need of an app.

use super::TimersClient;
use crate::client::Mode;
use crate::error::Result;
use crate::scopes::{Scope, SpecificFlowScopes, TimersScopes};
use crate::services::resource_ids::{ResourceIds, data_access};

impl<M: Mode> TimersClient<M> {
    /// Tells the app that timers will transfer data of these collections, whose consent for data access they need.
    ///
    /// # Errors
    /// An id that is no UUID, or a client that is bound to no app.
    pub fn add_app_transfer_data_access_scope(&self, collection_ids: impl Into<ResourceIds>) -> Result<&Self> {
        let transfer = data_access(&collection_ids.into(), "collection_ids")?;
        self.add_app_scope(Scope::new(TimersScopes::TIMER)?.with_dependency(transfer))
    }

    /// Tells the app that timers will run these flows.
    ///
    /// # Errors
    /// An id that is no UUID, or a client that is bound to no app.
    pub fn add_app_flow_user_scope(&self, flow_ids: impl Into<ResourceIds>) -> Result<&Self> {
        let mut timer = Scope::new(TimersScopes::TIMER)?;
        for flow_id in flow_ids.into().checked("flow_ids")? {
            timer = timer.with_dependency(SpecificFlowScopes::new(flow_id)?.user().clone());
        }
        self.add_app_scope(timer)
    }
}
