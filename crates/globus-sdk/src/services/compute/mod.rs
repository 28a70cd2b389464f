//! Compute: functions that run on endpoints of their users.
//!
//! API: <https://compute.api.globus.org/redoc>. No operation is declared yet; plain requests and calls of an app work.

pub(crate) mod errors;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::ComputeScopes;

client! {
    /// Functions and their tasks, second version of the API.
    pub struct ComputeClientV2 {
        id: "compute_v2",
        service: Some("compute"),
        resource_server: ResourceServer::Static(ComputeScopes::RESOURCE_SERVER),
        default_scopes: &[ComputeScopes::ALL],
        errors: &errors::SHAPE,
        operations: [],
    }
}

client! {
    /// Functions and their tasks, third version of the API.
    pub struct ComputeClientV3 {
        id: "compute_v3",
        service: Some("compute"),
        resource_server: ResourceServer::Static(ComputeScopes::RESOURCE_SERVER),
        default_scopes: &[ComputeScopes::ALL],
        errors: &errors::SHAPE,
        operations: [],
    }
}
