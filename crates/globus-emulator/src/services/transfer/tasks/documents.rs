//! The documents of tasks.

use serde_json::{Value, json};

use super::report::description;
use super::{Done, Ends, Event, FilterRule, Kind, Skipped, Stage, SyncLevel, Task};
use crate::clock::seconds;
use crate::ids::base32;
use crate::world::World;

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
        "status": status(task),
        "is_paused": task.is_paused(),
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
        "canceled_by_admin": task.canceled_by.as_ref().map(|(side, _)| side),
        "canceled_by_admin_message": task.canceled_by.as_ref().map(|(_, message)| message),
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
        "is_ok": task.is_active().then_some(task.trouble.is_none() && task.standstill.needs.is_none()),
        "nice_status": nice_status(task),
        "nice_status_short_description": nice_status(task).map(description),
        "nice_status_expires_in": task.is_active().then_some(-1),
        "nice_status_details": task.standstill.needs.as_ref().map(|(_, details)| details),
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

/// A task as those see it who manage one of its ends or both.
pub(crate) fn managed(world: &World, task: &Task, ends: Ends) -> Value {
    let mut document = self::task(task);
    let owner = world.auth.identities.get(&task.owner).map(|row| row.username.as_str());
    document["owner_string"] = owner.into();
    let sides = [
        ("source", Some(&task.source), ends.source),
        ("destination", task.destination.as_ref(), ends.destination),
    ];
    for (side, place, seen) in sides {
        let endpoint = place.and_then(|place| world.transfer.endpoints.get(&place.id));
        let host = endpoint.and_then(|endpoint| world.transfer.endpoints.get(&endpoint.host_endpoint_id?));
        let name = host.map(|host| host.display_name.as_str());
        let seen_place = place.filter(|_| seen);
        let more = json!({
            "base_path": null,
            "host_endpoint": host.map(|host| format!("u_{}#{}", base32(host.owner_id), host.id)),
            "host_endpoint_id": host.map(|host| host.id),
            "host_endpoint_display_name": name,
            "host_path": endpoint.filter(|_| seen).and_then(|endpoint| endpoint.host_path.as_deref()),
            "mapped_collection_id": host.map(|host| host.id),
            "mapped_collection_display_name": name,
            "local_user": seen_place.map(|place| place.user.as_str()),
            "local_user_status": place.map(|_| if seen { "OK" } else { "NO_PERMISSION" }),
        });
        for (name, value) in more.as_object().into_iter().flatten() {
            document[format!("{side}_{name}")] = value.clone();
        }
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

/// How a task is, in a word. One that stands still needs somebody.
pub(crate) fn status(task: &Task) -> &'static str {
    if task.stands_still() {
        "INACTIVE"
    } else {
        task.status.as_str()
    }
}

fn nice_status(task: &Task) -> Option<&str> {
    if !task.is_active() {
        return None;
    }
    let needs = task.standstill.needs.as_ref().map(|(code, _)| code.as_ref());
    let paused = task.is_paused().then_some("PAUSED");
    let queued = if task.stage == Stage::Queued { "Queued" } else { "OK" };
    Some(needs.or(paused).or(task.trouble.as_deref()).unwrap_or(queued))
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
        "description": description(&event.code),
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
