//! [`StartFlow`]: the settings of a login before it starts.

use std::fmt;
use std::sync::Arc;

use super::super::RequestedScopes;
use super::{AuthorizationFlow, pkce};
use crate::client::Core;
use crate::error::Result;

/// Settings of a login; [`build`](Self::build) starts it.
#[derive(Clone)]
#[must_use = "no login starts until `build` is called"]
pub struct StartFlow {
    core: Arc<Core>,
    scopes: RequestedScopes,
    redirect_uri: Option<String>,
    state: Option<String>,
    verifier: Option<String>,
    refresh_tokens: bool,
    prefill_named_grant: Option<String>,
}

impl StartFlow {
    pub(in super::super) fn new(core: Arc<Core>, scopes: RequestedScopes) -> Self {
        Self {
            core,
            scopes,
            redirect_uri: None,
            state: None,
            verifier: None,
            refresh_tokens: false,
            prefill_named_grant: None,
        }
    }

    /// Where the login page leads in the end: an address that is registered for the client. A native client needs
    /// none: Globus then shows the code on a page, to be copied.
    pub fn redirect_uri(mut self, redirect_uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(redirect_uri.into());
        self
    }

    /// A value that comes back with the code, in place of a random one. It must be one that nobody can guess, since it
    /// shows that what comes back belongs to this login (RFC 6749, section 10.12).
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// The secret of this login, in place of a random one: 43 to 128 letters, digits, `-`, `.`, `_` or `~` (RFC 7636,
    /// section 4.1).
    pub fn verifier(mut self, verifier: impl Into<String>) -> Self {
        self.verifier = Some(verifier.into());
        self
    }

    /// Whether to get refresh tokens too, so that a program can go on for months without another login.
    pub const fn refresh_tokens(mut self, refresh_tokens: bool) -> Self {
        self.refresh_tokens = refresh_tokens;
        self
    }

    /// What the person finds in the list of their consents, for example `my-program on my-machine`; they can change it.
    pub fn prefill_named_grant(mut self, name: impl Into<String>) -> Self {
        self.prefill_named_grant = Some(name.into());
        self
    }

    /// Starts the login. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Scope`](crate::Error::Scope) without scopes, [`Error::Usage`](crate::Error::Usage) for a verifier that
    /// RFC 7636 does not allow.
    pub fn build(self) -> Result<AuthorizationFlow> {
        let random = &*self.core.ambient().random;
        let below = |path: &str| format!("{}{path}", self.core.base_url().as_str().trim_end_matches('/'));
        let redirect_uri = self.redirect_uri.filter(|uri| !uri.is_empty());
        let verifier = match self.verifier {
            Some(verifier) => pkce::checked(verifier)?,
            None => pkce::random_text(random).into(),
        };
        Ok(AuthorizationFlow {
            authorization_endpoint: below("/v2/oauth2/authorize"),
            client_id: self.core.var("client_id").unwrap_or_default().to_owned(),
            redirect_uri: redirect_uri.unwrap_or_else(|| below("/v2/web/auth-code")),
            scope: self.scopes.into_text()?,
            // An empty one would protect nothing.
            state: self
                .state
                .filter(|state| !state.is_empty())
                .unwrap_or_else(|| pkce::random_text(random)),
            verifier,
            refresh_tokens: self.refresh_tokens,
            prefill_named_grant: self.prefill_named_grant,
        })
    }
}

impl fmt::Debug for StartFlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StartFlow")
            .field("scopes", &self.scopes)
            .field("redirect_uri", &self.redirect_uri)
            .field("refresh_tokens", &self.refresh_tokens)
            .finish_non_exhaustive()
    }
}
