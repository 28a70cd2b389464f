//! What Auth knows: identities, clients, scopes; consents, tokens and sessions have files of their own.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{Uuid, uuid};

use super::catalog::{self, ScopeRow};
pub(crate) use super::client::Client;
use super::consents::Consents;
use super::project::{Policy, Project};
use super::sessions::Sessions;
use super::tokens::{Code, RefreshToken, Rotation, Token};
use crate::ids;
use crate::seed::Seed;
use crate::state::{Kept, Table, Visit};

/// Provider of the identities that clients have for themselves.
pub(crate) const CLIENT_PROVIDER: Uuid = uuid!("3a7d6c1e-0000-4000-8000-00000000c1e7");

/// An organization that vouches for identities.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
#[serde(deny_unknown_fields)]
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

impl Identity {
    /// What follows the `@` of the username.
    pub(crate) fn domain(&self) -> &str {
        self.username.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// Who presented a valid token.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) client: Uuid,
    pub(crate) identity: Uuid,
    /// The identity and those linked to it.
    pub(crate) identities: Vec<Uuid>,
    pub(crate) scopes: Vec<String>,
    /// The session in which the token came to be; a program has none.
    pub(crate) session: Option<Uuid>,
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
    pub(crate) providers: Table<Uuid, Provider>,
    pub(crate) identities: Table<Uuid, Identity>,
    /// The identities of each person.
    linked: HashMap<Uuid, Vec<Uuid>>,
    /// Identities by username in lower case.
    usernames: HashMap<String, Uuid>,
    pub(crate) projects: Table<Uuid, Project>,
    pub(crate) policies: Table<Uuid, Policy>,
    pub(crate) clients: Table<Uuid, Client>,
    pub(crate) scopes: Table<String, ScopeRow>,
    pub(crate) consents: Consents,
    pub(crate) sessions: Sessions,
    pub(crate) tokens: Table<String, Token>,
    pub(crate) refresh_tokens: Table<String, RefreshToken>,
    pub(crate) codes: Table<String, Code>,
    pub(crate) rotation: Kept<Rotation>,
}

impl AuthState {
    pub(crate) fn new(seed: &Seed) -> Self {
        let mut state = Self {
            providers: seed.providers.iter().map(|row| (row.id, row.clone())).collect(),
            identities: Table::default(),
            linked: HashMap::new(),
            usernames: HashMap::new(),
            projects: seed.projects.iter().map(|row| (row.id, row.clone())).collect(),
            policies: seed.policies.iter().map(|row| (row.id, row.clone())).collect(),
            clients: Table::default(),
            scopes: catalog::scopes().collect(),
            consents: Consents::default(),
            sessions: Sessions::default(),
            tokens: Table::default(),
            refresh_tokens: Table::default(),
            codes: Table::default(),
            rotation: Kept::default(),
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
        self.index(&identity);
        self.identities.insert(identity.id, identity);
    }

    /// Lets an identity be found by its name and by its person.
    fn index(&mut self, identity: &Identity) {
        self.usernames.insert(identity.username.to_lowercase(), identity.id);
        let linked = self.linked.entry(identity.person).or_default();
        if !linked.contains(&identity.id) {
            linked.push(identity.id);
        }
    }

    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            // Found anew from the identities.
            linked: _,
            usernames: _,
            providers,
            identities,
            projects,
            policies,
            clients,
            scopes,
            consents,
            sessions,
            tokens,
            refresh_tokens,
            codes,
            rotation,
        } = self;
        see("auth/providers", providers);
        see("auth/identities", identities);
        see("auth/projects", projects);
        see("auth/policies", policies);
        see("auth/clients", clients);
        see("auth/scopes", scopes);
        see("auth/tokens", tokens);
        see("auth/refresh_tokens", refresh_tokens);
        see("auth/codes", codes);
        see("auth/rotation", rotation);
        consents.visit(see);
        sessions.visit(see);
    }

    /// Makes up for what was not kept, once the rest is loaded.
    pub(crate) fn loaded(&mut self) {
        let identities = self.identities.clone();
        for identity in identities.values() {
            self.index(identity);
        }
        // A newer emulator may know more.
        for (name, row) in catalog::scopes() {
            if !self.scopes.contains_key(&name) {
                self.scopes.insert(name, row);
            }
        }
    }

    /// Adds a client, the identity it has for itself, and its scopes.
    pub(crate) fn add_client(&mut self, mut client: Client) {
        for row in client.credentials.iter_mut().filter(|row| row.id.is_nil()) {
            row.id = ids::named(&format!("credential/{}", client.id));
        }
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

    /// The identity that a test or a person means: by id, by username or the part of it before the `@`, or by first name.
    pub(crate) fn person(&self, text: &str) -> Option<&Identity> {
        let text = text.trim().to_lowercase();
        if let Some(found) = Uuid::parse_str(&text).ok().and_then(|id| self.identities.get(&id)) {
            return Some(found);
        }
        if let Some(found) = self.by_username(&text) {
            return Some(found);
        }
        let local = |row: &Identity| row.username.split('@').next().map(str::to_lowercase);
        let first = |row: &Identity| row.name.as_ref()?.split_whitespace().next().map(str::to_lowercase);
        // A person's own identity comes before those linked to it.
        let mut people: Vec<&Identity> = self.people().collect();
        people.sort_by_key(|row| row.id != row.person);
        people
            .into_iter()
            .find(|row| [local(row), first(row)].contains(&Some(text.clone())))
    }

    /// The identity for whom applications act when somebody signs in with one of theirs: the one to which it is linked.
    pub(crate) fn effective(&self, identity: Uuid) -> Uuid {
        self.identities.get(&identity).map_or(identity, |row| row.person)
    }

    /// The identities with which people can sign in.
    pub(crate) fn people(&self) -> impl Iterator<Item = &Identity> {
        self.identities
            .values()
            .filter(|row| row.identity_provider != CLIENT_PROVIDER && row.status == "used")
    }

    /// An identity and those linked to it, itself first.
    pub(crate) fn linked(&self, identity: Uuid) -> Vec<Uuid> {
        let Some(row) = self.identities.get(&identity) else {
            return vec![identity];
        };
        let linked = self.linked.get(&row.person).into_iter().flatten().copied();
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
            session: token.session,
        })
    }
}
