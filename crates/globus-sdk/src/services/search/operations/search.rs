//! Queries of [`SearchClient`].

use globus_sdk_macros::service;

use crate::models::IndexId;
use crate::scopes::SearchScopes;
use crate::services::search::{GMetaResult, SearchClient, SearchQueryV1, SearchScrollQuery, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/",
    scopes = [SearchScopes::SEARCH, SearchScopes::ALL], errors = [NO_SUCH_INDEX, TIMEOUT])]
impl SearchClient {
    /// Finds what matches a text, best matches first.
    ///
    /// The service gives at most the first 10000 results; `scroll` reads all of them.
    #[get("/v1/index/{index_id}/search", page = HasNextPage("gmeta", 100, 10000, "count"), reference = "get_query/")]
    fn search(
        /// The index to search.
        index_id: IndexId,
        /// What to look for, at most 256 characters: words of which one must occur, phrases in quotes.
        q: String,
        /// Rows to pass over; together with `limit` at most 10000.
        offset: Option<u32>,
        /// Rows on a page, at most 10000; the service's default is 10, that of `pages()` and `items()` 100.
        limit: Option<u32>,
        /// Whether `q` is in the advanced syntax (`field:value`, ranges, `AND`), in which mistakes are errors.
        advanced: Option<bool>,
    ) -> GMetaResult;

    /// Finds what matches a query document: with filters, facets, boosts and an order of one's own.
    ///
    /// The service gives at most the first 10000 results. Facets stand beside the rows of a page:
    /// `page.get::<Vec<GFacetResult>>("facet_results")`.
    #[post("/v1/index/{index_id}/search", page = HasNextPage("gmeta", 100, 10000, "count"), idempotency = Repeatable,
        reference = "post_query/")]
    fn post_search(
        /// The index to query.
        index_id: IndexId,
        /// The query; the caller's document stays as it is.
        #[document]
        data: Json<SearchQueryV1>,
        /// Rows to pass over; it wins over an offset in the query.
        offset: Option<u32>,
        /// Rows on a page, at most 10000; it wins over a limit in the query.
        limit: Option<u32>,
    ) -> GMetaResult;

    /// Reads a whole result set, page by page, however large it is. What is written meanwhile may be missed.
    #[post("/v1/index/{index_id}/scroll", page = Marker("gmeta"), idempotency = Repeatable,
        reference = "scroll_query/")]
    fn scroll(
        /// The index to read.
        index_id: IndexId,
        /// The query: text and filters, without facets, boosts and order.
        #[document]
        data: Json<SearchScrollQuery>,
        /// Where to resume, from the page before; it wins over a marker in the query.
        marker: Option<String>,
    ) -> GMetaResult;
}
