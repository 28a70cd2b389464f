//! Operations of [`TransferClientV2`] on bookmarks.

use globus_sdk_macros::service;

use crate::models::BookmarkId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    BookmarkCreateDocument, BookmarkEnvelope, BookmarkResource, BookmarkUpdateDocument, TransferClientV2, errors,
};

#[service(reference = "https://transfer.api.globus.org/v2/openapi.json", scope = TransferScopes::ALL,
    errors = [UNPROCESSABLE])]
impl TransferClientV2 {
    /// Lists the caller's bookmarks; their collections are in the field `included` of a page.
    #[get("/v2/bookmarks", page = JsonApi("data"), errors = [UNPROCESSABLE], reference = "#/paths/~1bookmarks/get")]
    fn list_bookmarks() -> BookmarkResource;

    /// Creates a bookmark of a folder.
    #[post("/v2/bookmarks", errors = [UNPROCESSABLE], reference = "#/paths/~1bookmarks/post")]
    fn create_bookmark(
        /// The bookmark: its collection, its name and its folder.
        #[document]
        data: Json<BookmarkCreateDocument>,
    ) -> BookmarkEnvelope;

    /// Reads one of the caller's bookmarks.
    #[get("/v2/bookmarks/{bookmark_id}", reference = "#/paths/~1bookmarks~1{bookmark_id}/get")]
    fn get_bookmark(
        /// The bookmark to read.
        bookmark_id: BookmarkId,
    ) -> BookmarkEnvelope;

    /// Changes name and folder of a bookmark.
    #[patch("/v2/bookmarks/{bookmark_id}", idempotency = Repeatable,
        reference = "#/paths/~1bookmarks~1{bookmark_id}/patch")]
    fn update_bookmark(
        /// The bookmark to change.
        bookmark_id: BookmarkId,
        /// The new name and folder.
        #[document]
        update_document: Json<BookmarkUpdateDocument>,
    ) -> BookmarkEnvelope;

    /// Deletes one of the caller's bookmarks.
    #[delete(
        "/v2/bookmarks/{bookmark_id}",
        reference = "#/paths/~1bookmarks~1{bookmark_id}/delete"
    )]
    fn delete_bookmark(
        /// The bookmark to delete.
        bookmark_id: BookmarkId,
    ) -> BookmarkEnvelope;
}
