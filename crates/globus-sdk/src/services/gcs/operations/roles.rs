//! Operations of [`GCSClient`] on roles.

use globus_sdk_macros::service;

use crate::models::{EndpointId, GCSRoleId};
use crate::services::gcs::{GCSClient, GCSResult, GCSRole, GCSRoleDocument, RoleInclude, errors};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi_Roles/",
    scope_source = Documented, errors = [PERMISSION_DENIED, NOT_FOUND])]
impl GCSClient {
    /// Lists the roles that the caller holds on the endpoint or on one collection.
    #[get("/roles", page = Marker("data"), errors = [PERMISSION_DENIED], reference = "#listRoles")]
    fn get_role_list(
        /// Also roles that others hold: `all_roles`.
        include: Option<RoleInclude>,
        /// Rows on a page, at most; the server documents no limit, and chooses the number when absent.
        page_size: Option<u32>,
        marker: Option<String>,
        /// The collection whose roles are wanted; those of the endpoint when absent.
        collection_id: Option<EndpointId>,
    ) -> GCSRole;

    /// Gives somebody a role on the endpoint or on a collection.
    #[post("/roles", unpack = "role",
        errors = [PERMISSION_DENIED, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE, CONFLICT],
        reference = "#postRole")]
    fn create_role(
        /// The new role: who gets it, what it is, and on which collection.
        #[document]
        data: Json<GCSRoleDocument>,
    ) -> GCSRole;

    /// Reads one role.
    #[get("/roles/{role_id}", unpack = "role", reference = "#getRole")]
    fn get_role(
        /// The role to read.
        role_id: GCSRoleId,
    ) -> GCSRole;

    /// Takes a role away from its holder.
    #[delete("/roles/{role_id}", errors = [CONFLICT], reference = "#deleteRole")]
    fn delete_role(
        /// The role to take away.
        role_id: GCSRoleId,
    ) -> GCSResult;
}
