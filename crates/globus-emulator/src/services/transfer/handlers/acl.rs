//! Access rules of guest collections. <https://docs.globus.org/api/transfer/acl/>

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::roles::principal;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::transfer::access::Power;
use crate::services::transfer::state::{AccessRule, Endpoint};
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors};
use crate::world::World;

const PRINCIPALS: [&str; 4] = ["identity", "group", "all_authenticated_users", "anonymous"];
const FIELDS: [&str; 12] = [
    "id",
    "path",
    "permissions",
    "principal_type",
    "principal",
    "expiration_date",
    "notify_email",
    "notify_message",
    // What the service gives, and clients send back.
    "role_id",
    "role_type",
    "create_time",
    "expired",
];

/// The guest collection of a request, for those who manage its rules.
fn managed(world: &mut World, request: &Incoming) -> Result<Endpoint, Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    access::demand(world, request, &caller, &endpoint, Power::ManageAccess)?;
    if !endpoint.entity_type.is_guest() {
        let message = format!(
            "'{}' is not a guest collection, and has no access rules",
            endpoint.display_name
        );
        return Err(errors::not_supported(world, request, &message));
    }
    Ok(endpoint)
}

/// All rules, and those that follow from roles.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let endpoint = managed(world, request)?;
    Ok(rules(&endpoint))
}

pub(super) fn rules(endpoint: &Endpoint) -> Reply {
    let rows = documents::access_rules(endpoint);
    Reply::ok(&json!({
        "DATA_TYPE": "access_list",
        "endpoint": endpoint.id,
        "length": rows.len(),
        "DATA": rows,
    }))
}

/// The place of the rule that a request names.
fn place(world: &mut World, request: &Incoming, endpoint: &Endpoint) -> Result<usize, Reply> {
    let id = request.param_uuid("rule_id");
    let found = endpoint.access.iter().position(|rule| Some(rule.id) == id);
    found.ok_or_else(|| {
        let message = format!("No such access rule '{}'", request.param("rule_id").escape_debug());
        errors::not_found(world, request, "AccessRuleNotFound", &message)
    })
}

/// One rule.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let endpoint = managed(world, request)?;
    let at = place(world, request, &endpoint)?;
    Ok(Reply::ok(&documents::access_rule(&endpoint.access[at])))
}

/// Lets somebody read, or read and write, below a path.
pub(crate) fn add(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = managed(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let (id, now) = (world.ids.uuid(), world.time.now());
    let rule = read(world, &endpoint, &value, id, now);
    let rule = rule.map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let is_same = |known: &&AccessRule| {
        (&known.principal_type, &known.principal, &known.path) == (&rule.principal_type, &rule.principal, &rule.path)
    };
    if let Some(known) = endpoint.access.iter().find(is_same) {
        let kind = if rule.principal_type == "group" {
            "group"
        } else {
            "identity"
        };
        let message = format!(
            "This folder is already shared with this {kind}. See access rule id '{}'",
            known.id
        );
        return Err(errors::error(world, request, StatusCode::CONFLICT, "Exists", &message));
    }
    endpoint.access.push(rule);
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    let message = "Access rule created successfully.";
    Ok(errors::created(
        world,
        request,
        "access_create_result",
        message,
        json!({"access_id": id}),
    ))
}

fn read(world: &World, endpoint: &Endpoint, value: &Value, id: Uuid, now: Timestamp) -> Result<AccessRule, String> {
    let document = Document::of(value, "access")?;
    document.only(&FIELDS)?;
    let kind = document.one_of("principal_type", &PRINCIPALS)?;
    let permissions = document.one_of("permissions", &["r", "rw"])?;
    let principal = match kind {
        "identity" | "group" => principal(world, &document, kind)?,
        _ if !document.optional_text("principal")?.unwrap_or_default().is_empty() => {
            return Err(document.invalid("principal", &format!("empty for {kind}")));
        }
        _ if endpoint.high_assurance => return Err(format!("A high assurance collection is not shared with {kind}")),
        "anonymous" if permissions == "rw" && endpoint.disable_anonymous_writes => {
            return Err("Anonymous users may not write to this collection".to_owned());
        }
        _ => String::new(),
    };
    let path = document.path("path")?;
    if path.folder_text() != document.text("path")? {
        return Err(document.invalid("path", "the path of a folder, from / to /"));
    }
    if document.get("notify_message").is_some() && document.get("notify_email").is_none() {
        return Err("notify_message goes with notify_email".to_owned());
    }
    if document
        .optional_text("notify_email")?
        .is_some_and(|address| !address.contains('@'))
    {
        return Err(document.invalid("notify_email", "an address"));
    }
    Ok(AccessRule {
        id,
        principal_type: kind.to_owned(),
        principal,
        path: path.folder_text(),
        permissions: permissions.to_owned(),
        create_time: Some(now),
        expiration_date: expiration(&document, now)?,
    })
}

fn expiration(document: &Document<'_>, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let end = document.optional_time("expiration_date")?;
    if end.is_some_and(|end| end <= now) {
        return Err(document.invalid("expiration_date", "in the future"));
    }
    Ok(end)
}

/// Changes what a rule allows, and when it ends; the rest of what is sent counts for nothing.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = managed(world, request)?;
    let at = place(world, request, &endpoint)?;
    let value = request.json().unwrap_or(Value::Null);
    let now = world.time.now();
    let rule = &mut endpoint.access[at];
    let mut change = || {
        let document = Document::untyped(&value, "access")?;
        document.only(&FIELDS)?;
        if document.get("permissions").is_some() {
            document
                .one_of("permissions", &["r", "rw"])?
                .clone_into(&mut rule.permissions);
        }
        if document.has("expiration_date") {
            rule.expiration_date = expiration(&document, now)?;
        }
        Ok(())
    };
    change().map_err(|message: String| errors::bad_request(world, request, &message).inferred())?;
    let message = format!("Access rule '{}' permissions updated successfully", rule.id);
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    Ok(errors::result(world, request, "Updated", &message))
}

/// Deletes a rule. What it let somebody do ends at once.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = managed(world, request)?;
    let at = place(world, request, &endpoint)?;
    let rule = endpoint.access.remove(at);
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    let message = format!("Access rule '{}' deleted successfully", rule.id);
    Ok(errors::result(world, request, "Deleted", &message))
}
