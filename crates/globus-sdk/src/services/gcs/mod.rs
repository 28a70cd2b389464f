//! Globus Connect Server: the manager of one endpoint, its storage gateways, collections and roles.
//!
//! API: <https://docs.globus.org/globus-connect-server/v5.4/api/>. The resource server is the endpoint's own id, which
//! the server tells.

mod client;
mod composites;
pub(crate) mod errors;
mod models;
pub mod operations;

pub use models::*;

use crate::client::client;
use crate::operation::ResourceServer;

client! {
    /// Manages one Globus Connect Server endpoint, at its own address.
    pub struct GCSClient {
        id: "gcs",
        service: None,
        resource_server: ResourceServer::Fetched("endpoint_client_id"),
        default_scopes: &[],
        errors: &errors::SHAPE,
        new: custom,
        operations: [operations::gcs::GCS_CLIENT_OPERATIONS],
    }
}
