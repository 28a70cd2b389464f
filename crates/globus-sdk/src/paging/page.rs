//! [`Page`]: rows and the fields around them.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::error::Result;
use crate::operation::Operation;
use crate::response::Raw;

/// One answer of an operation that lists things.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Whether the service says that more rows follow; `None` where it does not say.
    pub has_next_page: Option<bool>,
    key: &'static str,
    /// Whether null came in the place of the list.
    null: bool,
    fields: Vec<(String, Box<RawValue>)>,
}

impl<T> Page<T> {
    fn new(key: &'static str, items: Option<Vec<T>>, fields: Vec<(String, Box<RawValue>)>) -> Self {
        let null = items.is_none();
        let mut page = Self {
            items: items.unwrap_or_default(),
            has_next_page: None,
            key,
            null,
            fields,
        };
        page.has_next_page = page.flag("has_next_page").ok().flatten();
        page
    }

    /// The rows as they came: a null that is still without rows stays one.
    fn rows(&self) -> Option<&[T]> {
        (!self.null || !self.is_empty()).then_some(&self.items)
    }

    /// A field of the answer beside the rows, as JSON text, for example `total`.
    pub fn field(&self, name: &str) -> Option<&RawValue> {
        self.fields
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| &**value)
    }

    /// A field of the answer beside the rows, decoded; `None` when it is absent, null or of another type.
    pub fn get<U: DeserializeOwned>(&self, name: &str) -> Option<U> {
        self.field(name)
            .and_then(|raw| serde_json::from_str::<Option<U>>(raw.get()).ok().flatten())
    }

    /// A switch beside the rows, of which 0 and 1 are false and true as well; `None` when it is absent or null.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, ()> {
        match self.field(name).map(RawValue::get) {
            None | Some("null") => Ok(None),
            Some("true" | "1" | "\"true\"" | "\"True\"") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(()),
        }
    }

    /// The number of rows on this page.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether the page has no rows.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The rows, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.items.iter()
    }
}

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;
    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

/// As the service sent it: the rows under their key, and the fields beside them.
impl<T: Serialize> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.key.is_empty() {
            return self.rows().serialize(serializer);
        }
        let mut map = serializer.serialize_map(Some(self.fields.len() + 1))?;
        map.serialize_entry(self.key, &self.rows())?;
        for (name, value) in &self.fields {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<T: DeserializeOwned> Page<T> {
    /// Decodes a page of an operation, whose rows stand under a key, or are the document itself.
    pub(crate) fn decode(raw: &Raw, operation: &Operation) -> Result<Self> {
        let seed = || PageSeed::<T>(operation.answer.rows.unwrap_or_default(), PhantomData);
        let plain = &mut serde_json::Deserializer::from_slice(&raw.body);
        let decoded = seed()
            .deserialize(&mut *plain)
            .and_then(|page| plain.end().map(|()| page));
        decoded.map_err(|error| {
            let mut track = serde_path_to_error::Track::new();
            let located = &mut serde_json::Deserializer::from_slice(&raw.body);
            let located = serde_path_to_error::Deserializer::new(located, &mut track);
            let message = seed().deserialize(located).err().unwrap_or(error).to_string();
            let what = format!("a page of `{operation}`");
            raw.decode_error_of(&what, &track.path().to_string(), &message)
        })
    }
}

struct PageSeed<T>(&'static str, PhantomData<T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for PageSeed<T> {
    type Value = Page<T>;
    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        if self.0.is_empty() {
            let items = Rows::deserialize(deserializer)?.0;
            Ok(Page::new("", items, Vec::new()))
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

impl<'de, T: DeserializeOwned> Visitor<'de> for PageSeed<T> {
    type Value = Page<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with the list `{}`", self.0)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut items, mut fields) = (None, Vec::new());
        while let Some(key) = map.next_key::<String>()? {
            if key == self.0 {
                items = Some(map.next_value::<Rows<T>>()?.0);
            } else {
                fields.push((key, map.next_value::<Box<RawValue>>()?));
            }
        }
        // No rows at all and an error are different things.
        let items = items.ok_or_else(|| A::Error::custom(format_args!("the list `{}` is missing", self.0)))?;
        Ok(Page::new(self.0, items, fields))
    }
}

/// The rows of a page. Null stands for a list without rows.
struct Rows<T>(Option<Vec<T>>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Rows<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RowsVisitor(PhantomData))
    }
}

struct RowsVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for RowsVisitor<T> {
    type Value = Rows<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of rows")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Rows(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or_default().min(4096));
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Rows(Some(items)))
    }
}
