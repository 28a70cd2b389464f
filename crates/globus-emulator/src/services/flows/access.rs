//! Who calls Flows, and what they are to a flow.

use super::errors;
use super::state::Flow;
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::catalog::flows_scope;
use crate::services::auth::state::Caller;
use crate::world::World;

const RESOURCE_SERVER: &str = "flows.globus.org";

/// A caller who may see flows.
pub(crate) fn viewer(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthenticated(request));
    };
    let caller = world.auth.caller(token, RESOURCE_SERVER, world.time.now());
    let caller = caller.ok_or_else(|| errors::unauthenticated(request))?;
    let enough = ["all", "manage_flows", "view_flows"];
    if enough.iter().any(|suffix| caller.has_scope(&flows_scope(suffix))) {
        Ok(caller)
    } else {
        Err(errors::missing_scope(request, &flows_scope("view_flows")))
    }
}

/// The roles that a caller holds on a flow, highest first.
pub(crate) fn roles(world: &World, caller: &Caller, flow: &Flow) -> Vec<&'static str> {
    let holds = |principals: &[String]| principals.iter().any(|principal| is_caller(world, caller, principal));
    let rows = [
        ("flow_owner", caller.is(flow.flow_owner)),
        ("flow_administrator", holds(&flow.flow_administrators)),
        ("run_manager", holds(&flow.run_managers)),
        ("run_monitor", holds(&flow.run_monitors)),
        ("flow_starter", holds(&flow.flow_starters)),
        ("flow_viewer", holds(&flow.flow_viewers)),
    ];
    rows.into_iter()
        .filter(|(_, held)| *held)
        .map(|(role, _)| role)
        .collect()
}

/// Whether a principal is the caller, one of their groups, or everybody.
fn is_caller(world: &World, caller: &Caller, principal: &str) -> bool {
    if matches!(principal, "public" | "all_authenticated_users") {
        return true;
    }
    if let Some(id) = principal.strip_prefix("urn:globus:auth:identity:") {
        return caller.identities.iter().any(|own| own.to_string() == id);
    }
    let group = principal.strip_prefix("urn:globus:groups:id:");
    let group = group.and_then(|id| uuid::Uuid::parse_str(id).ok());
    group
        .and_then(|id| world.groups.groups.get(&id))
        .is_some_and(|group| group.best_role(&caller.identities).is_some())
}
