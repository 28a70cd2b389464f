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

/// How often the issuer is read again at the most, because a token names an unknown one.
const REREAD: Duration = Duration::from_secs(60);
/// How long the issuer's documents are believed: a key that it withdrew is good no longer.
const TTL: Duration = Duration::from_secs(60 * 60);

/// Verifies ID tokens: signature, issuer, audience and expiry. It keeps the issuer's discovery document and keys for an
/// hour, and reads both again when a token names a key that is not among them. Clones share what was read.
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
    configuration: Option<Read<OpenIdConfiguration>>,
    keys: Option<Read<Keys>>,
    /// When they were last read because of a token that names an unknown key.
    reread: Option<SystemTime>,
}

/// Something of the issuer's.
#[derive(Debug, Clone)]
struct Read<T> {
    value: T,
    /// When it was read; `None` if the caller brought it, and then it is never read.
    at: Option<SystemTime>,
}

impl<T> Read<T> {
    fn is_given(&self) -> bool {
        self.at.is_none()
    }

    fn is_fresh(&self, now: SystemTime) -> bool {
        self.is_given() || is_within(self.at, TTL, now)
    }

    /// Keeps what was read, unless the caller brought something meanwhile.
    fn keep(place: &mut Option<Self>, value: T, now: SystemTime) {
        if !place.as_ref().is_some_and(Self::is_given) {
            *place = Some(Self { value, at: Some(now) });
        }
    }
}

fn is_within(time: Option<SystemTime>, limit: Duration, now: SystemTime) -> bool {
    let age = time.and_then(|time| now.duration_since(time).ok());
    age.is_some_and(|age| age < limit)
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

    /// Uses a discovery document that is at hand, and no other.
    pub fn store_openid_configuration(&self, configuration: OpenIdConfiguration) {
        let (value, at) = (configuration, None);
        self.lock().configuration = Some(Read { value, at });
    }

    /// Uses keys that are at hand, and no others.
    pub fn store_jwk(&self, keys: &JsonWebKeySet) {
        let (value, at) = (Keys::new(keys), None);
        self.lock().keys = Some(Read { value, at });
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
        let now = self.core.ambient().clock.now();
        let configuration = self.configuration(now).await?;
        let algorithms = configuration.id_token_signing_alg_values_supported.as_deref();
        let token = Signed::read(id_token, algorithms)?;
        let keys = self.keys(&configuration, &token, now).await?;
        let claims = keys.verified(&token)?;
        let client_id = self.core.var("client_id").unwrap_or_default();
        let issuer = configuration.issuer.as_deref();
        Ok(verify::claims(&claims, checks, client_id, issuer, now)?)
    }

    /// The discovery document; read again when it is old.
    async fn configuration(&self, now: SystemTime) -> Result<OpenIdConfiguration> {
        let known = self.lock().configuration.clone();
        if let Some(known) = known.filter(|known| known.is_fresh(now)) {
            return Ok(known.value);
        }
        self.read_configuration(now).await
    }

    async fn read_configuration(&self, now: SystemTime) -> Result<OpenIdConfiguration> {
        let call = Call::new(self.core.operation("get_openid_configuration")?);
        let configuration = Bound::<Async>::of(self.core.clone(), call)
            .one::<OpenIdConfiguration>()
            .await?
            .into_inner();
        Read::keep(&mut self.lock().configuration, configuration.clone(), now);
        Ok(configuration)
    }

    /// The keys; read again when they are old, and once when the token names one that is not there, but not for every
    /// forged token. Then the discovery document is read again too: it says where the keys are. A failure changes
    /// nothing.
    async fn keys(&self, configuration: &OpenIdConfiguration, token: &Signed<'_>, now: SystemTime) -> Result<Keys> {
        let known = self.lock().clone();
        let mut unknown = false;
        if let Some(keys) = known.keys.filter(|keys| keys.is_fresh(now)) {
            if keys.is_given() || keys.value.know(token) || is_within(known.reread, REREAD, now) {
                return Ok(keys.value);
            }
            unknown = true;
        }
        let mut call = Call::new(self.core.operation("get_jwk")?);
        let may_have_changed = known.configuration.is_some_and(|known| !known.is_given());
        if unknown && may_have_changed {
            call.set_by_name("openid_configuration", Arg::json(&self.read_configuration(now).await?));
        } else {
            call.set_by_name("openid_configuration", Arg::json(configuration));
        }
        let set = Bound::<Async>::of(self.core.clone(), call)
            .one::<JsonWebKeySet>()
            .await?;
        let keys = Keys::new(&set);
        let mut known = self.lock();
        Read::keep(&mut known.keys, keys.clone(), now);
        if unknown {
            known.reread = Some(now);
        }
        Ok(keys)
    }
}

impl<M: Mode> fmt::Debug for IdTokenDecoder<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdTokenDecoder")
            .field("client_id", &self.core.var("client_id"))
            .field("keys", &self.lock().keys.as_ref().map(|keys| keys.value.clone()))
            .finish_non_exhaustive()
    }
}
