//! What collections of high assurance require of the login of those who use them.
//! <https://docs.globus.org/guides/overviews/high-assurance/>

use http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::errors::Draft;
use super::state::Endpoint;
use crate::exchange::{Incoming, Reply};
use crate::services::auth::state::Caller;
use crate::world::World;

/// The answer to a caller whose login falls short; programs have none that could.
pub(crate) fn shortfall(
    world: &mut World,
    request: &Incoming,
    caller: &Caller,
    endpoint: &Endpoint,
    host: &Endpoint,
) -> Option<Reply> {
    let policed = if host.high_assurance { host } else { endpoint };
    let (parameters, message) = lacking(world, caller, policed)?;
    let mut document = Draft::new(world, request).document("AuthPolicyFailed", message);
    document["authorization_parameters"] = Value::Object(parameters);
    document["authorization_parameters"]["session_message"] = message.into();
    let reply = Reply::json(StatusCode::FORBIDDEN, &document);
    let known = document["authorization_parameters"]
        .get("session_required_policies")
        .is_some();
    Some(if known { reply } else { reply.inferred() })
}

/// What the caller's session lacks.
fn lacking(world: &World, caller: &Caller, endpoint: &Endpoint) -> Option<(Map<String, Value>, &'static str)> {
    let session = world.auth.sessions.get(caller.session)?;
    let mut own = session.authentications.iter().filter(|(id, _)| caller.is(**id));
    let mut parameters = Map::new();
    if let Some(policy) = endpoint.authentication_policy_id.map(|id| id.to_string())
        && !session.policies.contains(&policy)
    {
        parameters.insert("session_required_policies".to_owned(), policy.into());
        return Some((parameters, "Failing collection authentication policy"));
    }
    if endpoint.mfa_required && !own.clone().any(|(_, row)| row.mfa) {
        parameters.insert("session_required_mfa".to_owned(), true.into());
        return Some((parameters, "The collection requires a second factor"));
    }
    let minutes = endpoint.authentication_timeout_mins?;
    let oldest = world
        .time
        .now()
        .checked_sub(SignedDuration::from_mins(minutes.into()))
        .ok()?;
    if own.any(|(_, row)| row.time >= oldest) {
        return None;
    }
    let name = world
        .auth
        .identities
        .get(&caller.identity)
        .map(|row| row.username.clone());
    let identity = name.unwrap_or_else(|| caller.identity.to_string());
    parameters.insert("session_required_identities".to_owned(), json!([identity]));
    Some((parameters, "The collection requires a more recent authentication"))
}
