//! Globus Connect Server: the manager of one endpoint, its storage gateways, collections and roles.
//!
//! API: <https://docs.globus.org/globus-connect-server/v5/api/>. The resource server is the endpoint's own id, which
//! the server tells.

mod address;
mod composites;
mod connectors;
mod downloader;
pub(crate) mod errors;
mod models;
pub mod operations;

pub(crate) use address::{base_url, collection_url};
pub use connectors::{ConnectorTable, GlobusConnectServerConnector};
pub use downloader::GCSDownloader;
pub use models::*;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::{GCSCollectionScopes, GCSEndpointScopes};

client! {
    /// Manages one Globus Connect Server endpoint, at its own address.
    ///
    /// Every operation but [`get_gcs_info`](Self::get_gcs_info) takes the scope `manage_collections` of the endpoint, which
    /// an app requests by itself: see [`get_gcs_endpoint_scopes`](Self::get_gcs_endpoint_scopes).
    pub struct GCSClient {
        id: "gcs",
        service: None,
        resource_server: ResourceServer::Fetched("endpoint_client_id"),
        default_scopes: &[],
        scopes_of: "urn:globus:auth:scope:{endpoint_client_id}:manage_collections" =>
            |endpoint| GCSEndpointScopes::new(endpoint).map(|scopes| scopes.manage_collections().clone()),
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        new: custom,
        operations: [
            operations::endpoint::GCS_CLIENT_OPERATIONS,
            operations::collections::GCS_CLIENT_OPERATIONS,
            operations::gateways::GCS_CLIENT_OPERATIONS,
            operations::roles::GCS_CLIENT_OPERATIONS,
            operations::credentials::GCS_CLIENT_OPERATIONS,
        ],
    }
}

client! {
    /// Reads and writes the files of one collection over HTTPS, with plain requests: `get`, `put` and `delete` of paths.
    ///
    /// An app requests by itself the collection's scope `https`; mapped collections without high assurance take
    /// `data_access` too: see [`get_gcs_collection_scopes`](GCSClient::get_gcs_collection_scopes).
    pub struct GCSCollectionClient {
        id: "gcs_collection",
        service: None,
        resource_server: ResourceServer::FromVariable("collection_id"),
        default_scopes: &[],
        scopes_of: "https://auth.globus.org/scopes/{collection_id}/https" =>
            |collection| GCSCollectionScopes::new(collection).map(|scopes| scopes.https().clone()),
        errors: &crate::error::ErrorShape::COMMON,
        vars: [collection_id],
        new: custom,
        operations: [],
    }
}
