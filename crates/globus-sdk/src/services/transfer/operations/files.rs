//! Operations of [`TransferClient`] on files and folders.

use globus_sdk_macros::service;

use crate::models::EndpointId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{FileEntry, OperationResult, TransferClient, TransferFilter, errors};

#[service(reference = "https://docs.globus.org/api/transfer/file_operations/", scope = TransferScopes::ALL,
    errors = [ENDPOINT_NOT_FOUND, ENDPOINT_DELETED, PERMISSION_DENIED, ENDPOINT_PERMISSION_DENIED, CONSENT_REQUIRED,
        AUTH_POLICY_FAILED, OPERATION_PAUSED, ENDPOINT_ERROR])]
impl TransferClient {
    /// Lists a folder. The whole listing comes in one answer unless `limit` is given.
    #[get("/v0.10/operation/endpoint/{endpoint_id}/ls", list = "DATA",
        errors = [BAD_REQUEST, PATH_NOT_FOUND, LISTING_FAILED], reference = "#list_directory_contents")]
    fn operation_ls(
        /// The collection that the folder is on.
        endpoint_id: EndpointId,
        /// The folder; the collection's default when absent.
        path: Option<String>,
        /// Rows to list, at most 100000.
        limit: Option<u32>,
        /// Rows to pass over.
        offset: Option<u32>,
        /// Whether entries whose name begins with a dot are listed.
        #[bit]
        show_hidden: Option<bool>,
        /// Sort keys, each a field and `ASC` or `DESC`, for example `name ASC`.
        #[csv]
        orderby: Option<Vec<String>>,
        /// Conditions such as `{"name": "~*.txt"}`, or a list of them of which one must hold.
        #[filter]
        filter: Option<Json<TransferFilter>>,
        /// Account on the collection's host to list with, where several fit.
        local_user: Option<String>,
    ) -> FileEntry;

    /// Reads what is known of one file or folder.
    #[get("/v0.10/operation/endpoint/{endpoint_id}/stat", errors = [NOTHING_THERE], reference = "#stat")]
    fn operation_stat(
        /// The collection that it is on.
        endpoint_id: EndpointId,
        /// The file or folder; the collection's default folder when absent.
        path: Option<String>,
        /// Account on the collection's host to look with, where several fit.
        local_user: Option<String>,
    ) -> FileEntry;

    /// Makes a folder in one that exists.
    #[post("/v0.10/operation/endpoint/{endpoint_id}/mkdir", fixed("DATA_TYPE" = "mkdir"),
        errors = [MKDIR_EXISTS, MKDIR_DENIED], reference = "#make_directory")]
    fn operation_mkdir(
        /// The collection to make it on.
        endpoint_id: EndpointId,
        /// Path of the new folder.
        path: String,
        /// Account on the collection's host that shall own it, where several fit.
        local_user: Option<String>,
    ) -> OperationResult;

    /// Renames or moves a file or folder within a collection.
    #[post("/v0.10/operation/endpoint/{endpoint_id}/rename", fixed("DATA_TYPE" = "rename"), reference = "#rename")]
    fn operation_rename(
        /// The collection in which to rename.
        endpoint_id: EndpointId,
        /// The path as it is now.
        #[wire("old_path")]
        oldpath: String,
        /// The path as it shall be.
        #[wire("new_path")]
        newpath: String,
        /// Account on the collection's host to act with, where several fit.
        local_user: Option<String>,
    ) -> OperationResult;
}
