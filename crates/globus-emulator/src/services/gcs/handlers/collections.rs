//! Collections: list, create, read, update, delete.
//! <https://docs.globus.org/globus-connect-server/v5/api/openapi_Collections/>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::settings;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::state::{Credential, Details, texts};
use crate::services::gcs::validation::{self, Document, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::services::transfer::collections::home;
use crate::services::transfer::path::FilePath;
use crate::services::transfer::state::{Endpoint, EntityType, RoleRow, add_scopes};
use crate::services::transfer::{assurance, subscriptions};
use crate::world::World;

const COMMON: &Fields = &[
    ("collection_type", Kind::OneOf(&["mapped", "guest"]), false),
    ("collection_base_path", Kind::Text, false),
    ("display_name", Kind::Text, false),
    ("identity_id", Kind::Id, false),
    ("contact_email", Kind::Text, true),
    ("contact_info", Kind::Text, true),
    ("default_directory", Kind::Text, true),
    ("department", Kind::Text, true),
    ("description", Kind::Text, true),
    ("info_link", Kind::Text, true),
    ("organization", Kind::Text, true),
    ("user_message", Kind::Text, true),
    ("user_message_link", Kind::Text, true),
    ("keywords", Kind::Texts, true),
    ("disable_verify", Kind::Flag, false),
    ("enable_https", Kind::Flag, false),
    ("force_encryption", Kind::Flag, false),
    ("force_verify", Kind::Flag, false),
    ("public", Kind::Flag, false),
    ("acl_expiration_mins", Kind::Count, true),
    ("associated_flow_policy", Kind::Object, true),
    (
        "restrict_transfers_to_high_assurance",
        Kind::OneOf(&["inbound", "outbound", "all"]),
        true,
    ),
];
const MAPPED: &Fields = &[
    ("storage_gateway_id", Kind::Id, false),
    ("domain_name", Kind::Text, true),
    ("guest_auth_policy_id", Kind::Id, true),
    ("sharing_users_allow", Kind::Texts, true),
    ("sharing_users_deny", Kind::Texts, true),
    ("sharing_restrict_paths", Kind::Object, true),
    ("delete_protected", Kind::Flag, false),
    ("allow_guest_collections", Kind::Flag, false),
    ("disable_anonymous_writes", Kind::Flag, false),
    ("auto_delete_timeout", Kind::Count, true),
    ("policies", Kind::Object, true),
];
const GUEST: &Fields = &[
    ("mapped_collection_id", Kind::Id, false),
    ("user_credential_id", Kind::Id, false),
    ("skip_auto_delete", Kind::Flag, false),
    ("activity_notification_policy", Kind::Object, true),
];
/// The fields that have places of their own.
const PLACED: [&str; 7] = [
    "collection_type",
    "collection_base_path",
    "identity_id",
    "storage_gateway_id",
    "mapped_collection_id",
    "user_credential_id",
    "domain_name",
];

/// Which collections a list may be of.
const FILTERS: [&str; 4] = [
    "mapped_collections",
    "guest_collections",
    "managed_by_me",
    "created_by_me",
];

/// The collections of the endpoint that the caller may see.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let private = documents::private(request)?;
    let query = request.query();
    let host = query.get("mapped_collection_id").map(Uuid::parse_str).transpose();
    let host = host.map_err(|_| errors::bad_request("mapped_collection_id: is not a UUID").inferred())?;
    let filters = query.list("filter");
    if let Some(other) = filters.iter().find(|name| !FILTERS.contains(name)) {
        let message = format!("filter: there is no {}", other.escape_debug());
        return Err(errors::bad_request(&message).inferred());
    }
    let made = |row: &Endpoint| {
        let details = world.gcs.collections.get(&row.id);
        details.is_some_and(|details| visitor.caller.is(details.identity_id))
    };
    let fits = |row: &&Endpoint| {
        filters.iter().all(|filter| match *filter {
            "mapped_collections" => row.entity_type == EntityType::GcsMapped,
            "guest_collections" => row.entity_type == EntityType::GcsGuest,
            "managed_by_me" => visitor.administers(world, row),
            _ => made(row),
        }) && host.is_none_or(|host| row.host_endpoint_id == Some(host))
    };
    if private {
        visitor.administrator(world, "Could not list collections")?;
    }
    let rows = visitor.collections(world).filter(fits);
    documents::page(
        request,
        rows.map(|row| documents::collection(world, row, private)).collect(),
    )
}

