//! Access tokens without a login.

use uuid::Uuid;

use crate::services::auth::state::{TOKEN_LIFE, Token};
use crate::world::World;

/// Why a token could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MintError {
    /// Nobody has this id or username.
    #[error("there is no identity {0}")]
    NoSuchIdentity(String),
    /// There is no scope of this name.
    #[error("there is no scope {0}")]
    NoSuchScope(String),
    /// A token is for one resource server, and for some scope of it.
    #[error("the scopes of a token belong to one resource server")]
    NotOneResourceServer,
}

/// Makes a token of the seeded native client.
pub(crate) fn token(world: &mut World, identity: &str, scopes: &[&str]) -> Result<String, MintError> {
    let auth = &world.auth;
    let by_id = Uuid::parse_str(identity).ok().and_then(|id| auth.identities.get(&id));
    let found = by_id.or_else(|| auth.by_username(identity)).map(|row| row.id);
    let found = found.ok_or_else(|| MintError::NoSuchIdentity(identity.to_owned()))?;
    let mut server = None;
    for name in scopes {
        let row = auth
            .scopes
            .get(*name)
            .ok_or_else(|| MintError::NoSuchScope((*name).to_owned()))?;
        if **server.get_or_insert(&row.resource_server) != row.resource_server {
            return Err(MintError::NotOneResourceServer);
        }
    }
    let resource_server = server.ok_or(MintError::NotOneResourceServer)?.clone();
    let issued = world.time.now();
    let token = Token {
        client: Uuid::parse_str(crate::seed::NATIVE_CLIENT_ID).unwrap_or_default(),
        identity: found,
        resource_server,
        scopes: scopes.iter().map(|name| (*name).to_owned()).collect(),
        issued,
        expires: issued.saturating_add(TOKEN_LIFE).unwrap_or(issued),
    };
    Ok(world.auth.mint(&mut world.ids, token))
}
