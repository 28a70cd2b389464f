//! Identifiers and tokens: random, or the same in every run when the clock is logical.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha512};
use uuid::Uuid;

use crate::state::Kept;

/// Namespace of the identifiers that are derived from a name.
const NAMESPACE: Uuid = Uuid::from_u128(0x6c0c_a1e0_5eed_4d00_8000_0000_0000_0001);

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An identifier that belongs to a name for good, such as that of a scope.
pub(crate) fn named(name: &str) -> Uuid {
    Uuid::new_v5(&NAMESPACE, name.as_bytes())
}

/// Source of new identifiers.
#[derive(Debug, Clone)]
pub(crate) struct Ids {
    repeatable: bool,
    pub(crate) counter: Kept<u64>,
}

impl Ids {
    pub(crate) fn new(repeatable: bool) -> Self {
        Self {
            repeatable,
            counter: Kept::default(),
        }
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        if self.repeatable {
            named(&self.next_name("uuid"))
        } else {
            Uuid::new_v4()
        }
    }

    /// The secret part of a token, in the shape that Globus Auth gives its opaque tokens.
    pub(crate) fn token(&mut self) -> String {
        let mut bytes = [0_u8; 36];
        if self.repeatable {
            bytes.copy_from_slice(&Sha512::digest(self.next_name("token"))[..36]);
        } else {
            rand::fill(&mut bytes[..]);
        }
        format!("Ag{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The nine letters and digits by which Transfer names a request.
    pub(crate) fn request(&mut self) -> String {
        self.base62(9)
    }

    /// The thirteen letters and digits by which an action provider names an action.
    pub(crate) fn action(&mut self) -> String {
        self.base62(13)
    }

    fn base62(&mut self, length: usize) -> String {
        let mut rest = self.uuid().as_u128();
        let mut text = String::with_capacity(length);
        for _ in 0..length {
            text.push(char::from(BASE62[usize::try_from(rest % 62).unwrap_or(0)]));
            rest /= 62;
        }
        text
    }

    fn next_name(&mut self, kind: &str) -> String {
        *self.counter += 1;
        format!("{kind}/{}", *self.counter)
    }
}

/// Base32 in lower case without padding, as in the `u_...` names of Transfer.
pub(crate) fn base32(id: Uuid) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    let value = id.as_u128();
    // 128 bits are 26 letters, the last of which holds three bits and two zeros.
    (0..26_u32)
        .map(|at| {
            let five = if at == 25 { value << 2 } else { value >> (123 - at * 5) };
            char::from(LETTERS[usize::try_from(five & 31).unwrap_or(0)])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base32_is_that_of_rfc_4648() {
        // The example of a gridmap line: the identity and its name are known to belong together.
        let id = Uuid::from_u128(0);
        assert_eq!(base32(id), "a".repeat(26));
        let id = Uuid::from_u128(u128::MAX);
        assert_eq!(base32(id), format!("{}4", "7".repeat(25)));
        // "foobar" is MZXW6YTBOI in RFC 4648, section 10; zeros follow here.
        let mut bytes = [0_u8; 16];
        bytes[..6].copy_from_slice(b"foobar");
        assert!(base32(Uuid::from_bytes(bytes)).starts_with("mzxw6ytboi"));
    }

    #[test]
    fn repeatable_identifiers_repeat() {
        let (mut one, mut two) = (Ids::new(true), Ids::new(true));
        assert_eq!(
            (one.uuid(), one.token(), one.request()),
            (two.uuid(), two.token(), two.request())
        );
        assert_ne!(one.uuid(), one.uuid());
        assert_ne!(Ids::new(false).token(), Ids::new(false).token());
    }
}
