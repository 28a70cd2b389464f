//! Operations of [`TransferClient`] on tasks.

use globus_sdk_macros::service;

use crate::models::TaskId;
use crate::scopes::TransferScopes;
use crate::services::transfer::composites::task_wait;
use crate::services::transfer::{
    OperationResult, PauseInfo, SkippedError, SuccessfulTransfer, Task, TaskEvent, TaskOutcome, TaskUpdate,
    TransferClient, TransferFilter, errors,
};

#[service(reference = "https://docs.globus.org/api/transfer/task/", scope = TransferScopes::ALL,
    errors = [TASK_NOT_FOUND])]
impl TransferClient {
    /// Reads one task.
    #[get("/v0.10/task/{task_id}", reference = "#get_task_by_id")]
    fn get_task(
        /// The task to read.
        task_id: TaskId,
    ) -> Task;

    /// Lists the caller's tasks, newest first. The service gives at most the first 1000.
    #[get("/v0.10/task_list", page = Total("DATA", 1000, 1000), errors = [BAD_REQUEST], reference = "#get_task_list")]
    fn task_list(
        /// Rows on a page, at most 1000.
        limit: Option<u32>,
        offset: Option<u32>,
        /// Sort keys, each a field and `ASC` or `DESC`, for example `request_time DESC`.
        #[csv]
        orderby: Option<Vec<String>>,
        /// Conditions that must hold together, such as `{"status": ["ACTIVE", "INACTIVE"], "type": "TRANSFER"}`.
        #[filter]
        filter: Option<Json<TransferFilter>>,
    ) -> Task;

    /// Changes label or deadline of a task that goes on.
    #[put("/v0.10/task/{task_id}", errors = [BAD_REQUEST], reference = "#update_task_by_id")]
    fn update_task(
        /// The task to change.
        task_id: TaskId,
        /// The fields with their new values: `label` (at most 128 characters), `deadline`.
        #[document]
        data: Json<TaskUpdate>,
    ) -> OperationResult;

    /// Cancels a task. The code of the answer is `Canceled`, `CancelAccepted` if it takes longer, or `TaskComplete` if
    /// there was nothing left to cancel.
    #[post("/v0.10/task/{task_id}/cancel", idempotency = Repeatable, reference = "#cancel_task_by_id")]
    fn cancel_task(
        /// The task to cancel.
        task_id: TaskId,
    ) -> OperationResult;

    /// Lists what happened to a task, newest first. The service gives at most the first 1000.
    #[get("/v0.10/task/{task_id}/event_list", page = Total("DATA", 1000, 1000), reference = "#get_event_list")]
    fn task_event_list(
        /// The task that the events are about.
        task_id: TaskId,
        /// Rows on a page, at most 1000.
        limit: Option<u32>,
        offset: Option<u32>,
    ) -> TaskEvent;

    /// Lists the files that a transfer copied, once it has succeeded; folders and deleted files are not among them.
    #[get("/v0.10/task/{task_id}/successful_transfers", page = NullableMarker("DATA", "next_marker"),
        reference = "#get_task_successful_transfers")]
    fn task_successful_transfers(
        /// The task that copied the files.
        task_id: TaskId,
        marker: Option<String>,
    ) -> SuccessfulTransfer;

    /// Lists what a transfer passed over because it was told to skip errors of the source.
    #[get("/v0.10/task/{task_id}/skipped_errors", page = NullableMarker("DATA", "next_marker"),
        reference = "#get_task_skipped_errors")]
    fn task_skipped_errors(
        /// The task that met the errors.
        task_id: TaskId,
        marker: Option<String>,
    ) -> SkippedError;

    /// Says why a task is paused or about to be.
    #[get("/v0.10/task/{task_id}/pause_info", reference = "#get_task_pause_info")]
    fn task_pause_info(
        /// The task that is paused.
        task_id: TaskId,
    ) -> PauseInfo;

    /// Waits until a task goes on no more, or the time is up.
    ///
    /// The task is read at once and then every `polling_interval`. The last reading may end later than `timeout`, as every
    /// request takes its time. A call by name answers only whether the task goes on no more, for better or worse.
    #[get("/v0.10/task/{task_id}", composite = task_wait, reference = "#get_task_by_id")]
    fn task_wait(
        /// The task to wait for.
        task_id: TaskId,
        /// Seconds to wait in all, at least 1; 10 when absent.
        #[local]
        #[default(10)]
        timeout: Option<u64>,
        /// Seconds from one look at the task to the next, at least 1 and at most `timeout`; as many as 10 when absent.
        #[local]
        #[default(10)]
        polling_interval: Option<u64>,
    ) -> TaskOutcome;
}
