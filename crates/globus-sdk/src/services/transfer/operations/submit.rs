//! Operations of [`TransferClient`] that submit tasks.

use globus_sdk_macros::service;

use crate::scopes::TransferScopes;
use crate::services::transfer::{DeleteData, SubmissionId, SubmitResult, TransferClient, TransferData, errors};

#[service(reference = "https://docs.globus.org/api/transfer/task_submit/", scope = TransferScopes::ALL)]
impl TransferClient {
    /// Draws an id by which the service recognizes a submission that it gets twice.
    #[get("/v0.10/submission_id", reference = "#get_submission_id")]
    fn get_submission_id() -> SubmissionId;

    /// Submits a task that copies data. Unless the document has a `submission_id`, one is drawn first and kept, so
    /// that the same task is never carried out twice.
    #[post("/v0.10/transfer", before = SubmissionId,
        errors = [BAD_REQUEST, NO_TRANSFER_ITEMS, ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED,
            CONSENT_REQUIRED, AUTH_POLICY_FAILED, GC_DISCONNECTED],
        reference = "#submit_transfer_task")]
    fn submit_transfer(
        /// What to copy, from where and to where.
        #[document]
        data: Json<TransferData>,
    ) -> SubmitResult;

    /// Submits a task that deletes data. Unless the document has a `submission_id`, one is drawn first and kept, so
    /// that the same task is never carried out twice.
    #[post("/v0.10/delete", before = SubmissionId,
        errors = [BAD_REQUEST, ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED, CONSENT_REQUIRED,
            AUTH_POLICY_FAILED, GC_DISCONNECTED],
        reference = "#submit_delete_task")]
    fn submit_delete(
        /// What to delete, and where.
        #[document]
        data: Json<DeleteData>,
    ) -> SubmitResult;
}
