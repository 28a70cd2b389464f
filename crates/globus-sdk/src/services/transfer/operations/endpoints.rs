//! Operations of [`TransferClient`] on endpoints and collections.

use globus_sdk_macros::service;

use crate::models::{EndpointId, IdentityId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    Endpoint, EndpointScope, EndpointUpdate, EntityType, OperationResult, TransferClient, errors,
};

#[service(reference = "https://docs.globus.org/api/transfer/endpoints_and_collections/", scope = TransferScopes::ALL,
    errors = [ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED])]
impl TransferClient {
    /// Finds endpoints and collections. The service gives at most the first 1000.
    #[get("/v0.10/endpoint_search", page = HasNextPage("DATA", 100, 1000), errors = [BAD_REQUEST],
        reference = "https://docs.globus.org/api/transfer/endpoint_and_collection_search/")]
    fn endpoint_search(
        /// Where to search; everywhere when absent.
        filter_scope: Option<EndpointScope>,
        /// Words that must occur in names, descriptions, keywords or owners; needed when `filter_scope` is `all`.
        filter_fulltext: Option<String>,
        /// Keep those that this identity owns.
        filter_owner_id: Option<IdentityId>,
        /// Keep guest collections on this one.
        filter_host_endpoint: Option<EndpointId>,
        /// Keep those that cannot (true) or can (false) be used for transfers themselves.
        #[bit]
        filter_non_functional: Option<bool>,
        /// Keep those of this kind of endpoint or collection.
        filter_entity_type: Option<EntityType>,
        /// Rows on a page, at most 100.
        limit: Option<u32>,
        offset: Option<u32>,
    ) -> Endpoint;

    /// Reads one endpoint or collection.
    #[get("/v0.10/endpoint/{endpoint_id}", reference = "#get_endpoint_or_collection_by_id")]
    fn get_endpoint(
        /// The endpoint or collection to read.
        endpoint_id: EndpointId,
    ) -> Endpoint;

    /// Changes fields of an endpoint or a collection.
    #[put("/v0.10/endpoint/{endpoint_id}", errors = [BAD_REQUEST],
        reference = "https://docs.globus.org/api/transfer/gcp_management/#update_collection_by_id")]
    fn update_endpoint(
        /// The endpoint or collection to change.
        endpoint_id: EndpointId,
        /// The fields with their new values; the others stay as they are.
        #[document]
        data: Json<EndpointUpdate>,
    ) -> OperationResult;

    /// Deletes an endpoint or a collection, with its access rules and roles. Tasks that use it are canceled.
    #[delete(
        "/v0.10/endpoint/{endpoint_id}",
        reference = "https://docs.globus.org/api/transfer/gcp_management/#delete_collection_by_id"
    )]
    fn delete_endpoint(
        /// The endpoint or collection to delete.
        endpoint_id: EndpointId,
    ) -> OperationResult;
}
