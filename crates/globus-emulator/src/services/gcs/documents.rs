//! The documents of managers, and the envelope in which they come.

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::state::{Credential, Gateway, OWNER_STRING};
use super::{address, errors};
use crate::exchange::{Incoming, Reply};
use crate::services::transfer::state::{Endpoint, EntityType, RoleRow};
use crate::world::World;

/// Rows of a page, unless fewer are asked for; also the most.
const PAGE: usize = 1_000;
/// Minutes for which a login is recent enough, unless it is said: eleven days.
const TIMEOUT: u64 = 15_840;

/// The answer of a success.
pub(crate) fn success(status: StatusCode, message: &str, data: Vec<Value>) -> Reply {
    let detail = if status == StatusCode::CREATED {
        "created"
    } else {
        "success"
    };
    Reply::json(
        status,
        &json!({
            "DATA_TYPE": "result#1.0.0",
            "code": "success",
            "detail": detail,
            "http_response_code": status.as_u16(),
            "data": data,
            "message": message,
            "has_next_page": false,
            "marker": "",
        }),
    )
}

/// One document.
pub(crate) fn one(document: Value) -> Reply {
    success(StatusCode::OK, "Operation successful", vec![document])
}

/// The page of a list that is asked for. Rows are in the order of their ids; a marker is the last id of its page.
pub(crate) fn page(request: &Incoming, mut rows: Vec<Value>) -> Result<Reply, Reply> {
    let query = request.query();
    let size = match query.get("page_size") {
        None => PAGE,
        Some(text) => {
            let size = text.parse().ok().filter(|size| (1..=PAGE).contains(size));
            size.ok_or_else(|| {
                let message = format!("page_size: {} is not 1 to {PAGE}", text.escape_debug());
                errors::bad_request(&message).inferred()
            })?
        }
    };
    let id = |row: &Value| row["id"].as_str().unwrap_or_default().to_owned();
    rows.sort_by_key(id);
    if let Some(marker) = query.get("marker") {
        if Uuid::parse_str(marker).is_err() {
            let message = format!("marker: {} is none that a page gave", marker.escape_debug());
            return Err(errors::bad_request(&message).inferred());
        }
        rows.retain(|row| id(row).as_str() > marker);
    }
    let more = rows.len() > size;
    rows.truncate(size);
    let marker = rows.last().filter(|_| more).map(id).unwrap_or_default();
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "result#1.0.0",
        "code": "success",
        "detail": "success",
        "http_response_code": 200,
        "data": rows,
        "message": "Operation successful",
        "has_next_page": more,
        "marker": marker,
    })))
}

/// What may be asked for besides what everybody sees.
pub(crate) fn private(request: &Incoming) -> Result<bool, Reply> {
    let query = request.query();
    match query.list("include")[..] {
        [] => Ok(false),
        ["private_policies"] => Ok(true),
        [other, ..] => {
            let message = format!("include: there are no {}", other.escape_debug());
            Err(errors::bad_request(&message).inferred())
        }
    }
}

fn extended(mut document: Value, more: Value) -> Value {
    if let (Value::Object(document), Value::Object(more)) = (&mut document, more) {
        document.extend(more);
    }
    document
}

fn keywords(row: &Endpoint) -> Vec<&str> {
    let words = row.keywords.as_deref().unwrap_or_default().split(',');
    words.map(str::trim).filter(|word| !word.is_empty()).collect()
}

/// An endpoint.
pub(crate) fn endpoint(world: &World, row: &Endpoint) -> Value {
    let document = json!({
        "DATA_TYPE": "endpoint#1.2.0",
        "id": row.id,
        "display_name": row.display_name,
        "gcs_manager_url": address::manager(world, row.id),
        "allow_udt": false,
        "contact_email": row.contact_email,
        "contact_info": row.contact_info,
        "department": row.department,
        "description": row.description,
        "earliest_last_access": null,
        "gridftp_control_channel_port": 443,
        "info_link": row.info_link,
        "keywords": keywords(row),
        "network_use": "normal",
        "organization": row.organization,
        "public": row.public,
        "subscription_id": row.subscription_id,
    });
    let mut told = world.gcs.endpoints.get(&row.id).cloned().unwrap_or_default();
    // These are told elsewhere.
    told.retain(|name, _| !matches!(name.as_str(), "owner" | OWNER_STRING));
    extended(document, Value::Object(told))
}

/// Names of a collection's settings that only its administrators see, and only if they ask.
const PRIVATE: [&str; 4] = [
    "policies",
    "sharing_restrict_paths",
    "sharing_users_allow",
    "sharing_users_deny",
];

