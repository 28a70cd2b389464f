//! Operations of [`ComputeClientV2`] on endpoints.

use globus_sdk_macros::service;

use crate::models::ComputeEndpointId;
use crate::scopes::ComputeScopes;
use crate::services::compute::{
    ComputeClientV2, Endpoint, EndpointLock, EndpointRegistration, EndpointRole, EndpointStatus, RegisteredEndpoint,
    ResultCode, errors,
};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL,
    errors = [FORBIDDEN, NOT_FOUND])]
impl ComputeClientV2 {
    /// Registers an endpoint, or one that is known anew; the answer says where its tasks come and its results go.
    #[post("/v2/endpoints", errors = [BAD_REQUEST, FORBIDDEN, LOCKED],
        reference = "#tag/Endpoints/operation/register_endpoint_v2_endpoints_post")]
    fn register_endpoint(
        /// The endpoint; the second version wants `endpoint_name` and `endpoint_uuid`.
        #[document]
        data: Json<EndpointRegistration>,
    ) -> RegisteredEndpoint;

    /// Reads one endpoint.
    #[get(
        "/v2/endpoints/{endpoint_id}",
        reference = "#tag/Endpoints/operation/get_endpoint_v2_endpoints__endpoint_uuid__get"
    )]
    fn get_endpoint(
        /// The endpoint to read.
        endpoint_id: ComputeEndpointId,
    ) -> Endpoint;

    /// Asks whether an endpoint is connected, and how busy it is.
    #[get(
        "/v2/endpoints/{endpoint_id}/status",
        reference = "#tag/Endpoints/operation/get_endpoint_status_v2_endpoints__endpoint_uuid__status_get"
    )]
    fn get_endpoint_status(
        /// The endpoint to ask about.
        endpoint_id: ComputeEndpointId,
    ) -> EndpointStatus;

    /// Lists endpoints in short: id, names and owner.
    #[get(
        "/v2/endpoints",
        list = "",
        reference = "#tag/Endpoints/operation/get_endpoints_v2_endpoints_get"
    )]
    fn get_endpoints(
        /// Which of them: the caller's own, or all that the caller may use; the caller's own when absent.
        role: Option<EndpointRole>,
    ) -> Endpoint;

    /// Deletes an endpoint from the service.
    #[delete(
        "/v2/endpoints/{endpoint_id}",
        reference = "#tag/Endpoints/operation/delete_endpoint_v2_endpoints__endpoint_uuid__delete"
    )]
    fn delete_endpoint(
        /// The endpoint to delete.
        endpoint_id: ComputeEndpointId,
    ) -> ResultCode;

    /// Keeps an endpoint from registering for a while, so that it ends for good when it is stopped.
    #[post(
        "/v2/endpoints/{endpoint_id}/lock",
        reference = "#tag/Endpoints/operation/lock_endpoint_v2_endpoints__endpoint_uuid__lock_post"
    )]
    fn lock_endpoint(
        /// The endpoint to lock.
        endpoint_id: ComputeEndpointId,
    ) -> EndpointLock;
}
