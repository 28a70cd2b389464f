//! Timers: transfers and flows at set times.
//!
//! API: <https://docs.globus.org/api/timers/>. A timer is made with `create_timer`; the older word for it, and the only
//! one in all other operations, is *job*. Resource server `524230d7-ea86-4a52-8312-86065a9e0417`.

mod app_scopes;
mod checks;
pub(crate) mod errors;
mod models;
pub mod operations;
mod requirements;

pub use models::*;

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
        error_text: errors::error_text,
        operations: [operations::timers::TIMERS_CLIENT_OPERATIONS],
    }
}
