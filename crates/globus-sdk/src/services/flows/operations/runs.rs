//! Operations on runs, for those who watch and manage them.

use globus_sdk_macros::service;

use crate::models::{FlowId, RunId};
use crate::scopes::FlowsScopes;
use crate::services::flows::{FlowRole, FlowsClient, Run, RunDefinition, RunLogEntry, errors};

#[service(reference = "https://flows.globus.org/redoc", errors = [FORBIDDEN, NOT_FOUND])]
impl FlowsClient {
    /// Lists the runs that the caller may see.
    #[get("/runs", scopes = [FlowsScopes::RUN_STATUS, FlowsScopes::ALL], page = Marker("runs"),
        errors = [FORBIDDEN, NOT_FOUND], reference = "#tag/Runs/paths/~1runs/get")]
    fn list_runs(
        /// Keep runs of these flows.
        #[csv]
        filter_flow_id: Option<Vec<FlowId>>,
        /// Keep runs on which the caller holds one of these roles.
        #[csv]
        filter_roles: Option<Vec<FlowRole>>,
        marker: Option<String>,
    ) -> Run;

    /// Reads one run: how far it is, and its output when it has ended.
    #[get("/runs/{run_id}", scopes = [FlowsScopes::RUN_STATUS, FlowsScopes::ALL],
        reference = "#tag/Runs/paths/~1runs~1{run_id}/get")]
    fn get_run(
        /// The run to read.
        run_id: RunId,
        /// Whether the answer describes the flow too, as `flow_description`.
        include_flow_description: Option<bool>,
    ) -> Run;

    /// Reads what a run was started with: the flow's definition and input schema at that time.
    #[get("/runs/{run_id}/definition", scopes = [FlowsScopes::RUN_STATUS, FlowsScopes::ALL],
        reference = "#tag/Runs/paths/~1runs~1{run_id}~1definition/get")]
    fn get_run_definition(
        /// The run whose definition is wanted.
        run_id: RunId,
    ) -> RunDefinition;

    /// Lists what happened in a run, oldest first.
    #[get("/runs/{run_id}/log", scopes = [FlowsScopes::RUN_STATUS, FlowsScopes::ALL], page = Marker("entries"),
        errors = [BAD_QUERY], reference = "#tag/Runs/paths/~1runs~1{action_id}~1log/get")]
    fn get_run_logs(
        /// The run whose log is wanted.
        run_id: RunId,
        /// Rows on a page, 1 to 100; 10 when absent.
        limit: Option<u32>,
        /// Whether the newest entry comes first.
        reverse_order: Option<bool>,
        marker: Option<String>,
    ) -> RunLogEntry;

    /// Ends a run before its time. It ends as `FAILED`, with the code `FlowCanceled` in its details.
    ///
    /// The answer may come before the run has ended.
    #[post("/runs/{run_id}/cancel", scopes = [FlowsScopes::RUN_MANAGE, FlowsScopes::ALL], idempotency = Repeatable,
        errors = [BAD_GATEWAY], reference = "#tag/Runs/paths/~1runs~1{run_id}~1cancel/post")]
    fn cancel_run(
        /// The run to end.
        run_id: RunId,
    ) -> Run;

    /// Changes fields of a run; those that are not given stay. A list is replaced as a whole.
    #[put("/runs/{run_id}", scopes = [FlowsScopes::RUN_MANAGE, FlowsScopes::ALL], errors = [UNPROCESSABLE, BAD_GATEWAY],
        reference = "#tag/Runs/paths/~1runs~1{run_id}/put")]
    fn update_run(
        /// The run to change.
        run_id: RunId,
        /// New short text that tells the run from others, at most 64 characters.
        label: Option<String>,
        /// New words by which people find the run.
        #[list]
        tags: Option<Vec<String>>,
        /// Principals that may watch the run from now on.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// Principals that may change the run from now on.
        #[list]
        run_managers: Option<Vec<String>>,
    ) -> Run;

    /// Deletes a run that has ended; the answer is the run as it was. One that goes on is refused (`STATE_CONFLICT`).
    #[post("/runs/{run_id}/release", scopes = [FlowsScopes::RUN_MANAGE, FlowsScopes::ALL], idempotency = Repeatable,
        errors = [STATE_CONFLICT, BAD_GATEWAY], reference = "#tag/Runs/paths/~1runs~1{run_id}~1release/post")]
    fn delete_run(
        /// The run to delete.
        run_id: RunId,
    ) -> Run;
}
