//! Storage gateways.

use globus_sdk_macros::model;
use serde_json::Value;

use super::{PathRestrictions, StorageGatewayPolicies};
use crate::models::{ConnectorId, StorageGatewayId};

/// A storage gateway: what connects an endpoint with one storage. Source:
/// <https://docs.globus.org/globus-connect-server/v5/api/openapi_Storage_Gateways/>.
#[model]
pub struct StorageGateway {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the gateway.
    pub id: Option<StorageGatewayId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Kind of storage; [`ConnectorTable`](crate::services::gcs::ConnectorTable) knows its name.
    pub connector_id: Option<ConnectorId>,
    /// Domains whose identities may use it.
    pub allowed_domains: Option<Vec<String>>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// Whether users must prove themselves with a second factor.
    pub require_mfa: Option<bool>,
    /// How old an authentication may be, in minutes.
    pub authentication_timeout_mins: Option<u64>,
    /// The same under its older name.
    pub authentication_assurance_timeout: Option<u64>,
    /// `high_assurance` under its older name.
    pub require_high_assurance: Option<bool>,
    /// How identities become accounts, in the form of older servers, for example `username_without_domain`.
    pub mapping: Option<String>,
    /// How identities become accounts.
    pub identity_mappings: Option<Vec<Value>>,
    /// What may be done where; only administrators see it.
    pub restrict_paths: Option<PathRestrictions>,
    /// Accounts that may use it; only administrators see them.
    pub users_allow: Option<Vec<String>>,
    /// Accounts that may not use it; only administrators see them.
    pub users_deny: Option<Vec<String>>,
    /// Rules of its connector.
    pub policies: Option<StorageGatewayPolicies>,
    /// Account as which the servers run when they use it.
    pub process_user: Option<String>,
    /// Module that the servers load to use it.
    pub load_dsi_module: Option<String>,
}

/// Parts of a storage gateway that are left out unless asked for.
#[model]
pub enum StorageGatewayInclude {
    /// Rules that only administrators may see.
    PrivatePolicies,
    /// The caller's accounts on it.
    Accounts,
}

/// A storage gateway to make, or its changes: what is absent stays as it is.
#[model(data_type = "storage_gateway")]
pub struct StorageGatewayDocument {
    /// Name that people see.
    pub display_name: Option<String>,
    /// Kind of storage, by its id: see [`ConnectorTable`](crate::services::gcs::ConnectorTable).
    pub connector_id: Option<ConnectorId>,
    /// Folder of the storage in which collections are.
    pub root: Option<String>,
    /// How identities become accounts: they are tried in order.
    pub identity_mappings: Option<Vec<Value>>,
    /// Rules of its connector.
    pub policies: Option<StorageGatewayPolicies>,
    /// Domains whose identities may make credentials and collections on it.
    pub allowed_domains: Option<Vec<String>>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// Whether users must prove themselves with a second factor; only with high assurance.
    #[since("1.1.0")]
    pub require_mfa: Option<bool>,
    /// How old an authentication may be, in minutes.
    pub authentication_timeout_mins: Option<u64>,
    /// Accounts that may use it, in the connector's form.
    pub users_allow: Option<Vec<String>>,
    /// Accounts that may not use it, in the connector's form.
    pub users_deny: Option<Vec<String>>,
}

impl StorageGatewayDocument {
    /// A new gateway to a kind of storage.
    pub fn new(display_name: impl Into<String>, connector_id: impl Into<ConnectorId>) -> Self {
        Self {
            display_name: Some(display_name.into()),
            connector_id: Some(connector_id.into()),
            ..Self::default()
        }
    }
}
