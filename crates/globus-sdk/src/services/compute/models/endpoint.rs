//! Endpoints and the service itself.

use globus_sdk_macros::model;
use serde_json::Value;

use super::{Moment, TextOr};
use crate::models::{ComputeEndpointId, FunctionId, IdentityId, PolicyId, SubscriptionId};

/// Whose version is asked for.
#[model]
pub enum VersionService {
    /// The API.
    Api,
    /// The API and whatever works with it.
    All,
}

/// The version of the API as text, or all versions.
pub type VersionAnswer = TextOr<Versions>;

/// Versions of the API and of what works with it.
#[model]
pub struct Versions {
    /// Version of the API.
    pub api: Option<String>,
    /// Oldest SDK that works with it.
    pub min_sdk_version: Option<String>,
    /// Oldest endpoint that works with it.
    pub min_ep_version: Option<String>,
    /// The same under another name.
    pub min_endpoint_version: Option<String>,
    /// Commit of the service.
    pub git_sha: Option<String>,
    /// Version of the service for containers.
    pub container_service: Option<String>,
}

/// Where the caller's results come.
#[model]
pub struct ResultAmqpUrl {
    /// What the names of the caller's queues begin with.
    pub queue_prefix: Option<String>,
    /// Address with credentials.
    #[secret]
    pub connection_url: Option<String>,
}

/// An endpoint. Source: <https://compute.api.globus.org/redoc#tag/Endpoints>.
#[model]
pub struct Endpoint {
    /// Id of the endpoint.
    pub uuid: Option<ComputeEndpointId>,
    /// Name on its host.
    pub name: Option<String>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Who owns it; only in lists.
    pub owner: Option<IdentityId>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it starts endpoints for its users.
    pub multi_user: Option<bool>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// Whether it may be used with protected data.
    pub high_assurance: Option<bool>,
    /// Text of its configuration file.
    pub endpoint_config: Option<String>,
    /// Template of its users' configurations: a text, or in older endpoints an object of their own making.
    pub user_config_template: Option<Value>,
    /// JSON schema of what users may set in it.
    pub user_config_schema: Option<Value>,
    /// Host on which it runs.
    pub hostname: Option<String>,
    /// Account under which it runs.
    pub local_user: Option<String>,
    /// Address from which it was registered.
    pub ip_address: Option<String>,
    /// Version of the endpoint's program.
    pub endpoint_version: Option<String>,
    /// Version of its SDK.
    pub sdk_version: Option<String>,
    /// Version of its Python.
    pub python_version: Option<String>,
    /// The subscription it belongs to.
    pub subscription_uuid: Option<SubscriptionId>,
    /// Whether an administrator of that subscription vouches for it.
    pub subscription_admin_verified: Option<bool>,
}

/// Which endpoints are listed.
#[model]
pub enum EndpointRole {
    /// Those that the caller owns.
    Owner,
    /// Those that the caller may use.
    Any,
}

/// Whether an endpoint is connected.
#[model]
pub struct EndpointStatus {
    /// Its state.
    pub status: Option<EndpointState>,
    /// How busy it is.
    pub details: Option<EndpointStatusDetails>,
}

/// States of an endpoint.
#[model]
pub enum EndpointState {
    /// Connected.
    Online,
    /// Not connected.
    Offline,
}

/// How busy an endpoint is.
#[model]
pub struct EndpointStatusDetails {
    /// Number of workers.
    pub total_workers: Option<u64>,
    /// Number of workers without a task.
    pub idle_workers: Option<u64>,
    /// Number of tasks that wait.
    pub pending_tasks: Option<u64>,
    /// Number of tasks that have not ended.
    pub outstanding_tasks: Option<u64>,
    /// Number of managers of workers.
    pub managers: Option<u64>,
}

