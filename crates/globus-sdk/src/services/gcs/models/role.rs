//! Roles on an endpoint or a collection.

use globus_sdk_macros::model;

use crate::models::{EndpointId, GCSRoleId};

/// A role. Source: <https://docs.globus.org/globus-connect-server/v5/api/openapi_Roles/>.
#[model]
pub struct GCSRole {
    /// Type and version of the document.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Id of the role.
    pub id: Option<GCSRoleId>,
    /// The collection it is for; absent for a role on the endpoint.
    pub collection: Option<EndpointId>,
    /// Who holds it: `urn:globus:auth:identity:<id>` or `urn:globus:groups:id:<id>`.
    pub principal: Option<String>,
    /// What its holder may do.
    pub role: Option<GCSRoleName>,
}

/// What the holder of a role may do.
#[model]
pub enum GCSRoleName {
    /// Everything; an endpoint has one owner.
    Owner,
    /// Change settings and roles.
    Administrator,
    /// Change who may read and write.
    AccessManager,
    /// See and steer transfers.
    ActivityManager,
    /// See transfers.
    ActivityMonitor,
    /// See who may read and write.
    AccessMonitor,
}

/// Which roles to list.
#[model]
pub enum RoleInclude {
    /// Also those that others hold.
    AllRoles,
}

/// A role to give.
#[model(data_type = "role")]
pub struct GCSRoleDocument {
    /// The collection it is for; left out for a role on the endpoint.
    pub collection: Option<EndpointId>,
    /// Who is to hold it: `urn:globus:auth:identity:<id>` or `urn:globus:groups:id:<id>`.
    pub principal: Option<String>,
    /// What its holder may do.
    pub role: Option<GCSRoleName>,
}

impl GCSRoleDocument {
    /// A role on the endpoint, for a principal such as `urn:globus:auth:identity:<id>`; set `collection` for one on a
    /// collection.
    pub fn new(principal: impl Into<String>, role: impl Into<GCSRoleName>) -> Self {
        Self {
            principal: Some(principal.into()),
            role: Some(role.into()),
            ..Self::default()
        }
    }
}
