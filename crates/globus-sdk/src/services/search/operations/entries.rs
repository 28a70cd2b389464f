//! Operations of [`SearchClient`] on single entries.

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{GMetaResult, SearchClient, TaskSubmitResponse, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/", errors = [NO_SUCH_INDEX, NOT_FOUND])]
impl SearchClient {
    /// Reads one entry of a subject.
    #[get("/v1/index/{index_id}/entry", scopes = [SearchScopes::SEARCH, SearchScopes::ALL], reference = "get_entry/")]
    fn get_entry(
        /// The index that holds the entry.
        index_id: IndexId,
        /// Id of the entry within its subject; the entry without an id when absent.
        entry_id: Option<String>,
        /// What the entry is about, at most 500 bytes.
        subject: String,
    ) -> GMetaResult;

    /// Deletes one entry of a subject. Answers before the task has run.
    #[delete("/v1/index/{index_id}/entry", scopes = [SearchScopes::INGEST, SearchScopes::ALL],
        reference = "delete_entry/")]
    fn delete_entry(
        /// The index to delete from.
        index_id: IndexId,
        /// Id of the entry to delete; the entry without an id when absent.
        entry_id: Option<String>,
        /// What the entry to delete is about, as it was written.
        subject: String,
    ) -> TaskSubmitResponse;
}
