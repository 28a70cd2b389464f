//! [`Extra`]: what a model does not know.

use serde_json::Value;
use serde_json::value::RawValue;

/// Fields of a document that the SDK does not know, kept as raw JSON.
///
/// It also remembers which known fields came as null or not at all, so that a document that is read and written
/// again is the same.
#[derive(Clone, Default)]
pub struct Extra(Option<Box<Kept>>);

/// What is kept, for a document that has any of it.
#[derive(Clone, Default)]
struct Kept {
    nulls: u128,
    absent: u128,
    unknown: Vec<(Box<str>, Box<RawValue>)>,
}

impl Extra {
    /// An unknown field as JSON text.
    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.unknown().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The unknown fields, in the order in which they came.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        let unknown = self.0.as_ref().map_or(&[][..], |kept| &kept.unknown);
        unknown.iter().map(|(key, value)| (&**key, &**value))
    }

    /// The number of unknown fields.
    pub fn len(&self) -> usize {
        self.unknown().count()
    }

    /// Whether there are no unknown fields.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds a field; the last of several with one name wins.
    pub fn push(&mut self, name: String, value: Box<RawValue>) {
        let unknown = &mut self.kept().unknown;
        if let Some((_, known)) = unknown.iter_mut().find(|(key, _)| **key == name) {
            *known = value;
            return;
        }
        if unknown.is_empty() {
            // Most often there is no other.
            unknown.reserve_exact(1);
        }
        unknown.push((name.into(), value));
    }

    /// Adds a field to a document that is to be sent. One with the name of a field that the model has is sent in its
    /// place.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<Value>) {
        let value = value.into();
        // Of a `Value`, this cannot fail.
        let value = serde_json::value::to_raw_value(&value).unwrap_or_else(|_| RawValue::NULL.to_owned());
        self.push(name.into(), value);
    }

    #[doc(hidden)]
    pub fn replaces(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Takes a field away, and gives its JSON text if it was there.
    pub fn remove(&mut self, name: &str) -> Option<Box<RawValue>> {
        let unknown = &mut self.0.as_mut()?.unknown;
        let index = unknown.iter().position(|(key, _)| **key == *name)?;
        Some(unknown.remove(index).1)
    }

    #[doc(hidden)]
    pub fn set_null(&mut self, index: usize) {
        self.kept().nulls |= 1 << index;
    }

    #[doc(hidden)]
    pub fn is_null(&self, index: usize) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.nulls & (1 << index) != 0)
    }

    #[doc(hidden)]
    pub fn set_absent(&mut self, index: usize) {
        self.kept().absent |= 1 << index;
    }

    #[doc(hidden)]
    pub fn is_absent(&self, index: usize) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.absent & (1 << index) != 0)
    }

    fn kept(&mut self) -> &mut Kept {
        self.0.get_or_insert_default()
    }
}

/// Two models are equal when their known values and unknown fields are.
impl PartialEq for Extra {
    fn eq(&self, other: &Self) -> bool {
        let ours = self.unknown().map(|(name, value)| (name, value.get()));
        ours.eq(other.unknown().map(|(name, value)| (name, value.get())))
    }
}

impl std::fmt::Debug for Extra {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map()
            .entries(self.unknown().map(|(name, value)| (name, value.get())))
            .finish()
    }
}
