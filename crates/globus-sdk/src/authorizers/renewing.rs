//! A token that is renewed when it is about to expire, or when a service refuses it.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;
use http::HeaderValue;
use secrecy::SecretString;

use super::access_token::{bearer, hash};
use super::single_flight::{SingleFlight, on_a_thread};
use super::{Authorizer, Renewal, TokenSource};
use crate::error::{Error, Result};

/// How long before its expiry a token is renewed.
const MARGIN: Duration = Duration::from_secs(60);

/// Sends an access token and renews it through a [`TokenSource`].
///
/// A token is renewed a minute before it expires, and after a 401. However many callers need a new token at the
/// same time, on whatever threads and runtimes, one of them fetches it and all of them get it, or the same error.
///
/// The token is fetched on a thread that comes and goes with it. So it comes to its end even if everybody who wanted it
/// goes away, also with their runtimes, and nobody waits for a runtime that stands still.
///
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use futures_util::future::BoxFuture;
/// # use globus_sdk::authorizers::{Renewal, RenewingAuthorizer, TokenSource};
/// # use globus_sdk::error::Error;
/// #[derive(Debug)]
/// struct Vault;
///
/// impl TokenSource for Vault {
///     fn fetch(&self) -> BoxFuture<'_, Result<Renewal, Error>> {
///         Box::pin(async { Ok(Renewal::new("a-token", SystemTime::now() + Duration::from_secs(3600))) })
///     }
/// }
///
/// let authorizer = RenewingAuthorizer::new(Vault);
/// ```
pub struct RenewingAuthorizer<S> {
    inner: Arc<Inner<S>>,
}

struct Inner<S> {
    source: S,
    held: Mutex<Option<Held>>,
    flights: Arc<SingleFlight<Held>>,
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    on_refresh: Option<Box<OnRefresh>>,
}

type OnRefresh = dyn Fn(Renewal) -> BoxFuture<'static, Result<()>> + Send + Sync;

/// The current token.
#[derive(Clone)]
struct Held {
    header: HeaderValue,
    token_hash: Arc<str>,
    expires_at: SystemTime,
}

impl Held {
    fn new(token: &SecretString, expires_at: SystemTime) -> Result<Self> {
        Ok(Self {
            header: bearer(token)?,
            token_hash: hash(token).into(),
            expires_at,
        })
    }
}

impl<S: TokenSource + 'static> RenewingAuthorizer<S> {
    /// Fetches the first token when it is needed.
    pub fn new(source: S) -> Self {
        Self::builder(source).build()
    }

    /// An authorizer with other settings.
    pub fn builder(source: S) -> RenewingAuthorizerBuilder<S> {
        RenewingAuthorizerBuilder {
            source,
            held: None,
            now: Box::new(SystemTime::now),
            on_refresh: None,
        }
    }

    /// The SHA-256 hash of the current token in hexadecimal digits, for logs; `None` without a token.
    pub fn token_hash(&self) -> Option<String> {
        self.inner.lock().as_ref().map(|held| held.token_hash.to_string())
    }

    /// When the current token expires; `None` without a token.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.inner.lock().as_ref().map(|held| held.expires_at)
    }

    /// Where the tokens come from.
    pub fn source(&self) -> &S {
        &self.inner.source
    }
}

/// Settings of a [`RenewingAuthorizer`].
#[must_use]
pub struct RenewingAuthorizerBuilder<S> {
    source: S,
    held: Option<(SecretString, SystemTime)>,
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
    on_refresh: Option<Box<OnRefresh>>,
}

impl<S: TokenSource + 'static> RenewingAuthorizerBuilder<S> {
    /// A token that is there already, and its expiry.
    pub fn token(mut self, access_token: impl Into<SecretString>, expires_at: SystemTime) -> Self {
        self.held = Some((access_token.into(), expires_at));
        self
    }

    /// What to do with every new token before anybody uses it, for example storing it. If it fails, the token is not
    /// used, and whoever needed it gets the error. It is done where the token was [fetched](TokenSource::fetch): tasks
    /// that it spawns end with it.
    pub fn on_refresh<F, R>(mut self, callback: F) -> Self
    where
        F: Fn(Renewal) -> R + Send + Sync + 'static,
        R: Future<Output = Result<()>> + Send + 'static,
    {
        self.on_refresh = Some(Box::new(move |renewal| Box::pin(callback(renewal))));
        self
    }

    /// What time it is, in place of the system's clock.
    pub fn now(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.now = Box::new(now);
        self
    }

    /// Builds the authorizer. Nothing is fetched yet.
    pub fn build(self) -> RenewingAuthorizer<S> {
        // A token that no header can carry is as good as none: the source is asked for another.
        let held = self
            .held
            .and_then(|(token, expires_at)| Held::new(&token, expires_at).ok());
        RenewingAuthorizer {
            inner: Arc::new(Inner {
                source: self.source,
                held: Mutex::new(held),
                flights: Arc::new(SingleFlight::new()),
                now: self.now,
                on_refresh: self.on_refresh,
            }),
        }
    }
}

impl<S: TokenSource + 'static> Inner<S> {
    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The current token, unless it is about to expire.
    fn fresh(&self) -> Option<Held> {
        let held = self.lock().clone()?;
        let renew_at = held.expires_at.checked_sub(MARGIN)?;
        ((self.now)() <= renew_at).then_some(held)
    }

    async fn renew(self: Arc<Self>) -> Result<Held> {
        let renewal = self.source.fetch().await?;
        let held = Held::new(&renewal.access_token, renewal.expires_at)?;
        if let Some(on_refresh) = &self.on_refresh {
            on_refresh(renewal).await?;
        }
        *self.lock() = Some(held.clone());
        Ok(held)
    }
}

impl<S: TokenSource + 'static> Authorizer for RenewingAuthorizer<S> {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>> {
        Box::pin(async {
            if let Some(held) = self.inner.fresh() {
                return Ok(Some(held.header));
            }
            let start = || -> BoxFuture<'static, Result<Held>> { Box::pin(self.inner.clone().renew()) };
            let flights = &self.inner.flights;
            let held = flights.run(|| self.inner.fresh(), start, on_a_thread).await?;
            Ok(Some(held.header))
        })
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool, Error>> {
        // Many requests with one token are refused together; only the first of them finds it still there.
        self.inner
            .lock()
            .take_if(|held| rejected.is_none_or(|rejected| *rejected == held.header));
        Box::pin(async { Ok(true) })
    }
}

impl<S> Clone for RenewingAuthorizer<S> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
        }
    }
}

impl<S: TokenSource + 'static> fmt::Debug for RenewingAuthorizer<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenewingAuthorizer")
            .field("source", &self.inner.source)
            .field("token_hash", &self.token_hash())
            .field("expires_at", &self.expires_at())
            .finish_non_exhaustive()
    }
}

impl<S: fmt::Debug> fmt::Debug for RenewingAuthorizerBuilder<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RenewingAuthorizerBuilder")
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}
