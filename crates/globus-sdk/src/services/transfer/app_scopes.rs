//! Scopes that transfers need of an app.

use super::TransferClient;
use crate::client::Mode;
use crate::error::Result;
use crate::services::resource_ids::{ResourceIds, data_access};

impl<M: Mode> TransferClient<M> {
    /// Tells the app that data of these collections will be used, whose consent for data access it needs. That is so for
    /// mapped collections that are not of high assurance, as [`Endpoint::needs_data_access`](super::Endpoint::needs_data_access) tells. For
    /// other collections there is no such consent, and whoever asks for it gets an error at the login.
    ///
    /// # Errors
    /// An id that is no UUID, or a client that is bound to no app.
    pub fn add_app_data_access_scope(&self, collection_ids: impl Into<ResourceIds>) -> Result<&Self> {
        self.add_app_scope(data_access(&collection_ids.into(), "collection_ids")?)
    }
}
