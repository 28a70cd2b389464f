//! Operations of [`SearchClient`] on the tasks that change indices.

use globus_sdk_macros::service;

use crate::models::{IndexId, SearchTaskId};
use crate::scopes::SearchScopes;
use crate::services::search::{SearchClient, Task, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/",
    scopes = [SearchScopes::INGEST, SearchScopes::ALL])]
impl SearchClient {
    /// Reads how far a task has come. The caller needs a role on its index.
    #[get("/v1/task/{task_id}", errors = [NOT_FOUND], reference = "get_task/")]
    fn get_task(
        /// The task, from the answer to its submission.
        task_id: SearchTaskId,
    ) -> Task;

    /// Lists the latest tasks of an index, at most 1000.
    #[get("/v1/task_list/{index_id}", list = "tasks", errors = [NO_SUCH_INDEX], reference = "task_list/")]
    fn get_task_list(
        /// The index that the tasks change.
        index_id: IndexId,
    ) -> Task;
}
