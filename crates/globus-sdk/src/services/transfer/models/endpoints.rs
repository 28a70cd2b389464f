//! Endpoints and collections.

use globus_sdk_macros::model;

use crate::models::{EndpointId, Field, IdentityId, PolicyId, SubscriptionId};

/// An endpoint or a collection. Source: <https://docs.globus.org/api/transfer/endpoints_and_collections/>.
#[model]
pub struct Endpoint {
    /// Id.
    pub id: Option<EndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Name that the service made, unique among all endpoints.
    pub canonical_name: Option<String>,
    /// What kind it is.
    pub entity_type: Option<EntityType>,
    /// Identity that owns it, or its endpoint.
    pub owner_id: Option<IdentityId>,
    /// The owner in words.
    pub owner_string: Option<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// What it is for.
    pub description: Option<String>,
    /// Who runs it.
    pub organization: Option<String>,
    /// Part of the organization.
    pub department: Option<String>,
    /// Words by which people find it, joined by commas.
    pub keywords: Option<String>,
    /// Address to write to.
    pub contact_email: Option<String>,
    /// Other ways to reach who runs it.
    pub contact_info: Option<String>,
    /// Web page about it.
    pub info_link: Option<String>,
    /// What its users are told.
    pub user_message: Option<String>,
    /// Web page with more about that.
    pub user_message_link: Option<String>,
    /// The folder where people start.
    pub default_directory: Option<String>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// Policy that people must fulfil who use it.
    pub authentication_policy_id: Option<PolicyId>,
    /// How old an authentication may be, in seconds.
    pub authentication_assurance_timeout: Option<u64>,
    /// The same in minutes.
    pub authentication_timeout_mins: Option<u64>,
    /// Whether people need a second factor.
    pub mfa_required: Option<bool>,
    /// Whether it is Globus Connect Personal.
    pub is_globus_connect: Option<bool>,
    /// Whether that program is connected now.
    pub gcp_connected: Option<bool>,
    /// Whether that program is paused.
    pub gcp_paused: Option<bool>,
    /// Key with which that program is set up; only in the answer to its creation, and for its owner.
    #[secret]
    pub globus_connect_setup_key: Option<String>,
    /// Whether it cannot be used for transfers itself.
    pub non_functional: Option<bool>,
    /// The collection that a guest collection is on.
    pub host_endpoint_id: Option<EndpointId>,
    /// Name of that collection.
    pub host_endpoint_display_name: Option<String>,
    /// Where on that collection it begins.
    pub host_path: Option<String>,
    /// The mapped collection below a guest collection.
    pub mapped_collection_id: Option<EndpointId>,
    /// Name of the mapped collection.
    pub mapped_collection_display_name: Option<String>,
    /// Whether guest collections can be made on it.
    pub shareable: Option<bool>,
    /// Whether access rules can be set on it.
    pub acl_available: Option<bool>,
    /// Whether the caller can change those.
    pub acl_editable: Option<bool>,
    /// Whether people pay for what they read.
    pub requester_pays: Option<bool>,
    /// Whether no checksums are compared.
    pub disable_verify: Option<bool>,
    /// Whether checksums are always compared.
    pub force_verify: Option<bool>,
    /// Whether data is always encrypted on its way.
    pub force_encryption: Option<bool>,
    /// Whether access rules cannot let everybody write.
    pub disable_anonymous_writes: Option<bool>,
    /// Address of the Globus Connect Server manager.
    pub gcs_manager_url: Option<String>,
    /// Version of Globus Connect Server.
    pub gcs_version: Option<String>,
    /// Address for transfers.
    pub tlsftp_server: Option<String>,
    /// Host for downloads and uploads over HTTPS.
    pub https_server: Option<String>,
    /// Kind of storage, for example `POSIX`.
    pub storage_type: Option<String>,
    /// Subscription it belongs to.
    pub subscription_id: Option<SubscriptionId>,
    /// What the caller may do.
    pub my_effective_roles: Option<Vec<String>>,
    /// Whether a task uses it now.
    pub in_use: Option<bool>,
    /// When it was last used, as ISO 8601 text.
    pub last_accessed_time: Option<String>,
    /// Where it is: `Automatic`, or latitude and longitude.
    pub location: Option<String>,
    /// How much of the network a task takes: `normal`, `minimal`, `aggressive` or `custom`.
    pub network_use: Option<String>,
    /// The most files that a task copies at a time.
    pub max_concurrency: Option<u32>,
    /// The most connections for one file.
    pub max_parallelism: Option<u32>,
    /// How many files a task should copy at a time.
    pub preferred_concurrency: Option<u32>,
    /// How many connections one file should get.
    pub preferred_parallelism: Option<u32>,
    /// Servers below it.
    #[wire("DATA")]
    pub servers: Option<Vec<Server>>,
    /// Whether an administrator of its subscription vouches for it.
    pub subscription_admin_verified: Option<bool>,
    /// Whether its server tells under which account a task runs.
    pub local_user_info_available: Option<bool>,
    /// The endpoint that a collection belongs to, when that cannot be used for transfers itself.
    pub non_functional_endpoint_id: Option<EndpointId>,
    /// Name of that endpoint.
    pub non_functional_endpoint_display_name: Option<String>,
    /// Last part of `canonical_name`.
    pub name: Option<String>,
    /// First part of `canonical_name`: its owner in the service's own spelling.
    pub username: Option<String>,
    /// `canonical_name` of the collection that a guest collection is on; `host_endpoint_id` is newer.
    pub host_endpoint: Option<String>,
    /// The same for what is shared; older than `host_endpoint`.
    pub sharing_target_endpoint: Option<String>,
    /// Where on it the guest collection begins; `host_path` is newer.
    pub sharing_target_root_path: Option<String>,
    /// Whether credentials were given for it, as endpoints before version 5 wanted.
    pub activated: Option<bool>,
    /// When those credentials end, as ISO 8601 text.
    pub expire_time: Option<String>,
    /// Seconds until they end; -1 for never, 0 for ended.
    pub expires_in: Option<i64>,
    /// Host that gave credentials for a user name and a password.
    pub myproxy_server: Option<String>,
    /// Name in that host's certificate.
    pub myproxy_dn: Option<String>,
    /// Host that gave credentials after a login in the browser.
    pub oauth_server: Option<String>,
    /// Address of the S3 bucket behind it.
    pub s3_url: Option<String>,
    /// Whether the owner's keys for that bucket serve everybody.
    pub s3_owner_activated: Option<bool>,
    /// Whether its texts are in English and French.
    pub french_english_bilingual: Option<bool>,
}

