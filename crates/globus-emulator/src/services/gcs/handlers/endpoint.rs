//! The endpoint itself. <https://docs.globus.org/globus-connect-server/v5/api/openapi_Endpoint/>

use http::StatusCode;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::settings;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::state::CONNECTORS;
use crate::services::gcs::validation::{self, Fields, Kind};
use crate::services::gcs::{documents, errors};
use crate::services::transfer::state::{Endpoint, RoleRow};
use crate::services::transfer::subscriptions;
use crate::world::World;

const FIELDS: &Fields = &[
    ("display_name", Kind::Text, false),
    ("contact_email", Kind::Text, true),
    ("contact_info", Kind::Text, true),
    ("department", Kind::Text, true),
    ("description", Kind::Text, true),
    ("info_link", Kind::Text, true),
    ("organization", Kind::Text, true),
    ("keywords", Kind::Texts, false),
    ("public", Kind::Flag, false),
    ("allow_udt", Kind::Flag, false),
    ("subscription_id", Kind::Text, true),
    (
        "network_use",
        Kind::OneOf(&["normal", "minimal", "aggressive", "custom"]),
        false,
    ),
    ("max_concurrency", Kind::Count, false),
    ("max_parallelism", Kind::Count, false),
    ("preferred_concurrency", Kind::Count, false),
    ("preferred_parallelism", Kind::Count, false),
    ("gridftp_control_channel_port", Kind::Count, true),
];

/// What everybody may know, without a token.
pub(crate) fn info(world: &mut World, request: &Incoming) -> Outcome {
    let id = access::endpoint(world, request)?;
    let domain = world.transfer.endpoints.get(&id).and_then(|row| row.domain.as_deref());
    let mut data = vec![json!({
        "DATA_TYPE": "info#1.0.0",
        "api_version": "1.29.0",
        "client_id": id,
        "domain_name": domain,
        "endpoint_id": id,
        "manager_version": "5.4.80",
    })];
    let connector = |(id, name): &(Uuid, &str)| {
        json!({
            "DATA_TYPE": "connector#1.1.0", "id": id, "display_name": name, "is_baa": false, "is_ha": false,
        })
    };
    data.extend(CONNECTORS.iter().map(connector));
    Ok(documents::success(StatusCode::OK, "Operation successful", data))
}

/// The endpoint of a visitor.
fn of(world: &World, visitor: &Visitor) -> Result<Endpoint, Reply> {
    let row = world.transfer.endpoints.get(&visitor.endpoint).cloned();
    row.ok_or_else(|| errors::not_found("endpoint", &visitor.endpoint.to_string()))
}

/// The document of the endpoint.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let row = of(world, &visitor)?;
    if visitor.sees(world, &row) {
        Ok(documents::one(documents::endpoint(world, &row)))
    } else {
        Err(errors::permission_denied(
            "Could not get the endpoint. Insufficient permissions",
        ))
    }
}

/// Changes the fields that are sent; answers the endpoint if that is asked for.
pub(crate) fn update(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    visitor.administrator(world, "Could not update the endpoint")?;
    let query = request.query();
    let include = match query.list("include")[..] {
        [] => false,
        ["endpoint"] => true,
        _ => return Err(errors::bad_request("include: there is but endpoint").inferred()),
    };
    let document = validation::read(request, "endpoint", &[FIELDS])?;
    document.named()?;
    if document.text("network_use") == Some("custom") {
        document.require(&[
            "max_concurrency",
            "max_parallelism",
            "preferred_concurrency",
            "preferred_parallelism",
        ])?;
    }
    let mut row = of(world, &visitor)?;
    if let Some(wanted) = document.get("subscription_id") {
        row.subscription_id = subscription(world, &visitor, &row, wanted.as_str())?;
    }
    let rest = settings::apply(&mut row, document.without(&["subscription_id"]));
    settings::keep(world.gcs.endpoints.or_default(row.id), rest);
    let data = include.then(|| documents::endpoint(world, &row));
    world.transfer.endpoints.insert(row.id, row);
    let message = format!("Updated endpoint {}", visitor.endpoint);
    Ok(documents::success(StatusCode::OK, &message, data.into_iter().collect()))
}

