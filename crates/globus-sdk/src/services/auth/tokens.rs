//! What the token endpoint answers.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use secrecy::SecretString;
use serde::{Deserialize, Deserializer};

use super::{DecodeIdToken, IdTokenDecoder, LoginClient};
use crate::client::Mode;
use crate::error::{Error, Result};
use crate::models::Model;
pub use crate::tokens::OAuthTokenData;
use crate::tokens::TokenGrant;

/// Tokens of a grant: one for each resource server. Source:
/// <https://docs.globus.org/api/auth/reference/#token_endpoint>, RFC 6749 section 5.1.
#[derive(Clone)]
pub struct OAuthTokenResponse {
    tokens: Vec<OAuthTokenData>,
    id_token: Option<SecretString>,
    state: Option<String>,
}

impl OAuthTokenResponse {
    /// The tokens in the order in which they came.
    pub fn tokens(&self) -> &[OAuthTokenData] {
        &self.tokens
    }

    /// The tokens by the resource server where they are good, for example `transfer.api.globus.org`.
    pub fn by_resource_server(&self) -> BTreeMap<&str, &OAuthTokenData> {
        by_resource_server(&self.tokens)
    }

    /// The tokens by what they allow.
    pub fn by_scopes(&self) -> ByScopes<'_> {
        ByScopes(&self.tokens)
    }

    /// The ID token (OpenID Connect Core 1.0, section 2), when `openid` was asked for by a person.
    pub const fn id_token(&self) -> Option<&SecretString> {
        self.id_token.as_ref()
    }

    /// Verifies the ID token: signature, issuer, audience and expiry. `client` is the one that got the tokens. A program
    /// with many logins keeps an [`IdTokenDecoder`] and uses
    /// [`decode_id_token_with`](Self::decode_id_token_with), so that the issuer's keys are read only once.
    pub fn decode_id_token<C: LoginClient>(&self, client: &C) -> DecodeIdToken<C::Mode> {
        self.decode_id_token_with(&IdTokenDecoder::new(client))
    }

    /// Verifies the ID token with a decoder that keeps the issuer's keys.
    pub fn decode_id_token_with<M: Mode>(&self, decoder: &IdTokenDecoder<M>) -> DecodeIdToken<M> {
        DecodeIdToken::new(decoder.clone(), self.id_token.clone())
    }

    /// The `state` that the grant was started with.
    pub fn state(&self) -> Option<&str> {
        self.state.as_deref()
    }
}

impl fmt::Debug for OAuthTokenResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthTokenResponse")
            .field("tokens", &self.tokens)
            .finish_non_exhaustive()
    }
}

/// Tokens for services downstream. Source: <https://docs.globus.org/api/auth/reference/#dependent_token_grant_post_v2oauth2token>.
#[derive(Debug, Clone)]
pub struct OAuthDependentTokenResponse {
    tokens: Vec<OAuthTokenData>,
}

impl OAuthDependentTokenResponse {
    /// The tokens in the order in which they came.
    pub fn tokens(&self) -> &[OAuthTokenData] {
        &self.tokens
    }

    /// The tokens by the resource server where they are good.
    pub fn by_resource_server(&self) -> BTreeMap<&str, &OAuthTokenData> {
        by_resource_server(&self.tokens)
    }

    /// The tokens by what they allow.
    pub fn by_scopes(&self) -> ByScopes<'_> {
        ByScopes(&self.tokens)
    }
}

fn by_resource_server(tokens: &[OAuthTokenData]) -> BTreeMap<&str, &OAuthTokenData> {
    tokens
        .iter()
        .map(|token| (token.resource_server.as_str(), token))
        .collect()
}

/// Tokens looked up by what they allow.
#[derive(Debug, Clone, Copy)]
pub struct ByScopes<'a>(&'a [OAuthTokenData]);

