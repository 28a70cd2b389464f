//! Any service: a client without declared operations, for plain requests to an address of one's own.

use crate::client::client;
use crate::error::ErrorShape;
use crate::operation::ResourceServer;

client! {
    /// Sends plain requests below a `base_url`, with the retries, credentials and errors of every other client.
    pub struct BaseClient {
        id: "base",
        service: None,
        resource_server: ResourceServer::None,
        default_scopes: &[],
        errors: &ErrorShape::COMMON,
        operations: [],
    }
}
