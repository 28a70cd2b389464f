//! Identity tokens. <https://openid.net/specs/openid-connect-core-1_0.html#IDToken>

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::Value;
use sha2::{Digest as _, Sha512};

use super::documents;
use super::keys::{KEY_ID, OTHER_KEY_ID};
use super::tokens::Issued;
use crate::world::World;

/// The private key, see [`keys`](super::keys).
static KEY: LazyLock<Option<EncodingKey>> = LazyLock::new(|| private(include_str!("development_key.b64")));

/// The key that faults sign with.
static OTHER_KEY: LazyLock<Option<EncodingKey>> = LazyLock::new(|| private(include_str!("other_key.b64")));

fn private(text: &str) -> Option<EncodingKey> {
    let text: String = text.split_whitespace().collect();
    Some(EncodingKey::from_rsa_der(&STANDARD.decode(text).ok()?))
}

/// What is wrong with an identity token that a fault has spoilt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// It is signed with another key than it says.
    Key,
    /// It is for another client.
    Audience,
    /// Nothing, but it is signed with a key that was not there before.
    NewKey,
}

/// The same token with a flaw.
pub(crate) fn spoil(token: &str, flaw: Flaw) -> Option<String> {
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let mut claims: Value = serde_json::from_slice(&payload).ok()?;
    match flaw {
        Flaw::Key => sign_with(OTHER_KEY.as_ref()?, KEY_ID, &claims),
        Flaw::NewKey => sign_with(OTHER_KEY.as_ref()?, OTHER_KEY_ID, &claims),
        Flaw::Audience => {
            claims["aud"] = crate::ids::named("another client").to_string().into();
            sign(&claims)
        }
    }
}

/// The token that tells a client who signed in, beside an access token for Auth with the scope `openid`.
pub(crate) fn make(world: &World, beside: &Issued, nonce: Option<&str>) -> Option<String> {
    let token = &beside.token;
    if !token.scopes.iter().any(|scope| scope == "openid") {
        return None;
    }
    let session = world.auth.sessions.get(token.session);
    let mut claims = documents::claims(&world.auth, token.identity, &token.scopes, session);
    claims["iss"] = world.origin.trim_end_matches('/').into();
    claims["aud"] = token.client.to_string().into();
    claims["iat"] = token.issued.as_second().into();
    claims["exp"] = token.expires.as_second().into();
    claims["at_hash"] = at_hash(&beside.text).into();
    if let Some(nonce) = nonce {
        claims["nonce"] = nonce.into();
    }
    sign(&claims)
}

/// The left half of the access token's SHA-512.
fn at_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha512::digest(token)[..32])
}

fn sign(claims: &Value) -> Option<String> {
    sign_with(KEY.as_ref()?, KEY_ID, claims)
}

fn sign_with(key: &EncodingKey, id: &str, claims: &Value) -> Option<String> {
    let mut header = Header::new(Algorithm::RS512);
    header.kid = Some(id.to_owned());
    jsonwebtoken::encode(&header, claims, key).ok()
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{DecodingKey, Validation};
    use serde_json::json;

    use super::*;
    use crate::services::auth::keys::MODULUS;

    #[test]
    fn the_published_key_verifies_what_the_private_one_signs() {
        let claims = json!({"sub": "someone", "aud": "client", "exp": 4_102_444_800_u64});
        let token = sign(&claims).expect("a token");
        let public = DecodingKey::from_rsa_components(MODULUS, "AQAB").expect("a public key");
        let mut validation = Validation::new(Algorithm::RS512);
        validation.set_audience(&["client"]);
        let read = jsonwebtoken::decode::<Value>(&token, &public, &validation).expect("a valid signature");
        assert_eq!(read.claims["sub"], "someone");
    }

    #[test]
    fn at_hash_is_half_of_a_sha_512() {
        // SHA-512 of "abc" begins with ddaf35a193617aba (FIPS 180-2, appendix C).
        assert!(at_hash("abc").starts_with("3a81oZNherr"));
        assert_eq!(at_hash("abc").len(), 43);
    }
}
