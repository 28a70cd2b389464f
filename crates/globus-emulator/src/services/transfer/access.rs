//! Who calls Transfer, and what they may see.

use super::errors;
use super::state::Endpoint;
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::state::Caller;
use crate::world::World;

const RESOURCE_SERVER: &str = "transfer.api.globus.org";
pub(crate) const ALL: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";

/// The caller behind a token for Transfer.
pub(crate) fn caller(world: &mut World, request: &Incoming) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::authentication_failed(
            world,
            request,
            "Token is not valid: none was sent",
        ));
    };
    let Some(caller) = world.auth.caller(token, RESOURCE_SERVER, world.time.now()) else {
        return Err(errors::authentication_failed(world, request, "Token is not active"));
    };
    if caller.has_scope(ALL) {
        Ok(caller)
    } else {
        Err(errors::permission_denied(world, request, "The token lacks the scope for this call").inferred())
    }
}

/// Whether a principal of a role or an access rule is the caller or one of their groups.
pub(crate) fn is_principal(world: &World, caller: &Caller, kind: &str, principal: &str) -> bool {
    match kind {
        "identity" => caller.identities.iter().any(|id| id.to_string() == principal),
        "group" => {
            let group = uuid::Uuid::parse_str(principal)
                .ok()
                .and_then(|id| world.groups.groups.get(&id));
            group.is_some_and(|group| group.best_role(&caller.identities).is_some())
        }
        "all_authenticated_users" | "anonymous" => true,
        _ => false,
    }
}

/// The roles of the caller on an endpoint, the owner's included.
pub(crate) fn roles<'a>(world: &World, caller: &Caller, endpoint: &'a Endpoint) -> Vec<&'a str> {
    if caller.is(endpoint.owner_id) {
        return vec!["administrator"];
    }
    let held = endpoint
        .roles
        .iter()
        .filter(|role| is_principal(world, caller, &role.principal_type, &role.principal));
    let mut roles: Vec<&str> = held.map(|role| role.role.as_str()).collect();
    roles.sort_unstable();
    roles.dedup();
    roles
}

/// What somebody may do with an endpoint beyond using it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Power {
    Administer,
    ManageAccess,
    ManageActivity,
    MonitorActivity,
}

impl Power {
    /// The roles that give it.
    fn roles(self) -> &'static [&'static str] {
        match self {
            Self::Administer => &["administrator"],
            Self::ManageAccess => &["administrator", "access_manager"],
            Self::ManageActivity => &["administrator", "activity_manager"],
            Self::MonitorActivity => &["administrator", "activity_manager", "activity_monitor"],
        }
    }

    fn refusal(self) -> &'static str {
        match self {
            Self::Administer => "You are not an administrator of this endpoint",
            Self::ManageAccess => "You do not have the access_manager role on this endpoint",
            Self::ManageActivity => "You do not have the activity_manager role on this endpoint",
            Self::MonitorActivity => "You do not have the activity_monitor role on this endpoint",
        }
    }
}

/// The endpoints that an endpoint is part of: its host, and the Globus Connect Server endpoint of both.
pub(crate) fn above<'a>(world: &'a World, endpoint: &Endpoint) -> impl Iterator<Item = &'a Endpoint> {
    let id = endpoint.id;
    let above = [endpoint.host_endpoint_id, Some(endpoint.owner_id)];
    let above = above.into_iter().flatten().filter(move |above| *above != id);
    above.filter_map(|id| world.transfer.endpoints.get(&id))
}

/// Whether a role gives the caller a power. Who manages activity on an endpoint does so on what is part of it.
pub(crate) fn may(world: &World, caller: &Caller, endpoint: &Endpoint, power: Power) -> bool {
    let held = |endpoint: &Endpoint| {
        let roles = roles(world, caller, endpoint);
        roles.iter().any(|role| power.roles().contains(role))
    };
    let activity = matches!(power, Power::ManageActivity | Power::MonitorActivity);
    held(endpoint) || (activity && above(world, endpoint).any(held))
}

/// Refuses callers without a power.
pub(crate) fn demand(
    world: &mut World,
    request: &Incoming,
    caller: &Caller,
    endpoint: &Endpoint,
    power: Power,
) -> Result<(), Reply> {
    if may(world, caller, endpoint, power) {
        Ok(())
    } else {
        Err(errors::permission_denied(world, request, power.refusal()))
    }
}

/// Whether an access rule names the caller.
pub(crate) fn has_rule(world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
    let now = world.time.now();
    let mut rules = endpoint.access.iter().filter(|rule| rule.holds(now));
    rules.any(|rule| is_principal(world, caller, &rule.principal_type, &rule.principal))
}

/// Whether the caller may know of an endpoint.
pub(crate) fn sees(world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
    endpoint.public || !roles(world, caller, endpoint).is_empty() || has_rule(world, caller, endpoint)
}
