//! Operations of [`GCSClient`].

use globus_sdk_macros::service;

use crate::models::EndpointId;
use crate::services::gcs::{Collection, GCSClient, GcsInfo, composites};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5.4/api/")]
impl GCSClient {
    /// Reads what the server tells everybody about itself. No credentials are sent.
    #[get("/info", unpack = "info", authorization = false)]
    fn get_gcs_info() -> GcsInfo;

    /// Reads the client id of the endpoint, which is the resource server of its tokens.
    #[get("/info", composite = composites::endpoint_client_id, authorization = false)]
    fn endpoint_client_id() -> String;

    /// Lists the collections of the endpoint.
    #[get("/collections", page = Marker("data"))]
    fn get_collection_list(
        /// Parts that are left out unless asked for, such as `private_policies`.
        #[csv]
        include: Option<Vec<String>>,
        /// Rows on a page, at most 1000.
        page_size: Option<u32>,
        /// Where to resume, from the page before.
        marker: Option<String>,
        /// Keep guest collections on this mapped collection.
        mapped_collection_id: Option<EndpointId>,
        /// Conditions such as `mapped_collections`, `managed_by_me` or `created_by_me`.
        #[csv]
        filter: Option<Vec<String>>,
    ) -> Collection;
}
