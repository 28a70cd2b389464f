//! Reading the documents that developers send: an object under a key that names its kind.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::errors;
use crate::exchange::{Given, Incoming, Reply};

/// The object of a request, and how its fields are read. What is wrong is a 400 that names the field.
pub(crate) struct Document<'a> {
    request: &'a Incoming,
    kind: &'static str,
    map: Map<String, Value>,
}

impl<'a> Document<'a> {
    pub(crate) fn read(request: &'a Incoming, kind: &'static str) -> Result<Self, Reply> {
        let body = request
            .json()
            .map_err(|_| errors::bad_request(request, "The body is not JSON"))?;
        match body.get(kind) {
            Some(Value::Object(map)) => Ok(Self {
                request,
                kind,
                map: map.clone(),
            }),
            _ => Err(errors::bad_request(
                request,
                &format!("The document has no object \"{kind}\""),
            )),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// A 400 about a field.
    pub(crate) fn wrong(&self, name: &str, what: &str) -> Reply {
        errors::bad_request(self.request, &format!("{}.{name} {what}", self.kind))
    }

    fn field<T>(&self, name: &str, what: &str, read: impl Fn(&Value) -> Option<T>) -> Result<Given<T>, Reply> {
        match self.map.get(name) {
            None => Ok(Given::Absent),
            Some(Value::Null) => Ok(Given::Null),
            Some(value) => read(value).map(Given::Value).ok_or_else(|| self.wrong(name, what)),
        }
    }

    /// A text that is not blank, on one line.
    pub(crate) fn text(&self, name: &str) -> Result<Given<String>, Reply> {
        let what = "must be a text on one line, and not blank";
        self.field(name, what, |value| {
            let text = value.as_str()?.trim();
            (!text.is_empty() && !text.contains(['\n', '\r'])).then(|| text.to_owned())
        })
    }

    pub(crate) fn required_text(&self, name: &str) -> Result<String, Reply> {
        match self.text(name)? {
            Given::Value(text) => Ok(text),
            Given::Absent | Given::Null => Err(self.wrong(name, "is required")),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Given<bool>, Reply> {
        self.field(name, "must be true or false", Value::as_bool)
    }

    pub(crate) fn seconds(&self, name: &str) -> Result<Given<u64>, Reply> {
        self.field(name, "must be a number of seconds", Value::as_u64)
    }

    pub(crate) fn id(&self, name: &str) -> Result<Given<Uuid>, Reply> {
        self.field(name, "must be a UUID", uuid)
    }

    pub(crate) fn ids(&self, name: &str) -> Result<Given<Vec<Uuid>>, Reply> {
        self.list(name, "must be a list of UUIDs", uuid)
    }

    pub(crate) fn texts(&self, name: &str) -> Result<Given<Vec<String>>, Reply> {
        self.list(name, "must be a list of texts", |value| {
            Some(value.as_str()?.to_owned())
        })
    }

    /// A list, each entry of which is read alike.
    pub(crate) fn list<T>(
        &self,
        name: &str,
        what: &str,
        read: impl Fn(&Value) -> Option<T>,
    ) -> Result<Given<Vec<T>>, Reply> {
        self.field(name, what, |value| value.as_array()?.iter().map(&read).collect())
    }

    pub(crate) fn choice(&self, name: &str, names: &[&str]) -> Result<Given<String>, Reply> {
        let what = format!("must be one of {}", names.join(", "));
        self.field(name, &what, |value| {
            let text = value.as_str()?;
            names.contains(&text).then(|| text.to_owned())
        })
    }

    /// The object in a field.
    pub(crate) fn object(&self, name: &str) -> Result<Given<Map<String, Value>>, Reply> {
        self.field(name, "must be an object", |value| value.as_object().cloned())
    }
}

pub(crate) fn uuid(value: &Value) -> Option<Uuid> {
    Uuid::parse_str(value.as_str()?).ok()
}
