//! Operations of [`TransferClient`] for those who manage the activity on collections: collections and tasks.
//!
//! They need the role of an activity monitor on the collection, those that change something of an activity manager.

use globus_sdk_macros::service;

use crate::models::{AdminCancelId, EndpointId, IdentityId, TaskId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    AccessRule, AdminCancel, Endpoint, EndpointUse, OperationResult, PauseInfo, SkippedError, SuccessfulTransfer, Task,
    TaskEvent, TaskStatus, TransferClient, checks, errors,
};

#[service(reference = "https://docs.globus.org/api/transfer/advanced_collection_management/",
    scope = TransferScopes::ALL, errors = [PERMISSION_DENIED])]
impl TransferClient {
    /// Lists the endpoints and collections whose activity the caller may see.
    #[get(
        "/v0.10/endpoint_manager/monitored_endpoints",
        list = "DATA",
        reference = "#get_monitored_endpoints_and_collections"
    )]
    fn endpoint_manager_monitored_endpoints() -> Endpoint;

    /// Lists the guest collections on a collection, with their owners.
    #[get("/v0.10/endpoint_manager/endpoint/{endpoint_id}/hosted_endpoint_list", list = "DATA",
        errors = [ENDPOINT_NOT_FOUND], reference = "#get_hosted_collection_list")]
    fn endpoint_manager_hosted_endpoint_list(
        /// The collection that they are on.
        endpoint_id: EndpointId,
    ) -> Endpoint;

    /// Reads an endpoint or a collection, also a private one on a managed host.
    #[get("/v0.10/endpoint_manager/endpoint/{endpoint_id}", errors = [ENDPOINT_NOT_FOUND],
        reference = "#mc_get_endpoint_or_collection")]
    fn endpoint_manager_get_endpoint(
        /// The endpoint or collection to read.
        endpoint_id: EndpointId,
    ) -> Endpoint;

    /// Lists who may read and write which folders of a guest collection on a managed host.
    #[get("/v0.10/endpoint_manager/endpoint/{endpoint_id}/access_list", list = "DATA", errors = [ENDPOINT_NOT_FOUND],
        reference = "#get_guest_collection_access_list_as_admin")]
    fn endpoint_manager_acl_list(
        /// The guest collection whose rules are wanted.
        endpoint_id: EndpointId,
    ) -> AccessRule;

    /// Lists the tasks of all users on managed collections; ended ones for about 30 days.
    #[get("/v0.10/endpoint_manager/task_list", page = LastKey("DATA"), check = checks::managed_tasks,
        errors = [BAD_REQUEST, PERMISSION_DENIED], reference = "#get_tasks")]
    fn endpoint_manager_task_list(
        /// Keep tasks of one of these states; `ACTIVE` and `INACTIVE` are those that go on.
        #[csv]
        filter_status: Option<Vec<TaskStatus>>,
        /// Keep these tasks, at most 50; goes with no other filter.
        #[csv]
        filter_task_id: Option<Vec<TaskId>>,
        /// Keep what this identity, or one that was linked to it, submitted; for ended tasks `filter_endpoint` is needed too.
        filter_owner_id: Option<IdentityId>,
        /// Keep tasks that use this endpoint or collection, or guest collections on it.
        filter_endpoint: Option<EndpointId>,
        /// Keep tasks that use it as `source` or as `destination`; only together with `filter_endpoint`.
        filter_endpoint_use: Option<EndpointUse>,
        /// Keep tasks that are paused, or those that are not; needs `filter_status` of tasks that go on.
        filter_is_paused: Option<bool>,
        /// Keep tasks that ended between two times: two ISO 8601 texts in whole seconds, UTC unless they say otherwise, or
        /// one text with a comma between them. One of the two may be empty.
        #[csv]
        filter_completion_time: Option<Vec<String>>,
        /// Keep tasks with so many errors or more, also those that were overcome.
        filter_min_faults: Option<u32>,
        /// Keep tasks that run under this account of the collection's host; needs `filter_endpoint`.
        filter_local_user: Option<String>,
        last_key: Option<String>,
    ) -> Task;

    /// Reads a task of any user on a managed collection.
    #[get("/v0.10/endpoint_manager/task/{task_id}", errors = [TASK_NOT_FOUND], reference = "#get_task")]
    fn endpoint_manager_get_task(
        /// The task to read.
        task_id: TaskId,
    ) -> Task;

    /// Lists what happened to a task, newest first. The service gives at most the first 1000.
    #[get("/v0.10/endpoint_manager/task/{task_id}/event_list", page = Total("DATA", 1000, 1000),
        errors = [TASK_NOT_FOUND], reference = "#get_task_events")]
    fn endpoint_manager_task_event_list(
        /// The task whose course is wanted.
        task_id: TaskId,
        /// Rows on a page, at most 1000.
        limit: Option<u32>,
        offset: Option<u32>,
        /// Keep events that are errors, or those that are not.
        #[bit]
        filter_is_error: Option<bool>,
    ) -> TaskEvent;

    /// Says why a task is paused.
    #[get("/v0.10/endpoint_manager/task/{task_id}/pause_info", errors = [TASK_NOT_FOUND],
        reference = "#get_task_pause_info_as_admin")]
    fn endpoint_manager_task_pause_info(
        /// The task that stands still.
        task_id: TaskId,
    ) -> PauseInfo;

    /// Lists the files that a task copied; paths on collections that the caller does not manage are left out.
    #[get("/v0.10/endpoint_manager/task/{task_id}/successful_transfers", page = NullableMarker("DATA", "next_marker"),
        errors = [TASK_NOT_FOUND], reference = "#get_task_successful_transfers_as_admin")]
    fn endpoint_manager_task_successful_transfers(
        /// The task, which must have ended.
        task_id: TaskId,
        marker: Option<String>,
    ) -> SuccessfulTransfer;

    /// Lists what a task passed over because of errors at the source.
    #[get("/v0.10/endpoint_manager/task/{task_id}/skipped_errors", page = NullableMarker("DATA", "next_marker"),
        errors = [TASK_NOT_FOUND], reference = "#get_task_skipped_errors_as_admin")]
    fn endpoint_manager_task_skipped_errors(
        /// The task, which must have ended.
        task_id: TaskId,
        marker: Option<String>,
    ) -> SkippedError;

    /// Begins to cancel tasks of any users. The answer's id tells how far it is.
    #[post("/v0.10/endpoint_manager/admin_cancel", idempotency = Repeatable, errors = [BAD_REQUEST, PERMISSION_DENIED],
        reference = "#admin_cancel")]
    fn endpoint_manager_cancel_tasks(
        /// The tasks to cancel.
        #[wire("task_id_list")]
        #[list]
        task_ids: Vec<TaskId>,
        /// What the owners of the tasks are told.
        message: String,
    ) -> AdminCancel;

    /// Says whether all tasks of a cancellation have ended.
    #[get("/v0.10/endpoint_manager/admin_cancel/{admin_cancel_id}", errors = [NOT_FOUND],
        reference = "#get_cancel_status_by_id")]
    fn endpoint_manager_cancel_status(
        /// Id from the answer to the cancellation.
        admin_cancel_id: AdminCancelId,
    ) -> AdminCancel;

    /// Pauses tasks of any users.
    #[post("/v0.10/endpoint_manager/admin_pause", idempotency = Repeatable, errors = [BAD_REQUEST, PERMISSION_DENIED],
        reference = "#pause_tasks_as_admin")]
    fn endpoint_manager_pause_tasks(
        /// The tasks to pause.
        #[wire("task_id_list")]
        #[list]
        task_ids: Vec<TaskId>,
        /// What the owners of the tasks are told.
        message: String,
    ) -> OperationResult;

    /// Lets tasks go on that were paused one by one; those that a rule pauses stay paused.
    #[post("/v0.10/endpoint_manager/admin_resume", idempotency = Repeatable, errors = [BAD_REQUEST, PERMISSION_DENIED],
        reference = "#resume_tasks_as_admin")]
    fn endpoint_manager_resume_tasks(
        /// The tasks to let go on.
        #[wire("task_id_list")]
        #[list]
        task_ids: Vec<TaskId>,
    ) -> OperationResult;
}