impl<'a> ByScopes<'a> {
    /// The one token that allows all of `scopes`, names separated by spaces. Of several tokens for one scope the last
    /// counts.
    ///
    /// # Errors
    /// [`Error::Usage`] when a scope is in no token, or no single token has them all.
    pub fn get(&self, scopes: &str) -> Result<&'a OAuthTokenData> {
        let mut found: Option<usize> = None;
        let mut several = false;
        for scope in scopes.split_whitespace() {
            let Some(position) = self.position(scope) else {
                return Err(Error::usage(format!("no token has the scope {scope:?} of {scopes:?}")));
            };
            several |= found.is_some_and(|before| before != position);
            found = Some(position);
        }
        match found {
            Some(position) if !several => Ok(&self.0[position]),
            _ => Err(Error::usage(format!("no single token has all scopes of {scopes:?}"))),
        }
    }

    /// Whether one token allows all of `scopes`.
    pub fn contains(&self, scopes: &str) -> bool {
        self.get(scopes).is_ok()
    }

    /// Each scope with its token, in the order in which scopes first came.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a OAuthTokenData)> + use<'a> {
        let mut names: Vec<&'a str> = Vec::new();
        for name in self.0.iter().flat_map(|token| token.scope.split_whitespace()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let tokens = self.0;
        names
            .into_iter()
            .filter_map(move |name| Some((name, &tokens[Self(tokens).position(name)?])))
    }

    fn position(&self, scope: &str) -> Option<usize> {
        self.0
            .iter()
            .rposition(|token| token.scope.split_whitespace().any(|name| name == scope))
    }
}

/// A token as it comes: `expires_in` counts from the moment of the answer.
#[derive(Deserialize)]
struct Wire {
    resource_server: String,
    scope: String,
    access_token: SecretString,
    refresh_token: Option<SecretString>,
    #[serde(default)]
    expires_in: Option<f64>,
    token_type: Option<String>,
}

#[allow(clippy::cast_possible_truncation)] // lifetimes are small numbers of seconds
impl From<Wire> for OAuthTokenData {
    fn from(wire: Wire) -> Self {
        Self {
            resource_server: wire.resource_server,
            scope: wire.scope,
            access_token: wire.access_token,
            refresh_token: wire.refresh_token,
            expires_at_seconds: wire.expires_in.unwrap_or(0.0) as i64,
            token_type: wire.token_type,
        }
    }
}

impl<'de> Deserialize<'de> for OAuthTokenResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(flatten)]
            first: Wire,
            other_tokens: Vec<Wire>,
            id_token: Option<SecretString>,
            state: Option<String>,
        }
        let answer = Answer::deserialize(deserializer)?;
        let tokens = std::iter::once(answer.first)
            .chain(answer.other_tokens)
            .map(Into::into)
            .collect();
        Ok(Self {
            tokens,
            id_token: answer.id_token,
            state: answer.state,
        })
    }
}

impl<'de> Deserialize<'de> for OAuthDependentTokenResponse {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tokens = Vec::<Wire>::deserialize(deserializer)?
            .into_iter()
            .map(Into::into)
            .collect();
        Ok(Self { tokens })
    }
}

/// Without the identity, which only a verified ID token tells: see [`TokenGrant::with_identity_id`].
impl From<&OAuthTokenResponse> for TokenGrant {
    fn from(response: &OAuthTokenResponse) -> Self {
        Self::new(response.tokens.clone())
    }
}

impl From<&OAuthDependentTokenResponse> for TokenGrant {
    fn from(response: &OAuthDependentTokenResponse) -> Self {
        Self::new(response.tokens.clone())
    }
}

impl Model for OAuthTokenResponse {
    fn received(&mut self, at: SystemTime) {
        count_from(&mut self.tokens, at);
    }
}

impl Model for OAuthDependentTokenResponse {
    fn received(&mut self, at: SystemTime) {
        count_from(&mut self.tokens, at);
    }
}

fn count_from(tokens: &mut [OAuthTokenData], at: SystemTime) {
    let now = at
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX));
    for token in tokens {
        token.expires_at_seconds = token.expires_at_seconds.saturating_add(now);
    }
}
