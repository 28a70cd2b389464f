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

/// Whether an access rule names the caller.
pub(crate) fn has_rule(world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
    endpoint
        .access
        .iter()
        .any(|rule| is_principal(world, caller, &rule.principal_type, &rule.principal))
}

/// Whether the caller may know of an endpoint.
pub(crate) fn sees(world: &World, caller: &Caller, endpoint: &Endpoint) -> bool {
    endpoint.public || !roles(world, caller, endpoint).is_empty() || has_rule(world, caller, endpoint)
}
