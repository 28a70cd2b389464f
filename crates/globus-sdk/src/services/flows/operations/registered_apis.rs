//! Operations on registered APIs: services that flows may call.

use globus_sdk_macros::service;

use crate::models::RegisteredApiId;
use crate::services::flows::{FlowsClient, RegisteredApi, RegisteredApiRole, errors};

#[service(reference = "https://flows.globus.org/redoc", errors = [FORBIDDEN, NOT_FOUND])]
impl FlowsClient {
    /// Lists the registered APIs that the caller may see. The rows leave out the target and what belongs to it.
    #[get("/registered_apis", page = Marker("registered_apis"), errors = [BAD_QUERY, FORBIDDEN, UNPROCESSABLE],
        reference = "#tag/Registered-APIs/paths/~1registered_apis/get")]
    fn list_registered_apis(
        /// Keep registered APIs on which the caller holds one of these roles.
        #[csv]
        filter_roles: Option<Vec<RegisteredApiRole>>,
        /// Sort keys, each a field and `ASC` or `DESC`, for example `created_timestamp DESC`.
        #[repeat]
        orderby: Option<Vec<String>>,
        marker: Option<String>,
        /// Rows on a page, at most; the service documents no limit, and chooses the number when absent.
        per_page: Option<u32>,
    ) -> RegisteredApi;

    /// Reads one registered API, with what it is called with.
    #[get(
        "/registered_apis/{registered_api_id}",
        reference = "#tag/Registered-APIs/paths/~1registered_apis~1{registered_api_id}/get"
    )]
    fn get_registered_api(
        /// The registered API to read.
        registered_api_id: RegisteredApiId,
    ) -> RegisteredApi;
}
