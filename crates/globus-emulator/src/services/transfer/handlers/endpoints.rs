//! Reading, changing and deleting endpoints. <https://docs.globus.org/api/transfer/endpoints_and_collections/>

use serde_json::{Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::access::Power;
use crate::services::transfer::state::{Endpoint, EntityType};
use crate::services::transfer::validation::Document;
use crate::services::transfer::{access, collections, documents, errors, subscriptions};
use crate::world::World;

/// Fields that describe an endpoint, which its administrators change.
const DESCRIPTIVE: [&str; 20] = [
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
    "user_message",
    "user_message_link",
    "force_encryption",
    "force_verify",
    "disable_verify",
    "disable_anonymous_writes",
    "guest_collection_activity_notification_policy",
    "subscription_id",
    "subscription_admin_verified",
    "is_globus_connect",
];

/// The endpoint that a request names, and who asks; somebody who may know of it.
pub(super) fn visible(world: &mut World, request: &Incoming, name: &str) -> Result<(Caller, Endpoint), Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param(name))?;
    if access::sees(world, &caller, &endpoint) || access::may(world, &caller, &endpoint, Power::MonitorActivity) {
        return Ok((caller, endpoint));
    }
    Err(errors::permission_denied(world, request, "You do not have permission to view this").inferred())
}

/// The document of an endpoint.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, endpoint) = visible(world, request, "endpoint_id")?;
    Ok(Reply::ok(&documents::endpoint(world, &endpoint, &caller)))
}

/// An endpoint that the caller administers, and that is managed through Transfer.
fn administered(world: &mut World, request: &Incoming) -> Result<(Caller, Endpoint), Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    access::demand(world, request, &caller, &endpoint, Power::Administer)?;
    if !endpoint.entity_type.is_gcp() {
        let message = "Endpoints of Globus Connect Server are managed with its manager";
        return Err(errors::not_supported(world, request, message));
    }
    Ok((caller, endpoint))
}

/// Changes the fields that are sent.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, mut endpoint) = administered(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let read = || {
        let document = Document::untyped(&value, "endpoint")?;
        document.only(&DESCRIPTIVE)?;
        Ok(document)
    };
    let changed = read().and_then(|document| change(world, &caller, &mut endpoint, &document));
    changed.map_err(|message: String| errors::bad_request(world, request, &message).inferred())?;
    world.transfer.endpoints.insert(endpoint.id, endpoint);
    Ok(errors::result(
        world,
        request,
        "Updated",
        "Endpoint updated successfully",
    ))
}

