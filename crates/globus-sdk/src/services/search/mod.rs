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
    pub struct SearchClient {
        id: "search",
        service: Some("search"),
        resource_server: ResourceServer::Static(SearchScopes::RESOURCE_SERVER),
        default_scopes: &[SearchScopes::SEARCH],
        errors: &errors::SHAPE,
        operations: [operations::search::SEARCH_CLIENT_OPERATIONS],
    }
}
