//! Operations of [`GCSClient`] on storage gateways.

use globus_sdk_macros::service;

use crate::models::StorageGatewayId;
use crate::services::gcs::{
    GCSClient, GCSResult, StorageGateway, StorageGatewayDocument, StorageGatewayInclude, errors,
};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi_Storage_Gateways/",
    scope_source = Documented, errors = [PERMISSION_DENIED, NOT_FOUND])]
impl GCSClient {
    /// Lists the storage gateways of the endpoint.
    #[get("/storage_gateways", page = Marker("data"), reference = "#getStorageGateways")]
    fn get_storage_gateway_list(
        /// Parts of each gateway that are left out unless asked for; private rules take a role as administrator.
        #[csv]
        include: Option<Vec<StorageGatewayInclude>>,
        /// Rows on a page, at most; the server documents no limit, and chooses the number when absent.
        page_size: Option<u32>,
        marker: Option<String>,
    ) -> StorageGateway;

    /// Creates a storage gateway. It takes a role as owner or administrator of the endpoint.
    #[post("/storage_gateways", unpack = "storage_gateway",
        errors = [PERMISSION_DENIED, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE],
        reference = "#postStorageGateway")]
    fn create_storage_gateway(
        /// The new gateway: `display_name`, `connector_id`, whom it lets in, and its connector's `policies`.
        #[document]
        data: Json<StorageGatewayDocument>,
    ) -> StorageGateway;

    /// Reads one storage gateway.
    #[get(
        "/storage_gateways/{storage_gateway_id}",
        unpack = "storage_gateway",
        reference = "#getStorageGateway"
    )]
    fn get_storage_gateway(
        /// The gateway to read.
        storage_gateway_id: StorageGatewayId,
        /// Parts that are left out unless asked for; private rules take a role as administrator.
        #[csv]
        include: Option<Vec<StorageGatewayInclude>>,
    ) -> StorageGateway;

    /// Changes the fields of a storage gateway that the document has. The answer is the envelope: newer servers put no
    /// gateway into it.
    #[patch("/storage_gateways/{storage_gateway_id}", idempotency = Repeatable,
        errors = [BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE], reference = "#patchStorageGateway")]
    fn update_storage_gateway(
        /// The gateway to change.
        storage_gateway_id: StorageGatewayId,
        /// The fields to change, with their new values; the others stay.
        #[document]
        data: Json<StorageGatewayDocument>,
    ) -> GCSResult;

    /// Deletes a storage gateway, with the collections and credentials on it.
    #[delete("/storage_gateways/{storage_gateway_id}", reference = "#deleteStorageGateway")]
    fn delete_storage_gateway(
        /// The gateway to delete.
        storage_gateway_id: StorageGatewayId,
    ) -> GCSResult;
}
