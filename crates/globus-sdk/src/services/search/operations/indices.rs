//! Operations of [`SearchClient`] on indices.

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{Index, IndexAcknowledgement, IndexRole, SearchClient, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/", scope = SearchScopes::ALL,
    errors = [NO_SUCH_INDEX])]
impl SearchClient {
    /// Creates an index, of which the caller becomes owner. It is a trial index of small size, of which a person may own
    /// three.
    #[post("/v1/index", errors = [LIMIT_EXCEEDED], reference = "index_create/")]
    fn create_index(
        /// Name that people see.
        display_name: String,
        /// What the index holds.
        description: String,
    ) -> Index;

    /// Changes name and description of an open index; what is not given stays.
    #[patch("/v1/index/{index_id}", idempotency = Repeatable, errors = [INCOMPATIBLE_STATUS],
        reference = "index_update/")]
    fn update_index(
        /// The index to change.
        index_id: IndexId,
        /// New name that people see.
        display_name: Option<String>,
        /// New text about what the index holds.
        description: Option<String>,
    ) -> Index;

    /// Marks an index for deletion. A trial index goes within minutes, any other after 30 days, in which it can be
    /// reopened. Its waiting tasks are cancelled.
    #[delete("/v1/index/{index_id}", errors = [INCOMPATIBLE_STATUS], reference = "index_delete/")]
    fn delete_index(
        /// The index to delete.
        index_id: IndexId,
    ) -> IndexAcknowledgement;

    /// Takes back the deletion of an index that is still there.
    #[post("/v1/index/{index_id}/reopen", errors = [INCOMPATIBLE_STATUS], reference = "index_reopen/")]
    fn reopen_index(
        /// The index that was marked for deletion.
        index_id: IndexId,
    ) -> IndexAcknowledgement;

    /// Reads what an index is for and how much it holds. Needs no token; with one, `permissions` are the caller's.
    #[get("/v1/index/{index_id}", scope_source = Inferred, reference = "index_show/")]
    fn get_index(
        /// The index to read.
        index_id: IndexId,
    ) -> Index;

    /// Lists the indices on which the caller has a role, at most 100, each with the caller's `permissions`.
    #[get("/v1/index_list", list = "index_list", reference = "index_list/")]
    fn index_list(
        /// Keep indices on which the caller has one of these roles.
        #[csv]
        filter_roles: Option<Vec<IndexRole>>,
    ) -> Index;
}
