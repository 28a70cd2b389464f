//! What a grant brought.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use secrecy::{ExposeSecret, SecretString};

use super::copy::store_login;
use super::{TokenDataByResourceServer, TokenStorage, TokenStorageData};
use crate::error::Result;

/// A token and what is known about it.
#[derive(Clone)]
#[non_exhaustive]
pub struct OAuthTokenData {
    /// Where the token is good.
    pub resource_server: String,
    /// What it allows: scope names, separated by spaces.
    pub scope: String,
    /// The token itself.
    pub access_token: SecretString,
    /// What renews it, where refresh tokens were asked for.
    pub refresh_token: Option<SecretString>,
    /// When it ends, in seconds since 1970.
    pub expires_at_seconds: i64,
    /// `Bearer`.
    pub token_type: Option<String>,
}

impl OAuthTokenData {
    /// A token of type `Bearer` without a refresh token.
    pub fn new(
        resource_server: impl Into<String>,
        scope: impl Into<String>,
        access_token: impl Into<SecretString>,
        expires_at_seconds: i64,
    ) -> Self {
        Self {
            resource_server: resource_server.into(),
            scope: scope.into(),
            access_token: access_token.into(),
            refresh_token: None,
            expires_at_seconds,
            token_type: Some("Bearer".to_owned()),
        }
    }

    /// When the token ends.
    pub fn expires_at(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.expires_at_seconds.try_into().unwrap_or(0))
    }

    /// The token as text. Keep it out of logs and files.
    pub fn expose_access_token(&self) -> &str {
        self.access_token.expose_secret()
    }
}

impl fmt::Debug for OAuthTokenData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthTokenData")
            .field("resource_server", &self.resource_server)
            .field("scope", &self.scope)
            .field("access_token", &"***")
            .field("refresh_token", &self.refresh_token.as_ref().map(|_| "***"))
            .field("expires_at_seconds", &self.expires_at_seconds)
            .finish_non_exhaustive()
    }
}

/// Tokens that are to be stored, as a grant brought them. Made from a token response (`TokenGrant::from(&response)`).
#[derive(Debug, Clone)]
pub struct TokenGrant {
    tokens: Vec<OAuthTokenData>,
    identity_id: Option<String>,
    refresh: bool,
}

impl TokenGrant {
    /// Tokens of a login, of client credentials, or for services downstream.
    pub fn new(tokens: impl IntoIterator<Item = OAuthTokenData>) -> Self {
        Self {
            tokens: tokens.into_iter().collect(),
            identity_id: None,
            refresh: false,
        }
    }

    /// Tokens that renew stored ones. What the answer does not say stays as it is stored: the refresh token (RFC 6749,
    /// section 6, lets the service leave it out) and the identity.
    pub fn refreshed(tokens: impl IntoIterator<Item = OAuthTokenData>) -> Self {
        Self {
            refresh: true,
            ..Self::new(tokens)
        }
    }

    /// Sets whose tokens these are: the `sub` of a *verified* ID token.
    #[must_use]
    pub fn with_identity_id(mut self, identity_id: impl Into<Option<String>>) -> Self {
        self.identity_id = identity_id.into();
        self
    }

    /// Stores the tokens of a login, all at once. A renewal that is on its way may write what it brings for the token of
    /// before over one of them: so each is looked at again under its [lock](TokenStorage::lock), and stored once more if need be.
    ///
    /// # Errors
    /// Those of the storage.
    pub async fn store_in(&self, storage: &dyn TokenStorage) -> Result<()> {
        store_login(storage, self.rows(storage).await?).await
    }

    /// What to store, under its keys. Of a refresh it keeps what the answer left out.
    pub(super) async fn rows<S: TokenStorage + ?Sized>(&self, storage: &S) -> Result<TokenDataByResourceServer> {
        let mut rows = TokenDataByResourceServer::new();
        for token in &self.tokens {
            let stored = if self.refresh {
                storage.get_token_data(&token.resource_server).await?
            } else {
                None
            };
            rows.insert(token.resource_server.clone(), self.to_stored(token, stored));
        }
        Ok(rows)
    }

    /// The tokens, in the order in which they came.
    pub fn tokens(&self) -> &[OAuthTokenData] {
        &self.tokens
    }

    /// Whose tokens these are, if it is known.
    pub fn identity_id(&self) -> Option<&str> {
        self.identity_id.as_deref()
    }

    /// Whether the tokens renew stored ones.
    pub fn is_refresh(&self) -> bool {
        self.refresh
    }

    /// What to store for the token `granted`, if `stored` is there already.
    pub(crate) fn to_stored(&self, granted: &OAuthTokenData, stored: Option<TokenStorageData>) -> TokenStorageData {
        let stored = stored.filter(|_| self.refresh);
        let (old_identity, old_refresh_token) = stored.map_or((None, None), |old| (old.identity_id, old.refresh_token));
        TokenStorageData {
            resource_server: granted.resource_server.clone(),
            identity_id: self.identity_id.clone().or(old_identity),
            scope: granted.scope.clone(),
            access_token: granted.access_token.clone(),
            refresh_token: granted.refresh_token.clone().or(old_refresh_token),
            expires_at_seconds: granted.expires_at_seconds,
            token_type: granted.token_type.clone(),
            extra: serde_json::Map::new(),
        }
    }
}
