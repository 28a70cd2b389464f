//! Who calls Flows, and what they are to a flow or a run.

use uuid::Uuid;

use super::errors;
use super::runs::Run;
use super::state::Flow;
use super::validation::{Place, Problems};
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::catalog::flows_scope;
use crate::services::auth::state::Caller;
use crate::world::World;

const RESOURCE_SERVER: &str = "flows.globus.org";

/// The caller behind a token for Flows that has the scope `all` or one of these.
fn with_scope(world: &World, request: &Incoming, enough: &[&str]) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthenticated(request));
    };
    let caller = world.auth.caller(token, RESOURCE_SERVER, world.time.now());
    let caller = caller.ok_or_else(|| errors::unauthenticated(request))?;
    let has = |suffix: &&str| caller.has_scope(&flows_scope(suffix));
    if has(&"all") || enough.iter().any(has) {
        return Ok(caller);
    }
    let wanted = enough.first().copied().unwrap_or("all");
    Err(errors::missing_scope(request, &flows_scope(wanted)))
}

/// A caller who may see flows.
pub(crate) fn viewer(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    with_scope(world, request, &["view_flows", "manage_flows"])
}

/// A caller who may change flows.
pub(crate) fn manager(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    with_scope(world, request, &["manage_flows"])
}

/// A caller who may see runs.
pub(crate) fn run_viewer(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    with_scope(world, request, &["run_status", "run_manage"])
}

/// A caller who may change runs.
pub(crate) fn run_manager(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    with_scope(world, request, &["run_manage"])
}

/// A caller with a token for one flow, and the consents behind it.
pub(crate) fn starter(world: &World, request: &Incoming, flow: Uuid, scope: &str) -> Result<(Caller, Vec<u64>), Reply> {
    let Credentials::Bearer(text) = request.credentials() else {
        return Err(errors::unauthenticated(request));
    };
    let now = world.time.now();
    let token = world.auth.tokens.get(text).filter(|token| token.expires > now);
    let token = token.ok_or_else(|| errors::unauthenticated(request))?;
    match world.auth.caller(text, &flow.to_string(), now) {
        Some(caller) if caller.has_scope(scope) => Ok((caller, token.consents.clone())),
        _ => Err(errors::missing_scope(request, scope)),
    }
}

/// An id in the path.
pub(crate) fn id(request: &Incoming, name: &str) -> Result<Uuid, Reply> {
    if let Some(id) = request.param_uuid(name) {
        return Ok(id);
    }
    let mut problems = Problems::default();
    problems.push(&Place::Root.key(name), "type_error.uuid", "value is not a valid uuid");
    problems.finish(request)?;
    Ok(Uuid::nil())
}

/// The flow that the path names.
pub(crate) fn flow<'a>(world: &'a World, request: &Incoming) -> Result<&'a Flow, Reply> {
    let id = id(request, "flow_id")?;
    let flow = world.flows.flows.get(&id);
    flow.ok_or_else(|| errors::not_found(request, "Flow", &id.to_string()))
}

/// The run that the path names.
pub(crate) fn run<'a>(world: &'a World, request: &Incoming) -> Result<&'a Run, Reply> {
    let id = id(request, "run_id")?;
    let run = world.flows.run(id);
    run.ok_or_else(|| errors::not_found(request, "Run", &id.to_string()))
}

/// The roles that a caller holds on a flow, highest first.
pub(crate) fn roles(world: &World, caller: &Caller, flow: &Flow) -> Vec<&'static str> {
    let holds = |principals: &[String]| holds(world, caller, principals);
    held([
        ("flow_owner", caller.is(flow.flow_owner)),
        ("flow_administrator", holds(&flow.flow_administrators)),
        ("run_manager", holds(&flow.run_managers)),
        ("run_monitor", holds(&flow.run_monitors)),
        ("flow_starter", holds(&flow.flow_starters)),
        ("flow_viewer", holds(&flow.flow_viewers)),
    ])
}

/// The roles that a caller holds on a run, highest first.
pub(crate) fn run_roles(world: &World, caller: &Caller, run: &Run) -> Vec<&'static str> {
    let holds = |principals: &[String]| holds(world, caller, principals);
    let flow = world.flows.flows.get(&run.flow_id);
    held([
        ("run_owner", caller.is(run.owner)),
        ("run_manager", holds(&run.notes.run_managers)),
        ("flow_run_manager", flow.is_some_and(|flow| holds(&flow.run_managers))),
        ("run_monitor", holds(&run.notes.run_monitors)),
        ("flow_run_monitor", flow.is_some_and(|flow| holds(&flow.run_monitors))),
    ])
}

/// Roles that may change a flow.
pub(crate) const ADMINISTRATORS: [&str; 2] = ["flow_owner", "flow_administrator"];
/// Roles that may start a flow.
pub(crate) const STARTERS: [&str; 3] = ["flow_owner", "flow_administrator", "flow_starter"];
/// Roles that may change a run.
pub(crate) const RUN_MANAGERS: [&str; 3] = ["run_owner", "run_manager", "flow_run_manager"];

fn held<const N: usize>(rows: [(&'static str, bool); N]) -> Vec<&'static str> {
    let rows = rows.into_iter().filter(|(_, held)| *held);
    rows.map(|(role, _)| role).collect()
}

/// Whether one of some principals is the caller, one of their groups, or everybody.
fn holds(world: &World, caller: &Caller, principals: &[String]) -> bool {
    principals.iter().any(|principal| is_caller(world, caller, principal))
}

fn is_caller(world: &World, caller: &Caller, principal: &str) -> bool {
    if matches!(principal, "public" | "all_authenticated_users") {
        return true;
    }
    if let Some(id) = principal.strip_prefix("urn:globus:auth:identity:") {
        return caller.identities.iter().any(|own| own.to_string() == id);
    }
    let group = principal.strip_prefix("urn:globus:groups:id:");
    let group = group.and_then(|id| Uuid::parse_str(id).ok());
    group
        .and_then(|id| world.groups.groups.get(&id))
        .is_some_and(|group| group.best_role(&caller.identities).is_some())
}
