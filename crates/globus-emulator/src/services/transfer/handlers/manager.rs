//! What those see who manage the activity on collections: endpoints, guest collections and their rules.
//! <https://docs.globus.org/api/transfer/advanced_collection_management/>

use std::collections::BTreeSet;

use serde_json::{Value, json};
use uuid::Uuid;

use super::shares::guests;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Caller;
use crate::services::transfer::access::Power;
use crate::services::transfer::query::Page;
use crate::services::transfer::state::Endpoint;
use crate::services::transfer::{access, collections, documents, errors};
use crate::world::World;

/// The most rows of a page.
const PAGE: usize = 1_000;

/// The endpoints whose activity the caller sees.
pub(super) fn monitored(world: &World, caller: &Caller) -> BTreeSet<Uuid> {
    let all = world.transfer.endpoints.values().filter(|endpoint| !endpoint.deleted);
    let seen = all.filter(|endpoint| access::may(world, caller, endpoint, Power::MonitorActivity));
    seen.map(|endpoint| endpoint.id).collect()
}

/// An endpoint as managers see it: the service does not say to them whether they use it.
fn document(world: &World, endpoint: &Endpoint, caller: &Caller) -> Value {
    let mut document = documents::endpoint(world, endpoint, caller);
    document["in_use"] = Value::Null;
    document
}

/// The endpoints on which the caller has a role for activity.
pub(crate) fn endpoints(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::caller(world, request)?;
    let page = Page::read(&request.query(), PAGE, PAGE);
    let page = page.map_err(|message| errors::bad_request(world, request, &message).inferred())?;
    let ids: Vec<Uuid> = monitored(world, &caller).into_iter().collect();
    let shown = page.of(&ids).iter().filter_map(|id| world.transfer.endpoints.get(id));
    let rows: Vec<Value> = shown.map(|endpoint| document(world, endpoint, &caller)).collect();
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "monitored_endpoints",
        "length": rows.len(),
        "limit": page.limit,
        "offset": page.offset,
        "total": ids.len(),
        "DATA": rows,
    })))
}

/// The endpoint of a request, for those who see its activity.
fn named(world: &mut World, request: &Incoming) -> Result<(Caller, Endpoint), Reply> {
    let caller = access::caller(world, request)?;
    let endpoint = collections::existing(world, request, request.param("endpoint_id"))?;
    access::demand(world, request, &caller, &endpoint, Power::MonitorActivity)?;
    Ok((caller, endpoint))
}

/// One endpoint, also a private one.
pub(crate) fn endpoint(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, endpoint) = named(world, request)?;
    Ok(Reply::ok(&document(world, &endpoint, &caller)))
}

/// The guest collections on a collection.
pub(crate) fn hosted(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, endpoint) = named(world, request)?;
    if endpoint.entity_type.is_guest() {
        let message = format!("Endpoint '{}' is not a host endpoint", endpoint.id);
        return Err(errors::conflict(world, request, &message));
    }
    let guests = guests(world, endpoint.id);
    let rows: Vec<Value> = guests.map(|guest| document(world, guest, &caller)).collect();
    Ok(Reply::ok(
        &json!({"DATA_TYPE": "endpoint_list", "length": rows.len(), "DATA": rows}),
    ))
}

/// The access rules of a guest collection.
pub(crate) fn rules(world: &mut World, request: &Incoming) -> Outcome {
    let (_, endpoint) = named(world, request)?;
    if !endpoint.entity_type.is_guest() {
        let message = format!(
            "'{}' is not a guest collection, and has no access rules",
            endpoint.display_name
        );
        return Err(errors::not_supported(world, request, &message));
    }
    Ok(super::acl::rules(&endpoint))
}
