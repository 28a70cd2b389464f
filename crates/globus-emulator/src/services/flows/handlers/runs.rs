//! Looking at runs, changing, cancelling and releasing them. <https://flows.globus.org/redoc#tag/Runs>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::listing::{self, PAGE, Window};
use super::notes;
use crate::clock::micros;
use crate::exchange::{Incoming, Outcome, Reply, truth};
use crate::services::auth::state::Caller;
use crate::services::flows::runs::{Entry, Run, Status};
use crate::services::flows::{access, documents, engine, errors, validation};
use crate::world::World;

const FIELDS: [&str; 6] = [
    "run_id",
    "flow_title",
    "label",
    "status",
    "start_time",
    "completion_time",
];

/// Codes of log entries that are known from the real service.
const KNOWN_CODES: [&str; 7] = [
    "ActionCompleted",
    "ActionStarted",
    "FlowCanceled",
    "FlowStarted",
    "FlowSucceeded",
    "PassCompleted",
    "PassStarted",
];

/// Entries of a page of a log unless told otherwise, and at most.
const LOG_PAGE: (usize, usize) = (10, 100);

/// The runs that the caller may see, latest first unless told otherwise, page by page.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::run_viewer(world, request)?;
    let query = request.query();
    let flows = query
        .list("filter_flow_id")
        .into_iter()
        .map(|id| Uuid::parse_str(id).ok())
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| errors::unprocessable(request, "filter_flow_id holds ids of flows"))?;
    let wanted = query.list("filter_roles");
    let statuses = query.list("filter_status");
    let mut orders = listing::orders(request, &FIELDS)?;
    if orders.is_empty() {
        orders.push(("start_time", true));
    }
    let window = Window::read(request, "per_page", PAGE)?;
    let mut rows: Vec<(&Run, Vec<&str>)> = world
        .flows
        .runs()
        .filter(|run| flows.is_empty() || flows.contains(&run.flow_id))
        .filter(|run| statuses.is_empty() || statuses.contains(&run.status.as_str()))
        .map(|run| (run, access::run_roles(world, &caller, run)))
        .filter(|(_, roles)| !roles.is_empty())
        .filter(|(_, roles)| wanted.is_empty() || roles.iter().any(|role| wanted.contains(role)))
        .collect();
    rows.sort_by(|(one, _), (other, _)| listing::compare(one, other, &orders, |run, field| key(run, field)));
    let document = |(run, roles): &(&Run, Vec<&str>)| documents::run(run, roles);
    Ok(Reply::ok(&window.page("runs", &rows, document)))
}

fn key(run: &Run, field: &str) -> String {
    match field {
        "flow_title" => run.flow_title.clone(),
        "label" => run.notes.label.clone().unwrap_or_default(),
        "status" => run.status.as_str().to_owned(),
        "start_time" => micros(run.start_time),
        "completion_time" => run.completion_time.map(micros).unwrap_or_default(),
        _ => run.id.to_string(),
    }
}

/// The run that the path names, and what the caller is to it.
fn visible<'a>(world: &'a World, request: &Incoming, caller: &Caller) -> Result<(&'a Run, Vec<&'static str>), Reply> {
    let run = access::run(world, request)?;
    let roles = access::run_roles(world, caller, run);
    if roles.is_empty() {
        return Err(errors::forbidden(request, "run", run.id, "VIEW").inferred());
    }
    Ok((run, roles))
}

/// The run that the path names, if the caller may change it.
fn managed<'a>(world: &'a World, request: &Incoming, permission: &str) -> Result<(&'a Run, Vec<&'static str>), Reply> {
    let caller = access::run_manager(world, request)?;
    let (run, roles) = visible(world, request, &caller)?;
    if !roles.iter().any(|role| access::RUN_MANAGERS.contains(role)) {
        return Err(errors::forbidden(request, "run", run.id, permission).inferred());
    }
    Ok((run, roles))
}

