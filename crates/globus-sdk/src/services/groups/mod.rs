//! Groups: who works together, and who may see and change it.
//!
//! API: <https://docs.globus.org/api/groups/>. Resource server `groups.api.globus.org`.

mod actions;
pub(crate) mod errors;
mod manager;
mod models;
pub mod operations;

pub use models::*;

use crate::client::client;
use crate::operation::ResourceServer;
use crate::scopes::GroupsScopes;

client! {
    /// Creates groups and reads and changes their members, policies and fields.
    ///
    /// By default an app requests only `view_my_groups_and_memberships`, which lists the caller's own groups; whoever
    /// changes groups asks for [`GroupsScopes::ALL`](crate::scopes::GroupsScopes::ALL).
    pub struct GroupsClient {
        id: "groups",
        service: Some("groups"),
        resource_server: ResourceServer::Static(GroupsScopes::RESOURCE_SERVER),
        default_scopes: &[GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        operations: [operations::groups::GROUPS_CLIENT_OPERATIONS],
    }
}

client! {
    /// Groups by their everyday actions, one membership at a time.
    pub struct GroupsManager {
        id: "groups_manager",
        service: Some("groups"),
        resource_server: ResourceServer::Static(GroupsScopes::RESOURCE_SERVER),
        default_scopes: &[GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS],
        errors: &errors::SHAPE,
        error_text: errors::error_text,
        new: custom,
        operations: [operations::manager::GROUPS_MANAGER_OPERATIONS],
    }
}