/// One collection.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let private = documents::private(request)?;
    let row = visitor.collection(world, request.param("collection_id"))?;
    if private && !visitor.administers(world, row) {
        return Err(errors::missing_role("Could not read private policies", "administrator"));
    }
    Ok(documents::one(documents::collection(world, row, private)))
}

/// Makes a mapped or a guest collection.
pub(crate) fn create(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    // Which fields there may be depends on one of them.
    let value = request.json().unwrap_or(Value::Null);
    let is_guest = value["collection_type"] == "guest";
    let fields = if is_guest { GUEST } else { MAPPED };
    let document = validation::read(request, "collection", &[COMMON, fields])?;
    document.require(&["collection_type", "collection_base_path", "display_name"])?;
    document.named()?;
    let (mut row, details) = if is_guest {
        guest(world, request, &visitor, &document)?
    } else {
        mapped(world, &visitor, &document)?
    };
    change(world, &mut row, details, document)?;
    add_scopes(&row, &mut world.auth);
    let message = format!("Created Collection {}", row.id);
    let data = documents::collection(world, &row, true);
    world.transfer.endpoints.insert(row.id, row);
    Ok(documents::success(StatusCode::CREATED, &message, vec![data]))
}

/// A collection without what it is told, and a host name for it.
fn new(world: &mut World, visitor: &Visitor, document: &Document, kind: EntityType) -> Endpoint {
    let name = document.text("display_name").unwrap_or_default();
    let id = world.ids.uuid();
    let mut row = Endpoint::new(id, name, kind, visitor.endpoint);
    settings::forget(&mut row);
    let letter = if kind == EntityType::GcsGuest { "g" } else { "m" };
    let domain = world
        .transfer
        .endpoints
        .get(&visitor.endpoint)
        .and_then(|row| row.domain.as_ref());
    row.domain = domain.map(|domain| format!("{letter}-{:06x}.{domain}", id.as_u128() & 0x00ff_ffff));
    row
}

fn mapped(world: &mut World, visitor: &Visitor, document: &Document) -> Result<(Endpoint, Details), Reply> {
    visitor.administrator(world, "Could not create a mapped collection")?;
    document.require(&["storage_gateway_id"])?;
    let gateway = document.id("storage_gateway_id");
    let gateway = gateway.and_then(|id| world.gcs.gateways.get(&id));
    let gateway = gateway.filter(|row| row.endpoint_id == visitor.endpoint).cloned();
    let gateway =
        gateway.ok_or_else(|| errors::invalid(&["storage_gateway_id: there is no such storage gateway".to_owned()]))?;
    let mut row = new(world, visitor, document, EntityType::GcsMapped);
    row.high_assurance = gateway.is_high_assurance();
    if row.high_assurance {
        let minutes = gateway.settings.get("authentication_timeout_mins");
        row.authentication_timeout_mins = minutes.and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
        row.mfa_required = gateway.settings.get("require_mfa").is_some_and(|value| value == true);
    }
    let details = Details {
        storage_gateway_id: gateway.id,
        identity_id: document.id("identity_id").unwrap_or(visitor.caller.identity),
        user_credential_id: None,
        base_path: String::new(),
        settings: Details::unsaid(false),
    };
    Ok((row, details))
}

