//! Groups: list, create, read, update, delete.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Map, Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::groups::state::{Group, Membership, Policies, Role, Status};
use crate::services::groups::validation::{self, Given, Problems, Reader};
use crate::services::groups::{access, documents, errors, handlers::settings};
use crate::world::World;

/// The groups in which the caller has a membership, by default an active one.
pub(crate) fn mine(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::reader(world, request)?;
    let query = request.query();
    let mut statuses = Vec::new();
    for name in query.list("statuses") {
        match Status::parse(name) {
            Some(status) => statuses.push(status),
            None => return Err(errors::unprocessable(&format!("'{name}' is no status of a membership"))),
        }
    }
    if statuses.is_empty() {
        statuses.push(Status::Active);
    }
    let mut found = Vec::new();
    for group in world.groups.groups.values() {
        let memberships = documents::my_memberships(world, group, &caller, &statuses);
        if !memberships.is_empty() {
            let mut document = documents::group(world, group, &caller, &[]);
            document["my_memberships"] = Value::Array(memberships);
            found.push(document);
        }
    }
    Ok(Reply::ok(&Value::Array(found)))
}

/// How many memberships of each status there are, for the groups that the caller manages.
pub(crate) fn statuses(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let mut counts = Map::new();
    for group in world.groups.groups.values() {
        if group.best_role(&caller.identities) >= Some(Role::Manager) {
            let count = |status: Status| group.memberships.values().filter(|row| row.status == status).count();
            let of_group: Map<String, Value> = Status::ALL
                .into_iter()
                .map(|status| (status.as_str().to_owned(), json!(count(status))))
                .collect();
            counts.insert(group.id.to_string(), Value::Object(of_group));
        }
    }
    Ok(Reply::ok(&Value::Object(counts)))
}

/// Makes a group whose administrator is the caller.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let mut problems = Problems::default();
    let mut reader = Reader::new(&body, &["body"], &mut problems);
    let name = name(&mut reader, true);
    let description = reader.text("description").value();
    let terms_and_conditions = reader.text("terms_and_conditions").value();
    let parent_id = reader.id("parent_id").value();
    let subscription = reader.id("subscription_id").value();
    let mut policies = Policies::default();
    if let Some(given) = body.get("policies").filter(|given| !given.is_null()) {
        settings::apply(given, &["body", "policies"], &mut policies, &mut problems);
    }
    problems.finish()?;
    if subscription.is_some() {
        return Err(errors::forbidden("Only Globus gives a subscription to a group").inferred());
    }
    if let Some(parent) = parent_id {
        let parent = world
            .groups
            .groups
            .get(&parent)
            .filter(|group| group.is_visible_to(&caller.identities));
        let parent = parent.ok_or_else(|| errors::not_found("There is no such parent group"))?;
        if parent.best_role(&caller.identities) != Some(Role::Admin) {
            return Err(errors::forbidden(
                "Only an administrator of the parent group may make a subgroup",
            ));
        }
    }
    let me = Membership {
        role: Role::Admin,
        status: Status::Active,
        status_reason: None,
        invite_email_address: None,
        updated: Some(world.time.now()),
        invite_time: None,
    };
    let group = Group {
        id: world.ids.uuid(),
        name: name.unwrap_or_default(),
        description,
        terms_and_conditions,
        parent_id,
        policies,
        subscription_id: None,
        subscription_info: None,
        subscription_admin_verified_id: None,
        fields: BTreeMap::new(),
        memberships: BTreeMap::from([(caller.identity, me)]),
    };
    let document = documents::group(world, &group, &caller, &[]);
    world.groups.groups.insert(group.id, group);
    Ok(Reply::json(StatusCode::CREATED, &document))
}

/// A name is text and not blank.
fn name(reader: &mut Reader<'_, '_>, required: bool) -> Option<String> {
    match reader.text("name") {
        Given::Value(name) if name.trim().is_empty() => {
            let problem = ("string_too_short", "String should have at least 1 character");
            reader.wrong("name", problem, &Value::String(name));
            None
        }
        Given::Value(name) => Some(name),
        Given::Null if required => {
            reader.wrong("name", ("string_type", "Input should be a valid string"), &Value::Null);
            None
        }
        Given::Absent if required && !reader.has("name") => {
            reader.missing("name");
            None
        }
        Given::Null | Given::Absent => None,
    }
}

fn includes(request: &Incoming) -> Result<Vec<String>, Reply> {
    let query = request.query();
    let include = query.list("include");
    match include.iter().find(|name| !documents::INCLUDES.contains(name)) {
        Some(unknown) => Err(errors::unprocessable(&format!("'{unknown}' cannot be included"))),
        None => Ok(include.into_iter().map(str::to_owned).collect()),
    }
}

/// One group.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::reader(world, request)?;
    let include = includes(request)?;
    let include: Vec<&str> = include.iter().map(String::as_str).collect();
    let group = access::group(world, request, &caller)?;
    Ok(Reply::ok(&documents::group(world, group, &caller, &include)))
}

/// The subgroups of a group that the caller may see.
pub(crate) fn children(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let include = includes(request)?;
    let include: Vec<&str> = include.iter().map(String::as_str).collect();
    let parent = access::group(world, request, &caller)?.id;
    let children = world
        .groups
        .children(parent)
        .filter(|group| group.is_visible_to(&caller.identities));
    let children: Vec<Value> = children
        .map(|group| documents::group(world, group, &caller, &include))
        .collect();
    Ok(Reply::ok(&json!({"children": children})))
}

/// Changes name, description, terms; an administrator may also clear the verifying subscription here.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let mut problems = Problems::default();
    let mut reader = Reader::new(&body, &["body"], &mut problems);
    let name = name(&mut reader, false);
    let description = reader.text("description");
    let terms = reader.text("terms_and_conditions");
    let verified = reader.id("subscription_admin_verified_id");
    problems.finish()?;
    let group = access::administered(world, request, &caller)?;
    if let Given::Value(wanted) = verified
        && group.subscription_admin_verified_id != Some(wanted)
    {
        return Err(errors::forbidden(
            "Only the subscription's administrators may verify a group",
        ));
    }
    if let Some(name) = name {
        group.name = name;
    }
    description.store(&mut group.description);
    terms.store(&mut group.terms_and_conditions);
    verified.store(&mut group.subscription_admin_verified_id);
    let group = access::group(world, request, &caller)?;
    Ok(Reply::ok(&documents::group(world, group, &caller, &[])))
}

/// Deletes a group and answers what it was. A group with subgroups stays.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let id = access::administered(world, request, &caller)?.id;
    if world.groups.children(id).next().is_some() {
        return Err(errors::conflict("The group has subgroups"));
    }
    let document = documents::group(world, access::group(world, request, &caller)?, &caller, &[]);
    world.groups.groups.remove(&id);
    Ok(Reply::ok(&document))
}
