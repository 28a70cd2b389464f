//! Tasks of all users on collections whose activity the caller sees, and what managers do with them.
//! <https://docs.globus.org/api/transfer/advanced_collection_management/>

use serde_json::{Value, json};
use uuid::Uuid;

use super::tasks;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::access::Power;
use crate::services::transfer::tasks::pause::Standstill;
use crate::services::transfer::tasks::{Ends, documents};
use crate::services::transfer::{access, errors};
use crate::world::World;

/// The ends of a task over which the caller has a power; none for a task that is not there.
pub(super) fn ends(world: &World, caller: &Caller, id: Uuid, power: Power) -> Option<Ends> {
    let (source, destination) = {
        let board = world.transfer.engine.board();
        let task = board.tasks.get(&id)?;
        (task.source.id, task.destination.as_ref().map(|place| place.id))
    };
    let may = |id: Uuid| {
        let endpoint = world.transfer.endpoints.get(&id);
        endpoint.is_some_and(|endpoint| access::may(world, caller, endpoint, power))
    };
    Some(Ends {
        source: may(source),
        destination: destination.is_some_and(may),
    })
}

fn denied(world: &mut World, request: &Incoming) -> Reply {
    let message = "You do not have a role for the activity on the endpoints of this task";
    errors::permission_denied(world, request, message)
}

/// The task that a request names, for those who see the activity at one of its ends.
fn named(world: &mut World, request: &Incoming) -> Result<(Caller, Uuid, Ends), Reply> {
    let caller = access::caller(world, request)?;
    let id = request.param_uuid("task_id");
    let found = id.and_then(|id| Some((id, ends(world, &caller, id, Power::MonitorActivity)?)));
    match found {
        None => Err(tasks::unknown(world, request)),
        Some((_, ends)) if !ends.any() => Err(denied(world, request)),
        Some((id, ends)) => Ok((caller, id, ends)),
    }
}

/// The document of a task.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id, ends) = named(world, request)?;
    let mut board = world.transfer.engine.board();
    let document = board.tasks.get(&id).map(|task| documents::managed(world, task, ends));
    board.saw(id);
    Ok(Reply::ok(&document.unwrap_or(Value::Null)))
}

/// What happened to a task.
pub(crate) fn events(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id, _) = named(world, request)?;
    tasks::events_of(world, request, id)
}

/// Why a task is paused.
pub(crate) fn pause_info(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id, _) = named(world, request)?;
    Ok(tasks::pause_info_of(world, id))
}

/// The files that a task has transferred.
pub(crate) fn successful_transfers(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id, ends) = named(world, request)?;
    tasks::transfers_of(world, request, id, ends)
}

/// What a task has left out.
pub(crate) fn skipped_errors(world: &mut World, request: &Incoming) -> Outcome {
    let (_, id, ends) = named(world, request)?;
    tasks::skipped_of(world, request, id, ends)
}

/// Tasks that somebody manages, with the ends at which they do so.
type Managed = Vec<(Uuid, Ends)>;

/// Who calls, the tasks of the document that they send, and their message.
fn several(world: &mut World, request: &Incoming, says_why: bool) -> Result<(Caller, Managed, String), Reply> {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let read = || {
        let ids = value["task_id_list"]
            .as_array()
            .ok_or("Missing field 'task_id_list': it is a list of ids")?;
        let ids = ids.iter().map(|id| id.as_str().and_then(|id| Uuid::parse_str(id).ok()));
        let ids: Vec<Uuid> = ids
            .collect::<Option<_>>()
            .ok_or("Invalid field 'task_id_list': it is a list of ids")?;
        let message = value["message"].as_str().unwrap_or_default().trim().to_owned();
        match (ids.is_empty(), message.is_empty() && says_why) {
            (true, _) => Err("Invalid field 'task_id_list': it is empty"),
            (_, true) => Err("Missing field 'message'"),
            _ => Ok((ids, message)),
        }
    };
    let (ids, message) = read().map_err(|message| errors::bad_request(world, request, message).inferred())?;
    let mut managed = Vec::new();
    for id in ids {
        match ends(world, &caller, id, Power::ManageActivity) {
            Some(ends) if ends.any() => managed.push((id, ends)),
            Some(_) => return Err(denied(world, request)),
            None => {
                let message = format!("No such task '{id}'");
                return Err(errors::not_found(world, request, "TaskNotFound", &message));
            }
        }
    }
    Ok((caller, managed, message))
}

/// Cancels tasks.
pub(crate) fn cancel(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, managed, message) = several(world, request, true)?;
    for (id, ends) in &managed {
        let by = Some((ends.name().into(), message.clone()));
        world.transfer.engine.cancel(*id, by);
    }
    let id = world.ids.uuid();
    let tasks = managed.into_iter().map(|(id, _)| id).collect();
    world.transfer.cancellations.insert(id, (caller.identity, tasks));
    Ok(cancellation(world, id))
}

/// How far a cancellation is: whether all its tasks have ended.
fn cancellation(world: &World, id: Uuid) -> Reply {
    let tasks = world.transfer.cancellations.get(&id).map(|(_, tasks)| tasks.as_slice());
    let board = world.transfer.engine.board();
    let mut tasks = tasks.unwrap_or_default().iter().filter_map(|id| board.tasks.get(id));
    let done = tasks.all(|task| !task.is_active());
    Reply::ok(&json!({"DATA_TYPE": "admin_cancel", "id": id, "done": done}))
}

/// How far a cancellation of the caller is.
pub(crate) fn cancel_status(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let id = request.param_uuid("admin_cancel_id");
    let known = |id: &Uuid| {
        world
            .transfer
            .cancellations
            .get(id)
            .is_some_and(|(owner, _)| caller.is(*owner))
    };
    if let Some(id) = id.filter(known) {
        return Ok(cancellation(world, id));
    }
    let id = request.param("admin_cancel_id").escape_debug();
    let message = format!("No such admin cancel '{id}'");
    Err(errors::not_found(world, request, "NotFound", &message).inferred())
}

/// Changes what managers of a task said at the ends that the caller manages.
fn say(world: &World, id: Uuid, ends: Ends, message: Option<&String>) {
    let is_guest = |id: Uuid| {
        let endpoint = world.transfer.endpoints.get(&id);
        endpoint.is_some_and(|endpoint| endpoint.entity_type.is_guest())
    };
    world.transfer.engine.change(id, |task, _| {
        let shares = (
            is_guest(task.source.id),
            task.destination.as_ref().is_some_and(|place| is_guest(place.id)),
        );
        let Standstill {
            source,
            destination,
            source_share,
            destination_share,
            ..
        } = &mut task.standstill;
        for (managed, is_share, plain, share) in [
            (ends.source, shares.0, source, source_share),
            (ends.destination, shares.1, destination, destination_share),
        ] {
            if managed {
                *(if is_share { share } else { plain }) = message.cloned();
            }
        }
    });
}

/// Pauses tasks.
pub(crate) fn pause(world: &mut World, request: &Incoming) -> Outcome {
    let (_, managed, message) = several(world, request, true)?;
    for (id, ends) in managed {
        say(world, id, ends, Some(&message));
    }
    let message = "The tasks are being paused";
    Ok(errors::result(world, request, "PauseAccepted", message))
}

/// Lets tasks go on that were paused one by one.
pub(crate) fn resume(world: &mut World, request: &Incoming) -> Outcome {
    let (_, managed, _) = several(world, request, false)?;
    for (id, ends) in managed {
        say(world, id, ends, None);
    }
    let message = "The tasks are being resumed";
    Ok(errors::result(world, request, "ResumeAccepted", message))
}
