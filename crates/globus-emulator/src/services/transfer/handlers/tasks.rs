//! Watching and changing tasks. <https://docs.globus.org/api/transfer/task/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Fields, Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::query::{Filter, Keys, Kind, OrderBy, Page, number, only};
use crate::services::transfer::tasks::documents;
use crate::services::transfer::tasks::engine::Canceled;
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
    let message = format!("No such task '{}'", request.param("task_id"));
    Err(errors::error(
        world,
        request,
        StatusCode::NOT_FOUND,
        "TaskNotFound",
        &message,
    ))
}

fn bad(world: &mut World, request: &Incoming, message: &str) -> Reply {
    errors::bad_request(world, request, message).inferred()
}

/// The document of a task.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let fields = request.query();
    let mut board = world.transfer.engine.board();
    let document = board.tasks.get(&id).map(documents::task);
    board.saw(id);
    Ok(Reply::ok(&only(
        document.unwrap_or(Value::Null),
        &fields.list("fields"),
    )))
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
        .filter(|task| caller.is(task.owner))
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

/// What happened to a task, latest first.
pub(crate) fn events(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let fields = request.query();
    let read = || {
        Ok((
            Filter::read(&fields, EVENT_KEYS)?,
            Page::read(&fields, PAGE, LARGEST_PAGE)?,
        ))
    };
    let (filter, page) = read().map_err(|message: String| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let events = board.tasks.get(&id).map(|task| task.events.as_slice());
    let rows = events.unwrap_or_default().iter().rev().map(documents::event);
    let rows: Vec<Value> = rows.filter(|row| filter.admits(row)).collect();
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
fn marked<T>(data_type: &str, rows: &[T], from: usize, document: fn(&T) -> Value) -> Value {
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

/// The files that a task has transferred.
pub(crate) fn successful_transfers(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let from = number(&request.query(), "marker", 0).map_err(|message| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let task = board.tasks.get(&id).filter(|task| task.destination.is_some());
    let Some(task) = task else {
        drop(board);
        return Err(bad(world, request, "Only a transfer has successful transfers"));
    };
    let document = marked("successful_transfers", &task.done, from, documents::successful_transfer);
    Ok(Reply::ok(&document))
}

/// What a task has left out.
pub(crate) fn skipped_errors(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let from = number(&request.query(), "marker", 0).map_err(|message| bad(world, request, &message))?;
    let board = world.transfer.engine.board();
    let skipped = board.tasks.get(&id).map(|task| task.skipped.as_slice());
    let document = marked(
        "skipped_errors",
        skipped.unwrap_or_default(),
        from,
        documents::skipped_error,
    );
    Ok(Reply::ok(&document))
}

/// Why a task is paused: no rules are emulated that would pause one.
pub(crate) fn pause_info(world: &mut World, request: &Incoming) -> Outcome {
    task(world, request)?;
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "pause_info_limited",
        "pause_rules": [],
        "source_pause_message": null,
        "destination_pause_message": null,
        "source_pause_message_share": null,
        "destination_pause_message_share": null,
    })))
}

/// Ends a task.
pub(crate) fn cancel(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let (code, message) = match world.transfer.engine.cancel(id) {
        Canceled::Now => ("Canceled", "The task has been cancelled successfully."),
        Canceled::EndedBefore => (
            "TaskComplete",
            "The task completed before the cancel request was processed.",
        ),
    };
    Ok(errors::result(world, request, code, message))
}

/// Changes the label or the deadline of a task that has not ended.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id) = task(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let now = world.time.now();
    let read = || {
        // The type may be left out.
        let untyped = value.as_object().filter(|map| !map.contains_key("DATA_TYPE"));
        let typed = untyped.map(|map| {
            let mut map = map.clone();
            map.insert("DATA_TYPE".to_owned(), "task".into());
            Value::Object(map)
        });
        let document = Document::of(typed.as_ref().unwrap_or(&value), "task")?;
        document.only(&["label", "deadline"])?;
        let label = document.label()?;
        Ok((document.has("label").then_some(label), document.deadline(now)?))
    };
    let (label, deadline) = read().map_err(|message: String| bad(world, request, &message))?;
    let mut board = world.transfer.engine.board();
    let Some(task) = board.tasks.get_mut(&id).filter(|task| task.is_active()) else {
        drop(board);
        let message = "The task has ended and cannot be changed";
        return Err(errors::error(world, request, StatusCode::CONFLICT, "Conflict", message).inferred());
    };
    if let Some(label) = label {
        task.label = label;
    }
    if let Some(deadline) = deadline {
        task.deadline = deadline;
    }
    drop(board);
    Ok(errors::result(world, request, "Updated", "Updated task successfully"))
}
