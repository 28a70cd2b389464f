//! Access rules: who may read and write which folders of a guest collection.

use globus_sdk_macros::model;

use super::PrincipalType;
use crate::models::{AccessRuleId, EndpointRoleId, Field, GroupId, IdentityId};

/// An access rule. Source: <https://docs.globus.org/api/transfer/acl/>.
///
/// To change a rule, send the fields that change; only `permissions` and `expiration_date` can.
#[model]
pub struct AccessRule {
    /// `access`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the rule.
    pub id: Option<AccessRuleId>,
    /// The folder it applies to with all that is below, from `/` to `/`.
    pub path: Option<String>,
    /// What it allows.
    pub permissions: Option<AccessPermissions>,
    /// Whom it is for.
    pub principal_type: Option<PrincipalType>,
    /// Id of the identity or group; empty where the rule is for everybody.
    pub principal: Option<String>,
    /// The role from which the rule follows.
    pub role_id: Option<EndpointRoleId>,
    /// What kind of role that is.
    pub role_type: Option<String>,
    /// When it was made, as ISO 8601 text.
    pub create_time: Option<String>,
    /// When it ends, as ISO 8601 text; null for never.
    pub expiration_date: Field<String>,
    /// Address that is told of a new rule; only when it is made.
    pub notify_email: Option<String>,
    /// What that mail says; only together with `notify_email`.
    pub notify_message: Option<String>,
}

impl AccessRule {
    /// A rule for a person or a program.
    pub fn for_identity(
        identity_id: impl Into<IdentityId>,
        path: impl Into<String>,
        permissions: AccessPermissions,
    ) -> Self {
        Self::new(PrincipalType::Identity, identity_id.into().as_str(), path, permissions)
    }

    /// A rule for the members of a group.
    pub fn for_group(group_id: impl Into<GroupId>, path: impl Into<String>, permissions: AccessPermissions) -> Self {
        Self::new(PrincipalType::Group, group_id.into().as_str(), path, permissions)
    }

    /// A rule for everybody who is logged in.
    pub fn for_all_authenticated_users(path: impl Into<String>, permissions: AccessPermissions) -> Self {
        Self::new(PrincipalType::AllAuthenticatedUsers, "", path, permissions)
    }

    /// A rule for everybody.
    pub fn for_anonymous(path: impl Into<String>, permissions: AccessPermissions) -> Self {
        Self::new(PrincipalType::Anonymous, "", path, permissions)
    }

    fn new(
        principal_type: PrincipalType,
        principal: &str,
        path: impl Into<String>,
        permissions: AccessPermissions,
    ) -> Self {
        Self {
            data_type: Some("access".to_owned()),
            principal_type: Some(principal_type),
            principal: Some(principal.to_owned()),
            path: Some(path.into()),
            permissions: Some(permissions),
            ..Self::default()
        }
    }
}

/// What an access rule allows.
#[model]
pub enum AccessPermissions {
    /// To list and read.
    #[wire("r")]
    Read,
    /// To list, read, write and delete.
    #[wire("rw")]
    ReadWrite,
}

/// The id of a new access rule. Source: <https://docs.globus.org/api/transfer/acl/#rest_access_create>.
#[model]
pub struct AccessCreateResult {
    /// `Created`, or `Exists` when there was such a rule.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// The rule.
    pub access_id: Option<AccessRuleId>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// Path of the request.
    pub resource: Option<String>,
}
