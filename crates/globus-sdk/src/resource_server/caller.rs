//! [`Caller`]: whose request it is.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::SecretString;

use super::refusal::challenge;
use super::{DependentTokenAuthorizer, DependentTokenCache, Refusal};
use crate::error::{Error, Result};
use crate::models::{ClientId, IdentityId};
use crate::scopes::{IntoScopes, Scope};
use crate::services::auth::TokenIntrospection;
use crate::tokens::OAuthTokenData;

/// Whose request it is, what their token allows, and tokens to act for them downstream.
#[derive(Clone)]
pub struct Caller {
    identity: IdentityId,
    introspection: Arc<TokenIntrospection>,
    token: SecretString,
    dependents: Arc<DependentTokenCache>,
    own_scope: Option<Scope>,
}

impl Caller {
    pub(super) fn new(
        identity: IdentityId,
        introspection: Arc<TokenIntrospection>,
        token: SecretString,
        dependents: Arc<DependentTokenCache>,
        own_scope: Option<Scope>,
    ) -> Self {
        Self {
            identity,
            introspection,
            token,
            dependents,
            own_scope,
        }
    }

    /// The identity for which the request is made. Keep what belongs to somebody under this id, not under a name.
    pub fn identity_id(&self) -> &IdentityId {
        &self.identity
    }

    /// That identity's user name, for example `user@example.org`. Names change hands.
    pub fn username(&self) -> Option<&str> {
        self.introspection.username.as_deref()
    }

    /// The identities that are linked to it, itself included.
    pub fn identity_set(&self) -> &[IdentityId] {
        let set = self.introspection.identity_set.as_deref().unwrap_or_default();
        if set.is_empty() {
            std::slice::from_ref(&self.identity)
        } else {
            set
        }
    }

    /// Whether the identity of that id is the caller's, or linked to it.
    pub fn has_identity(&self, id: &str) -> bool {
        self.identity.as_str() == id || self.identity_set().iter().any(|own| own.as_str() == id)
    }

    /// The program that makes the request.
    pub fn client_id(&self) -> Option<&ClientId> {
        self.introspection.client_id.as_ref()
    }

    /// Names of the scopes that the token allows.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.introspection
            .scope
            .as_deref()
            .unwrap_or_default()
            .split_whitespace()
    }

    /// Whether the token allows the scope of that name.
    pub fn has_scope(&self, name: &str) -> bool {
        self.scopes().any(|own| own == name)
    }

    /// When the token ends.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let seconds = u64::try_from(self.introspection.exp?).ok()?;
        UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    /// All that Auth said of the token.
    pub fn introspection(&self) -> &TokenIntrospection {
        &self.introspection
    }

    /// A token for `scopes` of one other service, in the caller's name: see [`DependentTokenCache::get`].
    ///
    /// # Errors
    /// Those of [`DependentTokenCache::get`].
    pub async fn dependent_token(&self, scopes: impl IntoScopes) -> Result<OAuthTokenData> {
        self.dependents.get(&self.token, scopes).await
    }

    /// Credentials for a client of another service, in the caller's name: see [`DependentTokenCache::authorizer`].
    ///
    /// # Errors
    /// Text that is no scope, or none at all.
    pub fn authorizer(&self, scopes: impl IntoScopes) -> Result<DependentTokenAuthorizer> {
        self.dependents.authorizer(&self.token, scopes)
    }

    /// The answer for the caller to an error that a service downstream, or Auth, gave because it wants more of their
    /// login: a consent, a second factor. `None` for any other error.
    ///
    /// The caller's program does not know of the service downstream, so the scopes that it wants are asked for below this
    /// service's own: that is where the consent is needed.
    pub fn refusal(&self, error: &Error) -> Option<Refusal> {
        let gare = crate::gare::to_gare(error)?;
        let mut parameters = gare.authorization_parameters;
        let wanted = parameters.required_scopes.take().unwrap_or_default();
        let message = parameters.session_message.clone();
        let message = message.unwrap_or_else(|| "another service, which is needed for this, wants more".to_owned());
        if wanted.is_empty() {
            let challenge = challenge("insufficient_user_authentication", &message, &[]);
            return Some(Refusal::demanding(&gare.code, &message, parameters, challenge));
        }
        let below: Vec<Scope> = crate::scopes::parse(&wanted.join(" ")).ok()?;
        let own = Scope::new(self.own_scope.as_ref()?.name()).ok()?;
        parameters.required_scopes = Some(vec![own.with_dependencies(below).to_text().ok()?]);
        Some(Refusal::scopes(&message, parameters))
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("identity_id", &self.identity)
            .field("username", &self.username())
            .field("client_id", &self.client_id())
            .field("scopes", &self.introspection.scope)
            .finish_non_exhaustive()
    }
}