fn guest(
    world: &mut World,
    request: &Incoming,
    visitor: &Visitor,
    document: &Document,
) -> Result<(Endpoint, Details), Reply> {
    document.require(&["mapped_collection_id"])?;
    let host = visitor
        .collection(world, document.text("mapped_collection_id").unwrap_or_default())?
        .clone();
    let host_details = world.gcs.collections.get(&host.id).cloned();
    let (EntityType::GcsMapped, Some(of_host)) = (host.entity_type, host_details) else {
        let message = "mapped_collection_id: is no mapped collection";
        return Err(errors::invalid(&[message.to_owned()]));
    };
    visitor.data_access(world, request, &host)?;
    if let Some(reply) = assurance::shortfall(world, request, &visitor.caller, &host, &host) {
        return Err(recent(&reply, &host));
    }
    if !of_host
        .settings
        .get("allow_guest_collections")
        .is_some_and(|value| value == true)
    {
        let message = "The mapped collection does not allow guest collections";
        return Err(errors::permission_denied(message).inferred());
    }
    let credential = credential(world, visitor, document, of_host.storage_gateway_id)?;
    let named = |list: &str| texts(of_host.settings.get(list)).contains(&credential.username);
    let restricted = of_host.settings.get("sharing_users_allow").is_some_and(Value::is_array);
    if (restricted && !named("sharing_users_allow")) || named("sharing_users_deny") {
        let message = "The mapped collection does not allow this account to share";
        return Err(errors::permission_denied(message).inferred());
    }
    let mut row = new(world, visitor, document, EntityType::GcsGuest);
    row.host_endpoint_id = Some(host.id);
    row.high_assurance = host.high_assurance;
    row.authentication_timeout_mins = host.authentication_timeout_mins;
    row.mfa_required = host.mfa_required;
    row.roles.push(RoleRow {
        id: world.ids.uuid(),
        principal_type: "identity".to_owned(),
        principal: credential.identity_id.to_string(),
        role: "administrator".to_owned(),
    });
    let path = path(document.text("collection_base_path").unwrap_or_default())?;
    let below = path.absolute(&home(&host, &credential.username));
    row.host_path = Some(if below.is_empty() {
        "/".to_owned()
    } else {
        format!("/{below}/")
    });
    let details = Details {
        storage_gateway_id: of_host.storage_gateway_id,
        identity_id: credential.identity_id,
        user_credential_id: Some(credential.id),
        base_path: "/".to_owned(),
        settings: Details::unsaid(true),
    };
    Ok((row, details))
}

/// The credential of a document, or the only one there is for the caller.
fn credential(world: &World, visitor: &Visitor, document: &Document, gateway: Uuid) -> Result<Credential, Reply> {
    let wanted = document.id("user_credential_id");
    let identity = document.id("identity_id");
    let mut rows = world.gcs.credentials.values().filter(|row| {
        visitor.caller.is(row.identity_id)
            && row.storage_gateway_id == gateway
            && identity.is_none_or(|identity| identity == row.identity_id)
            && wanted.is_none_or(|wanted| wanted == row.id)
    });
    match (rows.next(), rows.next()) {
        (Some(only), None) => Ok(only.clone()),
        (found, _) => {
            let detail = json!({"DATA_TYPE": "credential_not_found#1.0.0", "user_credential_id": wanted});
            let message = match found {
                None => "There is no such credential of this identity for the storage gateway of the mapped collection",
                Some(_) => "There are several credentials for the storage gateway: user_credential_id says which",
            };
            Err(errors::unprocessable(message, &detail))
        }
    }
}

/// What a manager says where a login is not recent enough, or without a second factor.
fn recent(reply: &Reply, host: &Endpoint) -> Reply {
    let document: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let parameters = document["authorization_parameters"].clone();
    let detail = json!({
        "DATA_TYPE": "authentication_timeout#1.1.0",
        "identities": parameters.get("session_required_identities"),
        "high_assurance": true,
        "require_mfa": host.mfa_required,
    });
    let message = parameters["session_message"].as_str().unwrap_or_default().to_owned();
    errors::authorization(&message, &detail, parameters)
}

fn path(text: &str) -> Result<FilePath, Reply> {
    FilePath::parse(text).map_err(|message| errors::invalid(&[format!("collection_base_path: {message}")]))
}

