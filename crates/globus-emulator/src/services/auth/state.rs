//! What Auth knows: identities, clients, scopes, consents, tokens.

use std::collections::{BTreeMap, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::catalog::{self, ScopeRow};
use super::scope_request::ScopeRequest;
use crate::ids::{self, Ids};
use crate::seed::Seed;

/// Life of an access token: 48 hours.
pub(crate) const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(48);

/// Provider of the identities that clients have for themselves.
const CLIENT_PROVIDER: Uuid = uuid!("3a7d6c1e-0000-4000-8000-00000000c1e7");

/// An organization that vouches for identities.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Provider {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    pub(crate) short_name: String,
    #[serde(default)]
    pub(crate) domains: Vec<String>,
}

/// A person's or a client's identity.
#[allow(clippy::struct_field_names, reason = "the names on the wire")]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Identity {
    pub(crate) id: Uuid,
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) email: Option<String>,
    pub(crate) organization: Option<String>,
    pub(crate) identity_provider: Uuid,
    #[serde(default = "used")]
    pub(crate) status: String,
    #[serde(default = "login")]
    pub(crate) identity_type: String,
    /// The primary identity of the same person, which links them; its own id where there is none other.
    pub(crate) person: Uuid,
}

fn used() -> String {
    "used".to_owned()
}

fn login() -> String {
    "login".to_owned()
}

/// An application registered with Auth.
#[allow(clippy::struct_field_names, reason = "the names on the wire")]
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Client {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// A public client has none.
    pub(crate) secret: Option<String>,
    pub(crate) client_type: String,
    #[serde(default)]
    pub(crate) redirect_uris: Vec<String>,
    /// Last parts of the scopes of which this client is the resource server.
    #[serde(default)]
    pub(crate) scope_suffixes: Vec<String>,
    /// The public client from which this one was made.
    #[serde(default)]
    pub(crate) template: Option<Uuid>,
}

/// An access token.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) resource_server: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) issued: Timestamp,
    pub(crate) expires: Timestamp,
}

/// One row of an identity's consents: a scope as it was reached from the root of `dependency_path`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Consent {
    pub(crate) id: u64,
    /// The client that may use it: the application at the root, a resource server below.
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    pub(crate) scope: Uuid,
    pub(crate) scope_name: String,
    pub(crate) dependency_path: Vec<u64>,
    pub(crate) optional: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_used: Timestamp,
}

/// Who presented a valid token.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    /// The identity and those linked to it.
    pub(crate) identities: Vec<Uuid>,
    pub(crate) scopes: Vec<String>,
}

impl Caller {
    pub(crate) fn has_scope(&self, name: &str) -> bool {
        self.scopes.iter().any(|scope| scope == name)
    }

    pub(crate) fn is(&self, identity: Uuid) -> bool {
        self.identities.contains(&identity)
    }
}

/// The state of Auth.
pub(crate) struct AuthState {
    pub(crate) providers: BTreeMap<Uuid, Provider>,
    pub(crate) identities: BTreeMap<Uuid, Identity>,
    /// The identities of each person.
    people: HashMap<Uuid, Vec<Uuid>>,
    /// Identities by username in lower case.
    usernames: HashMap<String, Uuid>,
    pub(crate) clients: BTreeMap<Uuid, Client>,
    pub(crate) scopes: HashMap<String, ScopeRow>,
    pub(crate) consents: Vec<Consent>,
    pub(crate) tokens: HashMap<String, Token>,
}

