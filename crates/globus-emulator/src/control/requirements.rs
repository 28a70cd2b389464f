//! Demanding more of a login than it had: the answer that makes a program ask its person to sign in again.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::faults::fits;
use crate::exchange::{Credentials, Incoming, Reply};
use crate::services::auth::demands::Demands;
use crate::services::auth::scope_request::ScopeRequest;
use crate::services::auth::sessions::Session;
use crate::services::auth::tokens::Token;
use crate::services::{Service, resource};
use crate::world::World;

/// What requests to some path require of the login behind their token. Those that fall short are answered with 403 and
/// the requirements, until a login has met them.
///
/// ```
/// use globus_emulator::Requirement;
///
/// let step_up = Requirement::new().path("/flows*").user("alice").mfa().message("Flows need a second factor");
/// # let _ = step_up;
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[must_use]
pub struct Requirement {
    method: Option<String>,
    path: Option<String>,
    identity: Option<String>,
    session_message: Option<String>,
    session_required_mfa: bool,
    session_required_policies: Vec<String>,
    session_required_identities: Vec<String>,
    session_required_single_domain: Vec<String>,
    required_scopes: Vec<String>,
    prompt: Option<String>,
}

impl Requirement {
    /// One that requires nothing so far, of anybody, anywhere.
    pub fn new() -> Self {
        Self::default()
    }

