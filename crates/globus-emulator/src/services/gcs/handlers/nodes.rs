//! Nodes, the machines of an endpoint. <https://docs.globus.org/globus-connect-server/v5/api/openapi_Nodes/>
//!
//! Each endpoint has one here, which is the emulator.

use std::net::Ipv4Addr;

use serde_json::{Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::ids;
use crate::services::gcs::access::{self, Visitor};
use crate::services::gcs::{documents, errors};
use crate::world::World;

/// The node of an endpoint, for those who administer it.
fn node(world: &World, visitor: &Visitor) -> Result<Value, Reply> {
    visitor.administrator(world, "Could not read nodes")?;
    let row = world.transfer.endpoints.get(&visitor.endpoint);
    Ok(json!({
        "DATA_TYPE": "node#1.2.0",
        "id": ids::named(&format!("node/{}", visitor.endpoint)),
        "name": row.and_then(|row| row.domain.as_deref()),
        "status": "active",
        "ip_addresses": [Ipv4Addr::LOCALHOST],
    }))
}

/// All nodes of the endpoint.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let node = node(world, &visitor)?;
    documents::page(request, vec![node]).map(Reply::inferred)
}

/// One node.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let visitor = access::visitor(world, request)?;
    let node = node(world, &visitor)?;
    let id = request.param("node_id");
    if node["id"] == id {
        Ok(documents::one(node).inferred())
    } else {
        Err(errors::not_found("node", id))
    }
}
