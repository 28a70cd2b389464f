//! The key that signs identity tokens.
//!
//! It is a fixed key, published with this source, **for local development only**: whoever has the emulator can sign with
//! it, so nothing but a test may ever trust it. A fixed key because making an RSA key takes longer than everything else
//! at start, and because a program that has cached the key set survives a restart of the emulator.

use serde_json::{Value, json};

/// Name of the key in the key set and in the header of tokens.
pub(crate) const KEY_ID: &str = "globus-emulator-development-only";

/// The public modulus, base64url.
pub(crate) const MODULUS: &str = concat!(
    "36xBeG9nXg_EhyQCBWe0jPiLIbn5iXurb91cJKe_VGBTXAgNLKr4Boj_ChzVhiWnpPpDHtwDz05pcP7JxbvlDk_L146qyeOQR1Bj",
    "mwe5npqCa5n0zIrYneLdzizfPxLl8JfJVdWRWy129F_MbiOLXjakIv1g4Kb7j0hcZZ2systm7ZubVcsL1vmcUhcR3tvH1fhllJnj",
    "7ycrCBB59YfSFeWg_aqegitJNeQhv_aPo85XzVwFF36BLHaUhzVh4RBPZALk16Q-OTzFEW1v1bbGEaBm9DvfayN3QcbJx4CXCTe5",
    "Fg3uBUJv_BJT5z832YzK0fPyAjvskZKg_Tg6Hb6GnQ",
);

/// The key set: exactly one key, as the service has it.
pub(crate) fn key_set() -> Value {
    json!({"keys": [{"alg": "RS512", "e": "AQAB", "kid": KEY_ID, "kty": "RSA", "n": MODULUS, "use": "sig"}]})
}
