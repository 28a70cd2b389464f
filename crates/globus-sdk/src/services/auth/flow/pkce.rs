//! Proof Key for Code Exchange (RFC 7636): whoever trades a code for tokens shows that it started the login.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};
use crate::transport::Random;

/// Bytes of randomness in a state or a verifier: 256 bits, the amount that RFC 7636, section 7.1 recommends.
const RANDOM_BYTES: usize = 32;

/// A text that nobody can guess, of 43 characters.
pub(super) fn random_text(random: &dyn Random) -> String {
    let mut bytes = [0; RANDOM_BYTES];
    random.bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A verifier from the caller (RFC 7636, section 4.1).
pub(super) fn checked(verifier: String) -> Result<SecretString> {
    let length = verifier.chars().count();
    if !(43..=128).contains(&length) {
        return Err(Error::usage(format!(
            "`verifier` must have 43 to 128 characters, and this one has {length}"
        )));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !verifier.bytes().all(allowed) {
        return Err(Error::usage(
            "`verifier` may only have the letters A to Z and a to z, digits, `-`, `.`, `_` and `~`",
        ));
    }
    Ok(verifier.into())
}

/// The challenge of a verifier (RFC 7636, section 4.2, `S256`).
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::FixedRandom;

    #[test]
    fn the_challenge_is_that_of_the_standard() {
        // RFC 7636, appendix B.
        assert_eq!(
            challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn random_texts_are_valid_verifiers() {
        let random = FixedRandom::new(0.0);
        let (first, second) = (random_text(&random), random_text(&random));
        assert_ne!(first, second);
        assert_eq!(first.len(), 43);
        assert!(checked(first).is_ok());
    }

    #[test]
    fn verifiers_are_checked() {
        for (verifier, fine) in [
            ("a".repeat(42), false),
            ("a".repeat(43), true),
            ("~".repeat(128), true),
            ("a".repeat(129), false),
            (format!("{}!", "a".repeat(42)), false),
            ("é".repeat(43), false),
        ] {
            let checked = checked(verifier.clone());
            assert_eq!(checked.is_ok(), fine, "{verifier}");
            if let Err(error) = checked {
                assert!(!error.to_string().contains(&verifier));
            }
        }
    }
}
