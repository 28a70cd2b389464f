//! Transfer: endpoints and collections, the files on them, and tasks that move and delete data.
//!
//! API: <https://docs.globus.org/api/transfer/>. Resource server `transfer.api.globus.org`.

pub(crate) mod errors;
mod models;
pub mod operations;

pub use models::*;

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
        transient: TransientRule::Transfer,
        operations: [
            operations::endpoints::TRANSFER_CLIENT_OPERATIONS,
            operations::files::TRANSFER_CLIENT_OPERATIONS,
            operations::submit::TRANSFER_CLIENT_OPERATIONS,
        ],
    }
}
