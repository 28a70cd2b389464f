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
use crate::scopes::{GCSCollectionScopes, GCSEndpointScopes};

client! {
    /// Manages one Globus Connect Server endpoint, at its own address.
    pub struct GCSClient {
        id: "gcs",
        service: None,
        resource_server: ResourceServer::Fetched("endpoint_client_id"),
        default_scopes: &[],
        scopes_of: |endpoint| GCSEndpointScopes::new(endpoint).map(|scopes| scopes.manage_collections().clone()),
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
        scopes_of: |collection| GCSCollectionScopes::new(collection).map(|scopes| scopes.https().clone()),
        errors: &crate::error::ErrorShape::COMMON,
        vars: [collection_id],
        new: custom,
        operations: [],
    }
}
