//! Scopes that runs of a flow need of an app.

use super::SpecificFlowClient;
use crate::client::Mode;
use crate::error::Result;
use crate::scopes::SpecificFlowScopes;
use crate::services::resource_ids::{ResourceIds, data_access};

impl<M: Mode> SpecificFlowClient<M> {
    /// Tells the app that runs will transfer data of these collections, whose consent for data access they need.
    ///
    /// # Errors
    /// An id that is no UUID, or a client that is bound to no app.
    pub fn add_app_transfer_data_access_scope(&self, collection_ids: impl Into<ResourceIds>) -> Result<&Self> {
        let transfer = data_access(&collection_ids.into(), "collection_ids")?.with_optional(true);
        let flow_id = self.resource_server().unwrap_or_default();
        self.add_app_scope(
            SpecificFlowScopes::new(flow_id)?
                .user()
                .clone()
                .with_dependency(transfer),
        )
    }
}
