//! Roles on the endpoint and on its collections. <https://docs.globus.org/globus-connect-server/v5/api/openapi_Roles/>

use http::StatusCode;
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::validation::{self, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::services::transfer::access::is_principal;
use crate::services::transfer::state::{Endpoint, RoleRow};
use crate::world::World;

const FIELDS: &Fields = &[
    ("collection", Kind::Id, true),
    ("principal", Kind::Text, false),
    (
        "role",
        Kind::OneOf(&[
            "administrator",
            "access_manager",
            "activity_manager",
            "activity_monitor",
            "access_monitor",
        ]),
        false,
    ),
];

/// The endpoint, or the collection of this id.
fn subject<'a>(world: &'a World, visitor: &Visitor, collection: Option<&str>) -> Result<&'a Endpoint, Reply> {
    if let Some(id) = collection {
        return visitor.collection(world, id);
    }
    let row = world.transfer.endpoints.get(&visitor.endpoint);
    row.ok_or_else(|| errors::not_found("endpoint", &visitor.endpoint.to_string()))
}

/// Roles of the caller, or, for administrators who ask, of everybody; on the endpoint, or on a collection.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let query = request.query();
    let all = match query.list("include")[..] {
        [] => false,
        ["all_roles"] => true,
        _ => return Err(errors::bad_request("include: there is but all_roles").inferred()),
    };
    let row = subject(world, &visitor, query.get("collection_id"))?;
    if all && !visitor.administers(world, row) {
        return Err(errors::missing_role("Could not list all roles", "administrator"));
    }
    let own = |role: &&RoleRow| all || is_principal(world, &visitor.caller, &role.principal_type, &role.principal);
    let rows = row.roles.iter().filter(own).map(|role| documents::role(row, role));
    documents::page(request, rows.collect())
}

/// A role by its id, wherever it is held.
fn find<'a>(world: &'a World, visitor: &'a Visitor, request: &Incoming) -> Result<(&'a Endpoint, &'a RoleRow), Reply> {
    let text = request.param("role_id");
    let id = Uuid::parse_str(text).ok();
    let endpoint = world.transfer.endpoints.get(&visitor.endpoint);
    let mut rows = endpoint.into_iter().chain(visitor.collections(world));
    let found = rows.find_map(|row| {
        let role = row.roles.iter().find(|role| Some(role.id) == id)?;
        let own = is_principal(world, &visitor.caller, &role.principal_type, &role.principal);
        (own || visitor.administers(world, row)).then_some((row, role))
    });
    found.ok_or_else(|| errors::not_found("role", text))
}

/// One role.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let (row, role) = find(world, &visitor, request)?;
    Ok(documents::one(documents::role(row, role)))
}

/// Gives somebody, or a group, a role.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let document = validation::read(request, "role", &[FIELDS])?;
    document.require(&["principal", "role"])?;
    let mut row = subject(world, &visitor, document.text("collection"))?.clone();
    if !visitor.administers(world, &row) {
        return Err(errors::missing_role("Could not create the role", "administrator"));
    }
    let given = document.text("principal").unwrap_or_default();
    let (principal_type, principal) = principal(world, given)?;
    let role = RoleRow {
        id: world.ids.uuid(),
        principal_type: principal_type.to_owned(),
        principal: principal.to_string(),
        role: document.text("role").unwrap_or_default().to_owned(),
    };
    let same = |known: &&RoleRow| known.principal == role.principal && known.role == role.role;
    if let Some(known) = row.roles.iter().find(same) {
        return Err(errors::conflict("There is such a role already", &[known.id]));
    }
    let (message, data) = (format!("Created role {}", role.id), documents::role(&row, &role));
    row.roles.push(role);
    world.transfer.endpoints.insert(row.id, row);
    Ok(documents::success(StatusCode::CREATED, &message, vec![data]))
}

/// The identity or the group of a URN, which is there.
fn principal(world: &World, text: &str) -> Result<(&'static str, Uuid), Reply> {
    let id = |prefix: &str| text.strip_prefix(prefix).and_then(|id| Uuid::parse_str(id).ok());
    let identity = id("urn:globus:auth:identity:").filter(|id| world.auth.identities.contains_key(id));
    let group = || id("urn:globus:groups:id:").filter(|id| world.groups.groups.contains_key(id));
    let found = identity.map(|id| ("identity", id));
    let found = found.or_else(|| group().map(|id| ("group", id)));
    found.ok_or_else(|| {
        let text = text.escape_debug();
        errors::invalid(&[format!(
            "principal: {text} is no urn:globus:auth:identity:<id> or urn:globus:groups:id:<id> of somebody there is"
        )])
    })
}

/// Takes a role away.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let (row, role) = find(world, &visitor, request)?;
    if !visitor.administers(world, row) {
        return Err(errors::missing_role("Could not delete the role", "administrator"));
    }
    if role.role == "owner" {
        let message = "The owner's role goes to another owner, but not away";
        return Err(errors::conflict(message, &[role.id]));
    }
    let (of, id) = (row.id, role.id);
    if let Some(row) = world.transfer.endpoints.get_mut(&of) {
        row.roles.retain(|role| role.id != id);
    }
    let message = format!("Deleted role {id}");
    Ok(documents::success(StatusCode::OK, &message, Vec::new()))
}
