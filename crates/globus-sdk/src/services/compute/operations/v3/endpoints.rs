//! Operations of [`ComputeClientV3`] on endpoints.

use globus_sdk_macros::service;

use crate::models::ComputeEndpointId;
use crate::scopes::ComputeScopes;
use crate::services::compute::{
    ComputeClientV3, EndpointAllowlist, EndpointLock, EndpointRegistration, RegisteredEndpoint, errors,
};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL,
    errors = [FORBIDDEN, NOT_FOUND])]
impl ComputeClientV3 {
    /// Registers a new endpoint, whose id the service chooses; the answer says where its tasks come and its results go.
    #[post("/v3/endpoints", errors = [BAD_REQUEST, NOT_FOUND, LOCKED],
        reference = "#tag/Endpoints/operation/register_endpoint_v3_endpoints_post")]
    fn register_endpoint(
        /// The endpoint; the third version wants `endpoint_name` and `metadata`.
        #[document]
        data: Json<EndpointRegistration>,
    ) -> RegisteredEndpoint;

    /// Replaces what is registered of an endpoint.
    #[put("/v3/endpoints/{endpoint_id}", errors = [BAD_REQUEST, CONFLICT, LOCKED],
        reference = "#tag/Endpoints/operation/update_endpoint_v3_endpoints__endpoint_uuid__put")]
    fn update_endpoint(
        /// The endpoint to change.
        endpoint_id: ComputeEndpointId,
        /// The endpoint as it shall be.
        #[document]
        data: Json<EndpointRegistration>,
    ) -> RegisteredEndpoint;

    /// Keeps an endpoint from registering for a while, so that it ends for good when it is stopped.
    #[post(
        "/v3/endpoints/{endpoint_id}/lock",
        reference = "#tag/Endpoints/operation/lock_endpoint_v3_endpoints__endpoint_uuid__lock_post"
    )]
    fn lock_endpoint(
        /// The endpoint to lock.
        endpoint_id: ComputeEndpointId,
    ) -> EndpointLock;

    /// Reads which functions an endpoint runs.
    #[get(
        "/v3/endpoints/{endpoint_id}/allowed_functions",
        reference = "#tag/Endpoints/operation/get_endpoint_allowlist_v3_endpoints__endpoint_uuid__allowed_functions_get"
    )]
    fn get_endpoint_allowlist(
        /// The endpoint to ask about.
        endpoint_id: ComputeEndpointId,
    ) -> EndpointAllowlist;
}
