//! Reading documents strictly: every field is known and of the right type.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::errors;
use crate::exchange::{Incoming, Reply, truth};

/// What a field may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Flag,
    Count,
    Texts,
    Object,
    Objects,
    Id,
    OneOf(&'static [&'static str]),
}

impl Kind {
    fn fits(self, value: &Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Flag => flag(value).is_some(),
            Self::Count => value.is_u64(),
            Self::Texts => value.as_array().is_some_and(|list| list.iter().all(Value::is_string)),
            Self::Object => value.is_object(),
            Self::Objects => value.as_array().is_some_and(|list| list.iter().all(Value::is_object)),
            Self::Id => value.as_str().is_some_and(|text| Uuid::parse_str(text).is_ok()),
            Self::OneOf(names) => value.as_str().is_some_and(|text| names.contains(&text)),
        }
    }

    fn text(self) -> String {
        match self {
            Self::Text => "a string".to_owned(),
            Self::Flag => "true or false".to_owned(),
            Self::Count => "a whole number, not below zero".to_owned(),
            Self::Texts => "a list of strings".to_owned(),
            Self::Object => "an object".to_owned(),
            Self::Objects => "a list of objects".to_owned(),
            Self::Id => "a UUID".to_owned(),
            Self::OneOf(names) => format!("one of {}", names.join(", ")),
        }
    }
}

/// A truth value, also as clients write it in texts.
fn flag(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| truth(value.as_str()?))
}

/// Fields by name: what they may be, and whether null is as good.
pub(crate) type Fields = [(&'static str, Kind, bool)];

/// A document with nothing in it that is not known.
pub(crate) struct Document(Map<String, Value>);

/// Reads the document of a request; its `DATA_TYPE` is the name and any version.
pub(crate) fn read(request: &Incoming, name: &str, fields: &[&Fields]) -> Result<Document, Reply> {
    if !request.has_type("application/json") {
        return Err(errors::unsupported_media_type());
    }
    let value = request.json();
    let value = value.map_err(|error| errors::bad_request(&format!("The document is no JSON: {error}")))?;
    let Value::Object(mut document) = value else {
        return Err(errors::invalid(&["The document is no object".to_owned()]));
    };
    let mut problems = Vec::new();
    match document.remove("DATA_TYPE") {
        Some(Value::String(found)) if is_version_of(&found, name) => {}
        Some(found) => problems.push(format!("DATA_TYPE: {found} is no version of {name}")),
        None => problems.push(format!("DATA_TYPE: is missing; it is {name}# and a version")),
    }
    for (key, value) in &mut document {
        let field = fields.iter().copied().flatten().find(|(name, ..)| name == key);
        if let Some((_, Kind::Flag, _)) = field
            && let Some(given) = flag(value)
        {
            *value = given.into();
        }
        match field {
            None => problems.push(format!("{}: is no field of {name}", key.escape_debug())),
            Some((.., true)) if value.is_null() => {}
            Some((_, kind, _)) if kind.fits(value) => {}
            Some((_, kind, _)) => problems.push(format!("{key}: is not {}", kind.text())),
        }
    }
    if problems.is_empty() {
        Ok(Document(document))
    } else {
        Err(errors::invalid(&problems))
    }
}

fn is_version_of(found: &str, name: &str) -> bool {
    let version = found.strip_prefix(name).and_then(|rest| rest.strip_prefix('#'));
    version.is_some_and(|version| {
        let parts: Vec<&str> = version.split('.').collect();
        let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    })
}

impl Document {
    /// A field that is neither left out nor null.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    pub(crate) fn id(&self, name: &str) -> Option<Uuid> {
        Uuid::parse_str(self.text(name)?).ok()
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| value == true)
    }

    /// Takes fields out that are dealt with elsewhere.
    pub(crate) fn without(mut self, names: &[&str]) -> Map<String, Value> {
        self.0.retain(|name, _| !names.contains(&name.as_str()));
        self.0
    }

    /// Refuses a document without one of these fields.
    pub(crate) fn require(&self, names: &[&str]) -> Result<(), Reply> {
        let missing = names
            .iter()
            .filter(|name| self.0.get(**name).is_none_or(Value::is_null));
        let problems: Vec<String> = missing.map(|name| format!("{name}: is missing")).collect();
        if problems.is_empty() {
            Ok(())
        } else {
            Err(errors::invalid(&problems))
        }
    }

    /// Refuses names that are blank or have several lines.
    pub(crate) fn named(&self) -> Result<(), Reply> {
        match self.text("display_name") {
            Some(name) if name.trim().is_empty() || name.contains(['\n', '\r']) => {
                Err(errors::invalid(&["display_name: is not one line of text".to_owned()]))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_version_of;

    #[test]
    fn versions_have_three_numbers() {
        assert!(is_version_of("role#1.0.0", "role") && is_version_of("role#1.10.0", "role"));
        for text in [
            "role",
            "role#",
            "role#1.0",
            "role#1.0.x",
            "roles#1.0.0",
            "role#1..0",
            "role#1.0.0.0",
        ] {
            assert!(!is_version_of(text, "role"), "{text}");
        }
    }
}