/// The subscription that a caller may put an endpoint under.
fn subscription(world: &World, visitor: &Visitor, row: &Endpoint, wanted: Option<&str>) -> Result<Option<Uuid>, Reply> {
    let chosen = wanted.map(|wanted| subscriptions::chosen(world, &visitor.caller, wanted));
    let chosen = chosen
        .transpose()
        .map_err(|message| errors::unprocessable(&message, &Value::Null))?;
    if chosen == row.subscription_id || subscriptions::may_set(world, &visitor.caller, row, chosen) {
        Ok(chosen)
    } else {
        Err(errors::missing_role("Could not set the subscription", "administrator"))
    }
}

/// Puts the endpoint under a subscription.
pub(crate) fn set_subscription_id(world: &mut World, request: &Incoming) -> Outcome {
    const FIELDS: &Fields = &[("subscription_id", Kind::Text, true)];
    let visitor = access::visitor(world, request)?;
    let document = validation::read(request, "endpoint_subscription", &[FIELDS])?;
    let mut row = of(world, &visitor)?;
    row.subscription_id = subscription(world, &visitor, &row, document.text("subscription_id"))?;
    world.transfer.endpoints.insert(row.id, row);
    Ok(updated(&visitor, "subscription of the endpoint"))
}

fn updated(visitor: &Visitor, what: &str) -> Reply {
    let message = format!("Updated {what} {}", visitor.endpoint);
    documents::success(StatusCode::OK, &message, Vec::new()).inferred()
}

/// Gives the endpoint another host name, by which its manager is found too.
pub(crate) fn set_domain(world: &mut World, request: &Incoming) -> Outcome {
    const FIELDS: &Fields = &[("domain_name", Kind::Text, false)];
    let visitor = access::visitor(world, request)?;
    visitor.administrator(world, "Could not set the domain")?;
    let document = validation::read(request, "domain", &[FIELDS])?;
    document.require(&["domain_name"])?;
    let name = document.text("domain_name").unwrap_or_default();
    let is_letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(is_letter);
    if !name.split('.').all(is_label) {
        return Err(errors::invalid(&["domain_name: is no host name".to_owned()]));
    }
    let mut others = world.transfer.endpoints.values();
    let same = others.find(|row| row.id != visitor.endpoint && !row.deleted && row.domain.as_deref() == Some(name));
    if let Some(same) = same {
        return Err(errors::conflict("The domain is in use", &[same.id]));
    }
    let mut row = of(world, &visitor)?;
    row.domain = Some(name.to_owned());
    world.transfer.endpoints.insert(row.id, row);
    Ok(updated(&visitor, "domain of the endpoint"))
}

/// The identity of a document that names an owner.
pub(super) fn owner(world: &World, request: &Incoming) -> Result<Uuid, Reply> {
    const FIELDS: &Fields = &[("identity_id", Kind::Id, false)];
    let document = validation::read(request, "owner", &[FIELDS])?;
    document.require(&["identity_id"])?;
    let owner = document.id("identity_id");
    let owner = owner.filter(|id| world.auth.identities.contains_key(id));
    owner.ok_or_else(|| errors::invalid(&["identity_id: there is no such identity".to_owned()]))
}

/// Makes somebody the owner, who administers the endpoint.
pub(crate) fn set_owner(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    visitor.administrator(world, "Could not set the owner")?;
    let owner = owner(world, request)?;
    let id = world.ids.uuid();
    let mut row = of(world, &visitor)?;
    row.roles.retain(|role| role.role != "owner");
    row.roles.push(RoleRow {
        id,
        principal_type: "identity".to_owned(),
        principal: owner.to_string(),
        role: "owner".to_owned(),
    });
    // To administer is part of owning.
    row.administered_by(owner, world.ids.uuid());
    world.transfer.endpoints.insert(row.id, row);
    Ok(updated(&visitor, "owner of the endpoint"))
}

/// What a document says that the owner is called.
pub(super) fn owner_string(request: &Incoming) -> Result<Map<String, Value>, Reply> {
    const FIELDS: &Fields = &[("owner_string", Kind::Text, false)];
    let document = validation::read(request, "owner_string", &[FIELDS])?;
    document.require(&["owner_string"])?;
    Ok(document.without(&[]))
}

/// Sets what the owner is called.
pub(crate) fn set_owner_string(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    visitor.administrator(world, "Could not set the owner's name")?;
    let told = owner_string(request)?;
    settings::keep(world.gcs.endpoints.or_default(visitor.endpoint), told);
    Ok(updated(&visitor, "owner string of the endpoint"))
}
