//! Operations of [`TransferClientV2`] on bookmarks.

use globus_sdk_macros::service;

use crate::models::BookmarkId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    BookmarkCreateDocument, BookmarkEnvelope, BookmarkResource, BookmarkUpdateDocument, TransferClientV2,
};

#[service(reference = "https://docs.globus.org/api/transfer/collection_bookmarks/")]
impl TransferClientV2 {
    /// Lists the caller's bookmarks; their collections are in the field `included` of a page.
    #[get("/v2/bookmarks", scope = TransferScopes::ALL, page = JsonApi("data"))]
    fn list_bookmarks() -> BookmarkResource;

    /// Creates a bookmark of a folder.
    #[post("/v2/bookmarks", scope = TransferScopes::ALL)]
    fn create_bookmark(
        /// Collection, name and folder.
        #[document]
        data: Json<BookmarkCreateDocument>,
    ) -> BookmarkEnvelope;

    /// Reads one of the caller's bookmarks.
    #[get("/v2/bookmarks/{bookmark_id}", scope = TransferScopes::ALL)]
    fn get_bookmark(
        /// The bookmark to read.
        bookmark_id: BookmarkId,
    ) -> BookmarkEnvelope;

    /// Changes name and folder of a bookmark.
    #[patch("/v2/bookmarks/{bookmark_id}", scope = TransferScopes::ALL, idempotency = Repeatable)]
    fn update_bookmark(
        /// The bookmark to change.
        bookmark_id: BookmarkId,
        /// The new name and folder.
        #[document]
        update_document: Json<BookmarkUpdateDocument>,
    ) -> BookmarkEnvelope;

    /// Deletes one of the caller's bookmarks.
    #[delete("/v2/bookmarks/{bookmark_id}", scope = TransferScopes::ALL)]
    fn delete_bookmark(
        /// The bookmark to delete.
        bookmark_id: BookmarkId,
    ) -> BookmarkEnvelope;
}
