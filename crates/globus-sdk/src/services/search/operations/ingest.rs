//! Operations of [`SearchClient`] that change much at once. Each submits a task and answers before it has run.

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{DeleteByQueryV1, GIngest, SearchClient, TaskSubmitResponse, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/",
    scopes = [SearchScopes::INGEST, SearchScopes::ALL], errors = [NO_SUCH_INDEX])]
impl SearchClient {
    /// Writes entries to an index. An entry with the subject and id of an older one takes its place.
    ///
    /// Tasks of one index run in the order of their submission.
    #[post("/v1/index/{index_id}/ingest", reference = "ingest/")]
    fn ingest(
        /// The index to write to.
        index_id: IndexId,
        /// One entry or many, at most 10 MB.
        #[document]
        data: Json<GIngest>,
    ) -> TaskSubmitResponse;

    /// Deletes all subjects that a query finds, with all their entries, also those that do not match.
    #[post("/v1/index/{index_id}/delete_by_query", reference = "delete_by_query/")]
    fn delete_by_query(
        /// The index to delete from.
        index_id: IndexId,
        /// Which subjects to delete: text and filters.
        #[document]
        data: Json<DeleteByQueryV1>,
    ) -> TaskSubmitResponse;

    /// Deletes subjects with all their entries, also those that the caller does not see.
    #[post(
        "/v1/index/{index_id}/batch_delete_by_subject",
        reference = "batch_delete_by_subject/"
    )]
    fn batch_delete_by_subject(
        /// The index that holds them.
        index_id: IndexId,
        /// What the entries to delete are about: their subjects.
        #[list]
        subjects: Vec<String>,
    ) -> TaskSubmitResponse;
}
