//! The guest collections on a collection, and the servers of an endpoint.
//! <https://docs.globus.org/api/transfer/endpoints_and_collections/>

use serde_json::{Value, json};
use uuid::Uuid;

use super::endpoints::visible;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::transfer::access::Power;
use crate::services::transfer::query::number;
use crate::services::transfer::state::Endpoint;
use crate::services::transfer::{access, documents, errors};
use crate::world::World;

/// The most rows of a page of ids.
const PAGE: usize = 1_000;

/// The guest collections on a collection, by id.
pub(super) fn guests(world: &World, host: Uuid) -> impl Iterator<Item = &Endpoint> {
    let all = world.transfer.endpoints.values();
    all.filter(move |endpoint| endpoint.host_endpoint_id == Some(host) && !endpoint.deleted)
}

/// The guest collections on a collection that the caller manages.
pub(crate) fn mine(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, host) = visible(world, request, "endpoint_id")?;
    let own = guests(world, host.id).filter(|guest| access::may(world, &caller, guest, Power::ManageAccess));
    let rows: Vec<Value> = own.map(|guest| documents::endpoint(world, guest, &caller)).collect();
    Ok(Reply::ok(
        &json!({"DATA_TYPE": "endpoint_list", "length": rows.len(), "DATA": rows}),
    ))
}

/// The ids of all guest collections on a collection, for those who administer it.
pub(crate) fn all(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, host) = visible(world, request, "endpoint_id")?;
    access::demand(world, request, &caller, &host, Power::Administer)?;
    let fields = request.query();
    let most = number(&fields, "max_results", PAGE).and_then(|most| match most {
        1..=PAGE => Ok(most),
        _ => Err(format!("Invalid max_results '{most}': it is 1 to {PAGE}")),
    });
    let after = fields.get("next_token").map(Uuid::parse_str).transpose();
    let after = after.map_err(|_| "Invalid next_token: it is that of the page before".to_owned());
    let (most, after) = match (most, after) {
        (Ok(most), Ok(after)) => (most, after),
        (Err(message), _) | (_, Err(message)) => return Err(errors::bad_request(world, request, &message).inferred()),
    };
    let mut ids: Vec<Uuid> = guests(world, host.id).map(|guest| guest.id).collect();
    ids.retain(|id| after.is_none_or(|after| *id > after));
    let shown = &ids[..ids.len().min(most)];
    let next = shown.last().filter(|_| shown.len() < ids.len());
    let rows: Vec<Value> = shown.iter().map(|id| json!({ "id": id })).collect();
    Ok(Reply::ok(&json!({"shared_endpoints": rows, "next_token": next})))
}

/// The servers through which an endpoint is reached.
pub(crate) fn servers(world: &mut World, request: &Incoming) -> Outcome {
    let (caller, endpoint) = visible(world, request, "endpoint_id")?;
    let document = documents::endpoint(world, &endpoint, &caller);
    Ok(Reply::ok(&json!({
        "DATA_TYPE": "endpoint_server_list",
        "endpoint": document["canonical_name"],
        "DATA": documents::servers(&endpoint),
    })))
}

/// One of them.
pub(crate) fn server(world: &mut World, request: &Incoming) -> Outcome {
    let (_, endpoint) = visible(world, request, "endpoint_id")?;
    let id = request.param("server_id");
    let number = id.parse::<u64>().ok();
    let mut servers = documents::servers(&endpoint).into_iter();
    if let Some(server) = servers.find(|server| number.is_some() && server["id"].as_u64() == number) {
        return Ok(Reply::ok(&server));
    }
    let message = format!("No such server '{}' on endpoint '{}'", id.escape_debug(), endpoint.id);
    let code = "ClientError.NotFound.ServerNotFound";
    Err(errors::not_found(world, request, code, &message))
}
