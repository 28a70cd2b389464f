//! Operations of [`TransferClient`] on guest collections and what is below collections.

use globus_sdk_macros::service;

use crate::models::EndpointId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    Endpoint, EndpointCreateResult, PauseRule, Server, SharedEndpoint, SharedEndpointData, TransferClient, errors,
};

#[service(reference = "https://docs.globus.org/api/transfer/endpoints_and_collections/", scope = TransferScopes::ALL,
    errors = [ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED])]
impl TransferClient {
    /// Lists the caller's own guest collections on a collection.
    #[get(
        "/v0.10/endpoint/{endpoint_id}/my_shared_endpoint_list",
        list = "DATA",
        reference = "#get_my_guest_collection_list"
    )]
    fn my_shared_endpoint_list(
        /// The collection that they are on.
        endpoint_id: EndpointId,
    ) -> Endpoint;

    /// Lists the ids of all guest collections on a collection. Needs the role of an administrator.
    #[get("/v0.10/endpoint/{endpoint_id}/shared_endpoint_list", page = NextToken("shared_endpoints"),
        reference = "#get_guest_collection_list")]
    fn get_shared_endpoint_list(
        /// The collection that they are on.
        endpoint_id: EndpointId,
        /// Rows on a page, at most 1000.
        max_results: Option<u32>,
        next_token: Option<String>,
    ) -> SharedEndpoint;

    /// Creates a guest collection on a Globus Connect Personal. On a Globus Connect Server its manager does so.
    #[post("/v0.10/shared_endpoint", errors = [BAD_REQUEST, ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED],
        reference = "https://docs.globus.org/api/transfer/gcp_management/#create_guest_collection")]
    fn create_shared_endpoint(
        /// The new collection: `host_endpoint_id`, `host_path` and `display_name`.
        #[document]
        data: Json<SharedEndpointData>,
    ) -> EndpointCreateResult;

    /// Lists the hosts through which the data of an endpoint is reached.
    #[get(
        "/v0.10/endpoint/{endpoint_id}/server_list",
        list = "DATA",
        reference = "#get_endpoint_or_collection_server_list"
    )]
    fn endpoint_server_list(
        /// The endpoint or collection whose servers are wanted.
        endpoint_id: EndpointId,
    ) -> Server;

    /// Reads one server of an endpoint.
    #[get("/v0.10/endpoint/{endpoint_id}/server/{server_id}", errors = [NOT_FOUND], reference = "#get_server_by_id")]
    fn get_endpoint_server(
        /// The endpoint or collection that it belongs to.
        endpoint_id: EndpointId,
        /// Number of the server within the endpoint.
        server_id: u64,
    ) -> Server;

    /// Lists the rules that pause the caller's own tasks on a collection.
    #[get(
        "/v0.10/endpoint/{endpoint_id}/my_effective_pause_rule_list",
        list = "DATA",
        reference = "#get_collection_pause_rules"
    )]
    fn my_effective_pause_rule_list(
        /// The collection that the caller wants to use.
        endpoint_id: EndpointId,
    ) -> PauseRule;
}
