//! Who calls Auth: a token's identity, or a client with its secret.

use http::StatusCode;
use uuid::Uuid;

use super::errors;
use super::state::{Caller, Client};
use crate::exchange::{Credentials, Fields, Incoming, Reply};
use crate::world::World;

/// Resource server of Auth's own tokens.
pub(crate) const RESOURCE_SERVER: &str = "auth.globus.org";

/// The caller behind a token for Auth.
pub(crate) fn bearer(world: &World, request: &Incoming) -> Result<Caller, Reply> {
    let Credentials::Bearer(token) = request.credentials() else {
        return Err(errors::unauthorized(request));
    };
    let caller = world.auth.caller(token, RESOURCE_SERVER, world.time.now());
    caller.ok_or_else(|| errors::unauthorized(request))
}

/// The client that authenticates itself by Basic credentials, or by `client_id` and `client_secret` in the form.
pub(crate) fn confidential<'a>(world: &'a World, request: &Incoming, form: &Fields) -> Result<&'a Client, Reply> {
    match client(world, request, form)? {
        Some(client) if client.secret.is_some() => Ok(client),
        Some(_) => Err(errors::oauth(
            StatusCode::BAD_REQUEST,
            "unauthorized_client",
            "A public client may not do this: it has no secret.",
        )),
        None => Err(errors::unauthorized(request)),
    }
}

/// The client that authenticates itself or, if it is public, names itself; `None` when there is no word of a client.
pub(crate) fn client<'a>(world: &'a World, request: &Incoming, form: &Fields) -> Result<Option<&'a Client>, Reply> {
    let (id, secret) = match request.credentials() {
        Credentials::Basic { user, password } => (user, Some(password)),
        Credentials::Missing => match form.get("client_id") {
            Some(id) => (id.to_owned(), form.get("client_secret").map(str::to_owned)),
            None => return Ok(None),
        },
        Credentials::Bearer(_) | Credentials::Malformed => return Err(errors::invalid_client()),
    };
    let found = Uuid::parse_str(&id).ok().and_then(|id| world.auth.clients.get(&id));
    match found {
        Some(client) if client.secret == secret => Ok(Some(client)),
        _ => Err(errors::invalid_client()),
    }
}
