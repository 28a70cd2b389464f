//! Where new tokens come from.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::error::Error;

/// Fetches access tokens, for example with client credentials or a refresh token.
pub trait TokenSource: Send + Sync + fmt::Debug {
    /// Fetches a token. It is called by one caller at a time, and by nobody while a token is good; in a
    /// [`RenewingAuthorizer`](super::RenewingAuthorizer) on a thread of its own, with a tokio runtime that ends with it.
    ///
    /// # Errors
    /// Whatever goes wrong; everybody who waits for the token gets the same error, and the next call tries again.
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>>;
}

impl<T: TokenSource + ?Sized> TokenSource for Arc<T> {
    fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>> {
        (**self).fetch()
    }
}

/// A token that has just been fetched.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Renewal {
    /// The access token.
    pub access_token: SecretString,
    /// When it expires.
    pub expires_at: SystemTime,
    /// A refresh token, if one came with it.
    pub refresh_token: Option<SecretString>,
    /// The service that takes the token.
    pub resource_server: Option<String>,
    /// The scopes of the token, separated by spaces.
    pub scope: Option<String>,
    /// The kind of token; `Bearer` with Globus.
    pub token_type: Option<String>,
}

impl Renewal {
    /// A token and its expiry.
    pub fn new(access_token: impl Into<SecretString>, expires_at: SystemTime) -> Self {
        Self {
            access_token: access_token.into(),
            expires_at,
            refresh_token: None,
            resource_server: None,
            scope: None,
            token_type: None,
        }
    }

    /// Adds the refresh token that came along.
    #[must_use]
    pub fn with_refresh_token(mut self, refresh_token: Option<SecretString>) -> Self {
        self.refresh_token = refresh_token;
        self
    }

    /// Adds the service that takes the token.
    #[must_use]
    pub fn with_resource_server(mut self, resource_server: impl Into<String>) -> Self {
        self.resource_server = Some(resource_server.into());
        self
    }

    /// Adds the scopes of the token.
    #[must_use]
    pub fn with_scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Adds the kind of token.
    #[must_use]
    pub fn with_token_type(mut self, token_type: impl Into<String>) -> Self {
        self.token_type = Some(token_type.into());
        self
    }

    /// When the token expires, in seconds since 1970.
    pub fn expires_at_seconds(&self) -> u64 {
        self.expires_at
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or(Duration::ZERO)
            .as_secs()
    }
}
