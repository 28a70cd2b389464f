//! How login clients are made.

use secrecy::SecretString;

use super::{AuthLoginClient, ConfidentialAppAuthClient, NativeAppAuthClient};
use crate::authorizers::{Authorizer, BasicAuthorizer};
use crate::client::{ClientBuilder, Mode};
use crate::error::Result;
use crate::operation::{Arg, Argument};
use crate::scopes::{IntoScopes, ScopeError};

impl<M: Mode> ConfidentialAppAuthClient<M> {
    /// A client that identifies itself with its id and secret.
    ///
    /// # Errors
    /// A bad `GLOBUS_SDK_*` variable. Nothing is sent, so wrong credentials show with the first call.
    pub fn new(client_id: impl ToString, client_secret: impl Into<SecretString>) -> Result<Self> {
        Self::with_secret(client_id, client_secret).build()
    }

    /// Settings of a new client that identifies itself with its id and secret, and so takes no `authorizer`.
    pub fn with_secret(client_id: impl ToString, client_secret: impl Into<SecretString>) -> ClientBuilder<Self> {
        let client_id = client_id.to_string();
        let credentials = BasicAuthorizer::new(&client_id, client_secret);
        Self::builder(client_id).credentials(credentials)
    }

    /// The client's id.
    pub fn client_id(&self) -> &str {
        self.core().var("client_id").unwrap_or_default()
    }
}

impl<M: Mode> NativeAppAuthClient<M> {
    /// A client that names itself with its id and has no secret.
    ///
    /// # Errors
    /// A bad `GLOBUS_SDK_*` variable. Nothing is sent.
    pub fn new(client_id: impl ToString) -> Result<Self> {
        Self::builder(client_id).build()
    }

    /// The client's id.
    pub fn client_id(&self) -> &str {
        self.core().var("client_id").unwrap_or_default()
    }
}

impl<M: Mode> AuthLoginClient<M> {
    /// A client that names itself and may bring its own credentials.
    ///
    /// # Errors
    /// A bad `GLOBUS_SDK_*` variable. Nothing is sent.
    pub fn new(client_id: impl ToString, authorizer: impl Authorizer + 'static) -> Result<Self> {
        Self::builder(client_id).authorizer(authorizer).build()
    }
}

/// Scopes to ask for, made from text, a [`Scope`](crate::scopes::Scope) or a list of either.
#[derive(Debug, Clone)]
pub struct RequestedScopes(Result<String, ScopeError>);

impl<S: IntoScopes> From<S> for RequestedScopes {
    fn from(scopes: S) -> Self {
        Self(crate::scopes::serialize(scopes))
    }
}

impl RequestedScopes {
    /// The scopes as they are sent.
    pub(super) fn into_text(self) -> Result<String> {
        Ok(self.0?)
    }
}

impl Argument for RequestedScopes {
    fn into_arg(self) -> Arg {
        match self.0 {
            Ok(text) => Arg::Text(text),
            Err(error) => Arg::Invalid(error.to_string()),
        }
    }
}