/// A server of an endpoint. Source: <https://docs.globus.org/api/transfer/endpoints_and_collections/#server_document>.
#[model]
pub struct Server {
    /// Id within the endpoint.
    pub id: Option<u64>,
    /// Host name.
    pub hostname: Option<String>,
    /// Port number.
    pub port: Option<u16>,
    /// Protocol, for example `gsiftp`.
    pub scheme: Option<String>,
    /// Name in its certificate, where it is not that of the host.
    pub subject: Option<String>,
    /// Its address.
    pub uri: Option<String>,
    /// Whether it is connected now.
    pub is_connected: Option<bool>,
    /// Whether it is paused.
    pub is_paused: Option<bool>,
    /// First port for data that comes in.
    pub incoming_data_port_start: Option<u16>,
    /// Last port for data that comes in.
    pub incoming_data_port_end: Option<u16>,
    /// First port for data that goes out.
    pub outgoing_data_port_start: Option<u16>,
    /// Last port for data that goes out.
    pub outgoing_data_port_end: Option<u16>,
}

/// Fields of an endpoint or a collection to change: those that are absent stay as they are.
///
/// Collections of Globus Connect Server take most of their fields from its manager instead. Source:
/// <https://docs.globus.org/api/transfer/endpoints_and_collections/#update_endpoint_by_id>.
#[model]
pub struct EndpointUpdate {
    /// New name that people see.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Field<String>,
    /// Who runs it.
    pub organization: Field<String>,
    /// Part of the organization.
    pub department: Field<String>,
    /// Words by which people find it, joined by commas.
    pub keywords: Field<String>,
    /// Address to write to.
    pub contact_email: Field<String>,
    /// Other ways to reach who runs it.
    pub contact_info: Field<String>,
    /// Web page about it.
    pub info_link: Field<String>,
    /// What its users are told.
    pub user_message: Field<String>,
    /// Web page with more about that.
    pub user_message_link: Field<String>,
    /// The folder where people start.
    pub default_directory: Field<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Whether data is always encrypted on its way.
    pub force_encryption: Option<bool>,
    /// Whether checksums are always compared.
    pub force_verify: Option<bool>,
    /// Whether no checksums are compared.
    pub disable_verify: Option<bool>,
    /// Subscription it shall belong to.
    pub subscription_id: Field<SubscriptionId>,
    /// Where it is: `Automatic`, or latitude and longitude.
    pub location: Option<String>,
    /// How much of the network a task takes: `normal`, `minimal`, `aggressive` or `custom`.
    pub network_use: Option<String>,
    /// The most files that a task copies at a time, when `network_use` is `custom`.
    pub max_concurrency: Option<u32>,
    /// The most connections for one file, when `network_use` is `custom`.
    pub max_parallelism: Option<u32>,
    /// How many files a task should copy at a time, when `network_use` is `custom`.
    pub preferred_concurrency: Option<u32>,
    /// How many connections one file should get, when `network_use` is `custom`.
    pub preferred_parallelism: Option<u32>,
}

