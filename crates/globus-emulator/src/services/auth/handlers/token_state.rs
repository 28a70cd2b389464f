//! What a token is worth: introspect, validate, revoke.
//! <https://docs.globus.org/api/auth/reference/#token_introspection_post_v2_oauth2_token_introspect>

use serde_json::json;
use uuid::Uuid;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::state::Client;
use crate::services::auth::tokens::Token;
use crate::services::auth::{access, documents, errors};
use crate::world::World;

fn inactive() -> Reply {
    Reply::ok(&json!({"active": false}))
}

/// Tells a client about a token that it got or that was made for it. Of others it learns nothing.
pub(crate) fn introspect(world: &mut World, request: &Incoming) -> Outcome {
    let form = request.form();
    let client = access::confidential(world, request, &form)?;
    let Some(text) = form.get("token") else {
        return Err(errors::invalid_request("The form has no token."));
    };
    let found = valid(world, text);
    let known = found.filter(|token| token.client == client.id || token.resource_server == client.id.to_string());
    Ok(known.map_or_else(inactive, |token| {
        let include = form.list("include");
        let mut document = documents::introspection(&world.auth, &world.origin, &token, &include);
        let policies = form.list("authentication_policies");
        if !policies.is_empty() {
            let now = world.time.now();
            document["policy_evaluations"] = documents::policy_evaluations(&world.auth, &token, &policies, now);
        }
        Reply::ok(&document)
    }))
}

/// Says whether a token is valid.
pub(crate) fn validate(world: &mut World, request: &Incoming) -> Outcome {
    let form = request.form();
    if access::client(world, request, &form)?.is_none() {
        return Err(errors::unauthorized(request));
    }
    let valid = form.get("token").is_some_and(|text| valid(world, text).is_some());
    Ok(Reply::ok(&json!({"active": valid})))
}

/// Ends a token. A request without a token, or with one that is not the client's, changes nothing and succeeds too.
pub(crate) fn revoke(world: &mut World, request: &Incoming) -> Outcome {
    let form = request.form();
    let Some(client) = access::client(world, request, &form)?.map(|client| client.id) else {
        return Err(errors::unauthorized(request));
    };
    let Some(text) = form.get("token") else {
        return Ok(inactive());
    };
    let auth = &mut world.auth;
    let refresh = auth.refresh_tokens.get(text).map(|row| row.token.client);
    let owner = auth.tokens.get(text).map(|token| token.client).or(refresh);
    let owner = owner.and_then(|id| auth.clients.get(&id));
    if owner.is_some_and(|owner| may_revoke(client, owner)) {
        auth.tokens.remove(text);
        auth.refresh_tokens.remove(text);
    }
    Ok(inactive())
}

/// The template of a client may end the client's tokens: command line programs log out that way.
fn may_revoke(client: Uuid, owner: &Client) -> bool {
    owner.id == client || owner.template == Some(client)
}

/// An access token, or what a refresh token stands for, if it is valid now.
fn valid(world: &World, text: &str) -> Option<Token> {
    let now = world.time.now();
    let refresh = world.auth.refresh_tokens.get(text).map(|row| Token {
        issued: row.last_used,
        expires: row.expires(),
        ..row.token.clone()
    });
    let token = world.auth.tokens.get(text).cloned().or(refresh);
    token.filter(|token| token.expires > now)
}
