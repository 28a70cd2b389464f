//! Flows: automation of data management, from a definition to its runs.
//!
//! API: <https://flows.globus.org/redoc>. Resource server `flows.globus.org`; each flow is a resource
//! server of its own for its runs.

mod app_scopes;
pub(crate) mod errors;
mod models;
pub mod operations;
mod providers;
mod requirements;

pub use models::*;
pub(crate) use providers::run_scope;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::{FlowsScopes, SpecificFlowScopes};

client! {
    /// Creates, lists and changes flows, and looks after their runs.
    pub struct FlowsClient {
        id: "flows",
        service: Some("flows"),
        resource_server: ResourceServer::Static(FlowsScopes::RESOURCE_SERVER),
        default_scopes: &[FlowsScopes::ALL],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        operations: [
            operations::flows::FLOWS_CLIENT_OPERATIONS,
            operations::runs::FLOWS_CLIENT_OPERATIONS,
            operations::web_inputs::FLOWS_CLIENT_OPERATIONS,
            operations::registered_apis::FLOWS_CLIENT_OPERATIONS,
        ],
    }
}

client! {
    /// Starts and resumes runs of one flow, with a token for that flow.
    pub struct SpecificFlowClient {
        id: "specific_flow",
        service: Some("flows"),
        resource_server: ResourceServer::FromVariable("flow_id"),
        default_scopes: &[],
        scopes_of: "https://auth.globus.org/scopes/{flow_id}/flow_{flow_id with _ for -}_user" =>
            |flow_id| SpecificFlowScopes::new(flow_id).map(|scopes| scopes.user().clone()),
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        vars: [flow_id],
        operations: [operations::specific_flow::SPECIFIC_FLOW_CLIENT_OPERATIONS],
    }
}
