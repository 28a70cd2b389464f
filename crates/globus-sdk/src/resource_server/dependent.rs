//! [`DependentTokenCache`]: tokens for services downstream, in the name of a caller.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::{ExposeSecret as _, SecretString};

use super::cache::{Cache, Held, Key, key};
use crate::authorizers::{Authorizer, bearer};
use crate::error::{Error, Result};
use crate::scopes::{IntoScopes, Scope};
use crate::services::auth::ConfidentialAppAuthClient;
use crate::tokens::OAuthTokenData;

/// A token is renewed this long before it ends.
const MARGIN: Duration = Duration::from_secs(60);
const CAPACITY: usize = 10_000;

/// Trades the tokens of callers for tokens to services downstream, and keeps those until a minute before they end.
///
/// There is one for each received token and set of scopes: what somebody allowed one program is never used for another.
/// However many requests need it, Auth is asked once. It ends with the process, where the next request gets it anew.
#[derive(Debug)]
pub struct DependentTokenCache {
    client: ConfidentialAppAuthClient,
    refresh_tokens: bool,
    cache: Cache<OAuthTokenData>,
}

/// What is asked for.
#[derive(Clone)]
struct Wanted {
    token: SecretString,
    names: Vec<String>,
    text: String,
}

impl Wanted {
    fn new(token: &SecretString, scopes: impl IntoScopes) -> Result<Self> {
        let mut scopes: Vec<Scope> = scopes.into_scopes().to_scopes()?;
        scopes.sort_by(|one, other| one.name().cmp(other.name()));
        if scopes.is_empty() {
            return Err(Error::usage("a dependent token needs scopes; give at least one"));
        }
        let names = scopes.iter().map(|scope| scope.name().to_owned()).collect();
        let text = crate::scopes::serialize(scopes)?;
        let token = token.clone();
        Ok(Self { token, names, text })
    }

    fn key(&self) -> Key {
        key(&self.token, &self.text)
    }

    /// The one token that has all scopes.
    fn pick(&self, tokens: &[OAuthTokenData]) -> Result<OAuthTokenData> {
        let has = |token: &OAuthTokenData, name: &str| token.scope.split_whitespace().any(|known| known == name);
        let found = tokens
            .iter()
            .find(|token| self.names.iter().all(|name| has(token, name)));
        found.cloned().ok_or_else(|| {
            Error::usage(format!(
                "no single dependent token has the scopes {}; ask for those of each service by themselves",
                self.names.join(" ")
            ))
        })
    }
}

impl DependentTokenCache {
    /// A cache of the tokens that `client`, the service's own, gets. Time is that of the client.
    pub fn new(client: &ConfidentialAppAuthClient) -> Self {
        let clock = client.core().ambient().clock.clone();
        Self {
            client: client.clone(),
            refresh_tokens: false,
            cache: Cache::new(CAPACITY, clock),
        }
    }

    /// Sets whether to get refresh tokens too. With them a token can be renewed after the caller's own has ended, for
    /// work that goes on without them; the scopes must have been consented to for that.
    #[must_use]
    pub fn with_refresh_tokens(mut self, refresh_tokens: bool) -> Self {
        self.refresh_tokens = refresh_tokens;
        self
    }

    /// Sets how many tokens are kept; 10,000 by default. Beyond it those that have ended and have no refresh token go
    /// first, then those that were not asked for the longest.
    #[must_use]
    pub fn with_capacity(mut self, tokens: usize) -> Self {
        self.cache.capacity = tokens;
        self
    }

    /// A token for `scopes`, which belong to one service, in the name of the person whose `token` the service received.
    ///
    /// # Errors
    /// [`Error::Api`] where the person has not consented: [`Caller::refusal`](super::Caller::refusal) makes an answer of
    /// it. [`Error::Usage`] for scopes of several services, or none.
    pub async fn get(&self, token: &SecretString, scopes: impl IntoScopes) -> Result<OAuthTokenData> {
        self.obtain(&Wanted::new(token, scopes)?).await
    }

    /// The same token as the credentials of a client, which renew themselves.
    ///
    /// # Errors
    /// Text that is no scope, or none at all.
    pub fn authorizer(
        self: &Arc<Self>,
        token: &SecretString,
        scopes: impl IntoScopes,
    ) -> Result<DependentTokenAuthorizer> {
        Ok(DependentTokenAuthorizer {
            wanted: Wanted::new(token, scopes)?,
            cache: self.clone(),
        })
    }

    async fn obtain(&self, wanted: &Wanted) -> Result<OAuthTokenData> {
        let fetch = |before| self.fetch(wanted.clone(), before);
        self.cache.get(wanted.key(), fetch).await
    }

    fn fetch(
        &self,
        wanted: Wanted,
        before: Option<OAuthTokenData>,
    ) -> BoxFuture<'static, Result<Held<OAuthTokenData>>> {
        let (client, refresh_tokens) = (self.client.clone(), self.refresh_tokens);
        Box::pin(async move {
            let renewed = match before.and_then(|before| before.refresh_token) {
                Some(refresh_token) => renew(&client, &wanted, refresh_token).await?,
                None => None,
            };
            let value = if let Some(renewed) = renewed {
                renewed
            } else {
                let grant = client.oauth2_get_dependent_tokens(wanted.token.expose_secret());
                let mut grant = grant.scope(wanted.text.as_str());
                if refresh_tokens {
                    grant = grant.refresh_tokens(true);
                }
                wanted.pick(grant.await?.tokens())?
            };
            let until = value.expires_at().checked_sub(MARGIN);
            Ok(Held {
                until: until.unwrap_or(std::time::UNIX_EPOCH),
                lasts: value.refresh_token.is_some(),
                value,
                cheap: false,
            })
        })
    }
}

/// Trades a refresh token; `None` where Auth takes it no more.
async fn renew(
    client: &ConfidentialAppAuthClient,
    wanted: &Wanted,
    refresh_token: SecretString,
) -> Result<Option<OAuthTokenData>> {
    match client.oauth2_refresh_token(refresh_token.expose_secret()).await {
        Ok(answer) => {
            let mut renewed = wanted.pick(answer.tokens())?;
            // An answer without another one means that the old one is good for more.
            renewed.refresh_token.get_or_insert(refresh_token);
            Ok(Some(renewed))
        }
        Err(error) => match error.api() {
            Some(api) if matches!(api.http_status().as_u16(), 400 | 401) && api.code() == Some("invalid_grant") => {
                Ok(None)
            }
            _ => Err(error),
        },
    }
}

/// The credentials of a client that acts for a caller. Clones share their token.
#[derive(Clone)]
pub struct DependentTokenAuthorizer {
    wanted: Wanted,
    cache: Arc<DependentTokenCache>,
}

impl Authorizer for DependentTokenAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>>> {
        Box::pin(async move {
            let token = self.cache.obtain(&self.wanted).await?;
            Ok(Some(bearer(&token.access_token)?))
        })
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool>> {
        let refused = |token: &OAuthTokenData| {
            rejected.is_none_or(|rejected| bearer(&token.access_token).is_ok_and(|header| header == *rejected))
        };
        self.cache.cache.expire(&self.wanted.key(), refused);
        Box::pin(async { Ok(true) })
    }
}

impl fmt::Debug for DependentTokenAuthorizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DependentTokenAuthorizer")
            .field("scopes", &self.wanted.names)
            .finish_non_exhaustive()
    }
}
