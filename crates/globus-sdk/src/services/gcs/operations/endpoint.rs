//! Operations of [`GCSClient`] on the endpoint itself.

use globus_sdk_macros::service;

use crate::services::gcs::{EndpointDocument, EndpointInclude, GCSClient, GCSEndpoint, GcsInfo, composites, errors};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi_Endpoint/", scope_source = Documented)]
impl GCSClient {
    /// Reads what the server tells everybody about itself. No credentials are sent.
    #[get(
        "/info",
        unpack = "info",
        authorization = false,
        reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi/#getInfo"
    )]
    fn get_gcs_info() -> GcsInfo;

    /// Reads the client id of the endpoint, which is the resource server of its tokens.
    #[get("/info", composite = composites::endpoint_client_id, authorization = false,
        reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi/#getInfo")]
    fn endpoint_client_id() -> String;

    /// Reads the endpoint that the server belongs to.
    #[get("/endpoint", unpack = "endpoint", reference = "#getEndpoint")]
    fn get_endpoint() -> GCSEndpoint;

    /// Changes the fields of the endpoint that the document has. The answer is empty unless the endpoint is asked for.
    #[patch("/endpoint", idempotency = Repeatable, unpack = "endpoint",
        errors = [PERMISSION_DENIED, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE], reference = "#patchEndpoint")]
    fn update_endpoint(
        /// The fields to change, with their new values; the others stay.
        #[document]
        endpoint_data: Json<EndpointDocument>,
        /// What to answer besides that it was done.
        #[query]
        #[csv]
        include: Option<Vec<EndpointInclude>>,
    ) -> GCSEndpoint;
}
