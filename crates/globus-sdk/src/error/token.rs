//! Stored or granted tokens that do not do.

use super::quoted;

/// A token is missing, or is not what is needed. A login brings a better one, except where the identity is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// No token is stored.
    #[error("no token is stored for {}", quoted(resource_server))]
    #[non_exhaustive]
    Missing {
        /// Where the token would be good.
        resource_server: String,
    },
    /// A token is stored without one that renews it.
    #[error("no refresh token is stored for {}", quoted(resource_server))]
    #[non_exhaustive]
    MissingRefreshToken {
        /// Where the token is good.
        resource_server: String,
    },
    /// The token has ended.
    #[error("the token for {} expired at {}", quoted(resource_server), time(*expires_at_seconds))]
    #[non_exhaustive]
    Expired {
        /// Where the token was good.
        resource_server: String,
        /// When it ended, in seconds since 1970.
        expires_at_seconds: i64,
    },
    /// A grant does not say whose tokens it brought.
    #[error("the grant does not say whose tokens these are; ask for the scope `openid` too")]
    MissingIdentity,
    /// A grant brought tokens of somebody else than those that are stored.
    #[error(
        "the tokens are of identity {}, those that are stored of {}",
        quoted(new),
        quoted(stored)
    )]
    #[non_exhaustive]
    IdentityMismatch {
        /// Whose tokens are stored.
        stored: String,
        /// Whose tokens came.
        new: String,
    },
    /// Tokens of several identities came together, or are stored together.
    #[error("the tokens are of several identities: {}", quoted(&identities.join(" ")))]
    #[non_exhaustive]
    MixedIdentities {
        /// The identities, sorted.
        identities: Vec<String>,
    },
    /// The token lacks scopes.
    #[error("the token for {} lacks the scopes {}", quoted(resource_server), quoted(&missing.join(" ")))]
    #[non_exhaustive]
    UnmetScopes {
        /// Where the token is good.
        resource_server: String,
        /// Names of the scopes that it lacks.
        missing: Vec<String>,
    },
    /// The person has not consented to all that the scopes depend on.
    #[error("consents for {} are missing: {} is needed", quoted(resource_server), quoted(&required.join(" ")))]
    #[non_exhaustive]
    UnmetDependentScopes {
        /// Where the token is good.
        resource_server: String,
        /// The scopes with all that they depend on.
        required: Vec<String>,
    },
}

impl TokenError {
    /// See [`TokenError::Missing`].
    pub fn missing(resource_server: impl Into<String>) -> Self {
        Self::Missing {
            resource_server: resource_server.into(),
        }
    }

    /// See [`TokenError::MissingRefreshToken`].
    pub fn missing_refresh_token(resource_server: impl Into<String>) -> Self {
        Self::MissingRefreshToken {
            resource_server: resource_server.into(),
        }
    }

    /// See [`TokenError::Expired`].
    pub fn expired(resource_server: impl Into<String>, expires_at_seconds: i64) -> Self {
        Self::Expired {
            resource_server: resource_server.into(),
            expires_at_seconds,
        }
    }

    /// See [`TokenError::IdentityMismatch`].
    pub fn identity_mismatch(stored: impl Into<String>, new: impl Into<String>) -> Self {
        Self::IdentityMismatch {
            stored: stored.into(),
            new: new.into(),
        }
    }

    /// See [`TokenError::MixedIdentities`].
    pub fn mixed_identities(identities: impl IntoIterator<Item = String>) -> Self {
        Self::MixedIdentities {
            identities: identities.into_iter().collect(),
        }
    }

    /// See [`TokenError::UnmetScopes`].
    pub fn unmet_scopes(resource_server: impl Into<String>, missing: Vec<String>) -> Self {
        Self::UnmetScopes {
            resource_server: resource_server.into(),
            missing,
        }
    }

    /// See [`TokenError::UnmetDependentScopes`].
    pub fn unmet_dependent_scopes(resource_server: impl Into<String>, required: Vec<String>) -> Self {
        Self::UnmetDependentScopes {
            resource_server: resource_server.into(),
            required,
        }
    }

    /// The name in serialized errors, for example `identity_mismatch`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::MissingRefreshToken { .. } => "missing_refresh_token",
            Self::Expired { .. } => "expired",
            Self::MissingIdentity => "missing_identity",
            Self::IdentityMismatch { .. } => "identity_mismatch",
            Self::MixedIdentities { .. } => "mixed_identities",
            Self::UnmetScopes { .. } => "unmet_scopes",
            Self::UnmetDependentScopes { .. } => "unmet_dependent_scopes",
        }
    }

    /// Where the token is good, if the problem is about one token.
    pub fn resource_server(&self) -> Option<&str> {
        match self {
            Self::Missing { resource_server }
            | Self::MissingRefreshToken { resource_server }
            | Self::Expired { resource_server, .. }
            | Self::UnmetScopes { resource_server, .. }
            | Self::UnmetDependentScopes { resource_server, .. } => Some(resource_server),
            Self::MissingIdentity | Self::IdentityMismatch { .. } | Self::MixedIdentities { .. } => None,
        }
    }

    /// What to do about it.
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::IdentityMismatch { .. } => "log in as the same identity, or log out first",
            Self::MixedIdentities { .. } => "remove all stored tokens (`app.logout(true)`), and log in again",
            _ => "log in again",
        }
    }
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| format!("{seconds} s after 1970"), |time| time.to_string())
}
