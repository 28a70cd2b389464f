//! Operations of [`ComputeClientV2`] on tasks.

use globus_sdk_macros::service;

use crate::models::{ComputeTaskId, TaskGroupId};
use crate::scopes::ComputeScopes;
use crate::services::compute::{
    BatchSubmitRequestV2, BatchSubmitResponseV2, ComputeClientV2, Task, TaskBatch, TaskGroup,
};

#[service(reference = "https://compute.api.globus.org/redoc#tag/Tasks")]
impl ComputeClientV2 {
    /// Reads how far a task has come, and its result once it has ended. A result that was read is kept for 30 minutes.
    #[get("/v2/tasks/{task_id}", scope = ComputeScopes::ALL)]
    fn get_task(
        /// The task to read.
        task_id: ComputeTaskId,
    ) -> Task;

    /// Reads how far several tasks have come.
    #[post("/v2/batch_status", scope = ComputeScopes::ALL, idempotency = Repeatable)]
    fn get_task_batch(
        /// The tasks to read.
        #[list]
        task_ids: Vec<ComputeTaskId>,
    ) -> TaskBatch;

    /// Lists the tasks of a group.
    #[get("/v2/taskgroup/{task_group_id}", scope = ComputeScopes::ALL,
        reference = "https://compute.api.globus.org/redoc#tag/TaskGroup")]
    fn get_task_group(
        /// The group, from the answer to its submission.
        task_group_id: TaskGroupId,
    ) -> TaskGroup;

    /// Submits tasks, each for an endpoint of its own. The answer tells of each task whether it was taken.
    #[post("/v2/submit", scope = ComputeScopes::ALL)]
    fn submit(
        /// The tasks, at most 10 MB.
        #[document]
        data: Json<BatchSubmitRequestV2>,
    ) -> BatchSubmitResponseV2;
}
