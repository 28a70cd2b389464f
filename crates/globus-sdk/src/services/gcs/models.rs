//! Documents of the Globus Connect Server Manager API.

use globus_sdk_macros::model;

use crate::models::{ClientId, EndpointId, IdentityId};

/// What a server tells everybody about itself.
#[model]
pub struct GcsInfo {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Version of the API.
    pub api_version: Option<String>,
    /// Client id of the endpoint, the resource server of its tokens.
    pub client_id: Option<ClientId>,
    /// Host name of the endpoint.
    pub domain_name: Option<String>,
    /// Id of the endpoint.
    pub endpoint_id: Option<EndpointId>,
    /// Version of the manager.
    pub manager_version: Option<String>,
}

/// A mapped or guest collection.
#[model]
pub struct Collection {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the collection.
    pub id: Option<EndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// `mapped` or `guest`.
    pub collection_type: Option<String>,
    /// Where on the storage it begins.
    pub collection_base_path: Option<String>,
    /// Storage gateway of a mapped collection.
    pub storage_gateway_id: Option<String>,
    /// Mapped collection below a guest collection.
    pub mapped_collection_id: Option<EndpointId>,
    /// Identity that owns it.
    pub identity_id: Option<IdentityId>,
    /// Host name of the collection.
    pub domain_name: Option<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// Whether files can be read and written over HTTPS.
    pub enable_https: Option<bool>,
}
