//! Roles on endpoints and collections. <https://docs.globus.org/api/transfer/roles/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::transfer::access::Power;
use crate::services::transfer::state::{Endpoint, RoleRow};
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors, subscriptions};
use crate::world::World;

const ROLES: [&str; 4] = [
    "administrator",
    "access_manager",
    "activity_manager",
    "activity_monitor",
];

/// The endpoint of a request, for those who administer it.
fn administered(world: &mut World, request: &Incoming) -> Result<Endpoint, Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    access::demand(world, request, &caller, &endpoint, Power::Administer)?;
    Ok(endpoint)
}

/// The same, if its roles are set through Transfer.
fn changeable(world: &mut World, request: &Incoming) -> Result<Endpoint, Reply> {
    let endpoint = administered(world, request)?;
    if !endpoint.entity_type.is_gcp() {
        let message = "Roles of Globus Connect Server are managed with its manager";
        return Err(errors::not_supported(world, request, message));
    }
    if subscriptions::of(world, &endpoint).is_none() {
        let message = format!("Endpoint '{}' is not managed by a subscription", endpoint.id);
        return Err(errors::conflict(world, request, &message));
    }
    Ok(endpoint)
}

/// All roles.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let endpoint = administered(world, request)?;
    let rows = documents::roles(&endpoint);
    Ok(Reply::ok(
        &json!({"DATA_TYPE": "role_list", "length": rows.len(), "DATA": rows}),
    ))
}

fn unknown(world: &mut World, request: &Incoming) -> Reply {
    let message = format!("No such role '{}'", request.param("role_id").escape_debug());
    errors::not_found(world, request, "RoleNotFound", &message)
}

/// One role.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let endpoint = administered(world, request)?;
    let mut rows = documents::roles(&endpoint).into_iter();
    match rows.find(|row| row["id"] == request.param("role_id")) {
        Some(row) => Ok(Reply::ok(&row)),
        None => Err(unknown(world, request)),
    }
}

/// Gives somebody, or a group, a role.
pub(crate) fn add(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = changeable(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let id = world.ids.uuid();
    let row = read(world, &value, id).map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let is_same = |known: &&RoleRow| known.principal == row.principal && known.role == row.role;
    if let Some(known) = endpoint.roles.iter().find(is_same) {
        let message = format!("There is such a role already: '{}'", known.id);
        return Err(errors::error(world, request, StatusCode::CONFLICT, "Exists", &message).inferred());
    }
    let document = documents::role(&row);
    endpoint.roles.push(row);
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    Ok(Reply::json(StatusCode::CREATED, &document))
}

fn read(world: &World, value: &Value, id: Uuid) -> Result<RoleRow, String> {
    let document = Document::untyped(value, "role")?;
    document.only(&["id", "principal_type", "principal", "role"])?;
    let kind = document.one_of("principal_type", &["identity", "group"])?;
    Ok(RoleRow {
        id,
        principal_type: kind.to_owned(),
        principal: principal(world, &document, kind)?,
        role: document.one_of("role", &ROLES)?.to_owned(),
    })
}

/// The id of an identity or a group that is there.
pub(super) fn principal(world: &World, document: &Document<'_>, kind: &str) -> Result<String, String> {
    let id = document.id("principal")?;
    let known = match kind {
        "identity" => world.auth.identities.contains_key(&id),
        _ => world.groups.groups.contains_key(&id),
    };
    if known {
        Ok(id.to_string())
    } else {
        Err(format!("There is no {kind} '{id}'"))
    }
}

/// Takes a role away.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = changeable(world, request)?;
    let id = request.param_uuid("role_id");
    if id == Some(endpoint.owner_role()) {
        return Err(errors::conflict(world, request, "The role of the owner cannot be deleted").inferred());
    }
    let Some(at) = endpoint.roles.iter().position(|row| Some(row.id) == id) else {
        return Err(unknown(world, request));
    };
    let row = endpoint.roles.remove(at);
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    let message = format!("Role '{}' deleted successfully", row.id);
    Ok(errors::result(world, request, "Deleted", &message))
}
