//! Watching and changing tasks. <https://docs.globus.org/api/transfer/task/>

use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Fields, Incoming, Outcome, Reply, truth};
use crate::services::auth::state::Caller;
use crate::services::transfer::documents::pause_rule;
use crate::services::transfer::query::{Filter, Keys, Kind, OrderBy, Page, number, only};
use crate::services::transfer::tasks::documents;
use crate::services::transfer::tasks::engine::Canceled;
use crate::services::transfer::tasks::pause::Standstill;
use crate::services::transfer::tasks::{Ends, Task};
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, errors};
use crate::world::World;

/// Rows of a page, unless another number is asked for.
const PAGE: usize = 10;
/// The most rows of a page.
const LARGEST_PAGE: usize = 1_000;
/// Rows of a page of what a task did.
const MARKED_PAGE: usize = 1_000;

const TASK_KEYS: &Keys = &[
    ("status", Kind::Text),
    ("type", Kind::Text),
    ("label", Kind::Text),
    ("task_id", Kind::Text),
    ("request_time", Kind::Time),
    ("completion_time", Kind::Time),
];
const TASK_ORDERS: &[&str] = &[
    "task_id",
    "type",
    "status",
    "label",
    "request_time",
    "completion_time",
    "deadline",
    "faults",
    "nice_status",
];
const EVENT_KEYS: &Keys = &[("is_error", Kind::Flag), ("code", Kind::Text), ("time", Kind::Time)];

/// Refuses a task that is not there.
pub(super) fn unknown(world: &mut World, request: &Incoming) -> Reply {
    let message = format!("No such task '{}'", request.param("task_id").escape_debug());
    errors::not_found(world, request, "TaskNotFound", &message)
}

/// Who calls, and the id of the task of theirs that they name.
fn task(world: &mut World, request: &Incoming) -> Result<(Caller, Uuid), Reply> {
    let caller = access::caller(world, request)?;
    let id = request.param_uuid("task_id");
    let found = id.filter(|id| {
        let board = world.transfer.engine.board();
        board.tasks.get(id).is_some_and(|task| caller.is(task.owner))
    });
    if let Some(id) = found {
        return Ok((caller, id));
    }
    Err(unknown(world, request))
}

pub(super) fn bad(world: &mut World, request: &Incoming, message: &str) -> Reply {
    errors::bad_request(world, request, message).inferred()
}

/// The document of a task.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let fields = request.query();
    let mut board = world.transfer.engine.board();
    let document = board.tasks.get(&id).map(documents::task);
    let stands_still = board.tasks.get(&id).is_some_and(Task::stands_still);
    board.saw(id);
    let document = only(document.unwrap_or(Value::Null), &fields.list("fields"));
    let reply = Reply::ok(&document);
    // What the service calls a pause is not known.
    Ok(if stands_still { reply.inferred() } else { reply })
}

/// What a list of tasks leaves out, and in which order it comes.
fn listing(fields: &Fields) -> Result<(Filter, OrderBy, Page), String> {
    Ok((
        Filter::read(fields, TASK_KEYS)?,
        OrderBy::read(fields, TASK_ORDERS)?,
        Page::read(fields, PAGE, LARGEST_PAGE)?,
    ))
}

/// The caller's tasks, latest first.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let fields = request.query();
    let (filter, order, page) = listing(&fields).map_err(|message| bad(world, request, &message))?;
    let mut board = world.transfer.engine.board();
    let mut rows: Vec<(Uuid, Value)> = board
        .all()
        .filter(|task| caller.is(task.owner) && !task.is_removed)
        .map(|task| (task.id, documents::task(task)))
        .filter(|(_, row)| filter.admits(row))
        .collect();
    rows.reverse();
    if !order.is_empty() {
        rows.sort_by(|(_, one), (_, other)| order.compare(one, other));
    }
    let shown = page.of(&rows);
    for (id, _) in shown {
        board.saw(*id);
    }
    let wanted = fields.list("fields");
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "task_list",
        "length": shown.len(),
        "limit": page.limit,
        "offset": page.offset,
        "total": rows.len(),
        "DATA": shown.iter().map(|(_, row)| only(row.clone(), &wanted)).collect::<Vec<_>>(),
    })))
}

/// What happened to a task of the caller.
pub(crate) fn events(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    events_of(world, request, id)
}

/// What happened to a task, latest first.
pub(super) fn events_of(world: &mut World, request: &Incoming, id: Uuid) -> Outcome {
    let fields = request.query();
    let read = || {
        let errors = fields.get("filter_is_error");
        let errors = errors.map(|text| truth(text).ok_or_else(|| format!("Invalid filter_is_error '{text}'")));
        Ok((
            errors.transpose()?,
            Filter::read(&fields, EVENT_KEYS)?,
            Page::read(&fields, PAGE, LARGEST_PAGE)?,
        ))
    };
    let (errors, filter, page) = read().map_err(|message: String| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let events = board.tasks.get(&id).map(|task| task.events.as_slice());
    let rows = events.unwrap_or_default().iter().rev().map(documents::event);
    let wanted = |row: &Value| errors.is_none_or(|errors| row["is_error"] == errors) && filter.admits(row);
    let rows: Vec<Value> = rows.filter(wanted).collect();
    let shown = page.of(&rows);
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "event_list",
        "length": shown.len(),
        "limit": page.limit,
        "offset": page.offset,
        "total": rows.len(),
        "DATA": shown,
    })))
}

