//! Requests as tests look at them.

use std::fmt;

use http::StatusCode;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::faults::fits;
use crate::clock::micros;
use crate::exchange::{Fields, Incoming};
use crate::world::World;

/// A request that the emulator got.
///
/// Headers that carry credentials are left out; [`Debug`] also leaves out query, form and body.
#[derive(Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// When it came, by the emulator's clock; ISO 8601.
    pub time: String,
    /// The HTTP method.
    pub method: String,
    /// The path as it was sent.
    pub path: String,
    /// The fields of the query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Headers other than those with credentials, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The scheme of the `Authorization` header, in lower case.
    pub authorization: Option<String>,
    /// The identity of the access token, whether the token was still valid or not.
    pub identity: Option<Uuid>,
    /// The fields of a form body, decoded, in order.
    pub form: Option<Vec<(String, String)>>,
    /// A JSON body. Neither this nor `form` is there for a body of more than 16 KB.
    pub json: Option<Value>,
    /// The status of the answer.
    pub status: u16,
}

impl RecordedRequest {
    pub(crate) fn new(request: &Incoming, time: Timestamp, identity: Option<Uuid>, status: StatusCode) -> Self {
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let secret = [
            http::header::AUTHORIZATION,
            http::header::COOKIE,
            http::header::PROXY_AUTHORIZATION,
        ];
        let headers = request.headers.iter().filter(|(name, _)| !secret.contains(name));
        let scheme = request.headers.get(http::header::AUTHORIZATION).map(text);
        let is_form = request.has_type("application/x-www-form-urlencoded") && !request.body.is_empty();
        Self {
            time: micros(time),
            method: request.method.to_string(),
            path: request.path.clone(),
            query: pairs(&request.query()),
            headers: headers.map(|(name, value)| (name.to_string(), text(value))).collect(),
            authorization: scheme.and_then(|text| Some(text.split_once(' ')?.0.to_ascii_lowercase())),
            identity,
            form: is_form.then(|| pairs(&request.form())),
            json: if is_form { None } else { request.json().ok() },
            status: status.as_u16(),
        }
    }

    /// The first value of a field of the query.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        find(&self.query, name)
    }

    /// The first value of a field of the form.
    pub fn form_value(&self, name: &str) -> Option<&str> {
        find(self.form.as_deref().unwrap_or_default(), name)
    }

    /// A header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// Which of the recorded requests are wanted.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    method: Option<String>,
    path: Option<String>,
    identity: Option<Uuid>,
    status: Option<u16>,
    /// The last so many.
    last: Option<usize>,
}

impl Wanted {
    /// Reads a query: `method`, `path` (with `*` for any characters), `identity`, `status`, `last`.
    pub(super) fn read(world: &World, query: &Fields) -> Result<Self, String> {
        let mut wanted = Self::default();
        for (name, value) in query.iter() {
            let number = || value.parse().map_err(|_| format!("`{name}` is a number"));
            match name {
                "method" => wanted.method = Some(value.to_owned()),
                "path" => wanted.path = Some(value.to_owned()),
                "status" => wanted.status = Some(value.parse().map_err(|_| format!("`{name}` is a number"))?),
                "last" => wanted.last = Some(number()?),
                "identity" => {
                    let found = world.auth.person(value).map(|row| row.id);
                    wanted.identity = Some(found.ok_or_else(|| format!("there is no identity {value}"))?);
                }
                _ => return Err(format!("`{name}` is none of method, path, identity, status, last")),
            }
        }
        Ok(wanted)
    }

    pub(super) fn of(&self, mut requests: Vec<RecordedRequest>) -> Vec<RecordedRequest> {
        requests.retain(|row| {
            self.method
                .as_deref()
                .is_none_or(|method| method.eq_ignore_ascii_case(&row.method))
                && self
                    .path
                    .as_deref()
                    .is_none_or(|pattern| fits(pattern.as_bytes(), row.path.as_bytes()))
                && self.status.is_none_or(|status| status == row.status)
                && (self.identity.is_none() || self.identity == row.identity)
        });
        let first = requests.len().saturating_sub(self.last.unwrap_or(usize::MAX));
        requests.split_off(first)
    }
}

fn find<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn pairs(fields: &Fields) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect()
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.method, self.path, self.status)
    }
}
