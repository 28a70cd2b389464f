//! What an application demands of a login: who, how, how recently.
//! <https://docs.globus.org/api/auth/sessions/>

use jiff::Timestamp;
use uuid::Uuid;

use super::project::Policy;
use super::sessions::Session;
use super::state::{AuthState, Identity};
use super::tokens::Token;
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
        let policies = owned("session_required_policies");
        let by_policy = policies
            .iter()
            .filter_map(|id| auth.policy(id))
            .any(|policy| policy.required_mfa);
        let prompts = query.get("prompt").unwrap_or_default();
        Ok(Self {
            identities,
            domains: owned("session_required_single_domain"),
            policies,
            mfa: by_policy || query.get("session_required_mfa").and_then(truth).unwrap_or(false),
            login: prompts.split(' ').any(|prompt| prompt == "login"),
            message: query.get("session_message").map(str::to_owned),
        })
    }

    /// Whether the person has to sign in even if the browser knows them.
    pub(crate) fn are_fresh(&self) -> bool {
        self.login || self.mfa || !(self.identities.is_empty() && self.domains.is_empty() && self.policies.is_empty())
    }

    /// Whether signing in with an identity helps to meet the demands.
    pub(crate) fn suit(&self, auth: &AuthState, identity: &Identity) -> bool {
        let named = self.identities.is_empty() || self.identities.contains(&identity.id);
        let domain = self.domains.is_empty() || self.domains.iter().any(|domain| is_of(identity, domain));
        let mut policies = self.policies.iter().filter_map(|id| auth.policy(id));
        named && domain && policies.all(|policy| policy.admits(auth, identity.id))
    }

    pub(crate) fn are_met(&self, auth: &AuthState, session: &Session, now: Timestamp) -> bool {
        let held = || session.authentications.keys().filter_map(|id| auth.identities.get(id));
        let domains =
            self.domains.is_empty() || held().any(|identity| self.domains.iter().any(|domain| is_of(identity, domain)));
        domains
            && self.missing(session).next().is_none()
            && self.policies.iter().all(|id| auth.meets(session, id, now))
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

impl AuthState {
    /// A policy by its id.
    pub(crate) fn policy(&self, id: &str) -> Option<&Policy> {
        self.policies.get(&Uuid::parse_str(id).ok()?)
    }

    /// Whether a session meets a policy. One that nobody wrote down is met by whoever signed in when it was asked for.
    fn meets(&self, session: &Session, id: &str, now: Timestamp) -> bool {
        match self.policy(id) {
            Some(policy) => policy.is_met(self, session, now),
            None => session.policies.contains(id),
        }
    }

    /// Whether whoever has a token meets a policy. A program's token has no session: policies that look at who somebody
    /// is are all that it can meet.
    pub(crate) fn token_meets(&self, token: &Token, id: &str, now: Timestamp) -> bool {
        match self.sessions.get(token.session) {
            Some(session) => self.meets(session, id, now),
            None => self.policy(id).is_some_and(|policy| {
                !policy.high_assurance && !policy.required_mfa && policy.admits(self, token.identity)
            }),
        }
    }
}

fn is_of(identity: &Identity, domain: &str) -> bool {
    identity.domain().eq_ignore_ascii_case(domain)
}
