//! Reading, changing and deleting endpoints. <https://docs.globus.org/api/transfer/endpoints_and_collections/>

use serde_json::Value;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::transfer::state::Endpoint;
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors};
use crate::world::World;

/// The document of an endpoint.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    if !access::sees(world, &caller, &endpoint) {
        return Err(errors::permission_denied(world, request, "You do not have permission to view this").inferred());
    }
    Ok(Reply::ok(&documents::endpoint(world, &endpoint, &caller)))
}

/// An endpoint that the caller administers, and that is managed through Transfer.
fn administered(world: &mut World, request: &Incoming) -> Result<Endpoint, Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    if !access::roles(world, &caller, &endpoint).contains(&"administrator") {
        return Err(errors::permission_denied(
            world,
            request,
            "You are not an administrator of this endpoint",
        ));
    }
    if !endpoint.entity_type.is_gcp() {
        let message = "Endpoints of Globus Connect Server are managed with its manager";
        return Err(errors::not_supported(world, request, message));
    }
    Ok(endpoint)
}

/// Changes the fields that are sent.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let mut endpoint = administered(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let changed = change(&mut endpoint, &value);
    changed.map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    Ok(errors::result(
        world,
        request,
        "Updated",
        "Endpoint updated successfully",
    ))
}

fn change(endpoint: &mut Endpoint, value: &Value) -> Result<(), String> {
    let mut value = value.clone();
    if let Some(map) = value.as_object_mut() {
        map.entry("DATA_TYPE").or_insert_with(|| "endpoint".into());
    }
    let document = Document::of(&value, "endpoint")?;
    document.only(&[
        "display_name",
        "public",
        "description",
        "organization",
        "department",
        "keywords",
        "contact_email",
        "contact_info",
        "info_link",
        "default_directory",
    ])?;
    if document.has("display_name") {
        document.text("display_name")?.clone_into(&mut endpoint.display_name);
    }
    if let Some(public) = document.optional_flag("public")? {
        endpoint.public = public;
    }
    for (name, field) in [
        ("description", &mut endpoint.description),
        ("organization", &mut endpoint.organization),
        ("department", &mut endpoint.department),
        ("keywords", &mut endpoint.keywords),
        ("contact_email", &mut endpoint.contact_email),
        ("contact_info", &mut endpoint.contact_info),
        ("info_link", &mut endpoint.info_link),
        ("default_directory", &mut endpoint.default_directory),
    ] {
        if document.has(name) {
            *field = document.optional_text(name)?.map(str::to_owned);
        }
    }
    Ok(())
}

/// Deletes an endpoint, and the guest collections on it.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let id = administered(world, request)?.id;
    let endpoints = &mut world.transfer.endpoints;
    let gone = endpoints
        .values()
        .filter(|row| row.id == id || row.host_endpoint_id == Some(id));
    let gone: Vec<_> = gone.map(|row| row.id).collect();
    for id in gone {
        if let Some(endpoint) = endpoints.get_mut(&id) {
            endpoint.deleted = true;
        }
    }
    Ok(errors::result(
        world,
        request,
        "Deleted",
        "Endpoint deleted successfully",
    ))
}
