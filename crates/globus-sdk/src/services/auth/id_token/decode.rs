//! [`DecodeIdToken`]: the verification of one ID token.

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use super::checks::{Checks, setters};
use super::{IdTokenClaims, IdTokenDecoder};
use crate::client::{Async, Blocking, Mode};
use crate::error::{Error, LoginError, LoginErrorKind, Result};
use crate::services::auth::{JsonWebKeySet, OpenIdConfiguration};

/// The verification of one ID token, with settings of its own. Await it, or send it.
#[derive(Debug, Clone)]
#[must_use = "nothing is verified until it is awaited or sent"]
pub struct DecodeIdToken<M: Mode = Async> {
    decoder: IdTokenDecoder<M>,
    id_token: Option<SecretString>,
    checks: Checks,
    configuration: Option<OpenIdConfiguration>,
    jwk: Option<JsonWebKeySet>,
}

impl<M: Mode> DecodeIdToken<M> {
    pub(in super::super) fn new(decoder: IdTokenDecoder<M>, id_token: Option<SecretString>) -> Self {
        let checks = decoder.checks.clone();
        Self {
            decoder,
            id_token,
            checks,
            configuration: None,
            jwk: None,
        }
    }

    setters!();

    /// The nonce that was sent when the login started, which the token must repeat.
    pub fn nonce(mut self, nonce: impl Into<String>) -> Self {
        self.checks.nonce = Some(nonce.into());
        self
    }

    /// A discovery document that is at hand.
    pub fn openid_configuration(mut self, configuration: OpenIdConfiguration) -> Self {
        self.configuration = Some(configuration);
        self
    }

    /// Keys that are at hand; together with [`openid_configuration`](Self::openid_configuration).
    pub fn jwk(mut self, keys: JsonWebKeySet) -> Self {
        self.jwk = Some(keys);
        self
    }

    async fn run(self) -> Result<IdTokenClaims> {
        let Some(id_token) = self.id_token else {
            let message = "the tokens came without an ID token";
            return Err(Error::from(LoginError::new(LoginErrorKind::IdTokenMissing, message)));
        };
        let mut decoder = self.decoder;
        if self.jwk.is_some() && self.configuration.is_none() {
            return Err(Error::usage(
                "`jwk` needs `openid_configuration` too: it says how tokens are signed and by whom",
            ));
        }
        if self.configuration.is_some() {
            decoder = decoder.apart();
        }
        if let Some(configuration) = self.configuration {
            decoder.store_openid_configuration(configuration);
        }
        if let Some(keys) = self.jwk {
            decoder.store_jwk(&keys);
        }
        decoder.verified(id_token.expose_secret(), &self.checks).await
    }
}

impl IntoFuture for DecodeIdToken<Async> {
    type Output = Result<IdTokenClaims>;
    type IntoFuture = BoxFuture<'static, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl DecodeIdToken<Blocking> {
    /// Verifies the token.
    ///
    /// # Errors
    /// [`Error::Login`] naming what does not hold; those of reading the issuer's keys.
    pub fn send(self) -> Result<IdTokenClaims> {
        let core = self.decoder.core.clone();
        core.block_on(self.run())
    }
}
