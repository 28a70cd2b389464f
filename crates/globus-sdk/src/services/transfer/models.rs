//! Documents of the Transfer API.

use globus_sdk_macros::model;

use crate::models::{EndpointId, IdentityId, SubscriptionId, TaskId};

/// An endpoint or a collection. Source: <https://docs.globus.org/api/transfer/endpoints_and_collections/>.
#[model]
pub struct Endpoint {
    /// Id.
    pub id: Option<EndpointId>,
    /// Name that people see.
    pub display_name: Option<String>,
    /// What kind it is.
    pub entity_type: Option<EntityType>,
    /// Identity that owns it, or its endpoint.
    pub owner_id: Option<IdentityId>,
    /// The owner in words.
    pub owner_string: Option<String>,
    /// Whether everybody can find it.
    pub public: Option<bool>,
    /// What it is for.
    pub description: Option<String>,
    /// Who runs it.
    pub organization: Option<String>,
    /// Part of the organization.
    pub department: Option<String>,
    /// Words by which people find it, joined by commas.
    pub keywords: Option<String>,
    /// Address to write to.
    pub contact_email: Option<String>,
    /// The folder where people start.
    pub default_directory: Option<String>,
    /// Whether data on it needs recent authentication.
    pub high_assurance: Option<bool>,
    /// Whether it is Globus Connect Personal.
    pub is_globus_connect: Option<bool>,
    /// Whether that program is connected now.
    pub gcp_connected: Option<bool>,
    /// Whether it cannot be used for transfers itself.
    pub non_functional: Option<bool>,
    /// The collection that a guest collection is on.
    pub host_endpoint_id: Option<EndpointId>,
    /// Where on that collection it begins.
    pub host_path: Option<String>,
    /// The mapped collection below a guest collection.
    pub mapped_collection_id: Option<EndpointId>,
    /// Address of the Globus Connect Server manager.
    pub gcs_manager_url: Option<String>,
    /// Host for downloads and uploads over HTTPS.
    pub https_server: Option<String>,
    /// Subscription it belongs to.
    pub subscription_id: Option<SubscriptionId>,
    /// What the caller may do.
    pub my_effective_roles: Option<Vec<String>>,
}

/// Kinds of endpoints and collections.
#[model]
pub enum EntityType {
    /// Collection of a Globus Connect Personal.
    #[wire("GCP_mapped_collection")]
    GcpMappedCollection,
    /// Guest collection on a Globus Connect Personal.
    #[wire("GCP_guest_collection")]
    GcpGuestCollection,
    /// Globus Connect Server endpoint.
    #[wire("GCSv5_endpoint")]
    Gcsv5Endpoint,
    /// Collection with the accounts of a storage system.
    #[wire("GCSv5_mapped_collection")]
    Gcsv5MappedCollection,
    /// Collection that a user made from part of another.
    #[wire("GCSv5_guest_collection")]
    Gcsv5GuestCollection,
}

/// One entry of a folder. Source: <https://docs.globus.org/api/transfer/file_operations/#file_document>.
#[model]
pub struct FileEntry {
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
}

/// An id by which the service recognizes a submission that it gets twice.
#[model]
pub struct SubmissionId {
    /// The id.
    pub value: Option<String>,
}

/// What became of a submission.
#[model]
pub struct SubmitResult {
    /// `Accepted`, or `Duplicate` when the service had the submission already.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// The task.
    pub task_id: Option<TaskId>,
    /// The id of the submission.
    pub submission_id: Option<String>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// Path of the request.
    pub resource: Option<String>,
}

/// A task that copies data. Source: <https://docs.globus.org/api/transfer/task_submit/#transfer_specific_fields>.
#[model]
pub struct TransferData {
    /// `transfer`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Collection to copy from.
    pub source_endpoint: Option<EndpointId>,
    /// Collection to copy to.
    pub destination_endpoint: Option<EndpointId>,
    /// Short text that tells the task from others, at most 128 characters.
    pub label: Option<String>,
    /// Id by which the service recognizes a submission that it gets twice.
    pub submission_id: Option<String>,
    /// What to copy.
    #[wire("DATA")]
    pub data: Vec<TransferItem>,
}

impl TransferData {
    /// A task without items.
    pub fn new(source_endpoint: impl Into<EndpointId>, destination_endpoint: impl Into<EndpointId>) -> Self {
        Self {
            data_type: Some("transfer".to_owned()),
            source_endpoint: Some(source_endpoint.into()),
            destination_endpoint: Some(destination_endpoint.into()),
            ..Self::default()
        }
    }

    /// Adds a file, or with `recursive` a folder.
    pub fn add_item(
        &mut self,
        source_path: impl Into<String>,
        destination_path: impl Into<String>,
        recursive: impl Into<Option<bool>>,
    ) -> &mut Self {
        self.data.push(TransferItem {
            data_type: Some("transfer_item".to_owned()),
            source_path: Some(source_path.into()),
            destination_path: Some(destination_path.into()),
            recursive: recursive.into(),
            ..TransferItem::default()
        });
        self
    }
}

/// One file or folder of a transfer.
#[model]
pub struct TransferItem {
    /// `transfer_item`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Path on the source.
    pub source_path: Option<String>,
    /// Path on the destination.
    pub destination_path: Option<String>,
    /// Whether it is a folder; when absent, the service looks.
    pub recursive: Option<bool>,
}
