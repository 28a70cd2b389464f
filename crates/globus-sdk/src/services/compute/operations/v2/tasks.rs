//! Operations of [`ComputeClientV2`] on tasks.

use globus_sdk_macros::service;

use crate::models::{ComputeTaskId, TaskGroupId};
use crate::scopes::ComputeScopes;
use crate::services::compute::{
    BatchSubmitRequestV2, BatchSubmitResponseV2, ComputeClientV2, Task, TaskBatch, TaskGroup, errors,
};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL,
    errors = [FORBIDDEN, NOT_FOUND])]
impl ComputeClientV2 {
    /// Reads how far a task has come, and its result once it has ended. A result that was read is kept for 30 minutes.
    #[get(
        "/v2/tasks/{task_id}",
        reference = "#tag/Tasks/operation/get_task_status_and_result_v2_tasks__task_uuid__get"
    )]
    fn get_task(
        /// The task to read.
        task_id: ComputeTaskId,
    ) -> Task;

    /// Reads how far several tasks have come.
    #[post("/v2/batch_status", idempotency = Repeatable,
        reference = "#tag/Root/operation/get_batch_status_v2_batch_status_post")]
    fn get_task_batch(
        /// The tasks to read.
        #[list]
        task_ids: Vec<ComputeTaskId>,
    ) -> TaskBatch;

    /// Lists the tasks of a group.
    #[get(
        "/v2/taskgroup/{task_group_id}",
        reference = "#tag/TaskGroup/operation/get_task_group_tasks_v2_taskgroup__task_group_uuid__get"
    )]
    fn get_task_group(
        /// The group, from the answer to its submission.
        task_group_id: TaskGroupId,
    ) -> TaskGroup;

    /// Submits tasks, each for an endpoint of its own. The answer tells of each task whether it was taken.
    #[post("/v2/submit", errors = [FORBIDDEN, NOT_FOUND, TOO_LARGE],
        reference = "#tag/Root/operation/submit_batch_v2_submit_post")]
    fn submit(
        /// The tasks, each a function, an endpoint and serialized arguments; at most 10 MB.
        #[document]
        data: Json<BatchSubmitRequestV2>,
    ) -> BatchSubmitResponseV2;
}
