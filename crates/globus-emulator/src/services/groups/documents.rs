//! The documents of Groups.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::membership::Verb;
use super::state::{Group, Membership, Policies, Role, Status};
use super::{access, membership, session};
use crate::clock::micros;
use crate::services::auth::state::Caller;
use crate::world::World;

/// What a group document may hold on demand.
pub(crate) const INCLUDES: &[&str] = &[
    "memberships",
    "my_memberships",
    "policies",
    "allowed_actions",
    "child_ids",
];

/// A group as a caller sees it.
pub(crate) fn group(world: &World, group: &Group, caller: &Caller, include: &[&str]) -> Value {
    let policies = &group.policies;
    let mut document = json!({
        "id": group.id,
        "name": group.name,
        "description": group.description,
        "terms_and_conditions": group.terms_and_conditions,
        "parent_id": group.parent_id,
        "group_type": if group.subscription_id.is_some() { "plus" } else { "regular" },
        "enforce_session": policies.is_high_assurance,
        "session_limit": policies.authentication_assurance_timeout,
        "session_timeouts": session::timeouts(world, group, caller),
        "my_memberships": my_memberships(world, group, caller, &Status::ALL),
        "policies": self::policies(policies),
        "subscription_id": group.subscription_id,
        "subscription_info": group.subscription_info,
        "subscription_admin_verified_id": group.subscription_admin_verified_id,
    });
    let full = access::is_full(caller);
    if include.contains(&"memberships") && full && sees_members(group, caller) {
        document["memberships"] = group
            .memberships
            .iter()
            .map(|(id, row)| membership(world, group, *id, row))
            .collect();
    }
    if include.contains(&"allowed_actions") && full {
        document["allowed_actions"] = allowed_actions(group, caller);
    }
    if include.contains(&"child_ids") {
        document["child_ids"] = world.groups.children(group.id).map(|child| json!(child.id)).collect();
    }
    document
}

/// Members are shown to active members, or to managers and administrators only.
fn sees_members(group: &Group, caller: &Caller) -> bool {
    let least = if group.policies.group_members_visibility == "members" {
        Role::Member
    } else {
        Role::Manager
    };
    group.best_role(&caller.identities).is_some_and(|role| role >= least)
}

pub(crate) fn my_memberships(world: &World, group: &Group, caller: &Caller, statuses: &[Status]) -> Vec<Value> {
    let mine = caller
        .identities
        .iter()
        .filter_map(|id| group.memberships.get(id).map(|row| (*id, row)));
    mine.filter(|(_, row)| statuses.contains(&row.status))
        .map(|(id, row)| membership(world, group, id, row))
        .collect()
}

/// The actions of a batch, each with the caller's identities that may take it.
fn allowed_actions(group: &Group, caller: &Caller) -> Value {
    let mut actions = Map::new();
    for verb in Verb::ALL {
        let able: Vec<Uuid> = caller
            .identities
            .iter()
            .copied()
            .filter(|&id| membership::could(group, verb, id))
            .collect();
        actions.insert(verb.as_str().to_owned(), json!(able));
    }
    Value::Object(actions)
}

pub(crate) fn membership(world: &World, group: &Group, identity: Uuid, row: &Membership) -> Value {
    json!({
        "group_id": group.id,
        "identity_id": identity,
        "username": world.auth.identities.get(&identity).map_or("", |row| row.username.as_str()),
        "role": row.role.as_str(),
        "status": row.status.as_str(),
        "status_reason": row.status_reason,
        "invite_email_address": row.invite_email_address,
        "updated": row.updated.map(micros),
        "invite_time": row.invite_time.map(micros),
        "membership_fields": group.fields.get(&identity).cloned().unwrap_or_default(),
        "source_group_id": null,
    })
}

pub(crate) fn policies(policies: &Policies) -> Value {
    json!({
        "is_high_assurance": policies.is_high_assurance,
        "authentication_assurance_timeout": policies.authentication_assurance_timeout,
        "group_visibility": policies.group_visibility,
        "group_members_visibility": policies.group_members_visibility,
        "join_requests": policies.join_requests,
        "signup_fields": policies.signup_fields,
    })
}
