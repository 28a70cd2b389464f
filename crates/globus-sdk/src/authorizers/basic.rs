//! Name and password.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::Authorizer;
use crate::error::Error;

/// Sends a name and a password, or a client id and its secret, with every request (RFC 7617, in UTF-8).
#[derive(Clone)]
pub struct BasicAuthorizer {
    username: String,
    password: SecretString,
}

impl BasicAuthorizer {
    /// `username` must not contain a colon if the service is to tell it from the password.
    pub fn new(username: impl Into<String>, password: impl Into<SecretString>) -> Self {
        Self {
            username: username.into(),
            password: password.into(),
        }
    }
}

impl Authorizer for BasicAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>> {
        Box::pin(async {
            let credentials = STANDARD.encode(format!("{}:{}", self.username, self.password.expose_secret()));
            // Base64 has no character that a header cannot carry.
            let mut value = HeaderValue::try_from(format!("Basic {credentials}"))
                .map_err(|_| Error::validation("password", "it cannot be put into a header"))?;
            value.set_sensitive(true);
            Ok(Some(value))
        })
    }
}

impl fmt::Debug for BasicAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BasicAuthorizer")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}
