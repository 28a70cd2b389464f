//! Collections, as a manager answers them.

use globus_sdk_macros::model;
use serde_json::Value;

use super::{CollectionPolicies, PathRestrictions};
use crate::models::{ConnectorId, EndpointId, IdentityId, PolicyId, StorageGatewayId, UserCredentialId};

/// A mapped or guest collection. Source:
/// <https://docs.globus.org/globus-connect-server/v5/api/openapi_Collections/>.
#[model]
pub struct Collection {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the collection.
    pub id: Option<EndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Whether it is mapped or a guest.
    pub collection_type: Option<CollectionType>,
    /// Where on the storage it begins.
    pub collection_base_path: Option<String>,
    /// The same as an absolute path of the storage.
    pub root_path: Option<String>,
    /// Folder where people start.
    pub default_directory: Option<String>,
    /// Storage gateway below it.
    pub storage_gateway_id: Option<StorageGatewayId>,
    /// Kind of storage; [`ConnectorTable`](crate::services::gcs::ConnectorTable) knows its name.
    pub connector_id: Option<ConnectorId>,
    /// Mapped collection below a guest collection.
    pub mapped_collection_id: Option<EndpointId>,
    /// Account with which a guest collection reaches its data.
    pub user_credential_id: Option<UserCredentialId>,
    /// Identity that owns it.
    pub identity_id: Option<IdentityId>,
    /// Host name of the collection.
    pub domain_name: Option<String>,
    /// A host name of its owner's, with its certificate.
    pub domain: Option<CollectionDomain>,
    /// Address of the manager.
    pub manager_url: Option<String>,
    /// Address of its files over HTTPS.
    pub https_url: Option<String>,
    /// Address of its files over FTP with TLS.
    pub tlsftp_url: Option<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// How old an authentication may be, in minutes.
    pub authentication_timeout_mins: Option<u64>,
    /// The same under its older name.
    pub authentication_assurance_timeout: Option<u64>,
    /// `high_assurance` under its older name.
    pub require_high_assurance: Option<bool>,
    /// Whether users must prove themselves with a second factor.
    pub require_mfa: Option<bool>,
    /// Whether files can be read and written over HTTPS.
    pub enable_https: Option<bool>,
    /// What may be done over HTTPS: `GET`, `PUT`, `DELETE`.
    pub https_methods: Option<Vec<String>>,
    /// Whether transfers are always encrypted.
    pub force_encryption: Option<bool>,
    /// Whether transfers always compare checksums.
    pub force_verify: Option<bool>,
    /// Whether transfers never compare checksums.
    pub disable_verify: Option<bool>,
    /// Whether users may make guest collections on it.
    pub allow_guest_collections: Option<bool>,
    /// Whether its guest collections refuse writing without a login.
    pub disable_anonymous_writes: Option<bool>,
    /// Whether it cannot be deleted before this is switched off.
    pub delete_protected: Option<bool>,
    /// Days without use after which its guest collections are deleted.
    pub auto_delete_timeout: Option<u32>,
    /// Whether a guest collection is spared from that.
    pub skip_auto_delete: Option<bool>,
    /// How long permissions on guest collections last, in minutes.
    pub acl_expiration_mins: Option<u64>,
    /// Which transfers need high assurance on the other side too.
    pub restrict_transfers_to_high_assurance: Option<HighAssuranceTransfers>,
    /// Accounts that may make guest collections.
    pub sharing_users_allow: Option<Vec<String>>,
    /// Accounts that may not make guest collections.
    pub sharing_users_deny: Option<Vec<String>>,
    /// Where guest collections may be, and what they may do there.
    pub sharing_restrict_paths: Option<PathRestrictions>,
    /// Auth policy that its guest collections inherit.
    pub guest_auth_policy_id: Option<PolicyId>,
    /// Rules of its connector.
    pub policies: Option<CollectionPolicies>,
    /// Flows that run when it is used.
    pub associated_flow_policy: Option<Value>,
    /// Whom to write to when a transfer ends.
    pub activity_notification_policy: Option<ActivityNotificationPolicy>,
    /// What it is for.
    pub description: Option<String>,
    /// Who maintains it.
    pub organization: Option<String>,
    /// Part of the organization.
    pub department: Option<String>,
    /// Words by which people find it.
    pub keywords: Option<Vec<String>>,
    /// Address of the support.
    pub contact_email: Option<String>,
    /// Other ways to reach the support.
    pub contact_info: Option<String>,
    /// Page with more about it.
    pub info_link: Option<String>,
    /// What users read when they use it.
    pub user_message: Option<String>,
    /// Page with more than that.
    pub user_message_link: Option<String>,
    /// Which transfers must keep the times of files: `inbound`, `outbound` or `all`.
    pub preserve_modtime: Option<String>,
    /// Whether the subscription's administrator has verified it.
    pub subscription_admin_verified: Option<bool>,
    /// Whether it was deleted.
    pub deleted: Option<bool>,
    /// When it was made, as ISO 8601 text.
    pub created_at: Option<String>,
    /// When it was last used, as ISO 8601 text.
    pub last_access: Option<String>,
}

/// Kinds of collections.
#[model]
pub enum CollectionType {
    /// Its users are accounts of the storage.
    Mapped,
    /// A user made it from part of a mapped collection.
    Guest,
}

/// Which transfers need high assurance on the other side too.
#[model]
pub enum HighAssuranceTransfers {
    /// Those that bring data in.
    Inbound,
    /// Those that take data out.
    Outbound,
    /// All.
    All,
}

/// A host name of a collection's owner. Only the paths or the texts of certificate and key are set.
#[model]
pub struct CollectionDomain {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// The host name.
    pub domain_name: Option<String>,
    /// Whether guest collections get host names below it.
    pub wildcard: Option<bool>,
    /// Its X.509 certificate in PEM.
    pub certificate: Option<String>,
    /// Certificates between that and the authority, in PEM.
    pub certificate_chain: Option<String>,
    /// Private key of the certificate in PEM.
    #[secret]
    pub private_key: Option<String>,
    /// File with the certificate, on every data transfer node.
    pub certificate_path: Option<String>,
    /// File with the certificates in between.
    pub certificate_chain_path: Option<String>,
    /// File with the private key.
    pub private_key_path: Option<String>,
}

/// Which collections to list.
#[model]
pub enum CollectionFilter {
    /// Mapped collections.
    MappedCollections,
    /// Guest collections.
    GuestCollections,
    /// Those on which the caller has a role.
    ManagedByMe,
    /// Those that the caller made.
    CreatedByMe,
}

/// Parts of a collection that are left out unless asked for.
#[model]
pub enum CollectionInclude {
    /// Rules that only administrators may see.
    PrivatePolicies,
}

/// When to write to those who have a role on a guest collection: when a transfer ends so, and uses the collection so.
#[model]
pub struct ActivityNotificationPolicy {
    /// How transfers end that matter: `succeeded`, `failed`.
    pub status: Option<Vec<String>>,
    /// For what those transfers use the collection: `source`, `destination`.
    pub transfer_use: Option<Vec<String>>,
}
