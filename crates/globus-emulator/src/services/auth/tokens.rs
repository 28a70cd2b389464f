//! Access tokens, refresh tokens, authorization codes: how they are made and how long they last.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access;
use super::scope_request::ScopeRequest;
use super::state::AuthState;
use crate::ids::Ids;
use crate::world::World;

/// Life of an access token: 48 hours.
pub(crate) const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(48);
/// Life of an authorization code: the most that RFC 6749, section 4.1.2, has for one.
pub(crate) const CODE_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// After six months without use a refresh token has run out.
pub(crate) const REFRESH_LIFE: SignedDuration = SignedDuration::from_hours(183 * 24);

/// Beyond this many, tokens that ran out long ago are dropped, so that a long-lived emulator does not grow.
const MANY: usize = 10_000;

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) resource_server: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
    /// The session in which a person got it.
    pub(crate) session: Option<Uuid>,
    /// The consents that it rests on: what lies below them is what its resource server may ask tokens for.
    pub(crate) consents: Vec<u64>,
}

/// A refresh token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    /// What its access tokens are like.
    pub(crate) token: Token,
    pub(crate) last_used: Timestamp,
}

impl RefreshToken {
    /// When it runs out, unless it is used before.
    pub(crate) fn expires(&self) -> Timestamp {
        after(self.last_used, REFRESH_LIFE)
    }
}

/// An authorization code: what was granted, to be fetched once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) session: Uuid,
    pub(crate) redirect_uri: String,
    pub(crate) scopes: ScopeRequest,
    /// SHA-256 of the verifier, base64url (RFC 7636, section 4.2).
    pub(crate) challenge: Option<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) state: Option<String>,
    pub(crate) offline: bool,
    pub(crate) expires: Timestamp,
}

/// Whether a refresh token is replaced when it is used.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Rotation {
    /// For all clients.
    pub(crate) all: bool,
    /// For these clients.
    pub(crate) clients: BTreeSet<Uuid>,
}

impl Rotation {
    pub(crate) fn applies(&self, client: Uuid) -> bool {
        self.all || self.clients.contains(&client)
    }
}

/// For whom tokens are made.
#[derive(Clone, Copy)]
pub(crate) struct Holder {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) session: Option<Uuid>,
    /// With refresh tokens.
    pub(crate) offline: bool,
}

/// A token that was just made.
pub(crate) struct Issued {
    pub(crate) text: String,
    pub(crate) token: Token,
    pub(crate) refresh: Option<String>,
}

/// A time later than another, or the last there is.
pub(crate) fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

impl AuthState {
    /// Keeps an access token.
    pub(crate) fn mint(&mut self, ids: &mut Ids, token: Token) -> String {
        if self.tokens.len() >= MANY {
            let day = SignedDuration::from_hours(24);
            let now = token.issued;
            self.tokens.retain(|_, token| after(token.expires, day) > now);
        }
        let text = ids.token();
        self.tokens.insert(text.clone(), token);
        text
    }

    /// Keeps a refresh token.
    pub(crate) fn mint_refresh(&mut self, ids: &mut Ids, token: Token, now: Timestamp) -> String {
        if self.refresh_tokens.len() >= MANY {
            self.refresh_tokens.retain(|_, row| row.expires() > now);
        }
        let text = ids.token();
        self.refresh_tokens
            .insert(text.clone(), RefreshToken { token, last_used: now });
        text
    }

    /// Keeps a code.
    pub(crate) fn mint_code(&mut self, ids: &mut Ids, code: Code, now: Timestamp) -> String {
        if self.codes.len() >= MANY {
            self.codes.retain(|_, code| code.expires > now);
        }
        let text = ids.token();
        self.codes.insert(text.clone(), code);
        text
    }

    /// Calls a scope by another name, also in what was issued for it.
    pub(crate) fn rename_scope(&mut self, old: &str, new: &str) {
        let Some(row) = self.scopes.remove(old) else {
            return;
        };
        self.consents.rename(row.id, new);
        self.scopes.insert(new.to_owned(), row);
        let refresh = self.refresh_tokens.values_mut().map(|row| &mut row.token);
        let names = self.tokens.values_mut().chain(refresh).flat_map(|row| &mut row.scopes);
        let asked = self.codes.values_mut().flat_map(|code| &mut code.scopes.nodes);
        for name in names.chain(asked.map(|node| &mut node.name)) {
            if name == old {
                new.clone_into(name);
            }
        }
    }

    /// Forgets a scope, and what was allowed and issued for it.
    pub(crate) fn remove_scope(&mut self, name: &str) {
        if let Some(row) = self.scopes.remove(name) {
            self.consents.forget(|consent| consent.scope == row.id);
            self.drop_unconsented();
        }
    }

    /// Forgets a client with its scopes, and ends what it holds and what was made for it.
    pub(crate) fn remove_client(&mut self, id: Uuid) {
        let own: Vec<String> = self
            .scopes
            .iter()
            .filter(|(_, row)| row.client == id)
            .map(|(name, _)| name.clone())
            .collect();
        for name in own {
            self.remove_scope(&name);
        }
        self.consents.forget(|row| row.client == id || row.identity == id);
        let lives = |token: &Token| token.client != id && token.identity != id;
        self.tokens.retain(|_, token| lives(token));
        self.refresh_tokens.retain(|_, row| lives(&row.token));
        self.codes.retain(|_, code| code.client != id);
        self.drop_unconsented();
        self.clients.remove(&id);
        if let Some(identity) = self.identities.get_mut(&id) {
            "closed".clone_into(&mut identity.status);
        }
    }

    /// Ends what clients hold for an identity, everything of which the consents are gone.
    pub(crate) fn drop_unconsented(&mut self) {
        let consents = &self.consents;
        self.tokens.retain(|_, token| consents.exist(&token.consents));
        self.refresh_tokens.retain(|_, row| consents.exist(&row.token.consents));
    }
}

/// One token for each resource server of the scopes; that of Auth comes first.
pub(crate) fn issue(world: &mut World, holder: Holder, scopes: Vec<(String, Option<u64>)>) -> Vec<Issued> {
    let mut servers: Vec<(String, Vec<String>, Vec<u64>)> = Vec::new();
    for (name, consent) in scopes {
        let Some(row) = world.auth.scopes.get(&name) else {
            continue;
        };
        let at = servers
            .iter()
            .position(|(server, ..)| *server == row.resource_server)
            .unwrap_or_else(|| {
                servers.push((row.resource_server.clone(), Vec::new(), Vec::new()));
                servers.len() - 1
            });
        let (_, names, consents) = &mut servers[at];
        if !names.contains(&name) {
            names.push(name);
            consents.extend(consent);
        }
    }
    servers.sort_by_key(|(server, ..)| server != access::RESOURCE_SERVER);
    let issued = world.time.now();
    let expires = after(issued, TOKEN_LIFE);
    let mut all = Vec::with_capacity(servers.len());
    for (resource_server, scopes, consents) in servers {
        let token = Token {
            client: holder.client,
            identity: holder.identity,
            resource_server,
            scopes,
            issued,
            expires,
            session: holder.session,
            consents,
        };
        let text = world.auth.mint(&mut world.ids, token.clone());
        let lasts = |name: &String| {
            let row = world.auth.scopes.get(name);
            row.is_none_or(|row| row.allows_refresh_token)
        };
        let refresh = (holder.offline && token.scopes.iter().all(lasts))
            .then(|| world.auth.mint_refresh(&mut world.ids, token.clone(), issued));
        all.push(Issued { text, token, refresh });
    }
    all
}
