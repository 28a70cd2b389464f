//! The endpoint itself.

use globus_sdk_macros::model;

use crate::models::{ClientId, EndpointId, Field, SubscriptionId};

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

/// An endpoint. Source: <https://docs.globus.org/globus-connect-server/v5/api/schemas/Endpoint_1_2_0_schema/>.
#[model]
pub struct GCSEndpoint {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the endpoint.
    pub id: Option<EndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Address of the manager, `https://..`.
    pub gcs_manager_url: Option<String>,
    /// Whether transfers may use UDT.
    pub allow_udt: Option<bool>,
    /// Address of the support.
    pub contact_email: Option<String>,
    /// Other ways to reach the support.
    pub contact_info: Option<String>,
    /// Department that runs the servers.
    pub department: Option<String>,
    /// What the endpoint is for.
    pub description: Option<String>,
    /// Date before which nothing was recorded about the use of collections.
    pub earliest_last_access: Option<String>,
    /// TCP port of the control channel.
    pub gridftp_control_channel_port: Option<u16>,
    /// Page with more about it.
    pub info_link: Option<String>,
    /// Words by which people find it.
    pub keywords: Option<Vec<String>>,
    /// How much of the network transfers take.
    pub network_use: Option<NetworkUse>,
    /// Files at once, at most.
    pub max_concurrency: Option<u32>,
    /// Files at once, when nothing else is wanted.
    pub preferred_concurrency: Option<u32>,
    /// Streams for one file, at most.
    pub max_parallelism: Option<u32>,
    /// Streams for one file, when nothing else is wanted.
    pub preferred_parallelism: Option<u32>,
    /// Organization that runs the servers.
    pub organization: Option<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Subscription it is managed under.
    pub subscription_id: Option<SubscriptionId>,
}

/// How much of the network transfers take.
#[model]
pub enum NetworkUse {
    /// An average, by the number of servers.
    Normal,
    /// Little.
    Minimal,
    /// Much.
    Aggressive,
    /// As the four numbers for concurrency and parallelism say.
    Custom,
}

/// What an update of the endpoint answers besides that it was done.
#[model]
pub enum EndpointInclude {
    /// The endpoint.
    Endpoint,
}

/// Changes of an endpoint: what is absent stays as it is.
#[model(data_type = "endpoint")]
pub struct EndpointDocument {
    /// Address of the support, which users see.
    pub contact_email: Option<String>,
    /// Other ways to reach the support, such as telephone and postal address; users see it.
    pub contact_info: Option<String>,
    /// Department that runs the servers: one line of at most 1024 characters.
    pub department: Option<String>,
    /// What the endpoint is for.
    pub description: Option<String>,
    /// Name that people see, on one line; other endpoints may have the same.
    pub display_name: Option<String>,
    /// Page with more about it.
    pub info_link: Option<String>,
    /// How much of the network transfers take; [`NetworkUse::Custom`] needs the four numbers below.
    pub network_use: Option<NetworkUse>,
    /// Organization that runs the servers: one line of at most 1024 characters.
    pub organization: Option<String>,
    /// Subscription to manage it under; `DEFAULT` is the caller's own.
    pub subscription_id: Field<SubscriptionId>,
    /// Words by which people find it, at most 1024 characters in all.
    pub keywords: Option<Vec<String>>,
    /// Whether transfers may use UDT.
    pub allow_udt: Option<bool>,
    /// Whether everybody can find it; otherwise those with a role, or of a domain that a storage gateway allows.
    pub public: Option<bool>,
    /// Files at once, at most; only with [`NetworkUse::Custom`].
    pub max_concurrency: Option<u32>,
    /// Streams for one file, at most; only with [`NetworkUse::Custom`].
    pub max_parallelism: Option<u32>,
    /// Files at once, when nothing else is wanted; only with [`NetworkUse::Custom`].
    pub preferred_concurrency: Option<u32>,
    /// Streams for one file, when nothing else is wanted; only with [`NetworkUse::Custom`].
    pub preferred_parallelism: Option<u32>,
    /// TCP port of the control channel; null is the default, 443 by the name of the protocol.
    #[since("1.1.0")]
    pub gridftp_control_channel_port: Field<u16>,
}
