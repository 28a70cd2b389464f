//! How `payloads.jsonl` writes objects and values.

use globus_sdk::models::Extra;
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Refused;

/// A helper object: its class, what it was made with, and the calls after that.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) class: String,
    made_with: Arguments,
    calls: Vec<(String, Arguments)>,
}

/// Arguments by position and by name.
#[derive(Debug, Clone)]
pub(super) struct Arguments {
    positional: Vec<Value>,
    named: Map<String, Value>,
}

impl Payload {
    pub(super) fn read(payload: &Value) -> Self {
        let calls = payload["calls"].as_array().expect("a list of calls");
        let call = |call: &Value| {
            let name = call[0].as_str().expect("a method").to_owned();
            (name, Arguments::read(&call[1], &call[2]))
        };
        Self {
            class: payload["__payload__"].as_str().expect("a class").to_owned(),
            made_with: Arguments::read(&payload["args"], &payload["kwargs"]),
            calls: calls.iter().map(call).collect(),
        }
    }

    /// What the object was made with; `names` are its parameters by position.
    pub(super) fn made_with(&self, names: &[&str]) -> Arguments {
        self.made_with.clone().name(names)
    }

    /// The entries of the map `additional_fields`.
    pub(super) fn open_map(&self) -> Map<String, Value> {
        let map = self.made_with.named.get("additional_fields").and_then(Value::as_object);
        map.cloned().unwrap_or_default()
    }

    /// The same object, made with the entries of that map as parameters.
    pub(super) fn with_open_map_as_parameters(&self) -> Self {
        let mut made_with = self.made_with.clone();
        made_with.named.remove("additional_fields");
        made_with.named.extend(self.open_map());
        Self {
            class: self.class.clone(),
            made_with,
            calls: self.calls.clone(),
        }
    }

    /// The calls after that, in order; `names` are the parameters of a method by position.
    pub(super) fn calls<'a>(
        &'a self,
        names: impl Fn(&str) -> &'static [&'static str] + 'a,
    ) -> impl Iterator<Item = (&'a str, Arguments)> {
        let calls = self.calls.iter();
        calls.map(move |(method, arguments)| (method.as_str(), arguments.clone().name(names(method))))
    }
}

impl Arguments {
    fn read(positional: &Value, named: &Value) -> Self {
        let positional = positional.as_array().expect("a list");
        let named = plain(named).expect("an object is there");
        Self {
            positional: positional.iter().filter_map(plain).collect(),
            named: named.as_object().expect("an object").clone(),
        }
    }

    fn name(mut self, names: &[&str]) -> Self {
        for (name, value) in names.iter().zip(std::mem::take(&mut self.positional)) {
            self.named.insert((*name).to_owned(), value);
        }
        self
    }

    /// An argument, if it was given.
    pub(super) fn take<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Refused> {
        let Some(value) = self.named.get(name) else {
            return Ok(None);
        };
        let decoded = serde_json::from_value(value.clone());
        decoded.map(Some).map_err(|error| format!("{name}: {error}"))
    }

    /// An argument that must have been given.
    pub(super) fn need<T: DeserializeOwned>(&self, name: &str) -> Result<T, Refused> {
        self.take(name)?.ok_or_else(|| format!("{name} is missing"))
    }

    /// A time, given as text or as a time with or without its offset.
    pub(super) fn time<T>(&self, name: &str) -> Result<Option<T>, Refused>
    where
        T: From<String> + From<DateTime> + From<Zoned>,
    {
        let Some(time) = self.named.get(name).and_then(|value| value.get("__datetime__")) else {
            return Ok(self.take::<String>(name)?.map(Into::into));
        };
        let time = time.as_str().expect("a text");
        let civil: DateTime = time.parse().map_err(|error| format!("{name}: {error}"))?;
        let pieces = DateTimeParser::new().parse_pieces(time).expect("it was read before");
        Ok(Some(match pieces.to_numeric_offset() {
            Some(offset) => civil
                .to_zoned(offset.to_time_zone())
                .expect("a time of our days")
                .into(),
            None => civil.into(),
        }))
    }

    /// A helper object that was given to this one.
    pub(super) fn object(&self, name: &str) -> Option<Payload> {
        let value = self.named.get(name)?;
        value.get("__payload__").map(|_| Payload::read(value))
    }

    /// Adds the entries of the map `additional_fields` to a document.
    pub(super) fn add_fields(&self, extra: &mut Extra) {
        let fields = self.named.get("additional_fields").and_then(Value::as_object);
        for (name, value) in fields.into_iter().flatten() {
            extra.set(name, value.clone());
        }
    }
}

/// A value without what is missing; ids, scopes, enumeration members and tuples as their plain values.
fn plain(value: &Value) -> Option<Value> {
    if let Some((key, inner)) = value.as_object().and_then(|entries| entries.iter().next()) {
        match key.as_str() {
            "__missing__" => return None,
            "__uuid__" | "__scope__" | "__bytes__" => return Some(inner.clone()),
            "__enum__" => {
                let member = inner.as_str().and_then(|text| text.split_once('.'));
                return member.map(|(_, member)| member.into());
            }
            "__tuple__" => return plain(inner),
            _ => {}
        }
    }
    Some(match value {
        Value::Array(items) => items.iter().filter_map(plain).collect(),
        Value::Object(entries) => {
            let kept = entries
                .iter()
                .filter_map(|(key, value)| Some((key.clone(), plain(value)?)));
            Value::Object(kept.collect())
        }
        leaf => leaf.clone(),
    })
}
