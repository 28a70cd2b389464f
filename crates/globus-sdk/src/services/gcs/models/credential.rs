//! Accounts on a storage gateway.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{ConnectorId, IdentityId, StorageGatewayId, UserCredentialId};

/// An account on a storage gateway. Source:
/// <https://docs.globus.org/globus-connect-server/v5/api/openapi_User_Credentials/>.
#[model]
pub struct UserCredential {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the credential.
    pub id: Option<UserCredentialId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Identity whose account it is.
    pub identity_id: Option<IdentityId>,
    /// Gateway on which the account is.
    pub storage_gateway_id: Option<StorageGatewayId>,
    /// Kind of storage; [`ConnectorTable`](crate::services::gcs::ConnectorTable) knows its name.
    pub connector_id: Option<ConnectorId>,
    /// Name of the account, in the connector's form.
    pub username: Option<String>,
    /// Whether the server made it by itself.
    pub provisioned: Option<bool>,
    /// Whether it does not work any more.
    pub invalid: Option<bool>,
    /// What the connector needs to know, for example keys.
    #[secret]
    pub policies: Option<Value>,
}

/// An account to register, or its changes.
#[model(data_type = "user_credential")]
pub struct UserCredentialDocument {
    /// Identity whose account it is.
    pub identity_id: Option<IdentityId>,
    /// Kind of storage, by its id.
    pub connector_id: Option<ConnectorId>,
    /// Name of the account, in the connector's form.
    pub username: Option<String>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Gateway on which the account is.
    pub storage_gateway_id: Option<StorageGatewayId>,
    /// What the connector needs to know, for example `{"DATA_TYPE": "s3_user_credential_policies#1.0.0", "s3_key_id": ..,
    /// "s3_secret_key": ..}`.
    #[secret]
    pub policies: Option<Value>,
}

impl UserCredentialDocument {
    /// The caller's own account on a gateway.
    pub fn new(storage_gateway_id: impl Into<StorageGatewayId>) -> Self {
        Self {
            storage_gateway_id: Some(storage_gateway_id.into()),
            ..Self::default()
        }
    }
}