/// An endpoint to register. Source: <https://compute.api.globus.org/redoc#tag/Endpoints>.
#[model]
pub struct EndpointRegistration {
    /// Name on its host.
    pub endpoint_name: Option<String>,
    /// Id of the endpoint; second version of the API only, the third chooses it.
    pub endpoint_uuid: Option<ComputeEndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// Version of the endpoint's program.
    pub version: Option<String>,
    /// Whether it starts endpoints for its users.
    pub multi_user: Option<bool>,
    /// The only functions that it shall run; any when absent.
    pub allowed_functions: Option<Vec<FunctionId>>,
    /// Policy that its users must fulfil.
    pub authentication_policy: Option<PolicyId>,
    /// Whether it may be used with protected data; third version of the API only.
    pub high_assurance: Option<bool>,
    /// The subscription it belongs to; third version of the API only.
    pub subscription_uuid: Option<SubscriptionId>,
    /// Who administers it beside its owner; needs a subscription and the third version of the API.
    pub admins: Option<Vec<IdentityId>>,
    /// Whether everybody can find it, which lets nobody use it; third version of the API only.
    pub public: Option<bool>,
    /// What else is told about it.
    pub metadata: Option<EndpointMetadata>,
}

/// What is told about an endpoint when it is registered.
#[model]
pub struct EndpointMetadata {
    /// Text of its configuration file.
    pub endpoint_config: Option<String>,
    /// Template of its users' configurations: a text, or in older endpoints an object of their own making.
    pub user_config_template: Option<Value>,
    /// JSON schema of what users may set in it.
    pub user_config_schema: Option<Value>,
    /// What it is for.
    pub description: Option<String>,
    /// Its address.
    pub ip_address: Option<String>,
    /// Host on which it runs.
    pub hostname: Option<String>,
    /// Account under which it runs.
    pub local_user: Option<String>,
    /// Version of its SDK.
    pub sdk_version: Option<String>,
    /// Version of the endpoint's program.
    pub endpoint_version: Option<String>,
    /// Version of its Python.
    pub python_version: Option<String>,
}

/// A registered endpoint: where its tasks come and its results go.
#[model]
pub struct RegisteredEndpoint {
    /// Id of the endpoint.
    pub endpoint_id: Option<ComputeEndpointId>,
    /// The queue in which its tasks come.
    pub task_queue_info: Option<QueueInfo>,
    /// The queue in which commands come, for an endpoint that starts others.
    pub command_queue_info: Option<QueueInfo>,
    /// The queue to which its results go.
    pub result_queue_info: Option<QueueInfo>,
    /// The queue to which it says that it is alive.
    pub heartbeat_queue_info: Option<QueueInfo>,
    /// What the service frowns upon.
    pub warnings: Option<Vec<String>>,
}

/// A queue.
#[model]
pub struct QueueInfo {
    /// Address with credentials.
    #[secret]
    pub connection_url: Option<String>,
    /// Exchange of the queue.
    pub exchange: Option<String>,
    /// Name of the queue.
    pub queue: Option<String>,
    /// How messages are published, for a queue that is written.
    pub queue_publish_kwargs: Option<QueuePublish>,
}

/// How messages are published.
#[model]
pub struct QueuePublish {
    /// Exchange to publish to.
    pub exchange: Option<String>,
    /// Key by which messages find their queue.
    pub routing_key: Option<String>,
    /// Whether a message without a queue is an error.
    pub mandatory: Option<bool>,
    /// Properties of each message.
    pub properties: Option<QueuePublishProperties>,
}

/// Properties of a message.
#[model]
pub struct QueuePublishProperties {
    /// 2 for messages that outlive the broker's restart, else 1.
    pub delivery_mode: Option<u64>,
}

/// An endpoint that cannot register for a while.
#[model]
pub struct EndpointLock {
    /// The endpoint.
    pub endpoint_id: Option<ComputeEndpointId>,
    /// When it can again: a text in the second version of the API, seconds in the third.
    pub lock_expiration_timestamp: Option<Moment>,
}

/// Which functions an endpoint runs.
#[model]
pub struct EndpointAllowlist {
    /// The endpoint.
    pub endpoint_id: Option<ComputeEndpointId>,
    /// Whether it runs only these.
    pub restricted: Option<bool>,
    /// The functions, where it runs only these.
    pub functions: Option<Vec<FunctionId>>,
}

/// What became of a removal.
#[model]
pub struct ResultCode {
    /// A number like an HTTP status; 302 when it was removed.
    pub result: Option<u16>,
}
