//! What the service says when it did something.

use globus_sdk_macros::model;

use crate::models::TaskId;

/// What became of a change. Source: <https://docs.globus.org/api/transfer/overview/#result_document>.
#[model]
pub struct OperationResult {
    /// `result`, or a kind with further fields.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// What happened, for example `Updated`, `Deleted`, `DirectoryCreated` or `FileRenamed`.
    pub code: Option<String>,
    /// The same in words.
    pub message: Option<String>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// Path of the request.
    pub resource: Option<String>,
}

/// An id by which the service recognizes a submission that it gets twice.
#[model]
pub struct SubmissionId {
    /// The id.
    pub value: Option<String>,
}

/// What became of a submission. Source: <https://docs.globus.org/api/transfer/task_submit/#submit_transfer_task>.
#[model]
pub struct SubmitResult {
    /// Whether there is a new task, or one of an earlier submission.
    pub code: Option<SubmitCode>,
    /// The same in words.
    pub message: Option<String>,
    /// The task.
    pub task_id: Option<TaskId>,
    /// The id of the submission.
    pub submission_id: Option<String>,
    /// Where the task can be read.
    pub task_link: Option<Link>,
    /// Id of the request, for support.
    pub request_id: Option<String>,
    /// Path of the request.
    pub resource: Option<String>,
}

/// Where something can be read.
#[model]
pub struct Link {
    /// `link`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// Its path, with a query.
    pub href: Option<String>,
    /// How it has to do with the answer, for example `related`.
    pub rel: Option<String>,
    /// What it is, for example `task`.
    pub resource: Option<String>,
    /// The same in words.
    pub title: Option<String>,
}

/// Whether a submission made a task.
#[model(rename_all = "PascalCase")]
pub enum SubmitCode {
    /// The task is new.
    Accepted,
    /// The service had the submission already, and answers the task that it made then.
    Duplicate,
}
