//! Operations of [`TransferClient`] on roles.

use globus_sdk_macros::service;

use crate::models::{EndpointId, EndpointRoleId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{EndpointRole, OperationResult, TransferClient, errors};

#[service(reference = "https://docs.globus.org/api/transfer/roles/", scope = TransferScopes::ALL,
    errors = [ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED])]
impl TransferClient {
    /// Lists who has which role on an endpoint or a collection.
    #[get("/v0.10/endpoint/{endpoint_id}/role_list", list = "DATA", reference = "#role_list")]
    fn endpoint_role_list(
        /// The endpoint or collection whose roles are wanted.
        endpoint_id: EndpointId,
    ) -> EndpointRole;

    /// Gives somebody a role. Needs the role of an administrator.
    #[post("/v0.10/endpoint/{endpoint_id}/role", errors = [BAD_REQUEST], reference = "#create_role")]
    fn add_endpoint_role(
        /// The endpoint or collection on which the role is given.
        endpoint_id: EndpointId,
        /// The assignment: `principal_type`, `principal` and `role`.
        #[document]
        role_data: Json<EndpointRole>,
    ) -> EndpointRole;

    /// Reads one assignment of a role.
    #[get("/v0.10/endpoint/{endpoint_id}/role/{role_id}", errors = [NOT_FOUND], reference = "#get_role_by_id")]
    fn get_endpoint_role(
        /// The endpoint or collection that the role is on.
        endpoint_id: EndpointId,
        /// The assignment to read.
        role_id: EndpointRoleId,
    ) -> EndpointRole;

    /// Takes a role away again.
    #[delete("/v0.10/endpoint/{endpoint_id}/role/{role_id}", errors = [NOT_FOUND], reference = "#delete_role_by_id")]
    fn delete_endpoint_role(
        /// The endpoint or collection that the role is on.
        endpoint_id: EndpointId,
        /// The assignment to take away.
        role_id: EndpointRoleId,
    ) -> OperationResult;
}