/// A page of a list that is read on from a marker, which is the number of rows before it.
fn marked<T>(data_type: &str, rows: &[T], from: usize, document: impl Fn(&T) -> Value) -> Value {
    let page = Page {
        limit: MARKED_PAGE,
        offset: from,
    };
    let shown: Vec<Value> = page.of(rows).iter().map(document).collect();
    let next = from.saturating_add(shown.len());
    json!({
        "DATA_TYPE": data_type,
        "marker": from,
        "next_marker": (next < rows.len()).then_some(next),
        "DATA": shown,
    })
}

/// The files that a task of the caller has transferred.
pub(crate) fn successful_transfers(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    transfers_of(world, request, id, Ends::BOTH)
}

/// The files that a task has transferred, with paths of the ends that may be seen.
pub(super) fn transfers_of(world: &mut World, request: &Incoming, id: Uuid, ends: Ends) -> Outcome {
    let from = number(&request.query(), "marker", 0).map_err(|message| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let task = board.tasks.get(&id).filter(|task| task.destination.is_some());
    let Some(task) = task else {
        drop(board);
        return Err(bad(world, request, "Only a transfer has successful transfers"));
    };
    if task.is_active() {
        drop(board);
        return Err(bad(world, request, "The task has not ended"));
    }
    let document = marked("successful_transfers", &task.done, from, |row| {
        ends.shown(documents::successful_transfer(row))
    });
    Ok(Reply::ok(&document))
}

/// What a task of the caller has left out.
pub(crate) fn skipped_errors(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    skipped_of(world, request, id, Ends::BOTH)
}

/// What a task has left out, with paths of the ends that may be seen.
pub(super) fn skipped_of(world: &mut World, request: &Incoming, id: Uuid, ends: Ends) -> Outcome {
    let from = number(&request.query(), "marker", 0).map_err(|message| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let skipped = board.tasks.get(&id).map(|task| task.skipped.as_slice());
    let document = marked("skipped_errors", skipped.unwrap_or_default(), from, |row| {
        ends.shown(documents::skipped_error(row))
    });
    Ok(Reply::ok(&document))
}

/// Why a task of the caller is paused.
pub(crate) fn pause_info(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    Ok(pause_info_of(world, id))
}

/// The rules that pause a task, and what managers said who paused it.
pub(super) fn pause_info_of(world: &World, id: Uuid) -> Reply {
    let board = world.transfer.engine.board();
    let task = board.tasks.get(&id);
    let now = world.time.now();
    let rules = task
        .filter(|task| task.is_active())
        .map(|task| task.rules(&board.rules, now));
    let rules: Vec<Value> = rules
        .into_iter()
        .flatten()
        .map(|rule| pause_rule(world, rule))
        .collect();
    let said = |which: fn(&Standstill) -> &Option<String>| task.and_then(|task| which(&task.standstill).clone());
    Reply::ok(&json!({
        "DATA_TYPE": "pause_info_limited",
        "pause_rules": rules,
        "source_pause_message": said(|standstill| &standstill.source),
        "destination_pause_message": said(|standstill| &standstill.destination),
        "source_pause_message_share": said(|standstill| &standstill.source_share),
        "destination_pause_message_share": said(|standstill| &standstill.destination_share),
    }))
}

/// Ends a task.
pub(crate) fn cancel(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let (code, message) = match world.transfer.engine.cancel(id, None) {
        Canceled::Now => ("Canceled", "The task has been cancelled successfully."),
        Canceled::EndedBefore => (
            "TaskComplete",
            "The task completed before the cancel request was processed.",
        ),
    };
    Ok(errors::result(world, request, code, message))
}

/// Leaves a task that has ended out of lists.
pub(crate) fn remove(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let mut board = world.transfer.engine.board();
    let task = board.tasks.get_mut(&id).filter(|task| !task.is_active());
    let removed = task.map(|task| task.is_removed = true).is_some();
    drop(board);
    if removed {
        Ok(errors::result(world, request, "Removed", "The task has been removed from lists").inferred())
    } else {
        Err(errors::conflict(world, request, "The task has not ended").inferred())
    }
}

/// Changes the label or the deadline of a task that has not ended.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let now = world.time.now();
    let read = || {
        let document = Document::untyped(&value, "task")?;
        document.only(&["label", "deadline"])?;
        let label = document.label()?;
        Ok((document.has("label").then_some(label), document.deadline(now)?))
    };
    let (label, deadline) = read().map_err(|message: String| bad(world, request, &message))?;
    let changes_label = label.is_some();
    let mut board = world.transfer.engine.board();
    let Some(task) = board.tasks.get_mut(&id).filter(|task| task.is_active()) else {
        drop(board);
        let message = "The task has ended and cannot be changed";
        return Err(errors::conflict(world, request, message));
    };
    if let Some(label) = label {
        task.label = label;
    }
    if let Some(deadline) = deadline {
        task.deadline = deadline;
        task.is_deadline_own = true;
    }
    drop(board);
    let what = match (changes_label, deadline.is_some()) {
        (true, true) => "deadline and label",
        (true, false) => "label",
        (false, true) => "deadline",
        (false, false) => "nothing",
    };
    let message = format!("Updated task {what} successfully");
    Ok(errors::result(world, request, "Updated", &message))
}
