//! Runs, their logs, and what is checked before one starts.

use globus_sdk_macros::model;
use serde_json::Value;

use super::{Flow, FlowRole};
use crate::models::{FlowId, RunId, WebInputId};

/// A run of a flow. Source: <https://flows.globus.org/redoc>.
#[model]
pub struct Run {
    /// Id of the run.
    pub run_id: Option<RunId>,
    /// The same, under its older name.
    pub action_id: Option<RunId>,
    /// The flow.
    pub flow_id: Option<FlowId>,
    /// Its title when the run started.
    pub flow_title: Option<String>,
    /// When the flow had last changed, as ISO 8601 text.
    pub flow_last_updated: Option<String>,
    /// The flow, when it was asked for; some of its fields only.
    pub flow_description: Option<Flow>,
    /// When it started, as ISO 8601 text.
    pub start_time: Option<String>,
    /// When it ended, as ISO 8601 text.
    pub completion_time: Option<String>,
    /// How far it is.
    pub status: Option<RunStatus>,
    /// The status in words.
    pub display_status: Option<String>,
    /// What happened last, and the output. Lists may leave it out.
    pub details: Option<RunDetails>,
    /// Short text that tells it from others.
    pub label: Option<String>,
    /// Words by which people find it.
    pub tags: Option<Vec<String>>,
    /// Principal that started it.
    pub run_owner: Option<String>,
    /// Principals that may change it.
    pub run_managers: Option<Vec<String>>,
    /// Principals that may watch it.
    pub run_monitors: Option<Vec<String>>,
    /// The caller's strongest role.
    pub user_role: Option<FlowRole>,
    /// All roles of the caller.
    pub user_roles: Option<Vec<FlowRole>>,
    /// The web input that it waits for.
    pub blocking_web_input_id: Option<WebInputId>,
    /// Principal that made it.
    pub created_by: Option<String>,
    /// `run_managers` under its older name.
    pub manage_by: Option<Vec<String>>,
    /// `run_monitors` under its older name.
    pub monitor_by: Option<Vec<String>>,
}

/// How far a run is.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RunStatus {
    /// It goes on.
    Active,
    /// It waits for a person.
    Inactive,
    /// It ended well.
    Succeeded,
    /// It ended badly.
    Failed,
    /// It was ended.
    Ended,
}

/// What happened last in a run. Which fields are there depends on the code.
#[model]
pub struct RunDetails {
    /// What it is, for example `FlowSucceeded`, `FlowFailed`, `FlowCanceled` or `ConsentRequired`.
    pub code: Option<String>,
    /// The same in words.
    pub description: Option<String>,
    /// When it happened, as ISO 8601 text.
    pub time: Option<String>,
    /// More about it, for example the input of a run that starts; each flow has a form of its own.
    pub details: Option<Value>,
    /// What the run made, once it has succeeded.
    pub output: Option<Value>,
    /// The state that waits for a person.
    pub state_name: Option<String>,
    /// With `ConsentRequired`: the scope, with its dependencies, to which the person has to consent.
    pub required_scope: Option<String>,
    /// With `AuthorizationParameters`: what the person's session has to fulfil, in the form of the service that wants it;
    /// [`to_gare`](crate::gare::to_gare) reads the details as a whole.
    pub authorization_parameters: Option<Value>,
    /// What the actions say for which the run waits.
    pub action_statuses: Option<Vec<ActionStatus>>,
}

/// How far an action of a run is, as its action provider says.
#[model]
pub struct ActionStatus {
    /// Id that the provider gave the action.
    pub action_id: Option<String>,
    /// The state that called it.
    pub state_name: Option<String>,
    /// How far it is.
    pub status: Option<RunStatus>,
    /// The status in words.
    pub display_status: Option<String>,
    /// Principal as which it acts.
    pub creator_id: Option<String>,
    /// When it began, as ISO 8601 text.
    pub start_time: Option<String>,
    /// When it ended, as ISO 8601 text.
    pub completion_time: Option<String>,
    /// How long the provider remembers it then, as an ISO 8601 duration such as `P30D`.
    pub release_after: Option<String>,
    /// Short text that tells it from others.
    pub label: Option<String>,
    /// Principals that may watch it.
    pub monitor_by: Option<Vec<String>>,
    /// Principals that may change it.
    pub manage_by: Option<Vec<String>>,
    /// What it made, or what it lacks: each provider has a form of its own.
    pub details: Option<Value>,
}

/// One thing that happened in a run.
#[model]
pub struct RunLogEntry {
    /// When it happened, as ISO 8601 text.
    pub time: Option<String>,
    /// What it is, for example `FlowStarted`, `ActionCompleted` or `FlowSucceeded`.
    pub code: Option<String>,
    /// The same in words.
    pub description: Option<String>,
    /// More about it: name and type of the state, its input or its output.
    pub details: Option<Value>,
}

/// What a run was started with.
#[model]
pub struct RunDefinition {
    /// The flow.
    pub flow_id: Option<FlowId>,
    /// Its states at that time and how they followed each other.
    pub definition: Option<Value>,
    /// JSON Schema of the run's input at that time.
    pub input_schema: Option<Value>,
}

/// On which statuses the owner of a run is notified by mail.
#[model]
pub struct RunActivityNotificationPolicy {
    /// `INACTIVE`, `SUCCEEDED`, `FAILED`, or none of them; the service's own choice when absent.
    pub status: Option<Vec<RunStatus>>,
}

impl RunActivityNotificationPolicy {
    /// A mail when the run gets one of these statuses; none at all for an empty list.
    pub fn new(status: impl IntoIterator<Item = impl Into<RunStatus>>) -> Self {
        Self {
            status: Some(status.into_iter().map(Into::into).collect()),
            ..Self::default()
        }
    }
}

/// What the service says about a run that could be started.
#[model]
pub struct RunValidation {
    /// That all is in order, in words.
    pub message: Option<String>,
}
