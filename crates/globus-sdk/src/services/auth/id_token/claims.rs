//! [`IdTokenClaims`]: what an ID token says.

use globus_sdk_macros::model;
use serde::{Deserialize, Serialize};

use crate::models::{IdentityId, IdentityProviderId};
use crate::services::auth::IdentitySetDetail;

/// Who logged in, as Globus Auth vouches for it. Source: OpenID Connect Core 1.0, sections 2 and 5.1;
/// <https://docs.globus.org/api/auth/reference/#oidc_userinfo_endpoint>.
#[model]
pub struct IdTokenClaims {
    /// The identity that logged in.
    pub sub: IdentityId,
    /// Who issued the token.
    pub iss: Option<String>,
    /// The clients that it is meant for.
    pub aud: Option<Audience>,
    /// The client that asked for it, where it is meant for several.
    pub azp: Option<String>,
    /// When it ends, in seconds since 1970.
    pub exp: Option<i64>,
    /// When it was issued, in seconds since 1970.
    pub iat: Option<i64>,
    /// From when it is good, in seconds since 1970.
    pub nbf: Option<i64>,
    /// Hash of the access token that came along.
    pub at_hash: Option<String>,
    /// The value that was sent when the login started.
    pub nonce: Option<String>,
    /// Full name; only with the scope `profile`.
    pub name: Option<String>,
    /// User name, for example `user@example.org`; only with the scope `profile`.
    pub preferred_username: Option<String>,
    /// Organization; only with the scope `profile`.
    pub organization: Option<String>,
    /// Email address; only with the scope `email`.
    pub email: Option<String>,
    /// The provider that vouches for the identity; only with the scope `profile`.
    pub identity_provider: Option<IdentityProviderId>,
    /// That provider's name; only with the scope `profile`.
    pub identity_provider_display_name: Option<String>,
    /// The identities linked to `sub`, itself included.
    pub identity_set: Option<Vec<IdentitySetDetail>>,
    /// When the person last authenticated, in seconds since 1970.
    pub last_authentication: Option<i64>,
}

/// Whom a token is meant for: one client, or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One client.
    One(String),
    /// Several clients.
    Many(Vec<String>),
}

impl Audience {
    /// Whether `client` is among them.
    pub fn contains(&self, client: &str) -> bool {
        match self {
            Self::One(one) => one == client,
            Self::Many(many) => many.iter().any(|one| one == client),
        }
    }
}
