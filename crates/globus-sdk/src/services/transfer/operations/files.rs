//! Operations of [`TransferClient`] on files and folders.

use globus_sdk_macros::service;

use crate::models::EndpointId;
use crate::scopes::TransferScopes;
use crate::services::transfer::{FileEntry, TransferClient};

#[service(reference = "https://docs.globus.org/api/transfer/file_operations/")]
impl TransferClient {
    /// Lists a folder. The whole listing comes in one answer unless `limit` is given.
    #[get("/v0.10/operation/endpoint/{endpoint_id}/ls", scope = TransferScopes::ALL, list = "DATA")]
    fn operation_ls(
        /// The collection.
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
        /// Sort keys, each a field and `ASC` or `DESC`.
        #[csv]
        orderby: Option<Vec<String>>,
        /// Conditions such as `{"name": "~*.txt"}`, or a list of them of which one must hold.
        #[filter]
        filter: Option<Value>,
        /// Account on the collection's host, where several fit.
        local_user: Option<String>,
    ) -> FileEntry;
}
