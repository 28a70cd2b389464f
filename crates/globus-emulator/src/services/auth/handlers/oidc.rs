//! What OpenID Connect asks for: metadata, keys, `userinfo`.
//! <https://openid.net/specs/openid-connect-core-1_0.html>

use serde_json::json;

use crate::exchange::{Incoming, Outcome, Reply};
use crate::services::auth::{access, documents, errors, keys};
use crate::world::World;

/// The discovery document, every address on this emulator.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn configuration(world: &mut World, _request: &Incoming) -> Outcome {
    let origin = world.origin.as_str();
    Ok(Reply::ok(&json!({
        "issuer": origin.trim_end_matches('/'),
        "authorization_endpoint": format!("{origin}v2/oauth2/authorize"),
        "token_endpoint": format!("{origin}v2/oauth2/token"),
        "userinfo_endpoint": format!("{origin}v2/oauth2/userinfo"),
        "revocation_endpoint": format!("{origin}v2/oauth2/token/revoke"),
        "jwks_uri": format!("{origin}jwk.json"),
        "response_types_supported": ["code", "token", "token id_token", "id_token"],
        "id_token_signing_alg_values_supported": ["RS512"],
        "scopes_supported": ["openid", "email", "profile"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "claims_supported": ["at_hash", "aud", "email", "exp", "name", "nonce", "preferred_username", "iat", "iss", "sub"],
        "subject_types_supported": ["public"],
    })))
}

/// The key set.
#[allow(clippy::unnecessary_wraps, reason = "the type of handlers")]
pub(crate) fn keys(_world: &mut World, _request: &Incoming) -> Outcome {
    Ok(Reply::ok(&keys::key_set()))
}

/// Claims about the caller, by the scopes of the token.
pub(crate) fn userinfo(world: &mut World, request: &Incoming) -> Outcome {
    let caller = access::bearer(world, request)?;
    if !caller.has_scope("openid") {
        return Err(errors::forbidden(request, "The token has no openid scope"));
    }
    Ok(Reply::ok(&documents::claims(
        &world.auth,
        caller.identity,
        &caller.scopes,
        world.auth.sessions.get(caller.session),
    )))
}
