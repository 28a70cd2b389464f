//! Operations of [`SearchClient`] on roles. They are for owners and administrators of an index.

use globus_sdk_macros::service;

use crate::models::{IndexId, SearchRoleId};
use crate::scopes::SearchScopes;
use crate::services::search::{DeletedRole, Role, SearchClient, errors};

#[service(reference = "https://docs.globus.org/api/search/reference/", scope = SearchScopes::ALL,
    errors = [NO_SUCH_INDEX])]
impl SearchClient {
    /// Gives somebody a role on an index, which has at most 50 of them. Only owners make owners.
    #[post("/v1/index/{index_id}/role", errors = [LIMIT_EXCEEDED], reference = "role_create/")]
    fn create_role(
        /// The index on which the role shall count.
        index_id: IndexId,
        /// The new role: `role_name` (`owner`, `admin` or `writer`) and `principal`, a URN.
        #[document]
        data: Json<Role>,
    ) -> Role;

    /// Lists all roles on an index.
    #[get("/v1/index/{index_id}/role_list", list = "role_list", reference = "role_list/")]
    fn get_role_list(
        /// The index whose roles are wanted.
        index_id: IndexId,
    ) -> Role;

    /// Takes a role away; the last owner stays.
    #[delete("/v1/index/{index_id}/role/{role_id}", errors = [NOT_FOUND], reference = "role_delete/")]
    fn delete_role(
        /// The index on which the role counts.
        index_id: IndexId,
        /// The role to take away.
        role_id: SearchRoleId,
    ) -> DeletedRole;
}
