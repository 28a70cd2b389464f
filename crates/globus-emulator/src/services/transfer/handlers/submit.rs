//! Submitting tasks. <https://docs.globus.org/api/transfer/task_submit/>

use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::collections::{self, Collection, Purpose};
use crate::services::transfer::errors::Draft;
use crate::services::transfer::path::{FilePath, is_within};
use crate::services::transfer::tasks::Work;
use crate::services::transfer::tasks::engine::{MOST_QUEUED, Submission, Submitted};
use crate::services::transfer::validation::{self, Common, Invalid};
use crate::services::transfer::{access, errors};
use crate::world::World;

/// An id by which the service knows a submission again.
pub(crate) fn submission_id(world: &mut World, request: &Incoming) -> Outcome {
    access::caller(world, request)?;
    let value = world.ids.uuid();
    Ok(Reply::ok(&json!({"DATA_TYPE": "submission_id", "value": value})))
}

fn invalid(world: &mut World, request: &Incoming, what: &str, invalid: Invalid) -> Reply {
    match invalid {
        Invalid::NoItems => {
            let message = format!("A {what} requires at least one item");
            let code = if what == "transfer" {
                "ClientError.BadRequest.NoTransferItems"
            } else {
                "ClientError.BadRequest"
            };
            errors::error(world, request, StatusCode::BAD_REQUEST, code, &message)
        }
        Invalid::Because(message) => errors::bad_request(world, request, &message).inferred(),
    }
}

/// Whether the caller may do what the paths are for.
fn check<'a>(
    world: &mut World,
    request: &Incoming,
    collection: &Collection,
    paths: impl Iterator<Item = &'a FilePath>,
    write: bool,
) -> Result<(), Reply> {
    let mut paths = paths;
    match paths.find(|path| !collection.allows(path, write)) {
        Some(path) => {
            let verb = if write { "write" } else { "read" };
            let message = format!("You may not {verb} '{}' on '{}'", path.text(), collection.place.name);
            Err(errors::permission_denied(world, request, &message))
        }
        None => Ok(()),
    }
}

/// Takes on a transfer.
pub(crate) fn transfer(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let wanted = validation::transfer(&value, world.time.now());
    let wanted = wanted.map_err(|why| invalid(world, request, "transfer", why))?;
    let mut find = |id: &str, user: Option<&str>| collections::find(world, request, &caller, id, user, Purpose::Task);
    let source = find(&wanted.source, wanted.source_user.as_deref())?;
    let destination = find(&wanted.destination, wanted.destination_user.as_deref())?;
    let mut missing: Vec<String> = [&source, &destination]
        .into_iter()
        .filter_map(|end| end.missing.clone())
        .collect();
    missing.dedup();
    if !missing.is_empty() {
        return Err(errors::consent_required(world, request, &missing));
    }
    check(
        world,
        request,
        &source,
        wanted.items.iter().map(|item| &item.source),
        false,
    )?;
    check(
        world,
        request,
        &destination,
        wanted.items.iter().map(|item| &item.destination),
        true,
    )?;
    for item in &wanted.items {
        let (from, to) = (
            absolute(&source, &item.source),
            absolute(&destination, &item.destination),
        );
        let same = source.place.root.collection == destination.place.root.collection;
        if same && (from == to || (item.recursive == Some(true) && is_within(&to, &from))) {
            let message = format!(
                "'{}' cannot be transferred to itself, or into itself",
                item.source.text()
            );
            return Err(errors::bad_request(world, request, &message).inferred());
        }
    }
    let work = Work::Transfer {
        source: Arc::new(source.place),
        destination: Arc::new(destination.place),
        items: wanted.items,
        options: wanted.options,
    };
    submit(world, request, &caller, "transfer", wanted.common, work)
}

/// A path on the collection that has the folder.
fn absolute(collection: &Collection, path: &FilePath) -> String {
    let place = &collection.place;
    let below = path.absolute(&place.home);
    match (place.root.below.as_str(), below.as_str()) {
        ("", below) => below.to_owned(),
        (top, "") => top.to_owned(),
        (top, below) => format!("{top}/{below}"),
    }
}

/// Takes on a delete.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let wanted = validation::delete(&value, world.time.now());
    let wanted = wanted.map_err(|why| invalid(world, request, "delete", why))?;
    let user = wanted.user.as_deref();
    let collection = collections::find(world, request, &caller, &wanted.endpoint, user, Purpose::Task)?;
    if let Some(scope) = &collection.missing {
        return Err(errors::consent_required(world, request, std::slice::from_ref(scope)));
    }
    check(world, request, &collection, wanted.paths.iter(), true)?;
    let work = Work::Delete {
        place: Arc::new(collection.place),
        paths: wanted.paths,
        recursive: wanted.recursive,
        ignore_missing: wanted.ignore_missing,
        interpret_globs: wanted.interpret_globs,
    };
    submit(world, request, &caller, "delete", wanted.common, work)
}

fn submit(world: &mut World, request: &Incoming, caller: &Caller, what: &str, common: Common, work: Work) -> Outcome {
    let id = world.ids.uuid();
    let submission = common.submission;
    let submitted = world.transfer.engine.submit(Submission {
        id,
        owner: caller.identity,
        identities: caller.identities.clone(),
        key: submission,
        label: common.label,
        deadline: common.deadline,
        work,
    });
    let draft = Draft::new(world, request);
    let (id, code, message) = match submitted {
        Submitted::Accepted => {
            let message = format!("The {what} has been accepted and a task has been created and queued for execution");
            (id, "Accepted", message)
        }
        Submitted::Duplicate(known) => {
            let message = format!("A {what} with submission_id '{submission}' has been accepted before");
            (known, "Duplicate", message)
        }
        Submitted::QueueFull => {
            let message = format!("{MOST_QUEUED} tasks are waiting already; try again when some have ended");
            return Err(draft.error(StatusCode::CONFLICT, "Conflict", &message).inferred());
        }
    };
    let mut document = draft.result(&format!("{what}_result"), code, &message);
    document["submission_id"] = submission.to_string().into();
    document["task_id"] = id.to_string().into();
    document["task_link"] = json!({
        "DATA_TYPE": "link",
        "href": format!("/v0.10/task/{id}?format=json"),
        "rel": "related",
        "resource": "task",
        "title": "related task",
    });
    Ok(Reply::json(StatusCode::ACCEPTED, &document))
}
