//! Operations of [`ComputeClientV2`] on the service itself.

use globus_sdk_macros::service;

use crate::scopes::ComputeScopes;
use crate::services::compute::{ComputeClientV2, ResultAmqpUrl, VersionAnswer, VersionService};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL)]
impl ComputeClientV2 {
    /// Reads the version of the API as a text, or with `all` a document with all versions that matter.
    #[get("/v2/version", reference = "#tag/Root/operation/get_version_v2_version_get")]
    fn get_version(
        /// Whose version: that of the API, or all; that of the API when absent.
        service: Option<VersionService>,
    ) -> VersionAnswer;

    /// Draws new credentials, as an address, for the queue in which the caller's results come.
    #[get(
        "/v2/get_amqp_result_connection_url",
        reference = "#tag/Root/operation/get_user_specific_result_amqp_url_v2_get_amqp_result_connection_url_get"
    )]
    fn get_result_amqp_url() -> ResultAmqpUrl;
}
