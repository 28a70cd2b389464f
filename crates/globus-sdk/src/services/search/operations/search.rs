//! Operations of [`SearchClient`].

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{GMetaResult, SearchClient};

#[service(reference = "https://docs.globus.org/api/search/reference/")]
impl SearchClient {
    /// Reads a whole result set, page by page, however large it is.
    #[post("/v1/index/{index_id}/scroll", scopes = [SearchScopes::SEARCH, SearchScopes::ALL], page = Marker("gmeta"),
        idempotency = Repeatable, reference = "https://docs.globus.org/api/search/reference/scroll_query/")]
    fn scroll(
        /// The index.
        index_id: IndexId,
        /// The query: `q`, `filters`, `limit` and so on.
        #[document]
        data: Value,
        /// Where to resume, from the page before; it wins over a marker in the query.
        marker: Option<String>,
    ) -> GMetaResult;
}
