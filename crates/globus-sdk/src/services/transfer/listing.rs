//! What a listing of a folder says beside its entries.

use super::FileEntry;
use crate::models::EndpointId;
use crate::paging::Page;

/// Of [`operation_ls`](super::TransferClient::operation_ls).
impl Page<FileEntry> {
    /// The collection.
    pub fn endpoint(&self) -> Option<EndpointId> {
        self.get("endpoint")
    }

    /// The folder as it was asked for, with `/` at its end; the collection's default folder if none was.
    pub fn path(&self) -> Option<String> {
        self.get("path")
    }

    /// The folder from the collection's root on; absent where the collection does not tell.
    pub fn absolute_path(&self) -> Option<String> {
        self.get("absolute_path")
    }

    /// Whether entries can be renamed.
    pub fn rename_supported(&self) -> Option<bool> {
        self.get("rename_supported")
    }

    /// Whether the collection knows symbolic links.
    pub fn symlink_supported(&self) -> Option<bool> {
        self.get("symlink_supported")
    }
}
