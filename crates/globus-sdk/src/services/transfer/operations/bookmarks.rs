//! Operations of [`TransferClient`] on bookmarks.

use globus_sdk_macros::service;

use crate::models::BookmarkId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{Bookmark, OperationResult, TransferClient};

#[service(reference = "https://docs.globus.org/api/transfer/collection_bookmarks/")]
impl TransferClient {
    /// Lists the caller's bookmarks.
    #[get("/v0.10/bookmark_list", scope = TransferScopes::ALL, list = "DATA", reference = "#get_list_of_bookmarks")]
    fn bookmark_list() -> Bookmark;

    /// Creates a bookmark of a folder. The caller's bookmarks have different names.
    #[post("/v0.10/bookmark", scope = TransferScopes::ALL, reference = "#create_bookmark")]
    fn create_bookmark(
        /// Name, collection and folder.
        #[document]
        bookmark_data: Json<Bookmark>,
    ) -> Bookmark;

    /// Reads one of the caller's bookmarks.
    #[get("/v0.10/bookmark/{bookmark_id}", scope = TransferScopes::ALL, reference = "#get_bookmark_by_id")]
    fn get_bookmark(
        /// The bookmark to read.
        bookmark_id: BookmarkId,
    ) -> Bookmark;

    /// Renames a bookmark, or pins it.
    #[put("/v0.10/bookmark/{bookmark_id}", scope = TransferScopes::ALL, reference = "#update_bookmark")]
    fn update_bookmark(
        /// The bookmark to change.
        bookmark_id: BookmarkId,
        /// The fields that change: `name`, `pinned`.
        #[document]
        bookmark_data: Json<Bookmark>,
    ) -> Bookmark;

    /// Deletes one of the caller's bookmarks.
    #[delete("/v0.10/bookmark/{bookmark_id}", scope = TransferScopes::ALL, reference = "#delete_bookmark_by_id")]
    fn delete_bookmark(
        /// The bookmark to delete.
        bookmark_id: BookmarkId,
    ) -> OperationResult;
}
