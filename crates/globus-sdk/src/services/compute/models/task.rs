//! Tasks: runs of functions.

use std::collections::BTreeMap;

use globus_sdk_macros::model;
use serde_json::Value;

use super::{Moment, TextOr};
use crate::models::{ComputeEndpointId, ComputeTaskId, FunctionId, TaskGroupId};

/// A task. Source: <https://compute.api.globus.org/redoc#tag/Tasks>.
#[model]
pub struct Task {
    /// Id of the task.
    pub task_id: Option<ComputeTaskId>,
    /// How far it has come.
    pub status: Option<TaskStatus>,
    /// The serialized result, once it ended well.
    pub result: Option<String>,
    /// The serialized exception, once it ended badly.
    pub exception: Option<String>,
    /// Why it ended badly, in words.
    pub reason: Option<String>,
    /// When it ended.
    pub completion_t: Option<Moment>,
    /// Where and when it ran.
    pub details: Option<TaskDetails>,
}

/// How far a task has come.
#[model(rename_all = "kebab-case")]
pub enum TaskStatus {
    /// Was taken.
    Received,
    /// Waits.
    Pending,
    /// Waits for its endpoint.
    WaitingForEp,
    /// Waits for nodes of the endpoint's cluster.
    WaitingForNodes,
    /// Waits for a worker.
    WaitingForLaunch,
    /// Runs.
    Running,
    /// Ended well.
    Success,
    /// Ended badly.
    Failed,
}

impl TaskStatus {
    /// Whether the task has ended.
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}

/// Where and when a task ran.
#[model]
pub struct TaskDetails {
    /// Operating system of the worker.
    pub os: Option<String>,
    /// Version of its Python.
    pub python_version: Option<String>,
    /// Version of the library that serializes.
    pub dill_version: Option<String>,
    /// Version of its SDK.
    pub globus_compute_sdk_version: Option<String>,
    /// When it ran.
    pub task_transitions: Option<TaskTransitions>,
}

/// When a task came to its stages, in seconds since 1970.
#[model]
pub struct TaskTransitions {
    /// When it began to run.
    #[wire("execution-start")]
    pub execution_start: Option<f64>,
    /// When it stopped to run.
    #[wire("execution-end")]
    pub execution_end: Option<f64>,
}

/// How far several tasks have come.
#[model]
pub struct TaskBatch {
    /// `batch`.
    pub response: Option<String>,
    /// The tasks by their ids.
    pub results: Option<BTreeMap<ComputeTaskId, Option<Task>>>,
}

/// Tasks that were submitted together.
#[model]
pub struct TaskGroup {
    /// Id of the group.
    pub taskgroup_id: Option<TaskGroupId>,
    /// Whether its results come in a queue of their own.
    pub create_websockets_queue: Option<bool>,
    /// The tasks.
    pub tasks: Option<Vec<TaskGroupTask>>,
}

/// One task of a group.
#[model]
pub struct TaskGroupTask {
    /// Id of the task.
    pub id: Option<ComputeTaskId>,
    /// When it was submitted, as `YYYY-MM-DDThh:mm:ss.ffffff` in UTC.
    pub created_at: Option<String>,
}

/// Tasks to submit by the second version of the API.
#[model]
pub struct BatchSubmitRequestV2 {
    /// A group to which they belong; a new one when absent.
    pub task_group_id: Option<TaskGroupId>,
    /// Whether results come in a queue of their own; they do when absent.
    pub create_websocket_queue: Option<bool>,
    /// The tasks, each as function, endpoint and serialized arguments.
    pub tasks: Vec<(FunctionId, ComputeEndpointId, String)>,
}

impl BatchSubmitRequestV2 {
    /// No task yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a run of a function on an endpoint with serialized arguments.
    pub fn add_task(
        &mut self,
        function: impl Into<FunctionId>,
        endpoint: impl Into<ComputeEndpointId>,
        arguments: impl Into<String>,
    ) -> &mut Self {
        self.tasks.push((function.into(), endpoint.into(), arguments.into()));
        self
    }
}

/// What became of a submission by the second version of the API.
#[model]
pub struct BatchSubmitResponseV2 {
    /// `success`, or `batch` where some tasks were not taken.
    pub response: Option<String>,
    /// The group to which the tasks belong.
    pub task_group_id: Option<TaskGroupId>,
    /// What became of each task, in their order.
    pub results: Option<Vec<TextOr<SubmittedTask>>>,
}

