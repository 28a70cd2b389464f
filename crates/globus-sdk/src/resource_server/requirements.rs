//! [`Requirements`]: what a caller must bring.

use std::time::{Duration, SystemTime};

use super::Refusal;
use super::session::{Proof, evaluated, proofs};
use crate::error::{Error, Result};
use crate::gare::GlobusAuthorizationParameters;
use crate::scopes::{IntoScopes, Scope};
use crate::services::ResourceIds;
use crate::services::auth::TokenIntrospection;

/// What a caller must bring: scopes of the service and, where it wants that, a session of a certain kind.
///
/// Whoever lacks something is told all that is required in one answer, so that one login is enough. A session is that of
/// a person's login; programs that act as themselves have none, and meet no requirement on it.
#[derive(Debug, Clone)]
pub struct Requirements {
    scopes: Vec<Scope>,
    identities: Vec<String>,
    domains: Vec<String>,
    policies: Vec<String>,
    mfa: bool,
    max_age: Option<Duration>,
    message: Option<String>,
}

impl Requirements {
    /// All of these scopes. What they depend on is for the login of those who lack them: write there what the service
    /// needs downstream, for example `https://auth.globus.org/scopes/ID/all[urn:globus:auth:scope:groups.api.globus.org:all]`.
    ///
    /// # Errors
    /// Text that is no scope; [`Error::Usage`] without any: a token that merely exists allows nothing.
    pub fn scopes(scopes: impl IntoScopes) -> Result<Self> {
        let scopes = scopes.into_scopes().to_scopes()?;
        if scopes.is_empty() {
            return Err(Error::usage(
                "a service requires at least one scope of its own: a token without it is not meant for the service",
            ));
        }
        crate::scopes::serialize(scopes.clone())?;
        Ok(Self {
            scopes,
            identities: Vec::new(),
            domains: Vec::new(),
            policies: Vec::new(),
            mfa: false,
            max_age: None,
            message: None,
        })
    }

    /// Requires that the person has logged in with each of these identities (ids or user names).
    ///
    /// # Errors
    /// [`Error::Usage`] without any: an empty list would let everybody in.
    pub fn with_identities(mut self, identities: impl IntoIterator<Item: Into<String>>) -> Result<Self> {
        self.identities = identities.into_iter().map(Into::into).collect();
        some("identities", &self.identities)?;
        Ok(self)
    }

    /// Requires that the person has logged in with an identity of one of these domains, for example `example.org`.
    ///
    /// # Errors
    /// [`Error::Usage`] without any: an empty list would let everybody in.
    pub fn with_domains(mut self, domains: impl IntoIterator<Item: Into<String>>) -> Result<Self> {
        self.domains = domains.into_iter().map(Into::into).collect();
        some("domains", &self.domains)?;
        Ok(self)
    }

    /// Requires that the person's session meets all of these authentication policies. Auth evaluates them: it knows what
    /// they demand, such as domains, a second factor or a recent login, and whoever changes one changes no service. A
    /// policy that Auth cannot evaluate lets nobody in: the answer is 500, and the log says which.
    ///
    /// The parameter `authentication_policies` of Auth's introspection, on which this rests, is not in the API reference;
    /// services that are in use rely on it.
    ///
    /// # Errors
    /// [`Error::Validation`] for an id that is no UUID; [`Error::Usage`] without any: an empty list would let everybody in.
    pub fn with_policies(mut self, policy_ids: impl Into<ResourceIds>) -> Result<Self> {
        let ids = policy_ids.into();
        self.policies = ids.checked("policy_ids")?.iter().map(|id| id.to_lowercase()).collect();
        self.policies.sort();
        self.policies.dedup();
        some("policies", &self.policies)?;
        Ok(self)
    }

    /// Requires a second factor.
    #[must_use]
    pub fn with_mfa(mut self) -> Self {
        self.mfa = true;
        self
    }

    /// Requires that the person has logged in within this time. Logins that are older count for none of the others.
    #[must_use]
    pub fn with_max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// What people are told at the login page when they lack something.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// The scope below which the service's own requests downstream stand in consents.
    pub(super) fn own_scope(&self) -> Option<&Scope> {
        self.scopes.first()
    }

    /// The policies that Auth has to evaluate.
    pub(super) fn policies(&self) -> &[String] {
        &self.policies
    }

    pub(super) fn check(&self, token: &TokenIntrospection, now: SystemTime) -> Result<(), Refusal> {
        let granted = |scope: &Scope| {
            let mut names = token.scope.as_deref().unwrap_or_default().split_whitespace();
            names.any(|name| name == scope.name())
        };
        let allowed = self.scopes.iter().all(granted);
        let policies = evaluated(token, &self.policies).map_err(|error| Refusal::unevaluated(&error))?;
        let lacks = self.session(&proofs(token, self.max_age, now));
        let lacks = lacks.or_else(|| (!policies).then_some("an authentication policy is not met"));
        match (allowed, lacks) {
            (true, None) => Ok(()),
            (true, Some(what)) => {
                let message = format!("the login does not do: {what}");
                Err(Refusal::session(
                    &message,
                    self.parameters(&message, true),
                    self.max_age,
                ))
            }
            (false, lacks) => {
                let message = "the token lacks a scope of this service";
                Err(Refusal::scopes(message, self.parameters(message, lacks.is_some())))
            }
        }
    }

    fn texts(&self) -> Vec<String> {
        // Checked when they were given: all of them can be written.
        self.scopes.iter().filter_map(|scope| scope.to_text().ok()).collect()
    }

    /// What the session lacks.
    fn session(&self, proofs: &[Proof<'_>]) -> Option<&'static str> {
        let identities = self
            .identities
            .iter()
            .all(|id| proofs.iter().any(|proof| proof.is_of(id)));
        let of_domain = |proof: &Proof<'_>| self.domains.iter().any(|domain| proof.is_of_domain(domain));
        if self.max_age.is_some() && proofs.is_empty() {
            Some("it is too long ago")
        } else if !identities {
            Some("another identity is required")
        } else if !(self.domains.is_empty() || proofs.iter().any(of_domain)) {
            Some("an identity of another domain is required")
        } else if self.mfa && !proofs.iter().any(Proof::has_mfa) {
            Some("a second factor is required")
        } else {
            None
        }
    }

    fn parameters(&self, message: &str, session: bool) -> GlobusAuthorizationParameters {
        let message = self.message.as_deref().unwrap_or(message);
        // The scopes in any case: tokens of a login for the session alone would replace those that have them.
        let parameters = GlobusAuthorizationParameters::new().with_session_message(message);
        let mut parameters = parameters.with_required_scopes(self.texts());
        if session && !self.identities.is_empty() {
            parameters = parameters.with_session_required_identities(self.identities.iter().cloned());
        }
        if session && !self.domains.is_empty() {
            parameters = parameters.with_session_required_single_domain(self.domains.iter().cloned());
        }
        if session && !self.policies.is_empty() {
            parameters = parameters.with_session_required_policies(self.policies.iter().cloned());
        }
        if session && self.mfa {
            parameters = parameters.with_session_required_mfa(true);
        }
        if session && self.max_age.is_some() {
            parameters = parameters.with_prompt("login");
        }
        parameters
    }
}

/// Refuses a list without anything in it, as one from a setting that is not set may be.
fn some(what: &str, required: &[String]) -> Result<()> {
    if required.is_empty() {
        return Err(Error::usage(format!(
            "no {what} are required: name at least one, or leave the requirement out"
        )));
    }
    Ok(())
}
