//! Subscriptions, without which collections have neither roles nor guest collections. Each belongs to a group, whose
//! members may use it. <https://docs.globus.org/api/transfer/gcp_management/>

use uuid::Uuid;

use super::access::{self, Power};
use super::state::Endpoint;
use crate::services::auth::state::Caller;
use crate::services::groups::state::Role;
use crate::world::World;

/// The subscription under which an endpoint is; a guest collection is under that of its host.
pub(crate) fn of(world: &World, endpoint: &Endpoint) -> Option<Uuid> {
    let above = || access::above(world, endpoint).find_map(|above| above.subscription_id);
    endpoint.subscription_id.or_else(above)
}

/// The caller's best role in the group of a subscription.
pub(crate) fn role(world: &World, caller: &Caller, subscription: Uuid) -> Option<Role> {
    world
        .groups
        .of_subscription(subscription)?
        .best_role(&caller.identities)
}

/// The subscription that a caller means: an id, or `DEFAULT` for their only one.
pub(crate) fn chosen(world: &World, caller: &Caller, text: &str) -> Result<Uuid, String> {
    if let Ok(id) = Uuid::parse_str(text) {
        return match world.groups.of_subscription(id) {
            Some(_) => Ok(id),
            None => Err(format!("There is no subscription '{id}'")),
        };
    }
    if text != "DEFAULT" {
        return Err(format!(
            "Invalid subscription_id '{}': it is an id, DEFAULT or null",
            text.escape_debug()
        ));
    }
    let groups = world.groups.groups.values();
    let own = groups.filter(|group| group.best_role(&caller.identities).is_some());
    let own: Vec<Uuid> = own.filter_map(|group| group.subscription_id).collect();
    match own[..] {
        [] => Err("You do not have access to a subscription".to_owned()),
        [only] => Ok(only),
        _ => {
            let names: Vec<String> = own.iter().map(Uuid::to_string).collect();
            let names = names.join(", ");
            Err(format!(
                "Please specify the subscription ID to use. You currently have access to: {names}"
            ))
        }
    }
}

/// Whether the caller may put an endpoint under a subscription, or take it from under its own.
pub(crate) fn may_set(world: &World, caller: &Caller, endpoint: &Endpoint, subscription: Option<Uuid>) -> bool {
    let administers = access::may(world, caller, endpoint, Power::Administer);
    let manages = |id: Uuid| role(world, caller, id).is_some_and(|role| role >= Role::Manager);
    match subscription {
        Some(id) => manages(id) || (administers && role(world, caller, id).is_some()),
        None => administers || endpoint.subscription_id.is_some_and(manages),
    }
}

/// Why somebody may not say whether a collection is vouched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unverifiable {
    Unsubscribed,
    Unqualified,
    /// No administrator of this subscription has signed in, which is of high assurance.
    Absent(Uuid),
}

/// Whether the caller may vouch for a collection, or take that back.
pub(crate) fn may_verify(
    world: &World,
    caller: &Caller,
    endpoint: &Endpoint,
    verified: bool,
) -> Result<(), Unverifiable> {
    let subscription = of(world, endpoint).ok_or(Unverifiable::Unsubscribed)?;
    let vouches = role(world, caller, subscription) == Some(Role::Admin);
    let revokes = !verified && access::may(world, caller, endpoint, Power::Administer);
    if !vouches && !revokes {
        return Err(Unverifiable::Unqualified);
    }
    if !revokes && !has_session(world, caller, subscription) {
        return Err(Unverifiable::Absent(subscription));
    }
    Ok(())
}

/// Whether an administrator of a subscription has signed in as one, if the subscription is of high assurance.
fn has_session(world: &World, caller: &Caller, subscription: Uuid) -> bool {
    let Some(group) = world.groups.of_subscription(subscription) else {
        return false;
    };
    let info = group.subscription_info.as_ref();
    if info.is_none_or(|info| info["is_high_assurance"] != true) {
        return true;
    }
    let Some(session) = world.auth.sessions.get(caller.session) else {
        // A program has no sessions.
        return true;
    };
    let mut held = session.authentications.keys().filter_map(|id| group.role(*id));
    held.any(|role| role >= Role::Manager)
}
