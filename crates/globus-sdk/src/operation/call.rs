//! [`Call`]: an operation and its arguments, before anything is sent.

use std::borrow::Cow;
use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::value::RawValue;

use super::{Arg, Before, Body, Operation, Place};
use crate::error::{Error, Result};
use crate::transport::{Idempotency, RetryConfig};

/// A call of one operation: a row of the table and its arguments.
///
/// Typed builders and calls by name fill the same `Call`.
#[derive(Clone)]
pub struct Call {
    pub(crate) operation: &'static Operation,
    pub(crate) args: Vec<Option<Arg>>,
    pub(crate) query: Vec<(String, Arg)>,
    pub(crate) fields: Vec<(String, Arg)>,
    pub(crate) options: CallOptions,
    /// Where the service says the next page is (JSON:API).
    pub(crate) link: Option<String>,
    /// A setting that could not be taken; reported when the call is sent.
    pub(crate) error: Option<Error>,
}

/// Settings of one call. They are values of the call and never change its client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CallOptions {
    /// How long to wait until the answer begins, and then between two parts of it; `Some(None)` waits for ever,
    /// `None` is the client's setting.
    pub timeout: Option<Option<Duration>>,
    /// How the call is retried, instead of the client's setting.
    pub retry: Option<RetryConfig>,
    /// Headers added to the request.
    pub headers: HeaderMap,
    /// Whether the client's credentials are sent.
    pub authorization: bool,
    /// Whether redirects are followed.
    pub redirects: bool,
    /// Whether anything is ever sent twice.
    pub resend: bool,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            timeout: None,
            retry: None,
            headers: HeaderMap::new(),
            authorization: true,
            redirects: true,
            resend: true,
        }
    }
}

/// The operation and the shape of its arguments, never their values.
impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let given = self.operation.params.iter().zip(&self.args);
        let given = given.filter_map(|(param, arg)| Some((param.name, arg.as_ref()?)));
        f.debug_struct("Call")
            .field("operation", &self.operation.key())
            .field("arguments", &given.collect::<Vec<_>>())
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl CallOptions {
    /// Adds a header.
    ///
    /// # Errors
    /// [`Error::Validation`] for a name or a value that no header may have.
    pub fn header(&mut self, name: &str, value: &str) -> Result<()> {
        let invalid = |what: &str| Error::validation(format!("header `{}`", name.escape_debug()), what);
        let key = HeaderName::try_from(name).map_err(|_| invalid("is not a valid header name"))?;
        let mut value =
            HeaderValue::try_from(value).map_err(|_| invalid("has a value with characters no header may have"))?;
        // It may be a credential; nobody prints it then.
        value.set_sensitive(true);
        self.headers.insert(key, value);
        Ok(())
    }
}

impl Call {
    /// A call of `operation` without arguments.
    pub fn new(operation: &'static Operation) -> Self {
        Self {
            operation,
            args: operation.params.iter().map(|_| None).collect(),
            query: Vec::new(),
            fields: Vec::new(),
            options: CallOptions::default(),
            link: None,
            error: None,
        }
    }

    /// The row that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The settings of this call.
    pub const fn options(&self) -> &CallOptions {
        &self.options
    }

    /// The settings of this call, to change.
    pub fn options_mut(&mut self) -> &mut CallOptions {
        &mut self.options
    }

    /// Fills a call from a JSON object of parameters, as calls by name do.
    ///
    /// The open maps `query_params`, `additional_fields`, `additional_params` and `body_params` are taken by every
    /// operation. Nothing of a document is parsed: its JSON text is passed on.
    ///
    /// # Errors
    /// [`Error::Usage`] when `params` is not an object or names a parameter that the operation does not have, and
    /// [`Error::Validation`] for a value of a kind that its parameter cannot take.
    pub fn from_json(operation: &'static Operation, params: &str) -> Result<Self> {
        let params = object_entries(params).map_err(|error| {
            Error::usage(format!(
                "the parameters of `{operation}` must be a JSON object: {error}"
            ))
        })?;
        let mut call = Self::new(operation);
        for (name, value) in params {
            call.set_json(&name, value)?;
        }
        Ok(call)
    }

