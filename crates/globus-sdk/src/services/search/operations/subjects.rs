//! Operations of [`SearchClient`] on single subjects.

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{GMetaResult, SearchClient, TaskSubmitResponse, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/", errors = [NO_SUCH_INDEX, NOT_FOUND])]
impl SearchClient {
    /// Reads all entries of one subject that the caller may see.
    #[get("/v1/index/{index_id}/subject", scopes = [SearchScopes::SEARCH, SearchScopes::ALL],
        reference = "get_subject/")]
    fn get_subject(
        /// The index that holds the subject.
        index_id: IndexId,
        /// What the entries are about, at most 500 bytes.
        subject: String,
    ) -> GMetaResult;

    /// Deletes one subject with all its entries, also those that the caller does not see. Answers before the task has run.
    #[delete("/v1/index/{index_id}/subject", scopes = [SearchScopes::INGEST, SearchScopes::ALL],
        reference = "delete_subject/")]
    fn delete_subject(
        /// The index to delete from.
        index_id: IndexId,
        /// What the entries to delete are about.
        subject: String,
    ) -> TaskSubmitResponse;
}
