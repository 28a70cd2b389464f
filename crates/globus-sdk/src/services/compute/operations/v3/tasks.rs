//! Operations of [`ComputeClientV3`] on tasks.

use globus_sdk_macros::service;

use crate::models::ComputeEndpointId;
use crate::scopes::ComputeScopes;
use crate::services::compute::{BatchSubmitRequestV3, BatchSubmitResponseV3, ComputeClientV3, errors};

#[service(reference = "https://compute.api.globus.org/redoc", scope = ComputeScopes::ALL,
    errors = [FORBIDDEN, NOT_FOUND])]
impl ComputeClientV3 {
    /// Submits tasks to one endpoint. The answer has an id for each, in the order of their arguments.
    #[post("/v3/endpoints/{endpoint_id}/submit", errors = [TOO_LARGE],
        reference = "#tag/Endpoints/operation/submit_batch_v3_endpoints__endpoint_uuid__submit_post")]
    fn submit(
        /// The endpoint that shall run them.
        endpoint_id: ComputeEndpointId,
        /// Serialized arguments by function, at most 10 MB.
        #[document]
        data: Json<BatchSubmitRequestV3>,
    ) -> BatchSubmitResponseV3;
}
