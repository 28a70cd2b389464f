//! Rules by which managers pause what people do with a collection.
//! <https://docs.globus.org/api/transfer/advanced_collection_management/#pause_rule>

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::endpoints::visible;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::access::Power;
use crate::services::transfer::state::Endpoint;
use crate::services::transfer::tasks::Place;
use crate::services::transfer::tasks::pause::{Activity, PauseRule};
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors};
use crate::world::World;

/// Refuses what a rule pauses.
pub(super) fn check(
    world: &mut World,
    request: &Incoming,
    caller: &Caller,
    place: &Place,
    activity: Activity,
) -> Result<(), Reply> {
    let now = world.time.now();
    let board = world.transfer.engine.board();
    let mut rules = board.rules.values();
    let rule = rules.find(|rule| rule.applies(place, &caller.identities, activity, now));
    let Some(message) = rule.map(|rule| rule.message.clone()) else {
        return Ok(());
    };
    drop(board);
    let message = format!("This operation is paused by the manager of '{}': {message}", place.name);
    Err(errors::error(world, request, StatusCode::CONFLICT, "OperationPaused", &message).inferred())
}

/// The rules that pause what the caller does with a collection.
pub(crate) fn effective(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, endpoint) = visible(world, request, "endpoint_id")?;
    let above = access::above(world, &endpoint).map(|above| above.id);
    let within: Vec<Uuid> = std::iter::once(endpoint.id).chain(above).collect();
    let now = world.time.now();
    let board = world.transfer.engine.board();
    let rules = board.rules.values().filter(|rule| {
        within.contains(&rule.endpoint_id)
            && rule.identity_id.is_none_or(|identity| caller.is(identity))
            && rule.start_time.is_none_or(|start| start <= now)
    });
    let rows: Vec<Value> = rules.map(|rule| documents::pause_rule(world, rule)).collect();
    Ok(Reply::ok(
        &json!({"DATA_TYPE": "pause_rule_list", "length": rows.len(), "DATA": rows}),
    ))
}

/// A rule as a manager sees it.
fn document(world: &World, caller: &Caller, rule: &PauseRule) -> Value {
    let endpoint = world.transfer.endpoints.get(&rule.endpoint_id);
    let editable = endpoint.is_some_and(|endpoint| may_change(world, caller, endpoint, rule));
    documents::managed_pause_rule(world, rule, editable)
}

/// Whether somebody manages the endpoint of a rule; of one that the host's managers made, the host.
fn may_change(world: &World, caller: &Caller, endpoint: &Endpoint, rule: &PauseRule) -> bool {
    let manages = |endpoint: &Endpoint| access::may(world, caller, endpoint, Power::ManageActivity);
    if rule.created_by_host_manager {
        access::above(world, endpoint).any(manages)
    } else {
        manages(endpoint)
    }
}

/// All rules of the endpoints whose activity the caller sees, or of one of these and what is part of it.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let monitored = super::manager::monitored(world, &caller);
    if monitored.is_empty() {
        let message = "You do not have the activity_monitor role on any endpoint";
        return Err(errors::permission_denied(world, request, message));
    }
    let wanted = request.query().get("filter_endpoint").map(str::to_owned);
    let wanted = wanted
        .map(|id| collections::existing(world, request, &id))
        .transpose()?;
    if let Some(endpoint) = &wanted {
        access::demand(world, request, &caller, endpoint, Power::MonitorActivity)?;
    }
    let board = world.transfer.engine.board();
    let of_wanted = |rule: &&PauseRule| {
        let endpoint = world.transfer.endpoints.get(&rule.endpoint_id);
        wanted.as_ref().is_none_or(|wanted| {
            let mut above = endpoint.into_iter().flat_map(|endpoint| access::above(world, endpoint));
            wanted.id == rule.endpoint_id || above.any(|above| above.id == wanted.id)
        })
    };
    let rules = board
        .rules
        .values()
        .filter(|rule| monitored.contains(&rule.endpoint_id));
    let rows: Vec<Value> = rules
        .filter(of_wanted)
        .map(|rule| document(world, &caller, rule))
        .collect();
    Ok(Reply::ok(
        &json!({"DATA_TYPE": "pause_rule_list", "length": rows.len(), "DATA": rows}),
    ))
}