/// Takes over what a document says of an endpoint.
fn change(world: &World, caller: &Caller, endpoint: &mut Endpoint, document: &Document<'_>) -> Result<(), String> {
    if document.has("display_name") {
        match document.text("display_name")?.trim() {
            "" => return Err(document.invalid("display_name", "a name")),
            name => name.clone_into(&mut endpoint.display_name),
        }
    }
    for (name, field) in [
        ("public", &mut endpoint.public),
        ("force_encryption", &mut endpoint.force_encryption),
        ("force_verify", &mut endpoint.force_verify),
        ("disable_verify", &mut endpoint.disable_verify),
        ("disable_anonymous_writes", &mut endpoint.disable_anonymous_writes),
    ] {
        *field = document.optional_flag(name)?.unwrap_or(*field);
    }
    if endpoint.force_verify && endpoint.disable_verify {
        return Err("force_verify and disable_verify exclude each other".to_owned());
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
        ("user_message", &mut endpoint.user_message),
        ("user_message_link", &mut endpoint.user_message_link),
    ] {
        if document.has(name) {
            *field = document.optional_text(name)?.map(str::to_owned);
        }
    }
    if let Some(policy) = document.get("guest_collection_activity_notification_policy") {
        endpoint.notifications = policy.clone();
    }
    if document.has("subscription_id") {
        let wanted = document.optional_text("subscription_id")?;
        let wanted = wanted
            .map(|text| subscriptions::chosen(world, caller, text))
            .transpose()?;
        if !subscriptions::may_set(world, caller, endpoint, wanted) {
            return Err("You do not have access to this subscription".to_owned());
        }
        endpoint.subscription_id = wanted;
    }
    match document.optional_flag("subscription_admin_verified")? {
        Some(true) if !endpoint.subscription_admin_verified => {
            Err("subscription_admin_verified is set by an administrator of the subscription".to_owned())
        }
        Some(false) => {
            endpoint.subscription_admin_verified = false;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Makes a mapped collection of Globus Connect Personal, which works once its computer is switched on.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let id = world.ids.uuid();
    let made = mapped(world, &caller, &value, id);
    let mut endpoint = made.map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let key = world.ids.uuid();
    endpoint.setup_key = Some(key);
    endpoint.connected = false;
    world.transfer.endpoints.insert(id, endpoint);
    let more = json!({"id": id, "globus_connect_setup_key": key});
    let message = "Endpoint created successfully";
    Ok(errors::created(world, request, "endpoint_create_result", message, more))
}

fn mapped(world: &World, caller: &Caller, value: &Value, id: uuid::Uuid) -> Result<Endpoint, String> {
    let document = Document::untyped(value, "endpoint")?;
    document.only(&DESCRIPTIVE)?;
    if !document.flag("is_globus_connect")? {
        return Err("Only Globus Connect Personal endpoints are created here: is_globus_connect is true".to_owned());
    }
    let name = document.text("display_name")?;
    let mut endpoint = Endpoint::new(id, name, EntityType::GcpMapped, caller.identity);
    change(world, caller, &mut endpoint, &document)?;
    Ok(endpoint)
}

/// Makes a guest collection on a Globus Connect Personal.
pub(crate) fn create_guest(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let value = request.json().unwrap_or(Value::Null);
    let id = world.ids.uuid();
    let made = guest(world, &caller, &value, id);
    let endpoint = made.map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let host = endpoint.host_endpoint_id.map(|id| id.to_string()).unwrap_or_default();
    let host = collections::existing(world, request, &host)?;
    access::demand(world, request, &caller, &host, Power::Administer)?;
    if host.entity_type != EntityType::GcpMapped {
        let message = format!(
            "'{}' is not a mapped collection of Globus Connect Personal",
            host.display_name
        );
        return Err(errors::not_supported(world, request, &message));
    }
    if subscriptions::of(world, &host).is_none() {
        let message = format!("'{}' has no subscription, and cannot be shared", host.display_name);
        return Err(errors::not_supported(world, request, &message));
    }
    if !host.connected {
        return Err(collections::offline(world, request, &host, collections::Purpose::Task).inferred());
    }
    world.transfer.endpoints.insert(id, endpoint);
    let more = json!({"id": id, "globus_connect_setup_key": null});
    let message = "Shared endpoint created successfully";
    Ok(errors::created(world, request, "endpoint_create_result", message, more))
}

fn guest(world: &World, caller: &Caller, value: &Value, id: uuid::Uuid) -> Result<Endpoint, String> {
    let document = Document::of(value, "shared_endpoint")?;
    let own = ["host_endpoint", "host_endpoint_id", "host_path"];
    document.only(&[&DESCRIPTIVE[..17], &own[..]].concat())?;
    let host = if document.has("host_endpoint") {
        "host_endpoint"
    } else {
        "host_endpoint_id"
    };
    let name = document.text("display_name")?;
    let mut endpoint = Endpoint::new(id, name, EntityType::GcpGuest, caller.identity);
    endpoint.host_endpoint_id = Some(document.id(host)?);
    endpoint.host_path = Some(document.path("host_path")?.folder_text());
    change(world, caller, &mut endpoint, &document)?;
    Ok(endpoint)
}

/// Deletes an endpoint, and the guest collections on it.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let id = administered(world, request)?.1.id;
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