/// What became of one task of a submission.
#[model]
pub struct SubmittedTask {
    /// `success` when it was taken.
    pub status: Option<String>,
    /// Id of the task.
    pub task_uuid: Option<ComputeTaskId>,
    /// HTTP status of this task alone.
    pub http_status_code: Option<u16>,
    /// Why it was not taken.
    pub reason: Option<String>,
}

/// Tasks to submit to one endpoint by the third version of the API.
#[model]
pub struct BatchSubmitRequestV3 {
    /// A group that there is already; a new one when absent.
    pub task_group_id: Option<TaskGroupId>,
    /// Whether results also come in a queue of the group; they do not when absent.
    pub create_queue: Option<bool>,
    /// Serialized arguments by function; each makes a task.
    pub tasks: BTreeMap<FunctionId, Vec<String>>,
    /// Values for the template of the user's endpoint, as its administrators allow.
    pub user_endpoint_config: Option<BTreeMap<String, Value>>,
    /// What the tasks need of a cluster.
    pub resource_specification: Option<ResourceSpecification>,
    /// With what the tasks were made.
    pub user_runtime: Option<UserRuntime>,
    /// Import paths of the classes with which results are serialized, the first that works.
    pub result_serializers: Option<Vec<String>>,
}

impl BatchSubmitRequestV3 {
    /// No task yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a run of a function with serialized arguments.
    pub fn add_task(&mut self, function: impl Into<FunctionId>, arguments: impl Into<String>) -> &mut Self {
        self.tasks.entry(function.into()).or_default().push(arguments.into());
        self
    }
}

/// What MPI tasks need of a cluster.
#[model]
pub struct ResourceSpecification {
    /// Number of nodes.
    pub num_nodes: Option<u64>,
    /// Number of ranks on each node.
    pub ranks_per_node: Option<u64>,
    /// Number of ranks altogether.
    pub num_ranks: Option<u64>,
    /// Options of the launcher's command line.
    pub launcher_options: Option<String>,
}

/// With what tasks were made.
#[model]
pub struct UserRuntime {
    /// Version of the Compute SDK.
    pub globus_compute_sdk_version: Option<String>,
    /// Version of the Globus SDK.
    pub globus_sdk_version: Option<String>,
    /// Version of Python in one text; `python` says more.
    pub python_version: Option<String>,
    /// The Python.
    pub python: Option<PythonInfo>,
    /// The machine.
    pub platform: Option<PlatformInfo>,
}

/// The Python with which tasks were made.
#[model]
pub struct PythonInfo {
    /// Version, for example `3.13.7`.
    pub version: Option<String>,
    /// The same as numbers.
    pub version_tuple: Option<Vec<u64>>,
    /// `sys.version_info`, a list of numbers and a text.
    pub version_info: Option<Vec<Value>>,
    /// `sys.version`, with date and compiler.
    pub version_description: Option<String>,
    /// Implementation, for example `CPython`.
    pub implementation: Option<String>,
    /// Compiler with which it was built.
    pub compiler: Option<String>,
}

/// The machine on which tasks were made.
#[model]
pub struct PlatformInfo {
    /// Width and linkage of programs, for example `64bit` and `ELF`.
    pub architecture: Option<Vec<String>>,
    /// Kind of machine, for example `x86_64`.
    pub machine: Option<String>,
    /// Name of the host.
    pub node: Option<String>,
    /// Operating system in one text.
    pub platform: Option<String>,
    /// Processor, for example `x86_64`.
    pub processor: Option<String>,
    /// Release of the operating system.
    pub release: Option<String>,
}

/// What became of a submission by the third version of the API.
#[model]
pub struct BatchSubmitResponseV3 {
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// The group to which the tasks belong.
    pub task_group_id: Option<TaskGroupId>,
    /// The endpoint that runs them.
    pub endpoint_id: Option<ComputeEndpointId>,
    /// Ids of the tasks by function, in the order of their arguments.
    pub tasks: Option<BTreeMap<FunctionId, Option<Vec<ComputeTaskId>>>>,
    /// What the submitter must be told about protected data.
    pub ha_warning: Option<String>,
}
