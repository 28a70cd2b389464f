//! Operations of [`TransferClient`] that submit tasks.

use globus_sdk_macros::service;

use crate::scopes::TransferScopes;
use crate::services::transfer::{DeleteData, SubmissionId, SubmitResult, TransferClient, TransferData};

#[service(reference = "https://docs.globus.org/api/transfer/task_submit/")]
impl TransferClient {
    /// Draws an id by which the service recognizes a submission that it gets twice.
    #[get("/v0.10/submission_id", scope = TransferScopes::ALL, reference = "#get_submission_id")]
    fn get_submission_id() -> SubmissionId;

    /// Submits a task that copies data. Unless the document has a `submission_id`, one is drawn first and kept, so
    /// that the same task is never carried out twice.
    #[post("/v0.10/transfer", scope = TransferScopes::ALL, before = SubmissionId,
        reference = "#submit_transfer_task")]
    fn submit_transfer(
        /// What to copy, from where and to where.
        #[document]
        data: Json<TransferData>,
    ) -> SubmitResult;

    /// Submits a task that deletes data. Unless the document has a `submission_id`, one is drawn first and kept, so
    /// that the same task is never carried out twice.
    #[post("/v0.10/delete", scope = TransferScopes::ALL, before = SubmissionId, reference = "#submit_delete_task")]
    fn submit_delete(
        /// What to delete, and where.
        #[document]
        data: Json<DeleteData>,
    ) -> SubmitResult;
}
