//! Tokens without a login.

use jiff::SignedDuration;
use serde::Deserialize;
use uuid::Uuid;

use crate::services::auth::scope_request::ScopeRequest;
use crate::services::auth::tokens::{self, Holder, Issued};
use crate::world::World;

/// Why a token could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MintError {
    /// Nobody has this id, username or first name.
    #[error("there is no identity {0}")]
    NoSuchIdentity(String),
    /// There is no client of this id.
    #[error("there is no client {0}")]
    NoSuchClient(String),
    /// There is no scope of this name, or the text is no scope.
    #[error("there is no scope {0}")]
    NoSuchScope(String),
    /// A token is for one resource server, and for some scope of it.
    #[error("the scopes of a token belong to one resource server")]
    NotOneResourceServer,
}

/// What tokens are wanted.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mint {
    pub(crate) identity: String,
    /// Scopes, each perhaps with dependencies in brackets.
    pub(crate) scopes: Vec<String>,
    /// The client's id; the seeded native client if left out.
    #[serde(default)]
    pub(crate) client: Option<Uuid>,
    /// With refresh tokens.
    #[serde(default)]
    pub(crate) refresh: bool,
    /// Access tokens that have already run out.
    #[serde(default)]
    pub(crate) expired: bool,
    /// A session with a second factor.
    #[serde(default)]
    pub(crate) mfa: bool,
}

/// Makes one token of the seeded native client.
pub(crate) fn token(world: &mut World, identity: &str, scopes: &[&str]) -> Result<String, MintError> {
    let wanted = Mint {
        identity: identity.to_owned(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..Mint::default()
    };
    let request = ScopeRequest::parse(&wanted.scopes.join(" ")).map_err(MintError::NoSuchScope)?;
    let names = request.top.iter().map(|number| &request.nodes[*number].name);
    let rows = names.filter_map(|name| world.auth.scopes.get(name));
    let servers: std::collections::BTreeSet<&String> = rows.map(|row| &row.resource_server).collect();
    if servers.len() > 1 {
        return Err(MintError::NotOneResourceServer);
    }
    let issued = tokens(world, &wanted)?;
    issued
        .into_iter()
        .next()
        .map(|issued| issued.text)
        .ok_or(MintError::NotOneResourceServer)
}

/// Makes tokens, one for each resource server, with the consents that they rest on.
pub(crate) fn tokens(world: &mut World, wanted: &Mint) -> Result<Vec<Issued>, MintError> {
    let identity = world.auth.person(&wanted.identity).map(|row| row.id);
    let identity = identity.ok_or_else(|| MintError::NoSuchIdentity(wanted.identity.clone()))?;
    let client = wanted.client.unwrap_or_else(native_client);
    if wanted.client.is_some() && !world.auth.clients.contains_key(&client) {
        return Err(MintError::NoSuchClient(client.to_string()));
    }
    let scopes = ScopeRequest::parse(&wanted.scopes.join(" ")).map_err(MintError::NoSuchScope)?;
    for node in &scopes.nodes {
        if !world.auth.scopes.contains_key(&node.name) {
            return Err(MintError::NoSuchScope(node.name.clone()));
        }
    }
    if scopes.top.is_empty() {
        return Err(MintError::NotOneResourceServer);
    }
    let now = world.time.now();
    let World { auth, ids, .. } = &mut *world;
    let authentication = auth.sessions.prove(now, wanted.mfa);
    let session = auth.sessions.alone(ids, identity, authentication);
    auth.consent(client, identity, &scopes, wanted.refresh, now);
    let holder = Holder {
        client,
        identity,
        session: Some(session),
        offline: wanted.refresh,
    };
    let granted = auth.granted(client, identity, &scopes);
    let mut issued = tokens::issue(world, holder, granted);
    if wanted.expired {
        let past = now.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(now);
        for row in &mut issued {
            row.token.expires = past;
            if let Some(token) = world.auth.tokens.get_mut(&row.text) {
                token.expires = past;
            }
        }
    }
    Ok(issued)
}

pub(crate) fn native_client() -> Uuid {
    Uuid::parse_str(crate::seed::NATIVE_CLIENT_ID).unwrap_or_default()
}