impl AuthState {
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut state = Self {
            providers: seed.providers.iter().map(|row| (row.id, row.clone())).collect(),
            identities: BTreeMap::new(),
            people: HashMap::new(),
            usernames: HashMap::new(),
            clients: BTreeMap::new(),
            scopes: catalog::scopes().collect(),
            consents: Vec::new(),
            tokens: HashMap::new(),
        };
        let clients = Provider {
            id: CLIENT_PROVIDER,
            name: "Globus Auth clients".to_owned(),
            short_name: "clients".to_owned(),
            domains: vec!["clients.auth.globus.org".to_owned()],
        };
        state.providers.insert(clients.id, clients);
        for identity in &seed.identities {
            state.add_identity(identity.clone());
        }
        for client in &seed.clients {
            state.add_client(client.clone());
        }
        state
    }

    pub(crate) fn add_identity(&mut self, identity: Identity) {
        self.usernames.insert(identity.username.to_lowercase(), identity.id);
        let linked = self.people.entry(identity.person).or_default();
        if !linked.contains(&identity.id) {
            linked.push(identity.id);
        }
        self.identities.insert(identity.id, identity);
    }

    /// Adds a client, the identity it has for itself, and its scopes.
    pub(crate) fn add_client(&mut self, client: Client) {
        self.add_identity(Identity {
            id: client.id,
            username: format!("{}@clients.auth.globus.org", client.id),
            name: Some(client.name.clone()),
            email: None,
            organization: None,
            identity_provider: CLIENT_PROVIDER,
            status: used(),
            identity_type: login(),
            person: client.id,
        });
        for suffix in &client.scope_suffixes {
            self.add_scope(
                &catalog::url_scope(client.id, suffix),
                &client.id.to_string(),
                client.id,
            );
        }
        self.clients.insert(client.id, client);
    }

    pub(crate) fn add_scope(&mut self, name: &str, resource_server: &str, client: Uuid) {
        self.scopes
            .insert(name.to_owned(), ScopeRow::new(name, resource_server, client));
    }

    pub(crate) fn by_username(&self, username: &str) -> Option<&Identity> {
        self.identities.get(self.usernames.get(&username.to_lowercase())?)
    }

    /// An identity and those linked to it, itself first.
    pub(crate) fn linked(&self, identity: Uuid) -> Vec<Uuid> {
        let Some(row) = self.identities.get(&identity) else {
            return vec![identity];
        };
        let linked = self.people.get(&row.person).into_iter().flatten().copied();
        std::iter::once(identity)
            .chain(linked.filter(|other| *other != identity))
            .collect()
    }

    /// The identity of a username for which nobody has logged in yet.
    pub(crate) fn provision(&mut self, username: &str) -> Uuid {
        let id = ids::named(&format!("identity/{}", username.to_lowercase()));
        let domain = username.rsplit_once('@').map_or("", |(_, domain)| domain);
        let provider = self
            .providers
            .values()
            .find(|row| row.domains.iter().any(|known| known == domain));
        let identity_provider = provider.map_or_else(|| ids::named("identity_provider/unknown"), |row| row.id);
        self.add_identity(Identity {
            id,
            username: username.to_owned(),
            name: None,
            email: None,
            organization: None,
            identity_provider,
            status: "unused".to_owned(),
            identity_type: login(),
            person: id,
        });
        id
    }

    /// The caller behind a token of a resource server, if the token is valid for it now.
    pub(crate) fn caller(&self, token: &str, resource_server: &str, now: Timestamp) -> Option<Caller> {
        let token = self.tokens.get(token)?;
        if token.resource_server != resource_server || token.expires <= now {
            return None;
        }
        let identities = self.linked(token.identity);
        Some(Caller {
            client: token.client,
            identity: token.identity,
            identities,
            scopes: token.scopes.clone(),
        })
    }

    /// Makes a token and drops those that ran out a day ago, so that a long-lived emulator does not grow.
    pub(crate) fn mint(&mut self, ids: &mut Ids, token: Token) -> String {
        if self.tokens.len() >= 10_000 {
            let long_ago = token
                .issued
                .saturating_sub(SignedDuration::from_hours(24))
                .unwrap_or(token.issued);
            self.tokens.retain(|_, token| token.expires > long_ago);
        }
        let text = ids.token();
        self.tokens.insert(text.clone(), token);
        text
    }

    /// Records what an identity granted to a client, one row for each scope of the request.
    pub(crate) fn consent(&mut self, client: Uuid, identity: Uuid, request: &ScopeRequest, now: Timestamp) {
        let mut todo: Vec<(usize, Uuid, Vec<u64>)> =
            request.top.iter().rev().map(|&at| (at, client, Vec::new())).collect();
        while let Some((at, client, mut path)) = todo.pop() {
            let node = &request.nodes[at];
            let Some(scope) = self.scopes.get(&node.name).cloned() else {
                continue;
            };
            let known = self.consents.iter_mut().find(|row| {
                row.identity == identity
                    && row.client == client
                    && row.scope == scope.id
                    && row.dependency_path[..row.dependency_path.len() - 1] == path[..]
            });
            let id = if let Some(row) = known {
                row.last_used = now;
                row.optional &= node.optional;
                path.push(row.id);
                row.id
            } else {
                let id = 1_000 + u64::try_from(self.consents.len()).unwrap_or(u64::MAX / 2);
                path.push(id);
                self.consents.push(Consent {
                    id,
                    client,
                    identity,
                    scope: scope.id,
                    scope_name: node.name.clone(),
                    dependency_path: path.clone(),
                    optional: node.optional,
                    created: now,
                    last_used: now,
                });
                id
            };
            debug_assert_eq!(path.last(), Some(&id));
            todo.extend(
                node.children
                    .iter()
                    .rev()
                    .map(|&child| (child, scope.client, path.clone())),
            );
        }
    }
}
