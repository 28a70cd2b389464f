//! Decodes a document into its type and writes down which of the type's fields came, and which fields it does not know.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, IntoDeserializer as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Error, Map, Value};

/// What was found in the documents of one type, fields by their path: `memberships[].role`.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// Fields of the types, and whether one of the documents had them.
    fields: BTreeMap<String, bool>,
    unknown: BTreeSet<String>,
}

impl Found {
    /// Fields that the service sends and the type does not have.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        self.unknown.iter().map(String::as_str)
    }

    /// Fields of the type that no document had.
    pub(crate) fn missing(&self) -> impl Iterator<Item = &str> {
        let gone = self.fields.iter().filter(|(_, came)| !**came);
        gone.map(|(path, _)| path.as_str())
    }

    fn object(&mut self, path: &str, fields: &[&str], object: &Map<String, Value>) {
        for field in fields {
            *self.fields.entry(below(path, field)).or_default() |= object.contains_key(*field);
        }
        let unknown = object.keys().filter(|key| !fields.contains(&key.as_str()));
        self.unknown.extend(unknown.map(|key| below(path, key)));
    }
}

/// Decodes one document into `T`.
pub(crate) fn decode<T: for<'de> Deserialize<'de>>(document: &Value, found: &RefCell<Found>) -> Result<(), Error> {
    T::deserialize(Probe {
        value: document,
        path: String::new(),
        found,
    })
    .map(drop)
}

fn below(path: &str, field: &str) -> String {
    if path.is_empty() {
        field.to_owned()
    } else {
        format!("{path}.{field}")
    }
}

/// A value that is decoded, and where it stands.
struct Probe<'a> {
    value: &'a Value,
    path: String,
    found: &'a RefCell<Found>,
}

impl<'de> Deserializer<'de> for Probe<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Object(object) => visitor.visit_map(Members::new(&self, object, |path, _| below(path, "*"))),
            Value::Array(elements) => visitor.visit_seq(Elements {
                rest: elements.iter(),
                path: format!("{}[]", self.path),
                found: self.found,
            }),
            value => value.deserialize_any(visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        let Value::Object(object) = self.value else {
            return self.deserialize_any(visitor);
        };
        self.found.borrow_mut().object(&self.path, fields, object);
        visitor.visit_map(Members::new(&self, object, below))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        // Raw JSON is known to its own deserializer only.
        if name.starts_with("$serde_json::") {
            self.value.deserialize_newtype_struct(name, visitor)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.value.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map identifier ignored_any
    }
}

/// The members of an object.
struct Members<'a, F> {
    entries: serde_json::map::Iter<'a>,
    value: Option<Probe<'a>>,
    path: String,
    /// The path of a member.
    place: F,
    found: &'a RefCell<Found>,
}

impl<'a, F: Fn(&str, &str) -> String> Members<'a, F> {
    fn new(of: &Probe<'a>, object: &'a Map<String, Value>, place: F) -> Self {
        Self {
            entries: object.iter(),
            value: None,
            path: of.path.clone(),
            place,
            found: of.found,
        }
    }
}

impl<'a, F: Fn(&str, &str) -> String> MapAccess<'a> for Members<'a, F> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((key, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.value = Some(Probe {
            value,
            path: (self.place)(&self.path, key),
            found: self.found,
        });
        seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match self.value.take() {
            Some(value) => {
                let path = value.path.clone();
                seed.deserialize(value).map_err(|error| located(error, &path))
            }
            // The key comes before its value: nobody gets here.
            None => seed.deserialize(().into_deserializer()),
        }
    }
}

/// The elements of a list.
struct Elements<'a> {
    rest: std::slice::Iter<'a, Value>,
    path: String,
    found: &'a RefCell<Found>,
}

impl<'a> SeqAccess<'a> for Elements<'a> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let probe = self.rest.next().map(|value| Probe {
            value,
            path: self.path.clone(),
            found: self.found,
        });
        probe.map(|probe| seed.deserialize(probe)).transpose()
    }
}

/// The error of a member, with the innermost path.
fn located(error: Error, path: &str) -> Error {
    let message = error.to_string();
    if message.starts_with('`') {
        error
    } else {
        serde::de::Error::custom(format!("`{path}`: {message}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use globus_sdk::services::groups::Group;

    #[test]
    fn fields_are_known_missing_or_new_at_every_depth() {
        let found = RefCell::default();
        let one = json!({"id": "g", "my_memberships": [{"role": "admin", "rank": 1}], "news": {"deep": []}});
        let other = json!({"name": "n", "session_timeouts": {"a": {"expires_in": 1, "why": null}}});
        decode::<Group>(&one, &found).expect("a group");
        decode::<Group>(&other, &found).expect("a group");
        let found = found.into_inner();
        let unknown: Vec<&str> = found.unknown().collect();
        assert_eq!(unknown, ["my_memberships[].rank", "news", "session_timeouts.*.why"]);
        let missing: Vec<&str> = found.missing().collect();
        assert!(missing.contains(&"description") && missing.contains(&"my_memberships[].status"));
        assert!(!missing.contains(&"id") && !missing.contains(&"name") && !missing.contains(&"policies.join_requests"));
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let error = decode::<Group>(&json!({"my_memberships": [{"role": 1}]}), &RefCell::default());
        let message = error.expect_err("a number is no role").to_string();
        assert!(message.starts_with("`my_memberships[].role`"), "{message}");
    }
}
