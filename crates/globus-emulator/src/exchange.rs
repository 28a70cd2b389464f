//! A request as handlers see it, and what they answer.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::world::World;

/// What serves an operation. It runs under the world's lock, so it neither waits nor does I/O.
pub(crate) type Handler = fn(&mut World, &Incoming) -> Outcome;

/// What is left of a request once the world's lock is free: reading and changing files, off the async runtime.
pub(crate) type Job = Box<dyn FnOnce() -> Reply + Send>;

/// What serves an operation on files: it finds out under the lock what may be done, and leaves the doing.
pub(crate) type FileHandler = fn(&mut World, &Incoming) -> Result<Job, Reply>;

/// How an operation is served.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Serving {
    Now(Handler),
    Later(FileHandler),
}

/// A handler's answer; the error side is an answer too, which lets handlers use `?`.
pub(crate) type Outcome = Result<Reply, Reply>;

/// A request that was read in full.
pub(crate) struct Incoming {
    pub(crate) method: Method,
    /// Path as it was sent, without the query.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Decoded `{name}` segments of the path.
    pub(crate) params: Vec<(String, String)>,
}

/// What an `Authorization` header says.
#[derive(PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub(crate) enum Credentials<'a> {
    Missing,
    Malformed,
    Bearer(&'a str),
    Basic { user: String, password: String },
}

impl Incoming {
    pub(crate) fn param(&self, name: &str) -> &str {
        self.params
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value)
    }

    pub(crate) fn param_uuid(&self, name: &str) -> Option<Uuid> {
        Uuid::parse_str(self.param(name)).ok()
    }

    pub(crate) fn query(&self) -> Fields {
        Fields::parse(self.query.as_bytes())
    }

    /// The fields of a form body; empty when the body is something else.
    pub(crate) fn form(&self) -> Fields {
        if self.has_type("application/x-www-form-urlencoded") {
            Fields::parse(&self.body)
        } else {
            Fields::default()
        }
    }

    pub(crate) fn has_type(&self, wanted: &str) -> bool {
        let given = self
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        given
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case(wanted)
    }

    pub(crate) fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    pub(crate) fn credentials(&self) -> Credentials<'_> {
        let Some(header) = self.headers.get(AUTHORIZATION) else {
            return Credentials::Missing;
        };
        let Some((scheme, value)) = header.to_str().ok().and_then(|text| text.trim().split_once(' ')) else {
            return Credentials::Malformed;
        };
        let value = value.trim();
        if scheme.eq_ignore_ascii_case("bearer") && !value.is_empty() {
            return Credentials::Bearer(value);
        }
        if scheme.eq_ignore_ascii_case("basic") {
            let decoded = STANDARD
                .decode(value)
                .ok()
                .and_then(|bytes| String::from_utf8(bytes).ok());
            if let Some((user, password)) = decoded.as_deref().and_then(|text| text.split_once(':')) {
                return Credentials::Basic {
                    user: user.to_owned(),
                    password: password.to_owned(),
                };
            }
        }
        Credentials::Malformed
    }
}

/// Decoded fields of a query or a form, in order.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

impl Fields {
    pub(crate) fn parse(text: &[u8]) -> Self {
        let decoded = url::form_urlencoded::parse(text);
        Self(
            decoded
                .map(|(key, value)| (Cow::into_owned(key), Cow::into_owned(value)))
                .collect(),
        )
    }

    /// The first value of a field. An empty one counts as absent: clients send `filter=` when they filter nothing.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(key, value)| key == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// All values of a field, whether repeated or joined by commas.
    pub(crate) fn list(&self, name: &str) -> Vec<&str> {
        let values = self
            .0
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','));
        values.map(str::trim).filter(|value| !value.is_empty()).collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// A truth value as clients write it in queries.
pub(crate) fn truth(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "True" => Some(true),
        "0" | "false" | "False" => Some(false),
        _ => None,
    }
}

/// What a document has for a field. A value of the wrong kind is a problem and counts as absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Given<T> {
    Absent,
    Null,
    Value(T),
}

impl<T> Given<T> {
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Writes a value, or nothing for null; what was not given stays.
    pub(crate) fn store(self, slot: &mut Option<T>) {
        match self {
            Self::Absent => {}
            Self::Null => *slot = None,
            Self::Value(value) => *slot = Some(value),
        }
    }

    /// Writes a value; null too leaves what is there.
    pub(crate) fn replace(self, slot: &mut T) {
        if let Self::Value(value) = self {
            *slot = value;
        }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) content_type: &'static str,
    pub(crate) body: Bytes,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, document: &Value) -> Self {
        Self {
            status,
            content_type: "application/json",
            body: Bytes::from(document.to_string()),
            headers: Vec::new(),
        }
    }

    pub(crate) fn ok(document: &Value) -> Self {
        Self::json(StatusCode::OK, document)
    }

    /// A page for a browser. It runs no script, and no other page can put it in a frame.
    pub(crate) fn page(status: StatusCode, text: String) -> Self {
        let reply = Self {
            status,
            content_type: "text/html; charset=utf-8",
            body: Bytes::from(text),
            headers: Vec::new(),
        };
        let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
        reply
            .with(CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy))
            .with(CACHE_CONTROL, HeaderValue::from_static("no-store"))
            .with(REFERRER_POLICY, HeaderValue::from_static("same-origin"))
    }

    /// Sends a browser somewhere else, with a GET whatever it came with.
    pub(crate) fn redirect(address: &str) -> Self {
        match HeaderValue::from_str(address) {
            Ok(address) => Self::page(StatusCode::FOUND, String::new()).with(LOCATION, address),
            Err(_) => Self::page(StatusCode::BAD_REQUEST, String::new()),
        }
    }

    /// Marks an answer of which only parts are known from the real service.
    pub(crate) fn inferred(self) -> Self {
        self.with(
            HeaderName::from_static("x-emulator-confidence"),
            HeaderValue::from_static("inferred"),
        )
    }

    pub(crate) fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_header(value: &str) -> Incoming {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(value).expect("a header value"));
        Incoming {
            method: Method::GET,
            path: "/".into(),
            query: String::new(),
            headers,
            body: Bytes::new(),
            params: Vec::new(),
        }
    }

    #[test]
    fn credentials_are_read_or_called_malformed() {
        assert_eq!(with_header("Bearer abc").credentials(), Credentials::Bearer("abc"));
        assert_eq!(with_header("bearer  abc ").credentials(), Credentials::Bearer("abc"));
        for text in ["Bearer ", "Bearer", "Basic !", "Basic Zm9v", "Digest x", ""] {
            assert_eq!(with_header(text).credentials(), Credentials::Malformed, "{text}");
        }
        let basic = Credentials::Basic {
            user: "a".into(),
            password: "b:c".into(),
        };
        assert_eq!(
            with_header(&format!("Basic {}", STANDARD.encode("a:b:c"))).credentials(),
            basic
        );
    }

    #[test]
    fn fields_treat_empty_as_absent() {
        let fields = Fields::parse(b"filter=&a=1%2C2&a=3&b=x+y");
        assert_eq!(fields.get("filter"), None);
        assert_eq!(fields.list("a"), ["1", "2", "3"]);
        assert_eq!(fields.get("b"), Some("x y"));
    }
}
