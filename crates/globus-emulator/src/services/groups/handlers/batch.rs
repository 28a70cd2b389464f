//! `POST /v2/groups/{group_id}`: actions on memberships, some of which may fail.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::groups::membership::{self, Action, Verb};
use crate::services::groups::state::Role;
use crate::services::groups::validation::{self, Given, Problems, Reader};
use crate::services::groups::{access, documents, errors};
use crate::world::World;

/// Takes the actions in the order of the document.
pub(crate) fn act(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let id = access::path_id(request, "group_id")?;
    let (verbs, actions) = read(world, &body)?;
    unique(&actions)?;
    let group = access::group(world, request, &caller)?;
    if let Some(verb) = verbs
        .iter()
        .find(|verb| !membership::is_permitted(group, **verb, &caller.identities))
    {
        let detail = format!(
            "None of the caller's identities may {}",
            verb.as_str().replace('_', " ")
        );
        return Err(errors::forbidden(&detail));
    }
    let now = world.time.now();
    let mut answer: Map<String, Value> = verbs.iter().map(|verb| (verb.as_str().to_owned(), json!([]))).collect();
    let mut failures: Map<String, Value> = Map::new();
    let mut inferred = false;
    for action in actions {
        let verb = action.verb.as_str();
        let known = world.auth.identities.contains_key(&action.identity);
        let may_be_added = !world.groups.no_add.contains(&action.identity);
        let Some(group) = world.groups.groups.get_mut(&id) else {
            break;
        };
        let outcome = if known {
            membership::act(group, &action, &caller.identities, may_be_added, now)
        } else {
            Err(membership::Refusal {
                code: "IDENTITY_NOT_FOUND",
                detail: "There is no such identity",
            })
        };
        match outcome {
            Ok(row) => {
                let Some(group) = world.groups.groups.get(&id) else {
                    break;
                };
                push(
                    &mut answer,
                    verb,
                    documents::membership(world, group, action.identity, &row),
                );
            }
            Err(refusal) => {
                inferred |= !membership::is_known(refusal.code);
                let entry = json!({"identity_id": action.identity, "code": refusal.code, "detail": refusal.detail});
                push(&mut failures, verb, entry);
            }
        }
    }
    if !failures.is_empty() {
        answer.insert("errors".to_owned(), Value::Object(failures));
    }
    let reply = Reply::ok(&Value::Object(answer));
    Ok(if inferred { reply.inferred() } else { reply })
}

fn push(map: &mut Map<String, Value>, key: &str, entry: Value) {
    if let Value::Array(list) = map.entry(key).or_insert_with(|| json!([])) {
        list.push(entry);
    }
}

/// The same identity in two actions fails the whole request.
fn unique(actions: &[Action]) -> Result<(), Reply> {
    let mut seen = BTreeSet::new();
    let twice: BTreeSet<Uuid> = actions
        .iter()
        .map(|action| action.identity)
        .filter(|identity| !seen.insert(*identity))
        .collect();
    if twice.is_empty() {
        return Ok(());
    }
    Err(errors::ambiguous(
        &twice.iter().map(Uuid::to_string).collect::<Vec<_>>(),
    ))
}

fn read(world: &mut World, body: &Map<String, Value>) -> Result<(Vec<Verb>, Vec<Action>), Reply> {
    let mut problems = Problems::default();
    let (mut verbs, mut actions) = (Vec::new(), Vec::new());
    for (key, entries) in body {
        match (Verb::parse(key), entries) {
            (None, _) => problems.extra(&["body", key], entries),
            (Some(_), Value::Null) => {}
            (Some(verb), Value::Array(entries)) => {
                if !entries.is_empty() {
                    verbs.push(verb);
                }
                for (at, entry) in entries.iter().enumerate() {
                    actions.extend(read_entry(world, verb, &at.to_string(), entry, &mut problems));
                }
            }
            (Some(_), other) => problems.push(&["body", key], ("list_type", "Input should be a valid list"), other),
        }
    }
    problems.finish()?;
    Ok((verbs, actions))
}

fn read_entry(world: &mut World, verb: Verb, at: &str, entry: &Value, problems: &mut Problems) -> Option<Action> {
    let place = ["body", verb.as_str(), at];
    let Value::Object(map) = entry else {
        problems.not_an_object(&place, entry);
        return None;
    };
    let mut reader = Reader::new(map, &place, problems);
    let role = if verb.takes_role() {
        reader.choice("role", Role::NAMES).value()
    } else {
        None
    };
    let status_reason = reader.text("status_reason").value();
    let invite_email_address = reader.text("invite_email_address").value();
    let provision = reader.boolean("provision_identity").value().unwrap_or(false);
    let username = reader.text("username").value();
    let identity = match (reader.id("identity_id"), username) {
        (Given::Value(id), _) => id,
        (_, Some(name)) => match world.auth.by_username(&name) {
            Some(identity) => identity.id,
            None if provision && name.contains('@') => world.auth.provision(&name),
            // No identity has this id, so the action fails alone.
            None => crate::ids::named(&format!("nobody/{name}")),
        },
        (Given::Absent, None) if reader.has("identity_id") => return None,
        (Given::Absent | Given::Null, None) => {
            reader.missing("identity_id");
            return None;
        }
    };
    let role = role.as_deref().and_then(Role::parse).unwrap_or(Role::Member);
    Some(Action {
        verb,
        identity,
        role,
        status_reason,
        invite_email_address,
    })
}
