//! Listing, reading and removing flows. <https://flows.globus.org/redoc#tag/Flows>

use serde_json::Value;

use super::listing::{self, PAGE, Window};
use crate::clock::micros;
use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::flows::state::Flow;
use crate::services::flows::{access, documents, errors};
use crate::world::World;

const FIELDS: [&str; 7] = [
    "id",
    "scope_string",
    "flow_owners",
    "flow_administrators",
    "title",
    "created_at",
    "updated_at",
];

/// The flows that the caller may see, page by page.
pub(crate) fn list(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::viewer(world, request)?;
    let query = request.query();
    let wanted: Vec<&str> = query
        .list("filter_roles")
        .into_iter()
        .chain(query.list("filter_role"))
        .collect();
    let words: Vec<String> = query
        .get("filter_fulltext")
        .map(str::to_lowercase)
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(str::to_owned)
        .collect();
    let orders = listing::orders(request, &FIELDS)?;
    let window = Window::read(request, "per_page", PAGE)?;
    let mut rows: Vec<(&Flow, Vec<&str>)> = world
        .flows
        .flows
        .values()
        .map(|flow| (flow, access::roles(world, &caller, flow)))
        .filter(|(_, roles)| !roles.is_empty())
        .filter(|(_, roles)| wanted.is_empty() || roles.iter().any(|role| wanted.contains(role)))
        .filter(|(flow, _)| mentions(flow, &words))
        .collect();
    rows.sort_by(|(one, _), (other, _)| listing::compare(one, other, &orders, |flow, field| key(flow, field)));
    let document = |(flow, roles): &(&Flow, Vec<&str>)| documents::flow(&world.origin, flow, roles);
    Ok(Reply::ok(&window.page("flows", &rows, document)))
}

fn mentions(flow: &Flow, words: &[String]) -> bool {
    let texts = [&flow.title, &flow.subtitle, &flow.description]
        .into_iter()
        .chain(&flow.keywords);
    let text = texts.map(|text| text.to_lowercase()).collect::<Vec<_>>().join(" ");
    words.iter().all(|word| text.contains(word.as_str()))
}

fn key(flow: &Flow, field: &str) -> String {
    match field {
        "scope_string" => flow.scope(),
        "flow_owners" => flow.flow_owner.to_string(),
        "flow_administrators" => flow.flow_administrators.join(","),
        "title" => flow.title.clone(),
        "created_at" => flow.created_at.clone(),
        "updated_at" => flow.updated_at.clone(),
        _ => flow.id.to_string(),
    }
}

/// One flow.
pub(crate) fn get(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::viewer(world, request)?;
    let flow = access::flow(world, request)?;
    let roles = access::roles(world, &caller, flow);
    if roles.is_empty() {
        return Err(errors::forbidden(request, "flow", flow.id, "VIEW").inferred());
    }
    Ok(Reply::ok(&documents::flow(&world.origin, flow, &roles)))
}

/// Removes a flow, and the scope with which it was started.
pub(crate) fn delete(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::manager(world, request)?;
    let flow = access::flow(world, request)?;
    let roles = access::roles(world, &caller, flow);
    if !roles.iter().any(|role| access::ADMINISTRATORS.contains(role)) {
        return Err(errors::forbidden(request, "flow", flow.id, "DELETE").inferred());
    }
    let mut document = documents::flow(&world.origin, flow, &roles);
    let id = flow.id;
    document["DELETED"] = Value::Bool(true);
    document["deleted_at"] = micros(world.time.now()).into();
    let World { flows, auth, .. } = world;
    flows.remove(id, auth);
    Ok(Reply::ok(&document))
}
