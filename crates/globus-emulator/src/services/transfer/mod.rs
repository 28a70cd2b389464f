//! Globus Transfer: finding and changing endpoints, the files on collections, tasks. <https://docs.globus.org/api/transfer/>
//!
//! Beside the files that every service has: `collections.rs` (a collection as its user finds it), `assurance.rs` and
//! `subscriptions.rs` (what it asks of its users, and of its owner), `path.rs` and `storage.rs` (what a path may reach),
//! `jsonapi.rs` and `tunnels.rs` (what is below `/v2/`), `listing.rs` (documents of files), `tasks/` (the queue and its work), `query.rs` and `validation.rs` (reading queries
//! and documents), `glob.rs` (patterns of names), `limit.rs` (how many
//! requests are too many).

pub(crate) mod access;
pub(crate) mod assurance;
pub(crate) mod collections;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod glob;
pub(crate) mod handlers;
pub(crate) mod jsonapi;
pub(crate) mod limit;
pub(crate) mod listing;
pub(crate) mod path;
pub(crate) mod query;
pub(crate) mod state;
pub(crate) mod storage;
pub(crate) mod subscriptions;
pub(crate) mod system;
pub(crate) mod tasks;
pub(crate) mod tunnels;
pub(crate) mod validation;

use handlers::{
    acl, bookmarks, bookmarks_v2, endpoints, files, managed_list, managed_tasks, manager, pause_rules, roles, search,
    shares, submit, subscription, tasks as watching, tunnels as streams,
};

use super::Extra;
use crate::exchange::{FileHandler, Handler};

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("transfer.get_endpoint", endpoints::get),
    ("transfer.update_endpoint", endpoints::update),
    ("transfer.delete_endpoint", endpoints::delete),
    ("transfer.create_shared_endpoint", endpoints::create_guest),
    ("transfer.endpoint_search", search::search),
    ("transfer.my_shared_endpoint_list", shares::mine),
    ("transfer.get_shared_endpoint_list", shares::all),
    ("transfer.endpoint_server_list", shares::servers),
    ("transfer.get_endpoint_server", shares::server),
    ("transfer.set_subscription_id", subscription::set),
    ("transfer.set_subscription_admin_verified", subscription::verify),
    ("transfer.endpoint_role_list", roles::list),
    ("transfer.get_endpoint_role", roles::get),
    ("transfer.add_endpoint_role", roles::add),
    ("transfer.delete_endpoint_role", roles::delete),
    ("transfer.endpoint_acl_list", acl::list),
    ("transfer.get_endpoint_acl_rule", acl::get),
    ("transfer.add_endpoint_acl_rule", acl::add),
    ("transfer.update_endpoint_acl_rule", acl::update),
    ("transfer.delete_endpoint_acl_rule", acl::delete),
    ("transfer.bookmark_list", bookmarks::list),
    ("transfer.get_bookmark", bookmarks::get),
    ("transfer.create_bookmark", bookmarks::create),
    ("transfer.update_bookmark", bookmarks::update),
    ("transfer.delete_bookmark", bookmarks::delete),
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
    ("transfer.my_effective_pause_rule_list", pause_rules::effective),
    ("transfer.endpoint_manager_monitored_endpoints", manager::endpoints),
    ("transfer.endpoint_manager_get_endpoint", manager::endpoint),
    ("transfer.endpoint_manager_hosted_endpoint_list", manager::hosted),
    ("transfer.endpoint_manager_acl_list", manager::rules),
    ("transfer.endpoint_manager_task_list", managed_list::list),
    ("transfer.endpoint_manager_get_task", managed_tasks::get),
    ("transfer.endpoint_manager_task_event_list", managed_tasks::events),
    ("transfer.endpoint_manager_task_pause_info", managed_tasks::pause_info),
    (
        "transfer.endpoint_manager_task_successful_transfers",
        managed_tasks::successful_transfers,
    ),
    (
        "transfer.endpoint_manager_task_skipped_errors",
        managed_tasks::skipped_errors,
    ),
    ("transfer.endpoint_manager_cancel_tasks", managed_tasks::cancel),
    ("transfer.endpoint_manager_cancel_status", managed_tasks::cancel_status),
    ("transfer.endpoint_manager_pause_tasks", managed_tasks::pause),
    ("transfer.endpoint_manager_resume_tasks", managed_tasks::resume),
    ("transfer.endpoint_manager_pause_rule_list", pause_rules::list),
    ("transfer.endpoint_manager_create_pause_rule", pause_rules::create),
    ("transfer.endpoint_manager_get_pause_rule", pause_rules::get),
    ("transfer.endpoint_manager_update_pause_rule", pause_rules::update),
    ("transfer.endpoint_manager_delete_pause_rule", pause_rules::delete),
    ("transfer_v2.list_bookmarks", bookmarks_v2::list),
    ("transfer_v2.get_bookmark", bookmarks_v2::get),
    ("transfer_v2.create_bookmark", bookmarks_v2::create),
    ("transfer_v2.update_bookmark", bookmarks_v2::update),
    ("transfer_v2.delete_bookmark", bookmarks_v2::delete),
    ("transfer_v2.list_stream_access_points", streams::access_points),
    ("transfer.get_stream_access_point", streams::access_point),
    ("transfer.list_tunnels", streams::list),
    ("transfer.create_tunnel", streams::create),
    ("transfer.get_tunnel", streams::get),
    ("transfer.get_tunnel_events", streams::events),
    ("transfer.update_tunnel", streams::update),
    ("transfer.delete_tunnel", streams::delete),
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
    ("POST", "/v0.10/endpoint", Some(endpoints::create)),
    ("POST", "/v0.10/task/{task_id}/remove", Some(watching::remove)),
];
