//! Policies and subscriptions of groups.

use serde_json::{Value, json};

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::groups::state::{Policies, Role};
use crate::services::groups::validation::{self, Problems, Reader};
use crate::services::groups::{access, documents, errors};
use crate::world::World;

/// The fields that a group may ask of those who join.
pub(crate) const SIGNUP_FIELDS: &[&str] = &[
    "institution",
    "current_project_name",
    "address",
    "city",
    "state",
    "country",
    "address1",
    "address2",
    "zip",
    "phone",
    "department",
    "field_of_science",
];

pub(crate) fn get_policies(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    Ok(Reply::ok(&documents::policies(
        &access::group(world, request, &caller)?.policies,
    )))
}

/// Sets the policies that the document names; null leaves one as it is.
pub(crate) fn set_policies(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = Value::Object(validation::object(request)?);
    let group = access::administered(world, request, &caller)?;
    let mut policies = group.policies.clone();
    let mut problems = Problems::default();
    apply(&body, &["body"], &mut policies, &mut problems);
    problems.finish()?;
    group.policies = policies;
    Ok(Reply::ok(&documents::policies(&group.policies)))
}

/// Writes the policies that a document gives.
pub(crate) fn apply(given: &Value, place: &[&str], policies: &mut Policies, problems: &mut Problems) {
    let Value::Object(map) = given else {
        problems.not_an_object(place, given);
        return;
    };
    let mut reader = Reader::new(map, place, problems);
    reader
        .boolean("is_high_assurance")
        .replace(&mut policies.is_high_assurance);
    let timeout = reader.seconds("authentication_assurance_timeout");
    timeout.replace(&mut policies.authentication_assurance_timeout);
    let visibility = reader.choice("group_visibility", &["authenticated", "private"]);
    visibility.replace(&mut policies.group_visibility);
    let visibility = reader.choice("group_members_visibility", &["members", "managers"]);
    visibility.replace(&mut policies.group_members_visibility);
    reader.boolean("join_requests").replace(&mut policies.join_requests);
    reader
        .choices("signup_fields", SIGNUP_FIELDS)
        .replace(&mut policies.signup_fields);
}

/// What anybody may know about a subscription: not its name.
pub(crate) fn by_subscription(world: &mut World, request: &Incoming) -> Outcome {
    access::full(world, request)?;
    let id = access::path_id(request, "subscription_id")?;
    let group = world.groups.of_subscription(id);
    let group = group.ok_or_else(|| errors::not_found(&format!("No group has the subscription {id}")))?;
    let info = group.subscription_info.as_ref();
    let part = |name: &str, default: Value| info.and_then(|info| info.get(name)).cloned().unwrap_or(default);
    Ok(Reply::ok(&json!({
        "group_id": group.id,
        "subscription_id": id,
        "subscription_info": {
            "is_high_assurance": part("is_high_assurance", json!(false)),
            "is_baa": part("is_baa", json!(false)),
            "connectors": part("connectors", json!({})),
        },
    })))
}

/// Marks a group as verified by a subscription, or clears the mark. Administrators of the old and of the new
/// subscription's group may.
pub(crate) fn set_verified(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::full(world, request)?;
    let body = validation::object(request)?;
    let mut problems = Problems::default();
    let mut reader = Reader::new(&body, &["body"], &mut problems);
    let wanted = reader.id("subscription_admin_verified_id").value();
    if !reader.has("subscription_admin_verified_id") {
        reader.missing("subscription_admin_verified_id");
    }
    problems.finish()?;
    let id = access::path_id(request, "group_id")?;
    // A subscription's administrators verify groups that they need not see otherwise.
    let old = match world.groups.groups.get(&id) {
        Some(group) => group.subscription_admin_verified_id,
        None => return Err(errors::not_found(&format!("There is no group {id}"))),
    };
    for subscription in [old, wanted].into_iter().flatten() {
        let owner = world.groups.of_subscription(subscription);
        if owner.and_then(|group| group.best_role(&caller.identities)) != Some(Role::Admin) {
            return Err(errors::forbidden("Only the subscription's administrators may do this"));
        }
    }
    if let Some(group) = world.groups.groups.get_mut(&id) {
        group.subscription_admin_verified_id = wanted;
    }
    Ok(Reply::ok(
        &json!({"group_id": id, "subscription_admin_verified_id": wanted}),
    ))
}
