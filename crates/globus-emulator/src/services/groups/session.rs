//! Groups of high assurance, which want their members to have signed in lately.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::errors;
use super::state::{Group, Membership, Status};
use crate::clock::micros;
use crate::exchange::Reply;
use crate::services::auth::state::Caller;
use crate::services::auth::tokens::after;
use crate::world::World;

/// Until when each of the caller's memberships may be used: those of identities that signed in lately enough.
fn ends(world: &World, group: &Group, caller: &Caller) -> Vec<(Uuid, Timestamp)> {
    let seconds = i64::try_from(group.policies.authentication_assurance_timeout).unwrap_or(i64::MAX);
    let life = SignedDuration::from_secs(seconds);
    let held = world
        .auth
        .sessions
        .get(caller.session)
        .map(|session| &session.authentications);
    let mine = held
        .into_iter()
        .flatten()
        .filter(|(id, _)| group.memberships.contains_key(id));
    let now = world.time.now();
    mine.map(|(id, row)| (*id, after(row.time, life)))
        .filter(|(_, end)| *end > now)
        .collect()
}

/// Refuses a person whose login is too old for the group, and says how to sign in. A program has no session to be old.
pub(crate) fn require(world: &World, group: &Group, caller: &Caller) -> Result<(), Reply> {
    let is_member = |row: &&Membership| matches!(row.status, Status::Active | Status::Invited | Status::Pending);
    let members: Vec<Uuid> = caller
        .identities
        .iter()
        .copied()
        .filter(|id| group.memberships.get(id).as_ref().is_some_and(is_member))
        .collect();
    let is_bound = group.policies.is_high_assurance && caller.session.is_some() && !members.is_empty();
    if is_bound && ends(world, group, caller).is_empty() {
        Err(errors::session_required(&members))
    } else {
        Ok(())
    }
}

/// The `session_timeouts` of a group document.
pub(crate) fn timeouts(world: &World, group: &Group, caller: &Caller) -> Value {
    if !group.policies.is_high_assurance {
        return json!({});
    }
    let now = world.time.now();
    let rows = ends(world, group, caller).into_iter().map(|(id, end)| {
        let left = end.duration_since(now).as_secs_f64();
        (id.to_string(), json!({"expire_time": micros(end), "expires_in": left}))
    });
    Value::Object(rows.collect::<Map<_, _>>())
}
