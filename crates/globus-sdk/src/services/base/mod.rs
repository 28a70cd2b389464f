//! Any service: a client without declared operations, for plain requests to an address of one's own.

use crate::client::{ClientBuilder, Mode, client};
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

impl<M: Mode> ClientBuilder<BaseClient<M>> {
    /// The resource server of a service of one's own, usually its client id: an [`app`](Self::app) keeps the client's
    /// token under this name. Say with [`app_scopes`](Self::app_scopes) which scopes of it the client needs.
    pub fn resource_server(self, resource_server: impl ToString) -> Self {
        self.var("resource_server", resource_server.to_string())
    }
}
