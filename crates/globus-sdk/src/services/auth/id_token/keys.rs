//! The issuer's keys (RFC 7517), and the signatures they make (RFC 7515).

use std::fmt;
use std::str::FromStr as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::crypto::aws_lc;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey};
use serde::Deserialize;

use crate::error::{LoginError, LoginErrorKind};
use crate::services::auth::JsonWebKeySet;

/// What Globus Auth signs with, where its discovery document says nothing.
const USUAL: &str = "RS512";

/// The keys that may sign ID tokens.
#[derive(Clone)]
pub(super) struct Keys(Arc<[Key]>);

struct Key {
    kid: Option<String>,
    algorithm: Option<String>,
    public: DecodingKey,
}

/// The header of a signed token.
#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    #[serde(default)]
    crit: Option<serde::de::IgnoredAny>,
}

/// A token, taken apart and not yet believed.
pub(super) struct Signed<'a> {
    message: &'a str,
    claims: &'a str,
    signature: Vec<u8>,
    algorithm: Algorithm,
    kid: Option<String>,
}

impl Keys {
    /// The usable ones among `set`: public keys for signatures. Those of an unknown kind are left out.
    pub(super) fn new(set: &JsonWebKeySet) -> Self {
        let usable = |key: &crate::services::auth::JsonWebKey| {
            let for_signatures = key.key_use.as_deref().is_none_or(|purpose| purpose == "sig");
            let jwk: Jwk = serde_json::from_value(serde_json::to_value(key).ok()?).ok()?;
            let decoding = DecodingKey::from_jwk(&jwk).ok()?;
            // A shared secret among public keys would let anybody sign.
            (for_signatures && decoding.family() != AlgorithmFamily::Hmac).then(|| Key {
                kid: key.kid.clone(),
                algorithm: key.alg.clone(),
                public: decoding,
            })
        };
        Self(set.keys.iter().flatten().filter_map(usable).collect())
    }

    /// The key that a token names, or the only one there is where one of the two has no name.
    fn find(&self, kid: Option<&str>) -> Option<&Key> {
        match (kid, &*self.0) {
            (None, [only]) => Some(only),
            (Some(kid), [only]) if only.kid.as_deref().is_none_or(|own| own == kid) => Some(only),
            (Some(kid), keys) => keys.iter().find(|key| key.kid.as_deref() == Some(kid)),
            (None, _) => None,
        }
    }

    /// Whether there is a key for the token.
    pub(super) fn know(&self, token: &Signed<'_>) -> bool {
        self.find(token.kid.as_deref()).is_some()
    }

    /// The claims of a token, as JSON, if one of the keys signed them.
    pub(super) fn verified(&self, token: &Signed<'_>) -> Result<Vec<u8>, LoginError> {
        let wrong = |what: &str| LoginError::new(LoginErrorKind::IdTokenSignature, what);
        let key = self
            .find(token.kid.as_deref())
            .ok_or_else(|| wrong("the issuer has no key of the name that the ID token gives"))?;
        let fits = key
            .algorithm
            .as_deref()
            .is_none_or(|name| Algorithm::from_str(name).ok() == Some(token.algorithm));
        if !fits {
            return Err(wrong("the ID token is signed in another way than its key is for"));
        }
        // The provider is named, since the crate's default one is a setting of the whole process.
        let verifier = (aws_lc::DEFAULT_PROVIDER.verifier_factory)(&token.algorithm, &key.public)
            .map_err(|_| wrong("the ID token is signed in another way than its key is for"))?;
        verifier
            .verify(token.message.as_bytes(), &token.signature)
            .map_err(|_| wrong("the signature of the ID token is not that of the issuer's key"))?;
        decoded(token.claims)
    }
}

impl<'a> Signed<'a> {
    /// Takes a token apart (RFC 7515, section 7.1). `allowed` are the names of the algorithms in use.
    pub(super) fn read(token: &'a str, allowed: Option<&[String]>) -> Result<Self, LoginError> {
        let (message, signature) = token.rsplit_once('.').ok_or_else(|| malformed("has no signature"))?;
        let (header, claims) = message
            .split_once('.')
            .filter(|(_, claims)| !claims.contains('.'))
            .ok_or_else(|| malformed("has not three parts"))?;
        let header: Header = serde_json::from_slice(&decoded(header)?).map_err(|_| malformed("has no header"))?;
        if header.crit.is_some() {
            return Err(malformed("demands what this library does not know"));
        }
        // Neither unsigned tokens nor those signed with a shared secret, whatever the list says.
        let algorithm = Algorithm::from_str(&header.alg)
            .ok()
            .filter(|algorithm| !AlgorithmFamily::Hmac.algorithms().contains(algorithm))
            .filter(|_| allowed.map_or(header.alg == USUAL, |names| names.contains(&header.alg)))
            .ok_or_else(|| {
                let message = "the ID token is signed in a way that the issuer does not use";
                LoginError::new(LoginErrorKind::IdTokenAlgorithm, message)
            })?;
        Ok(Self {
            message,
            claims,
            signature: decoded(signature)?,
            algorithm,
            kid: header.kid,
        })
    }
}

fn decoded(part: &str) -> Result<Vec<u8>, LoginError> {
    URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| malformed("has a part that is not base64"))
}

/// The error for a token that is none. It never quotes the token.
pub(super) fn malformed(what: &str) -> LoginError {
    LoginError::new(LoginErrorKind::IdTokenMalformed, format!("the ID token {what}"))
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.kid)).finish()
    }
}
