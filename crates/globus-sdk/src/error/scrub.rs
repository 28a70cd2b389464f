//! Finding secrets in free text.
//!
//! Texts of services and libraries repeat what they were sent. Recognized are `Bearer ..` and `Basic ..`,
//! `password=..` and its like, quoted members (`"access_token": ".."`, escaped or not), user information in
//! URLs, and words that look like a Globus token or a JWT.

use super::redact::{REDACTED, is_secret};

/// Where a value without quotes ends.
const ENDS: [char; 10] = ['&', ',', ';', '}', ')', ']', '"', '\'', '<', '>'];
/// Length from which a mixed word without separators is taken for a token: Globus tokens have 60 and more.
const TOKEN: usize = 60;

/// A copy of `text` without what looks like a secret. Takes time linear in the length.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|character: char| is_word(character) || character == ':') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        if let Some(after) = rest.strip_prefix("://") {
            out.push_str("://");
            rest = &after[user_information(after)..];
            continue;
        }
        let length = rest.find(|character| !is_word(character)).unwrap_or(rest.len()).max(1);
        let (word, after) = rest.split_at(length);
        let in_query = out.ends_with(['?', '&']);
        let secret = secret_after(word, after, in_query);
        if secret.is_none() && looks_like_token(word) {
            out.push_str(REDACTED);
            // The other parts of a JWT.
            rest = after.trim_start_matches(|character| is_word(character) || character == '.');
            continue;
        }
        out.push_str(word);
        rest = after;
        if let Some((before, length)) = secret {
            out.push_str(&rest[..before]);
            out.push_str(REDACTED);
            rest = &rest[before + length..];
        }
    }
    out.push_str(rest);
    out
}

fn is_word(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-')
}

/// Length of `user:password@` at the beginning of `place`.
fn user_information(place: &str) -> usize {
    let end = place.find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '"' | '\'' | '<' | '>'));
    place[..end.unwrap_or(place.len())].rfind('@').map_or(0, |at| at + 1)
}

/// If a secret follows `word`: how far it is and how long. `in_query`: `word` is a key of a URL's query or a form.
fn secret_after(word: &str, after: &str, in_query: bool) -> Option<(usize, usize)> {
    if word.eq_ignore_ascii_case("bearer") || word.eq_ignore_ascii_case("basic") {
        let value = after.trim_start_matches([' ', '+', '\t']);
        let length = value
            .find(|c: char| !is_word(c) && !matches!(c, '.' | '~' | '+' | '/' | '=' | '%'))
            .unwrap_or(value.len());
        let before = after.len() - value.len();
        return (before > 0 && looks_secret(&value[..length])).then_some((before, length));
    }
    let code = !in_query && word.eq_ignore_ascii_case("code");
    if !(code || is_secret(word) || in_query && word.eq_ignore_ascii_case("code")) {
        return None;
    }
    let value = after.trim_start_matches(['\\', '"', '\'']).trim_start();
    let (value, assigned) = match value.strip_prefix('=').or_else(|| value.strip_prefix("%3D")) {
        Some(value) => (value, true),
        None => (value.strip_prefix(':')?, false),
    };
    let value = value.trim_start();
    let escapes = value.len() - value.trim_start_matches('\\').len();
    let quote = value[escapes..]
        .chars()
        .next()
        .filter(|mark| matches!(mark, '"' | '\''));
    if let Some(quote) = quote {
        let start = escapes + 1;
        let length = quoted(&value[start..], quote, escapes > 0);
        let before = after.len() - value.len() + start;
        return (!code && length > 0).then_some((before, length));
    }
    let before = after.len() - value.len();
    let length = value
        .find(|c: char| c.is_whitespace() || ENDS.contains(&c))
        .unwrap_or(value.len());
    let shown = &value[..length];
    let scheme = ["bearer", "basic"]
        .iter()
        .any(|scheme| scheme.eq_ignore_ascii_case(shown));
    let hidden = match (code, assigned) {
        _ if scheme || shown == REDACTED => false,
        // `code` is also the name of an error: only what is long enough for an authorization code is hidden.
        (true, assigned) => assigned && length >= 20,
        (false, true) => length > 0,
        // Prose: "invalid token: expired".
        (false, false) => looks_secret(shown),
    };
    hidden.then_some((before, length))
}

/// Length of a quoted value up to its closing mark, or to the end.
fn quoted(value: &str, quote: char, escaped: bool) -> usize {
    let mut backslash = false;
    for (at, character) in value.char_indices() {
        if character == quote && backslash == escaped {
            return at - usize::from(escaped);
        }
        backslash = character == '\\' && !backslash;
    }
    value.len()
}

/// Whether a word in a place for secrets is one, and not a word of the language.
fn looks_secret(word: &str) -> bool {
    word.len() >= 20
        || word
            .chars()
            .any(|character| character.is_ascii_digit() || character.is_ascii_uppercase())
}

fn looks_like_token(word: &str) -> bool {
    let jwt = word.starts_with("eyJ") && word.len() >= 16;
    let mixed = || {
        word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
            && word.bytes().any(|byte| byte.is_ascii_lowercase())
    };
    jwt || word.len() >= TOKEN && mixed()
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn secrets_in_texts() {
        for (given, shown) in [
            (
                "Authorization: Bearer Ab1.c-d_e~f+/= end",
                "Authorization: Bearer <redacted> end",
            ),
            ("basic dXNlcjpwYXNz", "basic <redacted>"),
            ("a=1&client_secret=x%2Fy&b=2", "a=1&client_secret=<redacted>&b=2"),
            (
                r#"{"access_token": "a\"b", "x": 1}"#,
                r#"{"access_token": "<redacted>", "x": 1}"#,
            ),
            (r#""{\"token\": \"abc\"}""#, r#""{\"token\": \"<redacted>\"}""#),
            ("{'password': 'hunter two'}", "{'password': '<redacted>'}"),
            ("refused https://me:pw@host/x@y", "refused https://host/x@y"),
            (
                "jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig_-x, bad",
                "jwt <redacted>, bad",
            ),
            ("/cb?code=abc&state=s", "/cb?code=<redacted>&state=s"),
        ] {
            assert_eq!(text(given), shown);
        }
    }

    #[test]
    fn other_texts_stay() {
        for given in [
            "Expired or invalid Bearer token",
            "invalid token: expired",
            "bearer authentication is required",
            "code=NotFound, code: 404",
            "next_token=abc&marker=def",
            "urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/x/data_access]",
            "é ü :// : = \\ \" '",
        ] {
            assert_eq!(text(given), given);
        }
    }

    #[test]
    fn hostile_texts_are_read_in_linear_time() {
        // A quadratic reading of these would take minutes.
        for part in [
            "token",
            "token:",
            "token: ",
            "token \\",
            "bearer ",
            "code=a",
            "://",
            "eyJ.",
            "a@://",
            "\"token\":\"",
        ] {
            let long = part.repeat(400_000 / part.len());
            assert!(text(&long).len() <= long.len() * 4);
        }
    }
}
