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

/// Name of the key that takes the place of the first where a fault asks for it.
pub(crate) const OTHER_KEY_ID: &str = "globus-emulator-development-only-2";

/// The public modulus of that key.
pub(crate) const OTHER_MODULUS: &str = concat!(
    "jW_YVy3PUC3ehCZUpzEAikP2Hj93l2FI-",
    "wofMJ_i_q0PUhChoNNNi0OIFQovU5-MxxpYT1P_s1LQSb9ncGcMrfxlJxLCl8prjzikpSZ6BZJF_2v5T-alRiPeGg-PSn8uQwz7o",
    "f7x9ZFK2wCnrS6_NbnwcRl7zrUw06MwcQGEpLqW81FVB56uPPQ4fWI6L-j3UoKqy9VD39Lf-",
    "53JcoPiIUJRgVXiTFhET0TqPz0hNc3Jwp2B1YNQpHL9RwQ0VZbqiwE5mA7F0n71M--",
    "cAKXuRQBgRM200vLCY3XS5ddyhYAdXAl2weBYZr2WSFjQIXJIKVExeV5ToE42jT1ZBJnBvQ",
);

/// The key set: exactly one key, as the service has it.
pub(crate) fn key_set() -> Value {
    of_one(KEY_ID, MODULUS)
}

/// The key set of a service that has another key now.
pub(crate) fn rotated_key_set() -> Value {
    of_one(OTHER_KEY_ID, OTHER_MODULUS)
}

fn of_one(id: &str, modulus: &str) -> Value {
    json!({"keys": [{"alg": "RS512", "e": "AQAB", "kid": id, "kty": "RSA", "n": modulus, "use": "sig"}]})
}
