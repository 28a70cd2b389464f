//! [`TransferFilter`]: conditions on the rows of a listing.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::operation::{Arg, Argument, Document, TypedDocument};

/// Conditions on the rows of a listing: all of them must hold, each for one of its values.
///
/// A value begins with an operator where the field knows one: `~` for a pattern, `!` for not, `>=`, `<` and others for
/// sizes; times take two values, from and to. Text and JSON are filters too: `"status:ACTIVE"`.
/// Source: <https://docs.globus.org/api/transfer/overview/#filtering>.
///
/// ```
/// # use globus_sdk::services::transfer::TransferFilter;
/// let unfinished = TransferFilter::new("status", ["ACTIVE", "INACTIVE"]).and("type", ["TRANSFER"]);
/// let texts_or_folders = TransferFilter::new("name", ["~*.txt"]).or(TransferFilter::new("type", ["dir"]));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct TransferFilter {
    /// Of these, one must hold.
    alternatives: Vec<Conditions>,
}

type Conditions = Vec<(String, Vec<String>)>;

impl TransferFilter {
    /// The field has one of these values.
    pub fn new(field: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        Self {
            alternatives: vec![vec![(field.into(), values)]],
        }
    }

    /// And this field has one of these values.
    pub fn and(mut self, field: impl Into<String>, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let condition = (
            field.into(),
            values.into_iter().map(Into::into).collect::<Vec<String>>(),
        );
        for alternative in &mut self.alternatives {
            alternative.push(condition.clone());
        }
        self
    }

    /// Or the other filter holds. Listings of folders know alternatives; those of tasks do not.
    pub fn or(mut self, other: Self) -> Self {
        self.alternatives.extend(other.alternatives);
        self
    }
}

/// There is no way to write these characters in a field or a value: they would begin something else.
fn separator<E: serde::ser::Error>(what: &str, text: &str, separators: &[char]) -> Result<(), E> {
    match text.chars().find(|char| separators.contains(char)) {
        None => Ok(()),
        Some(char) => Err(E::custom(format_args!(
            "the {what} `{}` of a filter has `{char}`, which separates {}; leave it out",
            text.escape_debug(),
            match char {
                ',' => "values",
                ':' => "a field from its values",
                _ => "conditions",
            }
        ))),
    }
}

struct All<'a>(&'a Conditions);

impl Serialize for All<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (field, values) in self.0 {
            separator::<S::Error>("field", field, &[':', '/', ','])?;
            for value in values {
                separator::<S::Error>("value", value, &['/', ','])?;
            }
            map.serialize_entry(field, values)?;
        }
        map.end()
    }
}

impl Serialize for TransferFilter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [one] = self.alternatives.as_slice() {
            return All(one).serialize(serializer);
        }
        let mut list = serializer.serialize_seq(Some(self.alternatives.len()))?;
        for alternative in &self.alternatives {
            list.serialize_element(&All(alternative))?;
        }
        list.end()
    }
}

impl TypedDocument for TransferFilter {}

/// A filter in the service's own spelling, for example `status:ACTIVE/type:TRANSFER`.
impl Document<TransferFilter> for &str {
    fn into_arg(self) -> Arg {
        Argument::into_arg(self)
    }
}

/// A filter in the service's own spelling.
impl Document<TransferFilter> for String {
    fn into_arg(self) -> Arg {
        Argument::into_arg(self)
    }
}
