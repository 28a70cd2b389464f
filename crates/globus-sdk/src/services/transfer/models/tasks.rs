//! Tasks and what is known about their course.

use globus_sdk_macros::model;

use super::{Deadline, FilterRule, PauseRule, SyncLevel};
use crate::models::{EndpointId, Field, IdentityId, TaskId};

/// A task that copies or deletes data. Source: <https://docs.globus.org/api/transfer/task/#task_document>.
#[model]
pub struct Task {
    /// Id of the task.
    pub task_id: Option<TaskId>,
    /// Whether it copies or deletes.
    #[wire("type")]
    pub task_type: Option<TaskType>,
    /// How far it has come.
    pub status: Option<TaskStatus>,
    /// Whether somebody paused it.
    pub is_paused: Option<bool>,
    /// Short text that tells the task from others.
    pub label: Option<String>,
    /// The identity that submitted it.
    pub owner_id: Option<IdentityId>,
    /// That identity's user name; for managers only.
    pub owner_string: Option<String>,
    /// That identity in the service's own spelling.
    pub username: Option<String>,
    /// What submitted it, for example `API 0.10`.
    pub command: Option<String>,
    /// When it was submitted, as ISO 8601 text.
    pub request_time: Option<String>,
    /// When it ended, as ISO 8601 text; absent while it goes on.
    pub completion_time: Option<String>,
    /// When it is given up, as ISO 8601 text.
    pub deadline: Option<String>,
    /// Where data is read or deleted.
    pub source_endpoint_id: Option<EndpointId>,
    /// Name of the collection where data is read or deleted.
    pub source_endpoint_display_name: Option<String>,
    /// Where data is written; absent for a task that deletes.
    pub destination_endpoint_id: Option<EndpointId>,
    /// Name of the collection where data is written.
    pub destination_endpoint_display_name: Option<String>,
    /// Path below which all sources are; for managers only.
    pub source_base_path: Option<String>,
    /// Path below which all destinations are; for managers only.
    pub destination_base_path: Option<String>,
    /// The collection that the source, a guest collection, is on.
    pub source_host_endpoint_id: Option<EndpointId>,
    /// Name of that collection of the source.
    pub source_host_endpoint_display_name: Option<String>,
    /// Where on that collection the source begins.
    pub source_host_path: Option<String>,
    /// The collection that the destination, a guest collection, is on.
    pub destination_host_endpoint_id: Option<EndpointId>,
    /// Name of that collection of the destination.
    pub destination_host_endpoint_display_name: Option<String>,
    /// Where on that collection the destination begins.
    pub destination_host_path: Option<String>,
    /// The mapped collection below the source.
    pub source_mapped_collection_id: Option<EndpointId>,
    /// Name of the mapped collection below the source.
    pub source_mapped_collection_display_name: Option<String>,
    /// The mapped collection below the destination.
    pub destination_mapped_collection_id: Option<EndpointId>,
    /// Name of the mapped collection below the destination.
    pub destination_mapped_collection_display_name: Option<String>,
    /// Account on the source's host under which data is read; for managers only.
    pub source_local_user: Option<String>,
    /// Whether that account is known: `OK`, `NO_PERMISSION`, or why it is not.
    pub source_local_user_status: Option<String>,
    /// Account on the destination's host under which data is written; for managers only.
    pub destination_local_user: Option<String>,
    /// Whether the destination's account is known: `OK`, `NO_PERMISSION`, or why it is not.
    pub destination_local_user_status: Option<String>,
    /// What makes a file on the destination count as current; absent when everything is copied.
    pub sync_level: Option<SyncLevel>,
    /// Whether data is encrypted on its way.
    pub encrypt_data: Option<bool>,
    /// Whether checksums are compared after copying.
    pub verify_checksum: Option<bool>,
    /// Whether files keep their times.
    pub preserve_timestamp: Option<bool>,
    /// Whether files are deleted that the source does not have.
    pub delete_destination_extra: Option<bool>,
    /// What happens to symbolic links within folders, for example `ignore`.
    pub recursive_symlinks: Option<String>,
    /// Whether what cannot be read is passed over.
    pub skip_source_errors: Option<bool>,
    /// Whether a full disk fails the task.
    pub fail_on_quota_errors: Option<bool>,
    /// Rules by which entries of folders are left out.
    pub filter_rules: Option<Vec<FilterRule>>,
    /// Whether events and lists of files are gone; they are kept for 30 days.
    pub history_deleted: Option<bool>,
    /// Files found so far.
    pub files: Option<u64>,
    /// Folders found so far.
    pub directories: Option<u64>,
    /// Symbolic links found so far.
    pub symlinks: Option<u64>,
    /// Files that were current already.
    pub files_skipped: Option<u64>,
    /// Files that were copied.
    pub files_transferred: Option<u64>,
    /// Bytes that were copied.
    pub bytes_transferred: Option<u64>,
    /// Bytes of which checksums were taken.
    pub bytes_checksummed: Option<u64>,
    /// Bytes a second, from the submission on.
    pub effective_bytes_per_second: Option<u64>,
    /// Parts of the task.
    pub subtasks_total: Option<u64>,
    /// Parts that wait.
    pub subtasks_pending: Option<u64>,
    /// Parts that are tried again after an error.
    pub subtasks_retrying: Option<u64>,
    /// Parts that are done.
    pub subtasks_succeeded: Option<u64>,
    /// Parts that did not end before the deadline.
    pub subtasks_expired: Option<u64>,
    /// Parts that were canceled.
    pub subtasks_canceled: Option<u64>,
    /// Parts that failed.
    pub subtasks_failed: Option<u64>,
    /// Parts that were passed over because of an error at the source.
    pub subtasks_skipped_errors: Option<u64>,
    /// Errors so far, also those that were overcome.
    pub faults: Option<u64>,
    /// Whether the task gets on; absent when it has ended.
    pub is_ok: Option<bool>,
    /// `OK`, `Queued`, or the error that holds the task up, for example `PERMISSION_DENIED`.
    pub nice_status: Option<String>,
    /// That error in a few words.
    pub nice_status_short_description: Option<String>,
    /// That error in full.
    pub nice_status_details: Option<String>,
    /// Seconds until the credentials end that the task needs; -1 for never.
    pub nice_status_expires_in: Option<i64>,
    /// Why the task failed.
    pub fatal_error: Option<FatalError>,
    /// On whose collection an administrator canceled it: `SOURCE`, `DESTINATION` or `BOTH`.
    pub canceled_by_admin: Option<String>,
    /// What that administrator says about it.
    pub canceled_by_admin_message: Option<String>,
    /// `canonical_name` of the source; `source_endpoint_id` is newer.
    pub source_endpoint: Option<String>,
    /// `canonical_name` of the destination; `destination_endpoint_id` is newer.
    pub destination_endpoint: Option<String>,
    /// `canonical_name` of the collection that the source is on; `source_host_endpoint_id` is newer.
    pub source_host_endpoint: Option<String>,
    /// `canonical_name` of the collection that the destination is on; `destination_host_endpoint_id` is newer.
    pub destination_host_endpoint: Option<String>,
    /// Where a list of managed tasks resumes behind this one.
    pub key: Option<String>,
}