/// Tells a collection what a document has, and keeps what Transfer does not.
fn change(world: &mut World, row: &mut Endpoint, mut details: Details, document: Document) -> Result<(), Reply> {
    if document.is_true("allow_guest_collections") && subscriptions::of(world, row).is_none() {
        let detail = json!({"DATA_TYPE": "subscription_required#1.0.0"});
        let message = "Guest collections need an endpoint with a subscription";
        return Err(errors::denied_for(message, &detail));
    }
    if row.entity_type == EntityType::GcsMapped
        && let Some(base) = document.text("collection_base_path")
    {
        details.base_path = path(base)?.folder_text();
    }
    if let Some(directory) = document.text("default_directory") {
        let wrong = |message| errors::invalid(&[format!("default_directory: {message}")]);
        FilePath::parse(directory).map_err(wrong)?;
    }
    if let Some(domain) = document.text("domain_name") {
        row.domain = Some(domain.to_owned());
    }
    let rest = settings::apply(row, document.without(&PLACED));
    settings::keep(&mut details.settings, rest);
    world.gcs.collections.insert(row.id, details);
    Ok(())
}

/// Changes the fields that are sent.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    set(world, request, false)
}

/// Puts a document in the place of the one there is: what it does not say is as it is for a new collection.
pub(crate) fn replace(world: &mut World, request: &Incoming) -> Outcome {
    set(world, request, true).map(Reply::inferred)
}

fn set(world: &mut World, request: &Incoming, anew: bool) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = request.param("collection_id");
    let mut row = visitor
        .administered(world, id, "Could not update the collection")?
        .clone();
    let is_guest = row.entity_type == EntityType::GcsGuest;
    let fields = if is_guest { GUEST } else { MAPPED };
    let document = validation::read(request, "collection", &[COMMON, fields])?;
    document.named()?;
    let details = world.gcs.collections.get(&row.id).cloned();
    let mut details = details.ok_or_else(|| errors::collection_not_found(id))?;
    if anew {
        document.require(&["collection_type", "collection_base_path", "display_name"])?;
        settings::forget(&mut row);
        details.forget(is_guest);
    }
    let own_type = if is_guest { "guest" } else { "mapped" };
    let moved = |name: &str, now: Option<Uuid>| document.id(name).is_some_and(|wanted| Some(wanted) != now);
    let fixed = [
        (
            "collection_type",
            document.text("collection_type").is_some_and(|text| text != own_type),
        ),
        (
            "storage_gateway_id",
            moved("storage_gateway_id", Some(details.storage_gateway_id)),
        ),
        (
            "mapped_collection_id",
            moved("mapped_collection_id", row.host_endpoint_id),
        ),
        ("identity_id", moved("identity_id", Some(details.identity_id))),
        (
            "user_credential_id",
            moved("user_credential_id", details.user_credential_id),
        ),
        (
            "collection_base_path",
            is_guest
                && document.text("collection_base_path").is_some_and(|text| {
                    row.host_path.as_deref().map(|path| path.trim_end_matches('/')) != Some(text.trim_end_matches('/'))
                }),
        ),
    ];
    let wrong = fixed.iter().filter(|(_, moved)| *moved);
    let wrong: Vec<String> = wrong.map(|(name, _)| format!("{name}: cannot be changed")).collect();
    if !wrong.is_empty() {
        return Err(errors::invalid(&wrong));
    }
    change(world, &mut row, details, document)?;
    let message = format!("Updated Collection {}", row.id);
    let data = documents::collection(world, &row, true);
    world.transfer.endpoints.insert(row.id, row);
    Ok(documents::success(StatusCode::OK, &message, vec![data]))
}

/// Deletes a collection, and the guest collections on it.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let id = request.param("collection_id");
    let id = visitor.administered(world, id, "Could not delete the collection")?.id;
    let details = world.gcs.collections.get(&id);
    let protected = details.and_then(|details| details.settings.get("delete_protected"));
    if protected.is_some_and(|value| value == true) {
        return Err(errors::conflict("The collection is protected from deletion", &[id]));
    }
    let rows = world.transfer.endpoints.values();
    let gone = rows.filter(|row| row.id == id || row.host_endpoint_id == Some(id));
    let gone: Vec<Uuid> = gone.map(|row| row.id).collect();
    for id in &gone {
        if let Some(row) = world.transfer.endpoints.get_mut(id) {
            row.deleted = true;
        }
        world.gcs.collections.remove(id);
    }
    let message = format!("Deleted Collection {id}");
    Ok(documents::success(StatusCode::OK, &message, Vec::new()))
}
