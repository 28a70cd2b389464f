//! Roles: what people and groups may do with an endpoint or a collection.

use globus_sdk_macros::model;

use crate::models::{EndpointRoleId, GroupId, IdentityId};

/// A role on an endpoint or a collection. Source: <https://docs.globus.org/api/transfer/roles/#role_document>.
#[model]
pub struct EndpointRole {
    /// `role`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the assignment.
    pub id: Option<EndpointRoleId>,
    /// Whether a person or a group has the role.
    pub principal_type: Option<PrincipalType>,
    /// Id of that identity or group.
    pub principal: Option<String>,
    /// What the role allows.
    pub role: Option<EndpointRoleName>,
}

impl EndpointRole {
    /// A role for a person or a program.
    pub fn for_identity(identity_id: impl Into<IdentityId>, role: EndpointRoleName) -> Self {
        Self::new(PrincipalType::Identity, identity_id.into().as_str(), role)
    }

    /// A role for all members of a group.
    pub fn for_group(group_id: impl Into<GroupId>, role: EndpointRoleName) -> Self {
        Self::new(PrincipalType::Group, group_id.into().as_str(), role)
    }

    fn new(principal_type: PrincipalType, principal: &str, role: EndpointRoleName) -> Self {
        Self {
            data_type: Some("role".to_owned()),
            principal_type: Some(principal_type),
            principal: Some(principal.to_owned()),
            role: Some(role),
            ..Self::default()
        }
    }
}

/// Roles on endpoints and collections.
#[model]
pub enum EndpointRoleName {
    /// Changes and deletes it, and gives out roles.
    Administrator,
    /// Sets who may read and write which folders.
    AccessManager,
    /// Sees the tasks of all users, pauses and cancels them.
    ActivityManager,
    /// Sees the tasks of all users.
    ActivityMonitor,
}

/// To whom a role or an access rule applies.
#[model]
pub enum PrincipalType {
    /// One identity and those linked to it.
    Identity,
    /// The members of a group.
    Group,
    /// Everybody who is logged in.
    AllAuthenticatedUsers,
    /// Everybody.
    Anonymous,
}
