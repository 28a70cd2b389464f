//! Files and folders.

use globus_sdk_macros::model;

/// One entry of a folder. Source: <https://docs.globus.org/api/transfer/file_operations/#file_document>.
#[model]
pub struct FileEntry {
    /// `file`, whatever the entry is.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Name within the folder.
    pub name: Option<String>,
    /// What it is.
    #[wire("type")]
    pub file_type: Option<FileType>,
    /// Size in bytes.
    pub size: Option<u64>,
    /// When its content last changed, as `YYYY-MM-DD hh:mm:ss+00:00`.
    pub last_modified: Option<String>,
    /// Permission bits in octal, for example `0644`.
    pub permissions: Option<String>,
    /// Its owner.
    pub user: Option<String>,
    /// Its group.
    pub group: Option<String>,
    /// Where a symbolic link leads.
    pub link_target: Option<String>,
    /// Size of the symbolic link itself, in bytes.
    pub link_size: Option<u64>,
    /// When the symbolic link itself last changed.
    pub link_last_modified: Option<String>,
    /// Owner of the symbolic link itself.
    pub link_user: Option<String>,
    /// Group of the symbolic link itself.
    pub link_group: Option<String>,
}

/// What an entry of a folder is.
#[model]
pub enum FileType {
    /// A file.
    File,
    /// A folder.
    Dir,
    /// A symbolic link that leads nowhere.
    InvalidSymlink,
    /// A character device.
    Chr,
    /// A block device.
    Blk,
    /// A pipe.
    Pipe,
    /// Something else that is neither file nor folder.
    #[wire("other")]
    Special,
}
