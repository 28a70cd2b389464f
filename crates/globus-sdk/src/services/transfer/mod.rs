//! Transfer: endpoints and collections, the files on them, and tasks that move and delete data.
//!
//! API: <https://docs.globus.org/api/transfer/>. Resource server `transfer.api.globus.org`.

mod app_scopes;
pub(crate) mod checks;
mod composites;
pub(crate) mod errors;
mod listing;
mod models;
pub mod operations;
mod requirements;
mod task_outcome;

pub use models::*;
pub use task_outcome::TaskOutcome;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::TransferScopes;
use crate::transport::TransientRule;

client! {
    /// Finds collections, lists and changes what is on them, and submits and watches tasks.
    pub struct TransferClient {
        id: "transfer",
        service: Some("transfer"),
        resource_server: ResourceServer::Static(TransferScopes::RESOURCE_SERVER),
        default_scopes: &[TransferScopes::ALL],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        transient: TransientRule::Transfer,
        operations: [
            operations::endpoints::TRANSFER_CLIENT_OPERATIONS,
            operations::files::TRANSFER_CLIENT_OPERATIONS,
            operations::submit::TRANSFER_CLIENT_OPERATIONS,
            operations::tasks::TRANSFER_CLIENT_OPERATIONS,
            operations::shares::TRANSFER_CLIENT_OPERATIONS,
            operations::subscriptions::TRANSFER_CLIENT_OPERATIONS,
            operations::roles::TRANSFER_CLIENT_OPERATIONS,
            operations::acl::TRANSFER_CLIENT_OPERATIONS,
            operations::bookmarks::TRANSFER_CLIENT_OPERATIONS,
            operations::endpoint_manager::TRANSFER_CLIENT_OPERATIONS,
            operations::pause_rules::TRANSFER_CLIENT_OPERATIONS,
            operations::tunnels::TRANSFER_CLIENT_OPERATIONS,
        ],
    }
}

client! {
    /// The JSON:API part of Transfer: tunnels, stream access points and bookmarks.
    pub struct TransferClientV2 {
        id: "transfer_v2",
        service: Some("transfer"),
        resource_server: ResourceServer::Static(TransferScopes::RESOURCE_SERVER),
        default_scopes: &[TransferScopes::ALL],
        errors: &errors::SHAPE_V2,
        error_text: errors::error_text,
        transient: TransientRule::TransferV2,
        operations: [
            operations::tunnels::TRANSFER_CLIENT_V2_OPERATIONS,
            operations::v2::streams::TRANSFER_CLIENT_V2_OPERATIONS,
            operations::v2::bookmarks::TRANSFER_CLIENT_V2_OPERATIONS,
        ],
    }
}