/// Refuses what cannot be done with a run in its status.
pub(super) fn needs(request: &Incoming, run: &Run, statuses: &[Status]) -> Result<(), Reply> {
    if statuses.contains(&run.status) {
        return Ok(());
    }
    let names: Vec<String> = statuses.iter().map(|status| format!("'{}'", status.as_str())).collect();
    conflict(request, run, &names.join(", "))
}

fn conflict(request: &Incoming, run: &Run, names: &str) -> Result<(), Reply> {
    let detail = format!(
        "Run {} has status '{}' but must have status in {{{names}}} for requested operation",
        run.id,
        run.status.as_str(),
    );
    Err(errors::state_conflict(request, &detail))
}

/// One run.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::run_viewer(world, request)?;
    let (run, roles) = visible(world, request, &caller)?;
    let mut document = documents::run(run, &roles);
    let query = request.query();
    if query.get("include_flow_description").and_then(truth).unwrap_or(false)
        && let Some(flow) = world.flows.flows.get(&run.flow_id)
    {
        document["flow_description"] = documents::flow_description(flow);
    }
    Ok(Reply::ok(&document))
}

/// The definition and the schema of the flow as they were when the run began.
pub(crate) fn definition(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::run_viewer(world, request)?;
    let (run, _) = visible(world, request, &caller)?;
    Ok(Reply::ok(&json!({
        "flow_id": run.flow_id,
        "definition": run.written,
        "input_schema": run.input_schema,
    })))
}

/// What the run has written down, page by page.
pub(crate) fn log(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::run_viewer(world, request)?;
    let (run, _) = visible(world, request, &caller)?;
    let window = Window::read(request, "limit", LOG_PAGE)?;
    let reverse = match request.query().get("reverse_order") {
        None => false,
        Some(text) => truth(text).ok_or_else(|| errors::unprocessable(request, "reverse_order is true or false"))?,
    };
    let mut entries: Vec<&Entry> = run.log.iter().collect();
    if reverse {
        entries.reverse();
    }
    let mut page = window.page("entries", &entries, |entry| entry.document());
    if let Value::Object(map) = &mut page
        && map.get("marker").is_some_and(Value::is_null)
    {
        map.remove("marker");
    }
    let reply = Reply::ok(&page);
    let known = entries.iter().all(|entry| KNOWN_CODES.contains(&entry.code.as_str()));
    Ok(if known { reply } else { reply.inferred() })
}

/// Ends a run.
pub(crate) fn cancel(world: &mut World, request: &Incoming) -> Outcome {
    let (run, roles) = managed(world, request, "CANCEL")?;
    needs(request, run, &[Status::Active, Status::Inactive])?;
    let id = run.id;
    let now = world.time.now();
    let mut run = taken(world, request, id)?;
    engine::cancel(world, &mut run, now);
    let document = documents::run(&run, &roles);
    world.flows.keep(run);
    Ok(Reply::json(StatusCode::ACCEPTED, &document))
}

/// Changes what is written down about a run.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (run, roles) = managed(world, request, "UPDATE")?;
    let id = run.id;
    let body = validation::object(request)?;
    let changes = notes::read(request, &body, false)?;
    let mut run = taken(world, request, id)?;
    changes.apply(&mut run.notes);
    let document = documents::run(&run, &roles);
    world.flows.keep(run);
    Ok(Reply::ok(&document))
}

/// Forgets a run that is over.
pub(crate) fn release(world: &mut World, request: &Incoming) -> Outcome {
    let (run, roles) = managed(world, request, "DELETE")?;
    if !run.status.is_final() {
        conflict(request, run, "'ENDED', 'SUCCEEDED', 'FAILED'")?;
    }
    let id = run.id;
    let run = taken(world, request, id)?;
    Ok(Reply::ok(&documents::run(&run, &roles)))
}

fn taken(world: &mut World, request: &Incoming, id: Uuid) -> Result<Run, Reply> {
    let run = world.flows.take(id);
    run.ok_or_else(|| errors::not_found(request, "Run", &id.to_string()))
}
