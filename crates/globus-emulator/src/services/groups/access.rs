//! Who calls Groups, and with what scope.

use uuid::Uuid;

use super::state::{Group, Role};
use super::validation::Problems;
use super::{errors, session};
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::state::Caller;
use crate::world::World;

const RESOURCE_SERVER: &str = "groups.api.globus.org";
const ALL: &str = "urn:globus:auth:scope:groups.api.globus.org:all";
const VIEW_MINE: &str = "urn:globus:auth:scope:groups.api.globus.org:view_my_groups_and_memberships";

/// A caller who may read their own groups and memberships, which either scope allows.
pub(crate) fn reader(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let caller = any(world, request)?;
    if is_full(&caller) || caller.has_scope(VIEW_MINE) {
        Ok(caller)
    } else {
        Err(errors::missing_scope(&caller))
    }
}

/// A caller who may do everything their roles allow.
pub(crate) fn full(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let caller = any(world, request)?;
    if is_full(&caller) {
        Ok(caller)
    } else {
        Err(errors::missing_scope(&caller))
    }
}

pub(crate) fn is_full(caller: &Caller) -> bool {
    caller.has_scope(ALL)
}

fn any(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthenticated());
    };
    world
        .auth
        .caller(token, RESOURCE_SERVER, world.time.now())
        .ok_or_else(errors::invalid_token)
}

/// The group of the path: 422 for what is no id, 404 for one that the caller may not know of, 403 for one of high assurance
/// when their login is too old.
pub(crate) fn group<'a>(world: &'a World, request: &Incoming, caller: &Caller) -> Result<&'a Group, Reply> {
    let id = path_id(request, "group_id")?;
    let found = world
        .groups
        .groups
        .get(&id)
        .filter(|group| group.is_visible_to(&caller.identities));
    let found = found.ok_or_else(|| errors::not_found(&format!("There is no group {id}")))?;
    session::require(world, found, caller)?;
    Ok(found)
}

/// The group of the path, to change it as one of its administrators.
pub(crate) fn administered<'a>(
    world: &'a mut World,
    request: &Incoming,
    caller: &Caller,
) -> Result<&'a mut Group, Reply> {
    let group = group(world, request, caller)?;
    if group.best_role(&caller.identities) != Some(Role::Admin) {
        return Err(errors::forbidden("Only an administrator of the group may do this"));
    }
    let id = group.id;
    world
        .groups
        .groups
        .get_mut(&id)
        .ok_or_else(|| errors::not_found("The group is gone"))
}

pub(crate) fn path_id(request: &Incoming, name: &str) -> Result<Uuid, Reply> {
    request.param_uuid(name).ok_or_else(|| {
        let mut problems = Problems::default();
        problems.uuid(&["path", name], &request.param(name).into());
        problems.into_reply()
    })
}
