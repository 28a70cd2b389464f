//! Reading members of documents, strictly: a member of another type means that the document is of another kind.

use serde_json::{Map, Value};

use crate::error::{Error, quoted};

/// A member is missing or of another type.
#[derive(Debug)]
pub(super) struct Fault {
    member: &'static str,
    expected: &'static str,
}

impl Fault {
    pub(super) const fn new(member: &'static str, expected: &'static str) -> Self {
        Self { member, expected }
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::validation(
            fault.member,
            format!("{} must be {}", quoted(fault.member), fault.expected),
        )
    }
}

pub(super) type Read<T> = Result<T, Fault>;

/// A document and the members that have been asked for.
pub(super) struct Members<'a> {
    document: &'a Map<String, Value>,
    known: Vec<&'static str>,
}

impl<'a> Members<'a> {
    pub(super) const fn new(document: &'a Map<String, Value>) -> Self {
        Self {
            document,
            known: Vec::new(),
        }
    }

    /// A member, unless it is absent or null.
    pub(super) fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.document.get(name).filter(|value| !value.is_null())
    }

    pub(super) fn text(&mut self, name: &'static str) -> Read<Option<String>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Fault::new(name, "a text")),
        }
    }

    pub(super) fn flag(&mut self, name: &'static str) -> Read<Option<bool>> {
        match self.get(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(Fault::new(name, "true or false")),
        }
    }

    pub(super) fn texts(&mut self, name: &'static str) -> Read<Option<Vec<String>>> {
        self.get(name)
            .map(|value| texts(value).ok_or(Fault::new(name, "a list of texts")))
            .transpose()
    }

    /// Older services write a list as one text with commas.
    pub(super) fn texts_or_commas(&mut self, name: &'static str) -> Read<Option<Vec<String>>> {
        match self.get(name) {
            Some(Value::String(text)) => Ok(Some(text.split(',').map(str::to_owned).collect())),
            _ => self.texts(name),
        }
    }

    /// The members that nobody asked for.
    pub(super) fn others(self) -> Map<String, Value> {
        let others = self
            .document
            .iter()
            .filter(|(name, _)| !self.known.contains(&name.as_str()));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

/// The texts of a list of nothing else.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter();
    items.map(|item| item.as_str().map(str::to_owned)).collect()
}
