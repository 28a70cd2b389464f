//! The documents of tasks.

use serde_json::{Value, json};

use super::report::description;
use super::{Done, Event, FilterRule, Kind, Skipped, Stage, SyncLevel, Task};
use crate::clock::seconds;
use crate::ids::base32;

/// A task, with every key that the service gives.
pub(crate) fn task(task: &Task) -> Value {
    let counts = &task.counts;
    let options = &task.options;
    let source = &task.source;
    let destination = task.destination.as_deref();
    let transfer = task.kind == Kind::Transfer;
    let mut document = json!({
        "DATA_TYPE": "task",
        "task_id": task.id,
        "type": task.kind.as_str(),
        "status": task.status.as_str(),
        "is_paused": false,
        "label": task.label,
        "owner_id": task.owner,
        "username": format!("u_{}", base32(task.owner)),
        "command": "API 0.10",
        "request_time": seconds(task.requested),
        "completion_time": task.completed.filter(|_| !task.is_active()).map(seconds),
        "deadline": seconds(task.deadline),
        "source_endpoint": source.canonical,
        "source_endpoint_id": source.id,
        "source_endpoint_display_name": source.name,
        "destination_endpoint": destination.map(|place| place.canonical.as_str()),
        "destination_endpoint_id": destination.map(|place| place.id),
        "destination_endpoint_display_name": destination.map(|place| place.name.as_str()),
        "sync_level": options.sync_level.map(level),
        "encrypt_data": options.encrypt_data,
        "verify_checksum": options.verify_checksum,
        "preserve_timestamp": options.preserve_timestamp,
        "delete_destination_extra": options.delete_destination_extra,
        "recursive_symlinks": options.symlinks.as_str(),
        "skip_source_errors": options.skip_source_errors,
        "fail_on_quota_errors": options.fail_on_quota_errors,
        "filter_rules": options.filter_rules.as_ref().map(|rules| rules.iter().map(rule).collect::<Vec<_>>()),
        "history_deleted": false,
        "canceled_by_admin": null,
        "canceled_by_admin_message": null,
    });
    let more = json!({
        "files": counts.files,
        "directories": counts.directories,
        "symlinks": counts.symlinks,
        "files_skipped": counts.files_skipped,
        "files_transferred": counts.files_transferred,
        "bytes_transferred": counts.bytes_transferred,
        "bytes_checksummed": counts.bytes_checksummed,
        "effective_bytes_per_second": if transfer { speed(task) } else { 0 },
        "subtasks_total": counts.total,
        "subtasks_pending": counts.pending(),
        "subtasks_retrying": counts.retrying,
        "subtasks_succeeded": counts.succeeded,
        "subtasks_expired": counts.expired,
        "subtasks_canceled": counts.canceled,
        "subtasks_failed": counts.failed,
        "subtasks_skipped_errors": counts.skipped,
        "faults": counts.faults,
        "is_ok": task.is_active().then_some(task.trouble.is_none()),
        "nice_status": nice_status(task),
        "nice_status_short_description": nice_status(task).map(|code| match code {
            "Queued" | "OK" => code.to_lowercase(),
            code => description(code).to_owned(),
        }),
        "nice_status_expires_in": task.is_active().then_some(-1),
        "nice_status_details": null,
        "fatal_error": task.fatal.as_ref().filter(|_| !task.is_active())
            .map(|(code, description)| json!({"code": code, "description": description})),
        "key": match task.completed.filter(|_| !task.is_active()) {
            Some(completed) => format!("complete,{}", seconds(completed)),
            None => format!("active,{}", seconds(task.requested)),
        },
    });
    if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more) {
        document.extend(more);
    }
    document
}

fn level(level: SyncLevel) -> u8 {
    match level {
        SyncLevel::Exists => 0,
        SyncLevel::Size => 1,
        SyncLevel::Modified => 2,
        SyncLevel::Checksum => 3,
    }
}

fn rule(rule: &FilterRule) -> Value {
    json!({
        "DATA_TYPE": "filter_rule",
        "method": if rule.include { "include" } else { "exclude" },
        "type": rule.folders.map(|folders| if folders { "dir" } else { "file" }),
        "name": rule.name,
    })
}

fn nice_status(task: &Task) -> Option<&str> {
    if !task.is_active() {
        return None;
    }
    Some(match (task.trouble.as_deref(), task.stage) {
        (Some(code), _) => code,
        (None, Stage::Queued) => "Queued",
        (None, _) => "OK",
    })
}

/// Bytes a second from the request on; of a task that took less, as if it had taken one.
fn speed(task: &Task) -> u64 {
    let end = task.completed.unwrap_or(task.requested);
    let took = end.duration_since(task.requested).as_secs().max(1);
    task.counts.bytes_transferred / u64::try_from(took).unwrap_or(1)
}

pub(crate) fn event(event: &Event) -> Value {
    json!({
        "DATA_TYPE": "event",
        "code": event.code,
        "is_error": event.is_error,
        "description": event.description,
        "details": event.details,
        "time": seconds(event.time),
    })
}

pub(crate) fn successful_transfer(done: &Done) -> Value {
    json!({
        "DATA_TYPE": "successful_transfer",
        "source_path": done.source.text(),
        "destination_path": done.destination.text(),
        "size": done.size,
        "checksum": done.checksum.as_ref().map(|(_, sum)| sum),
        "checksum_algorithm": done.checksum.as_ref().map(|(algorithm, _)| algorithm.as_str()),
        "dynamic": false,
    })
}

pub(crate) fn skipped_error(skipped: &Skipped) -> Value {
    json!({
        "DATA_TYPE": "skipped_error",
        "error_code": skipped.code,
        "error_details": skipped.details,
        "error_time": seconds(skipped.time),
        "source_path": skipped.source.text(),
        "destination_path": skipped.destination.text(),
        "is_directory": skipped.is_directory,
        "is_symlink": skipped.is_symlink,
        "is_delete_destination_extra": false,
        "external_checksum": skipped.checksum,
        "checksum_algorithm": skipped.algorithm.map(super::checksum::Algorithm::as_str),
    })
}
