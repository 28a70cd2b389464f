//! What an application demands of a login: who, how, how recently.
//! <https://docs.globus.org/api/auth/sessions/>

use uuid::Uuid;

use super::sessions::Session;
use super::state::{AuthState, Identity};
use crate::exchange::{Fields, truth};

/// The session parameters of an authorization request, or of an error that asks for one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Demands {
    /// Identities, each of which the session must hold.
    pub(crate) identities: Vec<Uuid>,
    /// Domains, of one of which the session must hold an identity.
    pub(crate) domains: Vec<String>,
    pub(crate) policies: Vec<String>,
    pub(crate) mfa: bool,
    /// Whether the person must sign in again, whatever the session holds.
    pub(crate) login: bool,
    /// What the application says to the person.
    pub(crate) message: Option<String>,
}

impl Demands {
    pub(crate) fn read(auth: &AuthState, query: &Fields) -> Result<Self, String> {
        let mut identities = Vec::new();
        for text in query.list("session_required_identities") {
            let id = Uuid::parse_str(text).ok().filter(|id| auth.identities.contains_key(id));
            let found = id.or_else(|| auth.by_username(text).map(|row| row.id));
            identities.push(found.ok_or_else(|| format!("there is no identity {text}"))?);
        }
        let owned = |name: &str| query.list(name).into_iter().map(str::to_owned).collect::<Vec<_>>();
        let prompts = query.get("prompt").unwrap_or_default();
        Ok(Self {
            identities,
            domains: owned("session_required_single_domain"),
            policies: owned("session_required_policies"),
            mfa: query.get("session_required_mfa").and_then(truth).unwrap_or(false),
            login: prompts.split(' ').any(|prompt| prompt == "login"),
            message: query.get("session_message").map(str::to_owned),
        })
    }

    /// Whether the person has to sign in even if the browser knows them.
    pub(crate) fn are_fresh(&self) -> bool {
        self.login || self.mfa || !(self.identities.is_empty() && self.domains.is_empty() && self.policies.is_empty())
    }

    /// Whether signing in with an identity helps to meet the demands.
    pub(crate) fn suit(&self, identity: &Identity) -> bool {
        let named = self.identities.is_empty() || self.identities.contains(&identity.id);
        let domain = self.domains.is_empty() || self.domains.iter().any(|domain| is_of(identity, domain));
        named && domain
    }

    pub(crate) fn are_met(&self, auth: &AuthState, session: &Session) -> bool {
        let held = || session.authentications.keys().filter_map(|id| auth.identities.get(id));
        let domains =
            self.domains.is_empty() || held().any(|identity| self.domains.iter().any(|domain| is_of(identity, domain)));
        domains
            && self.missing(session).next().is_none()
            && self.policies.iter().all(|policy| session.policies.contains(policy))
            && (!self.mfa || session.authentications.values().any(|row| row.mfa))
    }

    /// The identities that the session does not hold yet.
    pub(crate) fn missing(&self, session: &Session) -> impl Iterator<Item = Uuid> {
        self.identities
            .iter()
            .copied()
            .filter(|id| !session.authentications.contains_key(id))
    }
}

fn is_of(identity: &Identity, domain: &str) -> bool {
    identity
        .username
        .rsplit_once('@')
        .is_some_and(|(_, known)| known.eq_ignore_ascii_case(domain))
}