/// Kinds of tasks.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskType {
    /// Copies data.
    Transfer,
    /// Deletes data.
    Delete,
}

/// How far a task has come.
#[model(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// It waits for its turn or goes on, be it with errors that are retried.
    Active,
    /// It stands still until a person does something: renews credentials, consents, or ends a pause.
    Inactive,
    /// All is done.
    Succeeded,
    /// It was given up, or canceled.
    Failed,
}

/// Why a task failed.
#[model]
pub struct FatalError {
    /// Code, for example `FILE_NOT_FOUND`.
    pub code: Option<String>,
    /// The same in words.
    pub description: Option<String>,
}

/// What of a running task can be changed. Source: <https://docs.globus.org/api/transfer/task/#update_task_by_id>.
#[model]
pub struct TaskUpdate {
    /// New text that tells the task from others, at most 128 characters; null takes it away.
    pub label: Field<String>,
    /// When to give the task up.
    pub deadline: Option<Deadline>,
}

/// Something that happened to a task. Source: <https://docs.globus.org/api/transfer/task/#event_document>.
#[model]
pub struct TaskEvent {
    /// Code, for example `STARTED`, `PROGRESS`, `SUCCEEDED` or `PERMISSION_DENIED`.
    pub code: Option<String>,
    /// Whether it is an error.
    pub is_error: Option<bool>,
    /// What happened, in a few words.
    pub description: Option<String>,
    /// More about it: text, which for some codes is JSON.
    pub details: Option<String>,
    /// When it happened, as ISO 8601 text.
    pub time: Option<String>,
}

/// A file that was copied. Source: <https://docs.globus.org/api/transfer/task/#get_task_successful_transfers>.
#[model]
pub struct SuccessfulTransfer {
    /// Path it was read from.
    pub source_path: Option<String>,
    /// Path it was written to.
    pub destination_path: Option<String>,
    /// Size in bytes.
    pub size: Option<u64>,
    /// Checksum of its content, where one was taken.
    pub checksum: Option<String>,
    /// How the checksum was taken, for example `MD5`.
    pub checksum_algorithm: Option<String>,
    /// Whether the file changed while it was copied.
    pub dynamic: Option<bool>,
}

/// What a task passed over because of an error. Source: <https://docs.globus.org/api/transfer/task/#get_task_skipped_errors>.
#[model]
pub struct SkippedError {
    /// Code, for example `PERMISSION_DENIED` or `FILE_NOT_FOUND`.
    pub error_code: Option<String>,
    /// What the collection says about it.
    pub error_details: Option<String>,
    /// When it was seen last, as ISO 8601 text.
    pub error_time: Option<String>,
    /// Path on the source.
    pub source_path: Option<String>,
    /// Path on the destination.
    pub destination_path: Option<String>,
    /// Whether it is a folder.
    pub is_directory: Option<bool>,
    /// Whether it is a symbolic link.
    pub is_symlink: Option<bool>,
    /// Whether it was to be deleted, since the source does not have it.
    pub is_delete_destination_extra: Option<bool>,
    /// Checksum that the submission named.
    pub external_checksum: Option<String>,
    /// How that checksum is taken.
    pub checksum_algorithm: Option<String>,
}

/// Why a task is paused. Source: <https://docs.globus.org/api/transfer/task/#get_task_pause_info>.
#[model]
pub struct PauseInfo {
    /// Rules that hold the task.
    pub pause_rules: Option<Vec<PauseRule>>,
    /// What the manager of the source says, who paused this task.
    pub source_pause_message: Option<String>,
    /// What the manager of the destination says, who paused this task.
    pub destination_pause_message: Option<String>,
    /// What the manager of the source's guest collection says.
    pub source_pause_message_share: Option<String>,
    /// What the manager of the destination's guest collection says.
    pub destination_pause_message_share: Option<String>,
}
