//! Storage gateways. <https://docs.globus.org/globus-connect-server/v5/api/openapi_Storage_Gateways/>

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::settings;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::state::{CONNECTORS, Gateway};
use crate::services::gcs::validation::{self, Document, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::world::World;

const FIELDS: &Fields = &[
    ("display_name", Kind::Text, false),
    ("connector_id", Kind::Id, false),
    ("root", Kind::Text, true),
    ("identity_mappings", Kind::Objects, true),
    ("policies", Kind::Object, true),
    ("allowed_domains", Kind::Texts, false),
    ("restrict_paths", Kind::Object, true),
    ("high_assurance", Kind::Flag, false),
    ("require_mfa", Kind::Flag, false),
    ("authentication_timeout_mins", Kind::Count, false),
    ("authentication_assurance_timeout", Kind::Count, false),
    ("users_allow", Kind::Texts, true),
    ("users_deny", Kind::Texts, true),
    ("process_user", Kind::Text, true),
    ("load_dsi_module", Kind::Text, true),
];

fn all<'a>(world: &'a World, visitor: &'a Visitor) -> impl Iterator<Item = &'a Gateway> {
    let rows = world.gcs.gateways.values();
    rows.filter(|row| row.endpoint_id == visitor.endpoint)
}

fn find<'a>(world: &'a World, visitor: &Visitor, request: &Incoming) -> Result<&'a Gateway, Reply> {
    let id = request.param("storage_gateway_id");
    let row = Uuid::parse_str(id).ok().and_then(|id| world.gcs.gateways.get(&id));
    row.filter(|row| row.endpoint_id == visitor.endpoint)
        .ok_or_else(|| errors::not_found("storage gateway", id))
}

/// Whether the private policies are wanted, which administrators may see.
fn private(world: &World, visitor: &Visitor, request: &Incoming) -> Result<bool, Reply> {
    let wanted = documents::private(request)?;
    if wanted {
        visitor.administrator(world, "Could not read private policies")?;
    }
    Ok(wanted)
}

/// All storage gateways of the endpoint.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let private = private(world, &visitor, request)?;
    let rows = all(world, &visitor).map(|row| documents::gateway(row, private));
    documents::page(request, rows.collect())
}

/// One storage gateway.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let private = private(world, &visitor, request)?;
    let row = find(world, &visitor, request)?;
    Ok(documents::one(documents::gateway(row, private)))
}

/// Refuses what does not go together.
fn check(document: &Document, settings: &Map<String, Value>) -> Result<(), Reply> {
    let told = |name: &str| {
        let value = document.get(name).or_else(|| settings.get(name));
        value.is_some_and(|value| value == true)
    };
    if told("require_mfa") && !told("high_assurance") {
        return Err(errors::invalid(&[
            "require_mfa: is for high assurance storage gateways only".to_owned(),
        ]));
    }
    Ok(())
}

/// Makes a storage gateway.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    visitor.administrator(world, "Could not create a storage gateway")?;
    let document = validation::read(request, "storage_gateway", &[FIELDS])?;
    document.require(&["display_name", "connector_id"])?;
    document.named()?;
    check(&document, &Map::new())?;
    let connector_id = document.id("connector_id").unwrap_or_default();
    if !CONNECTORS.iter().any(|(id, _)| *id == connector_id) {
        let message = "connector_id: this server has POSIX and S3 only";
        return Err(errors::invalid(&[message.to_owned()]));
    }
    let mut row = Gateway {
        id: world.ids.uuid(),
        endpoint_id: visitor.endpoint,
        display_name: document.text("display_name").unwrap_or_default().to_owned(),
        connector_id,
        settings: Map::new(),
    };
    settings::keep(&mut row.settings, document.without(&["display_name", "connector_id"]));
    let answer = documents::one(documents::gateway(&row, true));
    world.gcs.gateways.insert(row.id, row);
    Ok(answer)
}

/// Changes the fields that are sent.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    change(world, request, false)
}

/// Puts a document in the place of the one there is: what it does not say is as it is for a new storage gateway.
pub(crate) fn replace(world: &mut World, request: &Incoming) -> Outcome {
    change(world, request, true).map(Reply::inferred)
}

fn change(world: &mut World, request: &Incoming, anew: bool) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let mut row = find(world, &visitor, request)?.clone();
    visitor.administrator(world, "Could not update the storage gateway")?;
    let document = validation::read(request, "storage_gateway", &[FIELDS])?;
    if anew {
        document.require(&["display_name", "connector_id"])?;
        row.settings.clear();
    }
    document.named()?;
    check(&document, &row.settings)?;
    if document.id("connector_id").is_some_and(|id| id != row.connector_id) {
        let message = "connector_id: cannot be changed";
        return Err(errors::invalid(&[message.to_owned()]));
    }
    if let Some(name) = document.text("display_name") {
        name.clone_into(&mut row.display_name);
    }
    settings::keep(&mut row.settings, document.without(&["display_name", "connector_id"]));
    let answer = documents::one(documents::gateway(&row, true));
    world.gcs.gateways.insert(row.id, row);
    Ok(answer)
}

/// Deletes a storage gateway on which no collection is; with it go the credentials for it.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = find(world, &visitor, request)?.id;
    if !visitor.is_administrator(world) {
        return Err(errors::permission_denied(
            "Could not delete the storage gateway. Insufficient permissions",
        ));
    }
    let users = world.gcs.collections.iter();
    let users = users.filter(|(_, details)| details.storage_gateway_id == id);
    let users: Vec<Uuid> = users.map(|(collection, _)| *collection).collect();
    if !users.is_empty() {
        return Err(errors::conflict("The storage gateway has collections", &users));
    }
    world.gcs.gateways.remove(&id);
    world.gcs.credentials.retain(|_, row| row.storage_gateway_id != id);
    Ok(documents::success(
        StatusCode::OK,
        "Operation successful",
        vec![json!({})],
    ))
}
