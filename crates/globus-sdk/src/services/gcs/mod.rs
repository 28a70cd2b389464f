//! Globus Connect Server: the manager of one endpoint, its storage gateways, collections and roles.
//!
//! API: <https://docs.globus.org/globus-connect-server/v5.4/api/>. The resource server is the endpoint's own id, which
//! the server tells.

mod address;
mod composites;
pub(crate) mod errors;
mod models;
pub mod operations;

pub(crate) use address::{base_url, collection_url};
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

client! {
    /// Reads and writes the files of one collection over HTTPS.
    pub struct GCSCollectionClient {
        id: "gcs_collection",
        service: None,
        resource_server: ResourceServer::FromVariable("collection_id"),
        default_scopes: &[],
        errors: &crate::error::ErrorShape::COMMON,
        vars: [collection_id],
        new: custom,
        operations: [],
    }
}
