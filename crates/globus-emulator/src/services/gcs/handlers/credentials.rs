//! Credentials of users for storage gateways.
//! <https://docs.globus.org/globus-connect-server/v5/api/openapi_User_Credentials/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::state::{Credential, Gateway};
use crate::services::gcs::validation::{self, Document, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::services::transfer::collections::account;
use crate::world::World;

const FIELDS: &Fields = &[
    ("identity_id", Kind::Id, false),
    ("connector_id", Kind::Id, false),
    ("storage_gateway_id", Kind::Id, false),
    ("username", Kind::Text, true),
    ("display_name", Kind::Text, true),
    ("policies", Kind::Object, true),
];

fn of_endpoint(world: &World, visitor: &Visitor, row: &Credential) -> bool {
    let gateway = world.gcs.gateways.get(&row.storage_gateway_id);
    gateway.is_some_and(|gateway| gateway.endpoint_id == visitor.endpoint)
}

/// The caller's credentials, of all storage gateways or one.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let query = request.query();
    let gateway = query.get("storage_gateway").map(Uuid::parse_str).transpose();
    let gateway = gateway.map_err(|_| errors::bad_request("storage_gateway: is not a UUID").inferred())?;
    let rows = world.gcs.credentials.values().filter(|row| {
        visitor.caller.is(row.identity_id)
            && of_endpoint(world, &visitor, row)
            && gateway.is_none_or(|id| id == row.storage_gateway_id)
    });
    documents::page(request, rows.map(|row| documents::credential(world, row)).collect())
}

/// A credential of the caller's. Those of others are not there.
fn find<'a>(world: &'a World, visitor: &Visitor, request: &Incoming) -> Result<&'a Credential, Reply> {
    let id = request.param("user_credential_id");
    let row = Uuid::parse_str(id).ok().and_then(|id| world.gcs.credentials.get(&id));
    let row = row.filter(|row| visitor.caller.is(row.identity_id) && of_endpoint(world, visitor, row));
    row.ok_or_else(|| errors::not_found("user credential", id))
}

/// One credential.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let row = find(world, &visitor, request)?;
    Ok(documents::one(documents::credential(world, row)))
}

/// Refuses accounts that the storage gateway is not for.
fn allowed(gateway: &Gateway, username: &str) -> Result<(), Reply> {
    let is_in = |name: &str| gateway.texts(name).iter().any(|user| user == username);
    let restricted = !gateway.texts("users_allow").is_empty();
    if (restricted && !is_in("users_allow")) || is_in("users_deny") {
        let message = "The storage gateway does not allow this account";
        return Err(errors::permission_denied(message).inferred());
    }
    Ok(())
}

/// Refuses a connector that is not that of the storage gateway.
fn connector(document: &Document, gateway: &Gateway) -> Result<(), Reply> {
    match document.id("connector_id") {
        Some(id) if id != gateway.connector_id => Err(errors::invalid(&[
            "connector_id: is not that of the storage gateway".to_owned(),
        ])),
        _ => Ok(()),
    }
}

/// Stores a credential of the caller's.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let document = validation::read(request, "user_credential", &[FIELDS])?;
    document.require(&["storage_gateway_id"])?;
    let gateway = document.id("storage_gateway_id");
    let gateway = gateway.and_then(|id| world.gcs.gateways.get(&id));
    let gateway = gateway.filter(|row| row.endpoint_id == visitor.endpoint);
    let gateway =
        gateway.ok_or_else(|| errors::invalid(&["storage_gateway_id: there is no such storage gateway".to_owned()]))?;
    connector(&document, gateway)?;
    visitor.of_domains(world, &gateway.texts("allowed_domains"))?;
    let identity_id = document.id("identity_id").unwrap_or(visitor.caller.identity);
    if !visitor.caller.is(identity_id) {
        let message = "A credential is for an identity of one's own";
        return Err(errors::permission_denied(message).inferred());
    }
    let username = document.text("username").map(str::to_owned);
    let username = username.unwrap_or_else(|| account(world, &visitor.caller));
    allowed(gateway, &username)?;
    let row = Credential {
        id: Uuid::nil(),
        identity_id,
        storage_gateway_id: gateway.id,
        connector_id: gateway.connector_id,
        username,
        display_name: document.text("display_name").map(str::to_owned),
        policies: policies(&document).unwrap_or_else(|| json!({})),
    };
    let row = Credential {
        id: world.ids.uuid(),
        ..row
    };
    let message = format!("Created User Credential {}", row.id);
    let data = documents::credential(world, &row);
    world.gcs.credentials.insert(row.id, row);
    Ok(documents::success(StatusCode::CREATED, &message, vec![data]))
}

/// What belongs to the connector; its type is told by the storage gateway.
fn policies(document: &Document) -> Option<Value> {
    let mut policies = document.get("policies")?.as_object()?.clone();
    policies.remove("DATA_TYPE");
    Some(Value::Object(policies))
}

/// Changes the fields that are sent.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let mut row = find(world, &visitor, request)?.clone();
    let document = validation::read(request, "user_credential", &[FIELDS])?;
    let moved = |name: &str, id: Uuid| document.id(name).is_some_and(|wanted| wanted != id);
    if moved("storage_gateway_id", row.storage_gateway_id) || moved("identity_id", row.identity_id) {
        let message = "storage_gateway_id, identity_id: cannot be changed";
        return Err(errors::invalid(&[message.to_owned()]));
    }
    if let Some(gateway) = world.gcs.gateways.get(&row.storage_gateway_id) {
        connector(&document, gateway)?;
        if let Some(username) = document.text("username") {
            allowed(gateway, username)?;
            username.clone_into(&mut row.username);
        }
    }
    if document.get("display_name").is_some() {
        row.display_name = document.text("display_name").map(str::to_owned);
    }
    if let Some(policies) = policies(&document) {
        row.policies = policies;
    }
    let message = format!("Updated User Credential {}", row.id);
    let data = documents::credential(world, &row);
    world.gcs.credentials.insert(row.id, row);
    Ok(documents::success(StatusCode::OK, &message, vec![data]))
}

/// Forgets a credential that no guest collection needs.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = find(world, &visitor, request)?.id;
    let users = world.gcs.collections.iter();
    let users = users.filter(|(_, details)| details.user_credential_id == Some(id));
    let users: Vec<Uuid> = users.map(|(collection, _)| *collection).collect();
    if !users.is_empty() {
        return Err(errors::conflict("Guest collections need the credential", &users));
    }
    world.gcs.credentials.remove(&id);
    let message = format!("Deleted User Credential {id}");
    Ok(documents::success(StatusCode::OK, &message, Vec::new()))
}