/// The rule that a request names, for those with a power over its endpoint.
fn named(world: &mut World, request: &Incoming, power: Power) -> Result<(Caller, Endpoint, PauseRule), Reply> {
    let caller = access::caller(world, request)?;
    let id = request.param_uuid("pause_rule_id");
    let found = id.and_then(|id| world.transfer.engine.board().rules.get(&id).cloned());
    let Some(rule) = found else {
        let message = format!("No such pause rule '{}'", request.param("pause_rule_id").escape_debug());
        return Err(errors::not_found(world, request, "PauseRuleNotFound", &message));
    };
    let endpoint = collections::existing(world, request, &rule.endpoint_id.to_string())?;
    access::demand(world, request, &caller, &endpoint, power)?;
    Ok((caller, endpoint, rule))
}

/// One rule.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, _, rule) = named(world, request, Power::MonitorActivity)?;
    Ok(Reply::ok(&document(world, &caller, &rule)))
}

/// Takes over what a document says is paused.
fn change(rule: &mut PauseRule, document: &Document<'_>) -> Result<(), String> {
    if document.has("message") {
        document.text("message")?.clone_into(&mut rule.message);
    }
    for (name, activity) in Activity::FIELDS {
        match document.optional_flag(name)? {
            Some(true) => drop(rule.paused.insert(activity)),
            Some(false) => drop(rule.paused.remove(&activity)),
            None => {}
        }
    }
    Ok(())
}

/// What documents of rules have, also those that are sent back as they came.
fn known() -> Vec<&'static str> {
    let flags = Activity::FIELDS.iter().map(|(name, _)| *name);
    let others = [
        "id",
        "message",
        "start_time",
        "endpoint_id",
        "endpoint_display_name",
        "identity_id",
        "modified_by_id",
        "created_by_host_manager",
        "editable",
    ];
    others.into_iter().chain(flags).collect()
}

/// Keeps a rule; tasks stop, or go on, at once.
fn keep(world: &mut World, caller: &Caller, rule: PauseRule, status: StatusCode) -> Reply {
    let document = document(world, caller, &rule);
    world
        .transfer
        .engine
        .change_rules(|rules| drop(rules.insert(rule.id, rule)));
    Reply::json(status, &document)
}

/// Makes a rule, which pauses everything unless it says otherwise.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let id = world.ids.uuid();
    let mut rule =
        read(&value, id, &caller).map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let endpoint = collections::existing(world, request, &rule.endpoint_id.to_string())?;
    access::demand(world, request, &caller, &endpoint, Power::ManageActivity)?;
    let own = access::roles(world, &caller, &endpoint);
    rule.created_by_host_manager = !own
        .iter()
        .any(|role| matches!(*role, "administrator" | "activity_manager"));
    Ok(keep(world, &caller, rule, StatusCode::CREATED))
}

fn read(value: &Value, id: Uuid, caller: &Caller) -> Result<PauseRule, String> {
    let document = Document::untyped(value, "pause_rule")?;
    document.only(&known())?;
    let mut rule = PauseRule {
        id,
        message: document.text("message")?.to_owned(),
        start_time: document.optional_time("start_time")?,
        endpoint_id: document.id("endpoint_id")?,
        identity_id: document.optional_id("identity_id")?,
        modified_by_id: caller.identity,
        created_by_host_manager: false,
        paused: Activity::FIELDS
            .iter()
            .map(|(_, activity)| *activity)
            .collect::<BTreeSet<_>>(),
    };
    change(&mut rule, &document)?;
    Ok(rule)
}

/// A rule that the caller may change.
fn editable(world: &mut World, request: &Incoming) -> Result<(Caller, PauseRule), Reply> {
    let (caller, endpoint, rule) = named(world, request, Power::ManageActivity)?;
    if may_change(world, &caller, &endpoint, &rule) {
        return Ok((caller, rule));
    }
    let message = "The pause rule was made by a manager of the host endpoint";
    Err(errors::permission_denied(world, request, message).inferred())
}

/// Changes what a rule pauses, and its message.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, mut rule) = editable(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let mut read = || {
        let document = Document::untyped(&value, "pause_rule")?;
        document.only(&known())?;
        change(&mut rule, &document)
    };
    read().map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    rule.modified_by_id = caller.identity;
    Ok(keep(world, &caller, rule, StatusCode::OK))
}

/// Deletes a rule. What it held goes on.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let (_, rule) = editable(world, request)?;
    world.transfer.engine.change_rules(|rules| drop(rules.remove(&rule.id)));
    let message = format!("Pause rule '{}' deleted successfully", rule.id);
    Ok(errors::result(world, request, "Deleted", &message))
}
