//! Documents of the Flows API.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::{FlowId, PolicyId, SubscriptionId};

mod registered_apis;
mod runs;
mod web_inputs;

pub use registered_apis::*;
pub use runs::*;
pub use web_inputs::*;

/// A flow. Source: <https://flows.globus.org/redoc>.
#[model]
pub struct Flow {
    /// Id of the flow.
    pub id: Option<FlowId>,
    /// Title.
    pub title: Option<String>,
    /// Second line below the title.
    pub subtitle: Option<String>,
    /// What the flow does.
    pub description: Option<String>,
    /// Words by which people find it.
    pub keywords: Option<Vec<String>>,
    /// Its states and how they follow each other.
    pub definition: Option<Value>,
    /// JSON Schema of the input of a run.
    pub input_schema: Option<Value>,
    /// The scope that a token needs to run it.
    pub globus_auth_scope: Option<String>,
    /// User name of the identity as which it acts.
    pub globus_auth_username: Option<String>,
    /// That identity as a principal.
    pub principal_urn: Option<String>,
    /// Principal that owns it.
    pub flow_owner: Option<String>,
    /// Principals that may see it.
    pub flow_viewers: Option<Vec<String>>,
    /// Principals that may run it.
    pub flow_starters: Option<Vec<String>>,
    /// Principals that may change it.
    pub flow_administrators: Option<Vec<String>>,
    /// Principals that may change every run of it.
    pub run_managers: Option<Vec<String>>,
    /// Principals that may watch every run of it.
    pub run_monitors: Option<Vec<String>>,
    /// The caller's strongest role.
    pub user_role: Option<FlowRole>,
    /// All roles of the caller.
    pub user_roles: Option<Vec<FlowRole>>,
    /// When it was created, as ISO 8601 text.
    pub created_at: Option<String>,
    /// When it last changed, as ISO 8601 text.
    pub updated_at: Option<String>,
    /// Principal that created it.
    pub created_by: Option<String>,
    /// Whether a run ends with the request that starts it.
    pub synchronous: Option<bool>,
    /// Kinds of action provider that it is.
    pub types: Option<Vec<String>>,
    /// Whether its runs have a log.
    pub log_supported: Option<bool>,
    /// Version of the action provider interface.
    pub api_version: Option<String>,
    /// `flow_viewers` under its older name.
    pub visible_to: Option<Vec<String>>,
    /// `flow_starters` under its older name.
    pub runnable_by: Option<Vec<String>>,
    /// `flow_administrators` under its older name.
    pub administered_by: Option<Vec<String>>,
    /// Its own URL.
    pub action_url: Option<String>,
    /// Its own URL, under its newer name.
    pub flow_url: Option<String>,
    /// Subscription that pays for it.
    pub subscription_id: Option<SubscriptionId>,
    /// Policy that everybody who uses it must meet.
    pub authentication_policy_id: Option<PolicyId>,
    /// Whether it was deleted; only in the answer to that.
    #[wire("DELETED")]
    pub deleted: Option<bool>,
    /// When it was deleted, as ISO 8601 text.
    pub deleted_at: Option<String>,
}

/// What is known about a definition that is in order.
#[model]
pub struct FlowValidation {
    /// The scopes that runs need.
    pub scopes: Option<FlowValidationScopes>,
}

/// The scopes that runs of a definition need, by the role as which a state runs (`RunAs`).
#[model]
pub struct FlowValidationScopes {
    /// Scopes of states that run as whoever starts the run, as is usual. Those of other roles are in `extra`.
    #[wire("User")]
    pub user: Option<Vec<String>>,
}

/// What a principal may do with a flow or a run.
#[model]
pub enum FlowRole {
    /// May see the flow.
    FlowViewer,
    /// May run the flow.
    FlowStarter,
    /// May change the flow.
    FlowAdministrator,
    /// Owns the flow.
    FlowOwner,
    /// May watch a run.
    RunMonitor,
    /// May change a run.
    RunManager,
    /// Started a run.
    RunOwner,
    /// May watch every run of a flow.
    FlowRunMonitor,
    /// May change every run of a flow.
    FlowRunManager,
}
