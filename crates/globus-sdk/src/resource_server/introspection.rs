//! [`IntrospectionCache`]: what Auth says of tokens.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use secrecy::{ExposeSecret as _, SecretString};

use super::cache::{Cache, Held, key};
use crate::error::Result;
use crate::services::auth::{ConfidentialAppAuthClient, TokenIntrospection};

/// How long an answer is believed at the most.
const TTL: Duration = Duration::from_secs(60);
/// How long a token counts as bad without asking again.
const INACTIVE_TTL: Duration = Duration::from_secs(10);
const CAPACITY: usize = 10_000;
/// What requirements on sessions are checked against.
const INCLUDE: &str = "session_info,identity_set,identity_set_detail";

/// Asks Auth what tokens are worth, and remembers it for a while.
///
/// An answer is kept for [60 seconds](Self::with_ttl) and never beyond the end of the token, so a token that was revoked
/// may be taken for good that long. Bad tokens, and those whose session does not meet a policy, are kept for
/// [10 seconds](Self::with_inactive_ttl). However many
/// requests bring a token that is not known, Auth is asked once. Tokens are looked up by their SHA-256 hash and not kept.
#[derive(Debug)]
pub struct IntrospectionCache {
    client: ConfidentialAppAuthClient,
    ttl: Duration,
    inactive_ttl: Duration,
    cache: Cache<Arc<TokenIntrospection>>,
}

impl IntrospectionCache {
    /// A cache of what `client`, the service's own, learns from Auth. Time is that of the client.
    pub fn new(client: &ConfidentialAppAuthClient) -> Self {
        let clock = client.core().ambient().clock.clone();
        Self {
            client: client.clone(),
            ttl: TTL,
            inactive_ttl: INACTIVE_TTL,
            cache: Cache::new(CAPACITY, clock),
        }
    }

    /// Sets how long an answer is kept at the most; 60 seconds by default. Zero asks for every request.
    #[must_use]
    pub fn with_ttl(mut self, ttl: Duration) -> Self {
        self.ttl = ttl;
        self
    }

    /// Sets how long it is kept that a token is not active, or that its session does not meet a policy; 10 seconds by
    /// default.
    #[must_use]
    pub fn with_inactive_ttl(mut self, ttl: Duration) -> Self {
        self.inactive_ttl = ttl;
        self
    }

    /// Sets how many tokens are remembered; 10,000 by default. Beyond it those that have ended go first, then bad ones,
    /// then those that were not seen the longest.
    #[must_use]
    pub fn with_capacity(mut self, tokens: usize) -> Self {
        self.cache.capacity = tokens;
        self
    }

    /// How many tokens are remembered now.
    pub fn len(&self) -> usize {
        self.cache.len()
    }

    /// Whether no token is remembered.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What Auth says, or said a short while ago, of a token: with its session and the identities of its person. A token
    /// that has ended since is not `active` any more.
    ///
    /// # Errors
    /// Those of [`oauth2_token_introspect`](ConfidentialAppAuthClient::oauth2_token_introspect). They are not kept.
    pub async fn introspect(&self, token: &SecretString) -> Result<Arc<TokenIntrospection>> {
        self.evaluate(token, &[]).await
    }

    /// The same, and which of the policies the session meets. Answers are kept for each token and set of policies.
    pub(super) async fn evaluate(&self, token: &SecretString, policies: &[String]) -> Result<Arc<TokenIntrospection>> {
        let fetch = |_| self.ask(token.clone(), policies);
        let purpose = format!("introspect {}", policies.join(","));
        let found = self.cache.get(key(token, &purpose), fetch).await?;
        if found.active && !is_valid(&found, self.cache.now()) {
            let ended = TokenIntrospection {
                active: false,
                ..(*found).clone()
            };
            return Ok(Arc::new(ended));
        }
        Ok(found)
    }

    fn ask(
        &self,
        token: SecretString,
        policies: &[String],
    ) -> BoxFuture<'static, Result<Held<Arc<TokenIntrospection>>>> {
        let (client, ttl, inactive_ttl) = (self.client.clone(), self.ttl, self.inactive_ttl);
        let policies = policies.to_vec();
        Box::pin(async move {
            let mut question = client.oauth2_token_introspect(token.expose_secret()).include(INCLUDE);
            if !policies.is_empty() {
                question = question.with_field("authentication_policies", policies.join(","));
            }
            let found = question.await?.into_inner();
            let now = client.core().ambient().clock.now();
            let mut evaluations = found.policy_evaluations.iter().flat_map(BTreeMap::values);
            // A login may mend it at any time.
            let unmet = evaluations.any(|policy| policy.evaluation != Some(true));
            let ttl = if unmet { ttl.min(inactive_ttl) } else { ttl };
            let until = match found.exp {
                _ if !found.active => now + inactive_ttl,
                Some(exp) => at(exp).min(now + ttl),
                None => now + ttl,
            };
            Ok(Held {
                cheap: !found.active,
                lasts: false,
                value: Arc::new(found),
                until,
            })
        })
    }
}

fn at(seconds: i64) -> SystemTime {
    let seconds = u64::try_from(seconds).unwrap_or(0);
    UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(UNIX_EPOCH)
}

/// Whether the token is within its time.
fn is_valid(found: &TokenIntrospection, now: SystemTime) -> bool {
    found.exp.is_none_or(|exp| now < at(exp))
}