    /// For requests of one method only.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_ascii_uppercase());
        self
    }

    /// For requests whose path fits a pattern, in which `*` stands for any characters.
    pub fn path(mut self, pattern: &str) -> Self {
        self.path = Some(pattern.to_owned());
        self
    }

    /// For one user only: an id, a username or a first name.
    pub fn user(mut self, user: &str) -> Self {
        self.identity = Some(user.to_owned());
        self
    }

    /// What the person is told.
    pub fn message(mut self, message: &str) -> Self {
        self.session_message = Some(message.to_owned());
        self
    }

    /// Requires a second factor.
    pub fn mfa(mut self) -> Self {
        self.session_required_mfa = true;
        self
    }

    /// Requires that a policy, given by its id, has been met.
    pub fn policy(mut self, policy: &str) -> Self {
        self.session_required_policies.push(policy.to_owned());
        self
    }

    /// Requires an identity, given by id or username, in the session.
    pub fn session_identity(mut self, identity: &str) -> Self {
        self.session_required_identities.push(identity.to_owned());
        self
    }

    /// Requires an identity of a domain in the session; of several domains one is enough.
    pub fn domain(mut self, domain: &str) -> Self {
        self.session_required_single_domain.push(domain.to_owned());
        self
    }

    /// Requires consent to a scope, perhaps with dependencies in brackets.
    pub fn scope(mut self, scope: &str) -> Self {
        self.required_scopes.push(scope.to_owned());
        self
    }

    /// Requires a login later than the requirement.
    pub fn fresh_login(mut self) -> Self {
        self.prompt = Some("login".to_owned());
        self
    }

    /// Says what about a requirement cannot work.
    pub(crate) fn check(&self, world: &World) -> Result<(), String> {
        if self.parameters().is_empty() {
            return Err("a requirement has to require something".to_owned());
        }
        if let Some(user) = &self.identity
            && world.auth.person(user).is_none()
        {
            return Err(format!("there is no user {user}"));
        }
        ScopeRequest::parse(&self.required_scopes.join(" ")).map(drop)
    }

    fn meets(&self, world: &World, request: &Incoming, token: &Token) -> bool {
        let method = self.method.as_deref();
        let user = || {
            self.identity
                .as_deref()
                .map(|user| world.auth.person(user).map(|row| row.id))
        };
        method.is_none_or(|method| method.eq_ignore_ascii_case(request.method.as_str()))
            && self
                .path
                .as_deref()
                .is_none_or(|pattern| fits(pattern.as_bytes(), request.path.as_bytes()))
            && user().is_none_or(|user| user.is_some_and(|user| world.auth.linked(user).contains(&token.identity)))
    }

    fn is_satisfied(&self, world: &World, token: &Token, since: u64) -> bool {
        let auth = &world.auth;
        let nothing = Session::default();
        let session = auth.sessions.get(token.session).unwrap_or(&nothing);
        let find = |text: &String| auth.person(text).map(|row| row.id);
        let Some(identities) = self.session_required_identities.iter().map(find).collect() else {
            return false;
        };
        let demands = Demands {
            identities,
            domains: self.session_required_single_domain.clone(),
            policies: self.session_required_policies.clone(),
            mfa: self.session_required_mfa,
            ..Demands::default()
        };
        let is_recent = || session.authentications.values().any(|row| row.order >= since);
        let consented = |text: &String| {
            let request = ScopeRequest::parse(text).ok();
            request.is_some_and(|request| auth.has_consented(token.client, token.identity, &request, false))
        };
        demands.are_met(auth, session, world.time.now())
            && (self.prompt.as_deref() != Some("login") || is_recent())
            && self.required_scopes.iter().all(consented)
    }

    /// The members of `authorization_parameters`.
    fn parameters(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut list = |name: &str, values: &[String]| {
            if !values.is_empty() {
                members.insert(name.to_owned(), json!(values));
            }
        };
        list("session_required_policies", &self.session_required_policies);
        list("session_required_identities", &self.session_required_identities);
        list("session_required_single_domain", &self.session_required_single_domain);
        list("required_scopes", &self.required_scopes);
        if self.session_required_mfa {
            members.insert("session_required_mfa".to_owned(), json!(true));
        }
        if let Some(prompt) = &self.prompt {
            members.insert("prompt".to_owned(), json!(prompt));
        }
        if members.is_empty() {
            return members;
        }
        if let Some(message) = &self.session_message {
            members.insert("session_message".to_owned(), json!(message));
        }
        members
    }

    /// The error document, in the form of its service.
    fn reply(&self, request: &Incoming) -> Reply {
        let service = Service::of_path(&request.path).unwrap_or(Service::Auth);
        let scopes = !self.required_scopes.is_empty();
        let policies = !self.session_required_policies.is_empty();
        let code = match service {
            _ if scopes => "ConsentRequired",
            Service::Transfer => "AuthPolicyFailed",
            Service::Flows if policies => "AuthenticationPolicyRequired",
            _ => "AuthorizationRequired",
        };
        let message = self
            .session_message
            .as_deref()
            .unwrap_or("The login is not as this request requires it");
        let mut document = json!({
            "code": code, "message": message, "authorization_parameters": self.parameters(),
        });
        if service == Service::Transfer {
            // The form of old: a list of policies is a text with commas.
            if policies {
                let policies = self.session_required_policies.join(",");
                document["authorization_parameters"]["session_required_policies"] = policies.into();
            }
            if scopes {
                document["required_scopes"] = json!(self.required_scopes);
            }
            document["request_id"] = "emulator0".into();
            document["resource"] = resource(&request.path).into();
        }
        if service == Service::Flows {
            document["debug_id"] = crate::ids::named(&request.path).to_string().into();
        }
        Reply::json(StatusCode::FORBIDDEN, &document).inferred()
    }
}

/// The answer to a request that falls short of one of the requirements, each with the number of logins before it.
pub(crate) fn shortfall(requirements: &[(Requirement, u64)], world: &World, request: &Incoming) -> Option<Reply> {
    let Credentials::Bearer(text) = request.credentials() else {
        return None;
    };
    let now = world.time.now();
    let token = world.auth.tokens.get(text).filter(|token| token.expires > now)?;
    let missed = requirements
        .iter()
        .find(|(row, since)| row.meets(world, request, token) && !row.is_satisfied(world, token, *since));
    missed.map(|(row, _)| row.reply(request))
}
