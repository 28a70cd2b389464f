//! Compute: functions that run on endpoints of their users.
//!
//! API: <https://compute.api.globus.org/redoc>. Resource server `funcx_service`. Functions and their arguments are
//! serialized by whoever registers and submits them; the service passes them on as they are.

pub(crate) mod errors;
mod models;
pub mod operations;

pub use models::*;

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
        error_text: errors::error_text,
        operations: [
            operations::v2::service::COMPUTE_CLIENT_V2_OPERATIONS,
            operations::v2::endpoints::COMPUTE_CLIENT_V2_OPERATIONS,
            operations::v2::functions::COMPUTE_CLIENT_V2_OPERATIONS,
            operations::v2::tasks::COMPUTE_CLIENT_V2_OPERATIONS,
        ],
    }
}

client! {
    /// Functions and their tasks, third version of the API.
    ///
    /// It has what changed since the second; everything else is asked of [`ComputeClientV2`].
    pub struct ComputeClientV3 {
        id: "compute_v3",
        service: Some("compute"),
        resource_server: ResourceServer::Static(ComputeScopes::RESOURCE_SERVER),
        default_scopes: &[ComputeScopes::ALL],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        operations: [
            operations::v3::endpoints::COMPUTE_CLIENT_V3_OPERATIONS,
            operations::v3::functions::COMPUTE_CLIENT_V3_OPERATIONS,
            operations::v3::tasks::COMPUTE_CLIENT_V3_OPERATIONS,
        ],
    }
}
