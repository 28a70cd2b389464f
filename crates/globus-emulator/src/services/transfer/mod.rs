//! Globus Transfer: finding and changing endpoints, the files on collections, tasks. <https://docs.globus.org/api/transfer/>
//!
//! Beside the files that every service has: `collections.rs` (a collection as its user finds it), `path.rs` and
//! `storage.rs` (what a path may reach), `listing.rs` (documents of files), `tasks/` (the queue and its work), `query.rs`
//! and `validation.rs` (reading queries and documents), `glob.rs` (patterns of names).

pub(crate) mod access;
pub(crate) mod collections;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod glob;
pub(crate) mod handlers;
pub(crate) mod listing;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod state;
pub(crate) mod storage;
pub(crate) mod tasks;
pub(crate) mod validation;

use handlers::{endpoints, files, search, submit, tasks as watching};

use super::Extra;
use crate::exchange::{FileHandler, Handler};

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("transfer.get_endpoint", endpoints::get),
    ("transfer.update_endpoint", endpoints::update),
    ("transfer.delete_endpoint", endpoints::delete),
    ("transfer.endpoint_search", search::search),
    ("transfer.get_submission_id", submit::submission_id),
    ("transfer.submit_transfer", submit::transfer),
    ("transfer.submit_delete", submit::delete),
    ("transfer.get_task", watching::get),
    ("transfer.task_list", watching::list),
    ("transfer.update_task", watching::update),
    ("transfer.cancel_task", watching::cancel),
    ("transfer.task_event_list", watching::events),
    ("transfer.task_successful_transfers", watching::successful_transfers),
    ("transfer.task_skipped_errors", watching::skipped_errors),
    ("transfer.task_pause_info", watching::pause_info),
];

/// Handlers of operations on files.
pub(crate) const FILE_HANDLERS: &[(&str, FileHandler)] = &[
    ("transfer.operation_ls", files::ls),
    ("transfer.operation_stat", files::stat),
    ("transfer.operation_mkdir", files::mkdir),
    ("transfer.operation_rename", files::rename),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("POST", "/v0.10/endpoint", None),
    ("POST", "/v0.10/shared_endpoint", None),
    ("POST", "/v0.10/task/{task_id}/remove", None),
];
