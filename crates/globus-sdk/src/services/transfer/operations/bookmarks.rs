//! Operations of [`TransferClient`] on bookmarks.

use globus_sdk_macros::service;

use crate::models::BookmarkId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{Bookmark, OperationResult, TransferClient, errors};

#[service(reference = "https://docs.globus.org/api/transfer/collection_bookmarks/", scope = TransferScopes::ALL,
    errors = [NOT_FOUND])]
impl TransferClient {
    /// Lists the caller's bookmarks.
    #[get("/v0.10/bookmark_list", list = "DATA", reference = "#get_list_of_bookmarks")]
    fn bookmark_list() -> Bookmark;

    /// Creates a bookmark of a folder. The caller's bookmarks have different names.
    #[post("/v0.10/bookmark", errors = [BAD_REQUEST, CONFLICT], reference = "#create_bookmark")]
    fn create_bookmark(
        /// The bookmark: `name`, `endpoint_id` and `path`.
        #[document]
        bookmark_data: Json<Bookmark>,
    ) -> Bookmark;

    /// Reads one of the caller's bookmarks.
    #[get("/v0.10/bookmark/{bookmark_id}", reference = "#get_bookmark_by_id")]
    fn get_bookmark(
        /// The bookmark to read.
        bookmark_id: BookmarkId,
    ) -> Bookmark;

    /// Renames a bookmark, or pins it.
    #[put("/v0.10/bookmark/{bookmark_id}", errors = [BAD_REQUEST, CONFLICT], reference = "#update_bookmark")]
    fn update_bookmark(
        /// The bookmark to change.
        bookmark_id: BookmarkId,
        /// The fields that change: `name`, `pinned`.
        #[document]
        bookmark_data: Json<Bookmark>,
    ) -> Bookmark;

    /// Deletes one of the caller's bookmarks.
    #[delete("/v0.10/bookmark/{bookmark_id}", reference = "#delete_bookmark_by_id")]
    fn delete_bookmark(
        /// The bookmark to delete.
        bookmark_id: BookmarkId,
    ) -> OperationResult;
}
