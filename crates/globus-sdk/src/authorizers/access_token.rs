//! A fixed access token.

use std::fmt::{self, Write as _};

use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};

use super::Authorizer;
use crate::error::Error;

/// Sends one access token and never renews it (RFC 6750, section 2.1).
///
/// ```
/// # use globus_sdk::authorizers::AccessTokenAuthorizer;
/// let authorizer = AccessTokenAuthorizer::new("a-token");
/// assert!(!format!("{authorizer:?}").contains("a-token"));
/// ```
#[derive(Clone)]
pub struct AccessTokenAuthorizer {
    token: SecretString,
}

impl AccessTokenAuthorizer {
    /// `token` is the access token alone, without `Bearer`.
    pub fn new(token: impl Into<SecretString>) -> Self {
        Self { token: token.into() }
    }

    /// The SHA-256 hash of the token in hexadecimal digits: it tells tokens apart in a log without showing them.
    pub fn token_hash(&self) -> String {
        hash(&self.token)
    }
}

impl Authorizer for AccessTokenAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>> {
        Box::pin(async { bearer(&self.token).map(Some) })
    }
}

impl fmt::Debug for AccessTokenAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessTokenAuthorizer")
            .field("token_hash", &self.token_hash())
            .finish()
    }
}

/// The header for a token; it is marked so that nobody prints it.
pub(crate) fn bearer(token: &SecretString) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret())).map_err(|_| {
        Error::validation(
            "access token",
            "it contains characters that a header cannot carry, such as a line break",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

pub(super) fn hash(token: &SecretString) -> String {
    Sha256::digest(token.expose_secret().as_bytes())
        .iter()
        .fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}
