//! What those see and do who manage the activity on a collection.

use globus_sdk_macros::model;

use crate::models::AdminCancelId;

/// A cancellation of several tasks. Source:
/// <https://docs.globus.org/api/transfer/advanced_collection_management/#admin_cancel>.
#[model]
pub struct AdminCancel {
    /// Id by which to ask how far it is.
    pub id: Option<AdminCancelId>,
    /// Whether all tasks have ended.
    pub done: Option<bool>,
}

/// For what a task uses a collection.
#[model]
pub enum EndpointUse {
    /// To read from it.
    Source,
    /// To write to it.
    Destination,
}
