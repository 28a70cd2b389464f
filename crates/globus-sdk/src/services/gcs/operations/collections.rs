//! Operations of [`GCSClient`] on collections.

use globus_sdk_macros::service;

use crate::models::EndpointId;
use crate::services::gcs::{
    Collection, CollectionDocument, CollectionFilter, CollectionInclude, GCSClient, GCSResult, errors,
};

#[service(reference = "https://docs.globus.org/globus-connect-server/v5/api/openapi_Collections/",
    scope_source = Documented, errors = [PERMISSION_DENIED, NOT_FOUND])]
impl GCSClient {
    /// Lists the collections of the endpoint that the caller may see.
    #[get("/collections", page = Marker("data"), errors = [PERMISSION_DENIED, NOT_FOUND],
        reference = "#ListCollections")]
    fn get_collection_list(
        /// Parts of each collection that are left out unless asked for.
        #[csv]
        include: Option<Vec<CollectionInclude>>,
        /// Rows on a page, at most; the server documents no limit, and chooses the number when absent.
        page_size: Option<u32>,
        marker: Option<String>,
        /// Keep guest collections on this mapped collection.
        mapped_collection_id: Option<EndpointId>,
        /// Keep collections of which one of these is true.
        #[csv]
        filter: Option<Vec<CollectionFilter>>,
    ) -> Collection;

    /// Reads one collection of the endpoint.
    #[get("/collections/{collection_id}", unpack = "collection", reference = "#getCollection")]
    fn get_collection(
        /// The collection to read.
        collection_id: EndpointId,
    ) -> Collection;

    /// Creates a mapped or a guest collection, on which the caller becomes administrator.
    ///
    /// A mapped collection takes a role as owner or administrator of the endpoint; a guest collection takes an identity
    /// that the storage gateway allows, and the `data_access` scope of the mapped collection.
    #[post("/collections", unpack = "collection",
        errors = [PERMISSION_DENIED, BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE, CONFLICT],
        reference = "#createCollection")]
    fn create_collection(
        /// The new collection: a `MappedCollectionDocument` or a `GuestCollectionDocument`.
        #[document]
        collection_data: Json<CollectionDocument>,
    ) -> Collection;

    /// Changes the fields of a collection that the document has.
    #[patch("/collections/{collection_id}", idempotency = Repeatable, unpack = "collection",
        errors = [BAD_REQUEST, UNSUPPORTED_MEDIA_TYPE, UNPROCESSABLE], reference = "#patchCollection")]
    fn update_collection(
        /// The collection to change.
        collection_id: EndpointId,
        /// The fields to change, in the document of the collection's kind.
        #[document]
        collection_data: Json<CollectionDocument>,
    ) -> Collection;

    /// Deletes a collection, with the guest collections on it. A protected one is refused.
    #[delete("/collections/{collection_id}", reference = "#deleteCollection")]
    fn delete_collection(
        /// The collection to delete.
        collection_id: EndpointId,
    ) -> GCSResult;
}