    fn set_json(&mut self, name: &str, value: &RawValue) -> Result<()> {
        if let Some((index, param)) = self.operation.param(name) {
            if let Some(why) = super::values::misfit(param, value) {
                return Err(super::encode::invalid(self.operation, name, why));
            }
            self.args[index] = Some(Arg::from_raw(value));
            return Ok(());
        }
        let target = match (name, self.operation.body) {
            ("query_params", _) => OpenMap::Query,
            ("additional_fields" | "body_params" | "additional_params", Body::Json | Body::Form) => OpenMap::Fields,
            ("headers", _) => OpenMap::Headers,
            _ => return Err(self.unknown(name)),
        };
        if value.get() == "null" {
            return Ok(());
        }
        let entries = object_entries(value.get()).map_err(|error| {
            Error::usage(format!(
                "`{name}` of `{}` must be a JSON object: {error}",
                self.operation
            ))
        })?;
        for (key, value) in entries {
            match target {
                OpenMap::Query => self.query.push((key.into_owned(), Arg::from_raw(value))),
                OpenMap::Fields => self.fields.push((key.into_owned(), Arg::from_raw(value))),
                OpenMap::Headers => self.options.header(&key, &text_of(value))?,
            }
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> Error {
        let known: Vec<&str> = self.operation.params.iter().map(|param| param.name).collect();
        let known = if known.is_empty() {
            "none of its own".to_owned()
        } else {
            known.join(", ")
        };
        Error::usage(format!(
            "`{}` has no parameter `{name}`; it takes {known}",
            self.operation
        ))
    }

    /// The argument of the named parameter, if it was given.
    pub fn arg(&self, name: &str) -> Option<&Arg> {
        self.operation
            .param(name)
            .and_then(|(index, _)| self.args[index].as_ref())
    }

    /// Whether a top-level field of the body is given, by whatever way.
    pub(crate) fn has_field(&self, name: &str) -> bool {
        let mut params = self.operation.params.iter().zip(&self.args);
        self.arg(name).is_some()
            || self.fields.iter().any(|(key, _)| key == name)
            || params.any(|(param, arg)| match arg {
                Some(Arg::Json(raw)) if param.place == Place::Document => has_entry(raw.get(), name),
                _ => false,
            })
    }

    /// What may be sent again. Without the key that the step before draws, because the caller wants none (null), the
    /// service cannot tell a repetition from a second call.
    pub(crate) fn idempotency(&self) -> Idempotency {
        let pointer = match self.operation.before {
            Some(Before::SubmissionId) => "/submission_id",
            Some(Before::FreshUuid(pointer)) => pointer,
            None => return self.operation.idempotency,
        };
        if self.is_null(pointer) {
            Idempotency::Once
        } else {
            self.operation.idempotency
        }
    }

    /// Whether null is what stands at a JSON pointer of the body.
    fn is_null(&self, pointer: &str) -> bool {
        let mut steps = pointer.split('/').skip(1);
        let first = steps.next().unwrap_or_default();
        let mut value = match self.top_level(first) {
            Some(given) => given.into_raw(),
            None => return false,
        };
        for step in steps {
            let inner = object_entries(value.get()).ok().and_then(|entries| {
                let (_, inner) = entries.into_iter().rev().find(|(key, _)| key == step)?;
                Some(inner.to_owned())
            });
            match inner {
                Some(inner) => value = inner,
                None => return false,
            }
        }
        value.get() == "null"
    }

    /// A top-level field of the body that is no declared parameter: from an open map, or from the document.
    pub(crate) fn top_level(&self, name: &str) -> Option<Arg> {
        if let Some((_, arg)) = self.fields.iter().rev().find(|(key, _)| key == name) {
            return Some(arg.clone());
        }
        let mut params = self.operation.params.iter().zip(&self.args);
        params.find_map(|(param, arg)| match arg {
            Some(Arg::Json(raw)) if param.place == Place::Document => {
                let entries = object_entries(raw.get()).ok()?;
                let (_, value) = entries.into_iter().rev().find(|(key, _)| key == name)?;
                Some(Arg::from_raw(value))
            }
            _ => None,
        })
    }

    /// Puts a text at a JSON pointer of the body, unless something stands there: null does.
    ///
    /// # Errors
    /// When the pointer leads through something that is no object.
    pub(crate) fn draw(&mut self, pointer: &str, text: impl FnOnce() -> String) -> Result<()> {
        let steps: Vec<&str> = pointer.split('/').skip(1).collect();
        let Some((first, rest)) = steps.split_first() else {
            return Ok(());
        };
        let wrong = |error| {
            let place = format!("`{pointer}` of `{}`", self.operation);
            Error::validation(place, format!("leads through something that is no object: {error}"))
        };
        let drawn = match self.top_level(first) {
            None => Some(super::body::nested(rest, text())),
            Some(given) => super::body::filled(&given.into_raw(), rest, text).map_err(wrong)?,
        };
        if let Some(drawn) = drawn {
            self.fields.push(((*first).to_owned(), Arg::Json(drawn)));
        }
        Ok(())
    }

    /// Makes an entry of an open map the argument that it overrides.
    pub(crate) fn settle(&mut self, name: &str) {
        let Some((index, _)) = self.operation.param(name) else {
            return;
        };
        for map in [&mut self.query, &mut self.fields] {
            while let Some(position) = map.iter().position(|(key, _)| key == name) {
                self.args[index] = Some(map.remove(position).1);
            }
        }
    }

    /// Sets a parameter by its name; a name that the operation does not have goes to the query.
    pub(crate) fn set_by_name(&mut self, name: &str, arg: Arg) {
        match self.operation.param(name) {
            Some((index, _)) => self.args[index] = Some(arg),
            None => self.query.push((name.to_owned(), arg)),
        }
    }

    /// Sets a parameter by its position in the table.
    pub fn set(&mut self, index: usize, arg: Arg) {
        self.args[index] = Some(arg);
    }
}

enum OpenMap {
    Query,
    Fields,
    Headers,
}

fn text_of(value: &RawValue) -> String {
    serde_json::from_str::<String>(value.get()).unwrap_or_else(|_| value.get().to_owned())
}

/// Whether a JSON object has an entry. Nothing behind it is read: documents may be long.
fn has_entry(json: &str, name: &str) -> bool {
    struct Find<'a>(&'a str, &'a mut bool);
    impl<'de> serde::de::Visitor<'de> for Find<'_> {
        type Value = ();
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a JSON object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
            while let Some(key) = map.next_key::<Key<'de>>()? {
                if key.0 == self.0 {
                    *self.1 = true;
                    break;
                }
                map.next_value::<serde::de::IgnoredAny>()?;
            }
            Ok(())
        }
    }
    let mut found = false;
    // A text that goes on behind the entry is an error to the parser and none to us.
    let _ = serde::Deserializer::deserialize_map(&mut serde_json::Deserializer::from_str(json), Find(name, &mut found));
    found
}

/// A key as it stands, or unescaped.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// The entries of a JSON object in their order, values unparsed.
pub(crate) fn object_entries(json: &str) -> serde_json::Result<Vec<(Cow<'_, str>, &RawValue)>> {
    struct Entries;
    impl<'de> serde::de::Visitor<'de> for Entries {
        type Value = Vec<(Cow<'de, str>, &'de RawValue)>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a JSON object")
        }
        fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut entries = Vec::new();
            while let Some(entry) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                entries.push((entry.0.0, entry.1));
            }
            Ok(entries)
        }
    }
    let mut deserializer = serde_json::Deserializer::from_str(json);
    let entries = serde::Deserializer::deserialize_map(&mut deserializer, Entries)?;
    deserializer.end()?;
    Ok(entries)
}