/// Kinds of endpoints and collections.
#[model]
pub enum EntityType {
    /// Collection of a Globus Connect Personal.
    #[wire("GCP_mapped_collection")]
    GcpMappedCollection,
    /// Guest collection on a Globus Connect Personal.
    #[wire("GCP_guest_collection")]
    GcpGuestCollection,
    /// Globus Connect Server endpoint.
    #[wire("GCSv5_endpoint")]
    Gcsv5Endpoint,
    /// Collection with the accounts of a storage system.
    #[wire("GCSv5_mapped_collection")]
    Gcsv5MappedCollection,
    /// Collection that a user made from part of another.
    #[wire("GCSv5_guest_collection")]
    Gcsv5GuestCollection,
    /// Endpoint of the fourth version of Globus Connect Server.
    #[wire("GCSv4_host")]
    Gcsv4Host,
    /// Guest collection on such an endpoint.
    #[wire("GCSv4_share")]
    Gcsv4Share,
}

/// Where to search for endpoints and collections.
#[model(rename_all = "kebab-case")]
pub enum EndpointScope {
    /// Among all that the caller may find.
    All,
    /// Among those of the caller.
    MyEndpoints,
    /// Among the caller's own Globus Connect Personal.
    MyGcpEndpoints,
    /// Among those that the caller used of late.
    RecentlyUsed,
    /// Among those with tasks of the caller that go on.
    InUse,
    /// Among guest collections that the caller made.
    SharedByMe,
    /// Among guest collections that others gave the caller access to.
    SharedWithMe,
    /// Among those that the caller manages.
    AdministeredByMe,
}

impl Endpoint {
    /// Whether whoever uses its data through Transfer needs a consent for data access: a mapped collection of Globus
    /// Connect Server that is not of high assurance.
    /// [`add_app_data_access_scope`](super::super::TransferClient::add_app_data_access_scope) asks for it.
    pub fn needs_data_access(&self) -> bool {
        self.entity_type == Some(EntityType::Gcsv5MappedCollection) && self.high_assurance != Some(true)
    }
}
