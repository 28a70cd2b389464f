//! [`Authenticator`]: from the headers of a request to its caller.

use std::sync::Arc;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use secrecy::SecretString;

use super::{Caller, DependentTokenCache, IntrospectionCache, Refusal, Requirements};
use crate::services::auth::{ConfidentialAppAuthClient, TokenIntrospection};
use crate::transport::Clock;

/// Turns the headers of a request into its [`Caller`], or into a [`Refusal`].
///
/// A token must be active, be meant for the service, and fulfil the [`Requirements`]. Clones, and those made
/// [with other requirements](Self::with_requirements), share what they remember of tokens.
#[derive(Debug, Clone)]
pub struct Authenticator {
    audience: Arc<[String]>,
    introspection: Arc<IntrospectionCache>,
    dependents: Arc<DependentTokenCache>,
    requirements: Arc<Requirements>,
    clock: Arc<dyn Clock>,
}

impl Authenticator {
    /// For the service that `client` is. Tokens must be meant for its client id, and time is that of the client.
    pub fn new(client: &ConfidentialAppAuthClient, requirements: Requirements) -> Self {
        Self {
            audience: Arc::from([client.client_id().to_owned()]),
            introspection: Arc::new(IntrospectionCache::new(client)),
            dependents: Arc::new(DependentTokenCache::new(client)),
            requirements: Arc::new(requirements),
            clock: client.core().ambient().clock.clone(),
        }
    }

    /// The same for callers who must bring something else, for example on another route.
    #[must_use]
    pub fn with_requirements(&self, requirements: Requirements) -> Self {
        Self {
            requirements: Arc::new(requirements),
            ..self.clone()
        }
    }

    /// Sets for whom tokens must be meant, in place of the client's id: a resource server that has a host name is known
    /// by that. One of the names is enough.
    #[must_use]
    pub fn with_audience(mut self, names: impl IntoIterator<Item: Into<String>>) -> Self {
        self.audience = names.into_iter().map(Into::into).collect();
        self
    }

    /// Uses an introspection cache with settings of its own.
    #[must_use]
    pub fn with_introspection(mut self, cache: impl Into<Arc<IntrospectionCache>>) -> Self {
        self.introspection = cache.into();
        self
    }

    /// Uses a cache of dependent tokens with settings of its own.
    #[must_use]
    pub fn with_dependent_tokens(mut self, cache: impl Into<Arc<DependentTokenCache>>) -> Self {
        self.dependents = cache.into();
        self
    }

    /// Says whose request it is, by its `Authorization` header.
    ///
    /// # Errors
    /// A [`Refusal`], which is the answer to the request.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let token = bearer_token(headers)?;
        let policies = self.requirements.policies();
        let found = self.introspection.evaluate(&token, policies).await;
        let found = found.map_err(|error| Refusal::unchecked(&error))?;
        let Some(identity) = found.sub.clone().filter(|_| found.active) else {
            return Err(Refusal::invalid_token("the token has ended, or is none"));
        };
        if !self.is_for_us(&found) {
            return Err(Refusal::invalid_token("the token is meant for another service"));
        }
        self.requirements.check(&found, self.clock.now())?;
        let own_scope = self.requirements.own_scope().cloned();
        Ok(Caller::new(identity, found, token, self.dependents.clone(), own_scope))
    }

    fn is_for_us(&self, token: &TokenIntrospection) -> bool {
        let mut meant = token.aud.iter().flatten();
        meant.any(|name| self.audience.iter().any(|own| own == name))
    }
}

/// The token of the one `Authorization` header (RFC 6750, section 2.1).
fn bearer_token(headers: &HeaderMap) -> Result<SecretString, Refusal> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let Some(header) = all.next() else {
        return Err(Refusal::unauthenticated("the request brings no token"));
    };
    if all.next().is_some() {
        return Err(Refusal::unauthenticated(
            "the request has several `Authorization` headers",
        ));
    }
    let parts = header.to_str().ok().and_then(|text| text.split_once(' '));
    let token = parts.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    let token = token.map(|(_, token)| token.trim()).filter(|token| is_token(token));
    token
        .map(SecretString::from)
        .ok_or_else(|| Refusal::unauthenticated("the `Authorization` header is not that of a bearer token"))
}

fn is_token(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    !text.is_empty() && text.bytes().all(allowed)
}
