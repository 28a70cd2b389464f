//! Timers: transfers and flows at set times.
//!
//! API: <https://docs.globus.org/api/timers/>. No operation is declared yet; plain requests and calls of an app work.

mod app_scopes;
pub(crate) mod errors;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::TimersScopes;

client! {
    /// Makes timers and looks after them.
    pub struct TimersClient {
        id: "timers",
        service: Some("timer"),
        resource_server: ResourceServer::Static(TimersScopes::RESOURCE_SERVER),
        default_scopes: &[TimersScopes::TIMER],
        errors: &errors::SHAPE,
        operations: [],
    }
}
