//! What identities say about themselves: membership fields and preferences.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::groups::handlers::settings::SIGNUP_FIELDS;
use crate::services::groups::validation::{self, Given, Problems, Reader};
use crate::services::groups::{access, errors};
use crate::world::World;

/// Fields that a membership may have beside those of signing up.
const MORE_FIELDS: &[&str] = &["first_name", "last_name", "organization"];

pub(crate) fn get_fields(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let group = access::group(world, request, &caller)?;
    let rows = caller
        .identities
        .iter()
        .filter_map(|id| Some((id.to_string(), json!(group.fields.get(id)?))));
    let fields: Map<String, Value> = rows.collect();
    Ok(Reply::ok(&Value::Object(fields)))
}

/// Fills in membership fields of the caller's identities.
pub(crate) fn set_fields(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let group = access::group(world, request, &caller)?;
    let mut problems = Problems::default();
    let mut given = Vec::new();
    each(&body, &mut problems, |id, map, reader| {
        let mut fields = Map::new();
        for (name, value) in map {
            if !SIGNUP_FIELDS.contains(&name.as_str()) && !MORE_FIELDS.contains(&name.as_str()) {
                reader.extra(name, value);
            }
            match reader.text(name) {
                Given::Value(text) => fields.insert(name.clone(), json!(text)),
                Given::Null => fields.insert(name.clone(), Value::Null),
                Given::Absent => None,
            };
        }
        given.push((id, fields));
    });
    problems.finish()?;
    let own: Vec<Uuid> = given.iter().map(|(id, _)| *id).collect();
    only_own(&caller, &own)?;
    let group = group.id;
    let mut answer = Map::new();
    if let Some(group) = world.groups.groups.get_mut(&group) {
        for (id, fields) in given {
            let row = group.fields.entry(id).or_default();
            row.extend(fields);
            answer.insert(id.to_string(), json!(row));
        }
    }
    Ok(Reply::ok(&Value::Object(answer)))
}

pub(crate) fn get_preferences(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    Ok(Reply::ok(&preferences(world, &caller)))
}

/// Says whether others may add the caller's identities to groups.
pub(crate) fn set_preferences(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let mut problems = Problems::default();
    let mut given = Vec::new();
    each(&body, &mut problems, |id, _, reader| {
        match reader.boolean("allow_add") {
            Given::Absent if !reader.has("allow_add") => reader.missing("allow_add"),
            Given::Absent => {}
            // Null is the default: others may.
            Given::Null => given.push((id, true)),
            Given::Value(allow) => given.push((id, allow)),
        }
    });
    problems.finish()?;
    only_own(&caller, &given.iter().map(|(id, _)| *id).collect::<Vec<_>>())?;
    for (id, allow) in given {
        if allow {
            world.groups.no_add.remove(&id);
        } else {
            world.groups.no_add.insert(id);
        }
    }
    Ok(Reply::ok(&preferences(world, &caller)))
}

fn preferences(world: &World, caller: &Caller) -> Value {
    let of = |id: &Uuid| (id.to_string(), json!({"allow_add": !world.groups.no_add.contains(id)}));
    Value::Object(caller.identities.iter().map(of).collect())
}

fn only_own(caller: &Caller, given: &[Uuid]) -> Result<(), Reply> {
    match given.iter().find(|id| !caller.is(**id)) {
        Some(id) => Err(errors::forbidden(&format!(
            "The identity {id} is not one of the caller's"
        ))),
        None => Ok(()),
    }
}

/// Goes through a document whose keys are identities.
fn each<'a>(
    body: &'a Map<String, Value>,
    problems: &mut Problems,
    mut take: impl FnMut(Uuid, &'a Map<String, Value>, &mut Reader<'a, '_>),
) {
    for (key, value) in body {
        match (Uuid::parse_str(key), value) {
            (Ok(id), Value::Object(map)) => take(id, map, &mut Reader::new(map, &["body", key], problems)),
            (Ok(_), other) => problems.not_an_object(&["body", key], other),
            (Err(_), _) => problems.uuid(&["body", key, "[key]"], &json!(key)),
        }
    }
}