/// A collection.
pub(crate) fn collection(world: &World, row: &Endpoint, private: bool) -> Value {
    let is_guest = row.entity_type == EntityType::GcsGuest;
    let details = world.gcs.collections.get(&row.id);
    let gateway = details.and_then(|details| world.gcs.gateways.get(&details.storage_gateway_id));
    let timeout = row.authentication_timeout_mins.map_or(TIMEOUT, u64::from);
    let base = match details {
        _ if is_guest => row.host_path.as_deref().unwrap_or("/"),
        Some(details) => details.base_path.as_str(),
        None => "/",
    };
    let mut document = json!({
        "DATA_TYPE": "collection#1.16.0",
        "id": row.id,
        "display_name": row.display_name,
        "collection_type": if is_guest { "guest" } else { "mapped" },
        "collection_base_path": base,
        "default_directory": row.default_directory,
        "storage_gateway_id": gateway.map(|gateway| gateway.id),
        "connector_id": gateway.map(|gateway| gateway.connector_id),
        "identity_id": details.map(|details| details.identity_id),
        "domain_name": row.domain,
        "manager_url": address::manager(world, row.owner_id),
        "https_url": address::files(world, row),
        "tlsftp_url": row.domain.as_ref().map(|domain| format!("tlsftp://{domain}:443")),
        "public": row.public,
        "high_assurance": row.high_assurance,
        "require_high_assurance": row.high_assurance,
        "authentication_timeout_mins": timeout,
        "authentication_assurance_timeout": timeout,
        "require_mfa": row.mfa_required,
        "enable_https": world.gcs.serves_https(row.id),
        "force_encryption": row.force_encryption,
        "force_verify": row.force_verify,
        "disable_verify": row.disable_verify,
        "disable_anonymous_writes": row.disable_anonymous_writes,
        "description": row.description,
        "organization": row.organization,
        "department": row.department,
        "keywords": keywords(row),
        "contact_email": row.contact_email,
        "contact_info": row.contact_info,
        "info_link": row.info_link,
        "user_message": row.user_message,
        "user_message_link": row.user_message_link,
        "subscription_admin_verified": row.subscription_admin_verified,
        "deleted": false,
    });
    if is_guest {
        document["mapped_collection_id"] = json!(row.host_endpoint_id);
        document["user_credential_id"] = json!(details.and_then(|details| details.user_credential_id));
    } else if private {
        document["root_path"] = base.into();
    }
    let mut told = details.map(|details| details.settings.clone()).unwrap_or_default();
    told.remove(OWNER_STRING);
    told.retain(|name, _| private || !PRIVATE.contains(&name.as_str()));
    extended(document, Value::Object(told))
}

/// What belongs to a connector has its name in the type.
fn policies(connector: &str, what: &str, given: Option<&Value>) -> Value {
    let name = format!("{}_{what}#1.0.0", connector.to_lowercase());
    let mut document = json!({ "DATA_TYPE": name });
    if let Some(Value::Object(given)) = given {
        document = extended(document, Value::Object(given.clone()));
    }
    document
}

/// A storage gateway.
pub(crate) fn gateway(row: &Gateway, private: bool) -> Value {
    const PRIVATE: [&str; 6] = [
        "restrict_paths",
        "users_allow",
        "users_deny",
        "identity_mappings",
        "process_user",
        "load_dsi_module",
    ];
    let number = |name: &str| row.settings.get(name).and_then(Value::as_u64);
    let timeout = number("authentication_timeout_mins").or_else(|| number("authentication_assurance_timeout"));
    let timeout = timeout.unwrap_or(TIMEOUT);
    let mut told = row.settings.clone();
    told.retain(|name, _| private || !PRIVATE.contains(&name.as_str()));
    let given = told.remove("policies").filter(|_| private);
    let document = json!({
        "DATA_TYPE": "storage_gateway#1.1.0",
        "id": row.id,
        "display_name": row.display_name,
        "connector_id": row.connector_id,
        "allowed_domains": [],
        "high_assurance": row.is_high_assurance(),
        "require_high_assurance": row.is_high_assurance(),
        "require_mfa": false,
        "mapping": "username_without_domain",
    });
    let timeouts = json!({
        "authentication_timeout_mins": timeout,
        "authentication_assurance_timeout": timeout,
        "policies": policies(row.connector(), "storage_policies", given.as_ref()),
    });
    extended(extended(document, Value::Object(told)), timeouts)
}

/// A stored credential.
pub(crate) fn credential(world: &World, row: &Credential) -> Value {
    let gateway = world.gcs.gateways.get(&row.storage_gateway_id);
    let connector = gateway.map_or("POSIX", Gateway::connector);
    // Accounts of POSIX need no more than a name.
    let has_keys = row.policies.as_object().is_some_and(|given| !given.is_empty());
    json!({
        "DATA_TYPE": "user_credential#1.0.0",
        "id": row.id,
        "connector_id": row.connector_id,
        "display_name": row.display_name,
        "identity_id": row.identity_id,
        "invalid": gateway.is_none(),
        "policies": policies(connector, "user_credential_policies", Some(&row.policies)),
        "provisioned": has_keys,
        "storage_gateway_id": row.storage_gateway_id,
        "username": row.username,
    })
}

/// Who holds a role, as managers write it.
pub(crate) fn principal(kind: &str, id: &str) -> String {
    match kind {
        "group" => format!("urn:globus:groups:id:{id}"),
        _ => format!("urn:globus:auth:identity:{id}"),
    }
}

/// A role on an endpoint, or on a collection.
pub(crate) fn role(of: &Endpoint, row: &RoleRow) -> Value {
    let mut document = Map::new();
    document.insert("DATA_TYPE".to_owned(), "role#1.0.0".into());
    document.insert("id".to_owned(), row.id.to_string().into());
    if of.entity_type != EntityType::GcsEndpoint {
        document.insert("collection".to_owned(), of.id.to_string().into());
    }
    document.insert(
        "principal".to_owned(),
        principal(&row.principal_type, &row.principal).into(),
    );
    document.insert("role".to_owned(), row.role.clone().into());
    Value::Object(document)
}
