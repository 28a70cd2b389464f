//! ID tokens: who logged in, signed by Globus Auth (OpenID Connect Core 1.0, section 2).

mod checks;
mod claims;
mod decode;
mod keys;
mod verify;

use std::fmt;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use secrecy::SecretString;

use super::{JsonWebKeySet, LoginClient, OpenIdConfiguration};
use crate::client::{Async, Bound, Core, Mode};
use crate::error::Result;
use crate::operation::{Arg, Call};
use checks::{Checks, setters};
use keys::{Keys, Signed};

pub use claims::{Audience, IdTokenClaims};
pub use decode::DecodeIdToken;

/// How often keys are read again at the most, because a token names an unknown one.
const REREAD: Duration = Duration::from_secs(60);
/// How long keys are believed: a key that the issuer withdrew is good no longer.
const TTL: Duration = Duration::from_secs(60 * 60);

/// Verifies ID tokens: signature, issuer, audience and expiry. It keeps the issuer's keys for an hour, and
/// reads them again when a token names a key that is not among them. Clones share the keys.
///
/// ```
/// use globus_sdk::NativeAppAuthClient;
/// use globus_sdk::services::auth::IdTokenDecoder;
///
/// # globus_emulator::doc::run(async {
/// let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
/// # let flow = client.oauth2_start_flow("openid profile").build()?;
/// # println!("Log in at {}", flow.authorize_url());
/// # let tokens = flow.exchange(&client, globus_emulator::doc::code()).await?;
/// let decoder = IdTokenDecoder::new(&client);
/// let person = tokens.decode_id_token_with(&decoder).await?;
/// println!("{} is {}", person.preferred_username.unwrap_or_default(), person.sub);
/// # Ok(()) });
/// ```
#[derive(Clone)]
#[must_use = "a decoder does nothing until a token is decoded"]
pub struct IdTokenDecoder<M: Mode = Async> {
    core: Arc<Core>,
    known: Arc<Mutex<Known>>,
    checks: Checks,
    mode: PhantomData<M>,
}

/// What is known of the issuer.
#[derive(Debug, Clone, Default)]
struct Known {
    configuration: Option<OpenIdConfiguration>,
    keys: Option<Keys>,
    read: Option<SystemTime>,
    /// The caller brought the keys: they are not read again.
    given: bool,
    /// When they were last read because of a token that names an unknown one.
    reread: Option<SystemTime>,
}

impl<M: Mode> IdTokenDecoder<M> {
    /// A decoder for the ID tokens of `client`'s own logins.
    pub fn new(client: &impl LoginClient<Mode = M>) -> Self {
        Self {
            core: client.core().clone(),
            known: Arc::default(),
            checks: Checks::default(),
            mode: PhantomData,
        }
    }

    setters!();

    /// Uses a discovery document that is at hand.
    pub fn store_openid_configuration(&self, configuration: OpenIdConfiguration) {
        self.lock().configuration = Some(configuration);
    }

    /// Uses keys that are at hand, and no others.
    pub fn store_jwk(&self, keys: &JsonWebKeySet) {
        let mut known = self.lock();
        known.keys = Some(Keys::new(keys));
        known.given = true;
    }

    /// Verifies a token.
    pub fn decode(&self, id_token: impl Into<SecretString>) -> DecodeIdToken<M> {
        DecodeIdToken::new(self.clone(), Some(id_token.into()))
    }

    /// The same decoder with nothing known yet, for a call that brings documents of its own.
    fn apart(&self) -> Self {
        let known = self.lock().clone();
        Self {
            known: Arc::new(Mutex::new(known)),
            ..self.clone()
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn verified(&self, id_token: &str, checks: &Checks) -> Result<IdTokenClaims> {
        let configuration = self.configuration().await?;
        let algorithms = configuration.id_token_signing_alg_values_supported.as_deref();
        let token = Signed::read(id_token, algorithms)?;
        let keys = self.keys(&configuration, &token).await?;
        let claims = keys.verified(&token)?;
        let client_id = self.core.var("client_id").unwrap_or_default();
        let issuer = configuration.issuer.as_deref();
        let now = self.core.ambient().clock.now();
        Ok(verify::claims(&claims, checks, client_id, issuer, now)?)
    }

    async fn configuration(&self) -> Result<OpenIdConfiguration> {
        let known = self.lock().configuration.clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let call = Call::new(self.core.operation("get_openid_configuration")?);
        let configuration = Bound::<Async>::of(self.core.clone(), call)
            .one::<OpenIdConfiguration>()
            .await?
            .into_inner();
        self.lock().configuration = Some(configuration.clone());
        Ok(configuration)
    }

    /// The keys; read again when they are old, and once when the token names one that is not there, but not for every
    /// forged token. A failure changes nothing.
    async fn keys(&self, configuration: &OpenIdConfiguration, token: &Signed<'_>) -> Result<Keys> {
        let now = self.core.ambient().clock.now();
        let known = self.lock().clone();
        let within = |time: Option<SystemTime>, limit| {
            let age = time.and_then(|time| now.duration_since(time).ok());
            age.is_some_and(|age| age < limit)
        };
        let mut unknown = false;
        if let Some(keys) = known.keys.filter(|_| known.given || within(known.read, TTL)) {
            if known.given || keys.know(token) || within(known.reread, REREAD) {
                return Ok(keys);
            }
            unknown = true;
        }
        let mut call = Call::new(self.core.operation("get_jwk")?);
        call.set_by_name("openid_configuration", Arg::json(configuration));
        let set = Bound::<Async>::of(self.core.clone(), call)
            .one::<JsonWebKeySet>()
            .await?;
        let keys = Keys::new(&set);
        let mut known = self.lock();
        // Those that the caller brought meanwhile stay.
        if !known.given {
            known.keys = Some(keys.clone());
            known.read = Some(now);
            if unknown {
                known.reread = Some(now);
            }
        }
        Ok(keys)
    }
}

impl<M: Mode> fmt::Debug for IdTokenDecoder<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenDecoder")
            .field("client_id", &self.core.var("client_id"))
            .field("keys", &self.lock().keys)
            .finish_non_exhaustive()
    }
}
