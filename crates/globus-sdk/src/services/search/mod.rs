//! Search: indices of metadata and the queries over them.
//!
//! API: <https://docs.globus.org/api/search/>. Resource server `search.api.globus.org`.

pub(crate) mod errors;
mod models;
pub mod operations;

pub use models::*;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::SearchScopes;

client! {
    /// Queries indices and changes what is in them.
    ///
    /// By default an app requests only `search`, which reads; whoever writes to an index asks for
    /// [`SearchScopes::INGEST`](crate::scopes::SearchScopes::INGEST), whoever manages indices and roles for
    /// [`SearchScopes::ALL`](crate::scopes::SearchScopes::ALL).
    pub struct SearchClient {
        id: "search",
        service: Some("search"),
        resource_server: ResourceServer::Static(SearchScopes::RESOURCE_SERVER),
        default_scopes: &[SearchScopes::SEARCH],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        operations: [
            operations::indices::SEARCH_CLIENT_OPERATIONS,
            operations::search::SEARCH_CLIENT_OPERATIONS,
            operations::ingest::SEARCH_CLIENT_OPERATIONS,
            operations::subjects::SEARCH_CLIENT_OPERATIONS,
            operations::entries::SEARCH_CLIENT_OPERATIONS,
            operations::tasks::SEARCH_CLIENT_OPERATIONS,
            operations::roles::SEARCH_CLIENT_OPERATIONS,
        ],
    }
}
