//! Texts from outside, made fit to be shown: no secrets, no control characters, bounded.

use serde_json::{Map, Value};

pub(super) use super::scrub::text;

/// Stands where a secret was.
pub(super) const REDACTED: &str = "<redacted>";

/// Longest code, reason or id that is shown, in characters.
const WORD: usize = 120;
/// Longest message that is shown, in characters.
const LINE: usize = 400;
/// Longest text of several sentences that is shown, in characters.
const PARAGRAPH: usize = 2000;
/// How much of a body is looked at for an excerpt, in bytes.
const WINDOW: usize = 16 * 1024;

/// A code, reason or id.
pub(super) fn word(text: &str) -> String {
    bounded(&text_of(text), WORD)
}

/// A message.
pub(super) fn line(text: &str) -> String {
    bounded(&text_of(text), LINE)
}

/// A text of several sentences.
pub(super) fn paragraph(text: &str) -> String {
    bounded(&text_of(text), PARAGRAPH)
}

/// For programs: line breaks stay, secrets do not, and the length is bounded generously.
pub(super) fn faithful(text: &str) -> String {
    text_of(text).replace(is_direction, "")
}

/// A URL for people.
pub(super) fn short_url(url: &str) -> String {
    bounded(url, LINE)
}

/// Quotes a value of the caller's in an error.
pub(crate) fn quoted(value: &str) -> String {
    format!("`{}`", bounded(&text_of(value), WORD))
}

/// The beginning of `text` without secrets.
fn text_of(text: &str) -> String {
    let mut end = text.len().min(WINDOW);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    self::text(&text[..end])
}

/// White space becomes one space, control and direction characters are escaped, the rest is cut.
fn bounded(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut length = 0;
    let mut gap = false;
    for character in text.chars() {
        if character.is_whitespace() {
            gap = !out.is_empty();
            continue;
        }
        if length >= limit {
            out.push('…');
            break;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
            length += 1;
        }
        if is_hidden(character) {
            out.extend(character.escape_unicode());
            length += character.escape_unicode().len();
        } else {
            out.push(character);
            length += 1;
        }
    }
    out
}

/// Characters that change how a terminal or an editor shows the text around them.
fn is_hidden(character: char) -> bool {
    character.is_control() || is_direction(character)
}

fn is_direction(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// A short piece of a body for people.
pub(super) fn excerpt(body: &[u8]) -> String {
    let seen = &body[..body.len().min(WINDOW)];
    if let Ok(value) = serde_json::from_slice::<Value>(seen)
        && (value.is_object() || value.is_array())
    {
        return line(&json(&value).to_string());
    }
    let text = String::from_utf8_lossy(seen);
    line(&if looks_like_markup(&text) {
        html_text(&text)
    } else {
        text.into_owned()
    })
}

fn looks_like_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// The title of a page, or its text where it has no title.
fn html_text(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    for tag in ["title", "h1"] {
        let open = format!("<{tag}");
        let found = lower.find(&open).and_then(|at| Some(at + lower[at..].find('>')? + 1));
        if let Some(start) = found
            && let Some(length) = lower[start..].find(&format!("</{tag}"))
        {
            let inner = without_tags(&page[start..start + length]);
            if !inner.trim().is_empty() {
                return inner;
            }
        }
    }
    without_tags(page)
}

fn without_tags(page: &str) -> String {
    let mut out = String::with_capacity(page.len());
    let mut inside = false;
    for character in page.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                out.push(' ');
            }
            _ if !inside => out.push(character),
            _ => {}
        }
    }
    out
}

/// Whether the value under `key` is a secret. `code` is one in requests, but an error's name in answers.
pub(super) fn is_secret(key: &str) -> bool {
    let key: String = key
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|character| character.to_ascii_lowercase())
        .collect();
    if matches!(key.as_str(), "nexttoken" | "pagetoken" | "continuationtoken") {
        return false;
    }
    [
        "token",
        "secret",
        "password",
        "assertion",
        "codeverifier",
        "apikey",
        "privatekey",
        "secretkey",
    ]
    .iter()
    .any(|end| key.ends_with(end))
        || matches!(
            key.as_str(),
            "authorization" | "passwd" | "cookie" | "authcode" | "authorizationcode" | "devicecode"
        )
}

/// A copy without secrets.
pub(super) fn json(value: &Value) -> Value {
    match value {
        Value::String(string) => Value::String(text(string)),
        Value::Array(items) => Value::Array(items.iter().map(json).collect()),
        Value::Object(members) => Value::Object(object(members)),
        other => other.clone(),
    }
}

fn object(members: &Map<String, Value>) -> Map<String, Value> {
    // Validation errors repeat the refused value: {"loc": ["body", "client_secret"], "input": ".."}.
    let about_secret = members
        .get("loc")
        .and_then(Value::as_array)
        .is_some_and(|path| path.iter().filter_map(Value::as_str).any(is_secret));
    let hide = |key: &str, value: &Value| {
        !(value.is_null() || value.is_boolean()) && (is_secret(key) || about_secret && matches!(key, "input" | "ctx"))
    };
    members
        .iter()
        .map(|(key, value)| {
            let value = if hide(key, value) {
                Value::from(REDACTED)
            } else {
                json(value)
            };
            (key.clone(), value)
        })
        .collect()
}

/// A URL without user information and with secret values of its query and fragment replaced.
pub(super) fn url(url: &str) -> String {
    let (rest, fragment) = split(url, '#');
    let (place, query) = split(rest, '?');
    let mut out = match place.split_once("://") {
        Some((scheme, rest)) => {
            let end = rest.find(['/', '\\']).unwrap_or(rest.len());
            let host = rest[..end].rsplit_once('@').map_or(&rest[..end], |(_, host)| host);
            format!("{scheme}://{host}{}", &rest[end..])
        }
        None => place.to_owned(),
    };
    for (mark, pairs) in [('?', query), ('#', fragment)] {
        if let Some(pairs) = pairs {
            out.push(mark);
            out.push_str(&pairs.split('&').map(pair).collect::<Vec<_>>().join("&"));
        }
    }
    out
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark)
        .map_or((text, None), |(before, after)| (before, Some(after)))
}

fn pair(pair: &str) -> String {
    let (key, value) = split(pair, '=');
    let Some(value) = value else { return pair.to_owned() };
    let decode = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    let name = decode(key);
    // A value may be a URL or a form itself.
    let nested = || {
        let value = decode(value);
        let keys = || {
            value
                .split(['?', '&', '#'])
                .filter_map(|part| Some(part.split_once('=')?.0))
        };
        value.contains("://") && value.contains('@') || keys().any(|key| key == "code" || is_secret(key))
    };
    if is_secret(&name) || name.eq_ignore_ascii_case("code") || nested() {
        format!("{key}=REDACTED")
    } else {
        pair.to_owned()
    }
}
