//! Reading request bodies, with all that is wrong about one told at once.
//!
//! The service tells it as pydantic 1 does: a list of places, messages and kinds of errors.

use serde_json::{Map, Value, json};

use super::errors;
use crate::exchange::{Incoming, Reply};

/// Where in a document something is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Place<'a> {
    Root,
    Key(&'a Self, &'a str),
    At(&'a Self, usize),
}

impl<'a> Place<'a> {
    pub(crate) fn key(&'a self, name: &'a str) -> Self {
        Self::Key(self, name)
    }

    pub(crate) fn at(&'a self, at: usize) -> Self {
        Self::At(self, at)
    }

    fn parts(&self) -> Vec<Value> {
        let (mut parts, part) = match self {
            Self::Root => return Vec::new(),
            Self::Key(above, name) => (above.parts(), json!(name)),
            Self::At(above, at) => (above.parts(), json!(at)),
        };
        parts.push(part);
        parts
    }
}

/// What kind of mistake a problem is.
const MISTAKE: &str = "value_error";
/// Something that the service knows and the emulator does not.
const NOT_EMULATED: &str = "not_emulated";

#[derive(Debug)]
struct Problem {
    place: Vec<Value>,
    message: String,
    kind: &'static str,
}

impl Problem {
    /// Its place and message in one line, as in `$.definition.States.Step1: ...`.
    fn line(&self) -> String {
        let mut line = "$".to_owned();
        for part in &self.place {
            match part {
                Value::String(name) => {
                    line.push('.');
                    line.push_str(name);
                }
                other => {
                    line.push('[');
                    line.push_str(&other.to_string());
                    line.push(']');
                }
            }
        }
        format!("{line}: {}", self.message)
    }
}

/// What is wrong about a document.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn push(&mut self, place: &Place<'_>, kind: &'static str, message: impl Into<String>) {
        self.0.push(Problem {
            place: place.parts(),
            message: message.into(),
            kind,
        });
    }

    /// A value that is not as it must be.
    pub(crate) fn wrong(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.push(place, MISTAKE, message);
    }

    /// A value that the service may take, and the emulator does not.
    pub(crate) fn not_emulated(&mut self, place: &Place<'_>, message: impl Into<String>) {
        self.push(place, NOT_EMULATED, message);
    }

    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All problems in one sentence, if there are any.
    pub(crate) fn told(self) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        let lines: Vec<String> = self.0.iter().map(Problem::line).collect();
        Err(lines.join(". "))
    }

    #[cfg(test)]
    pub(crate) fn lines(&self) -> Vec<String> {
        self.0.iter().map(Problem::line).collect()
    }

    /// An error document if there are any problems.
    pub(crate) fn finish(self, request: &Incoming) -> Result<(), Reply> {
        if let Some(problem) = self.0.iter().find(|problem| problem.kind == NOT_EMULATED) {
            return Err(errors::not_emulated(request, &problem.line()));
        }
        if self.0.is_empty() {
            return Ok(());
        }
        let count = self.0.len();
        let plural = if count == 1 { "" } else { "s" };
        let lines: Vec<String> = self.0.iter().map(Problem::line).collect();
        let message = format!("{count} validation error{plural} in body. {}", lines.join(". "));
        let row = |problem: &Problem| json!({"loc": problem.place, "msg": problem.message, "type": problem.kind});
        let detail: Vec<Value> = self.0.iter().map(row).collect();
        Err(errors::invalid(request, &Value::Array(detail), &message))
    }
}

/// The body as a JSON object; an empty one is an object without fields.
pub(crate) fn object(request: &Incoming) -> Result<Map<String, Value>, Reply> {
    let mut problems = Problems::default();
    match request.json() {
        Ok(Value::Object(map)) => return Ok(map),
        Ok(_) => problems.push(&Place::Root, "type_error.dict", "value is not a valid dict"),
        Err(_) if request.body.is_empty() => return Ok(Map::new()),
        Err(error) => problems.push(
            &Place::Root,
            "value_error.jsondecode",
            format!("the body is not JSON: {error}"),
        ),
    }
    problems.finish(request)?;
    Ok(Map::new())
}

/// Reads the fields of an object.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    map: &'a Map<String, Value>,
    pub(crate) place: Place<'a>,
    known: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(map: &'a Map<String, Value>, place: Place<'a>) -> Self {
        Self {
            map,
            place,
            known: Vec::new(),
        }
    }

    /// The value of a field that may stand here.
    pub(crate) fn get(&mut self, name: &'static str) -> Option<&'a Value> {
        self.known.push(name);
        self.map.get(name)
    }

    /// The value of a field that must stand here.
    pub(crate) fn required(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Value> {
        let value = self.get(name);
        if value.is_none() {
            problems.push(&self.place.key(name), "value_error.missing", "field required");
        }
        value
    }

    /// A problem with a field.
    pub(crate) fn wrong(&self, name: &str, problems: &mut Problems, message: impl Into<String>) {
        problems.wrong(&self.place.key(name), message);
    }

    pub(crate) fn text(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a str> {
        let value = self.get(name)?;
        if !value.is_string() {
            problems.push(&self.place.key(name), "type_error.str", "str type expected");
        }
        value.as_str()
    }

    /// Text of a length, in characters.
    pub(crate) fn text_of(
        &mut self,
        name: &'static str,
        least: usize,
        most: usize,
        problems: &mut Problems,
    ) -> Option<String> {
        let text = self.text(name, problems)?;
        let length = text.chars().count();
        let place = self.place.key(name);
        if length < least {
            let message = format!("ensure this value has at least {least} characters");
            problems.push(&place, "value_error.any_str.min_length", message);
        } else if length > most {
            let message = format!("ensure this value has at most {most} characters");
            problems.push(&place, "value_error.any_str.max_length", message);
        }
        Some(text.to_owned())
    }

    pub(crate) fn boolean(&mut self, name: &'static str, problems: &mut Problems) -> Option<bool> {
        let value = self.get(name)?;
        if !value.is_boolean() {
            let message = "value could not be parsed to a boolean";
            problems.push(&self.place.key(name), "type_error.bool", message);
        }
        value.as_bool()
    }

    pub(crate) fn object(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Map<String, Value>> {
        let value = self.get(name)?;
        if !value.is_object() {
            problems.push(&self.place.key(name), "type_error.dict", "value is not a valid dict");
        }
        value.as_object()
    }

    pub(crate) fn list(&mut self, name: &'static str, problems: &mut Problems) -> Option<&'a Vec<Value>> {
        let value = self.get(name)?;
        if !value.is_array() {
            problems.push(&self.place.key(name), "type_error.list", "value is not a valid list");
        }
        value.as_array()
    }

    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &'static str, problems: &mut Problems) -> Option<Vec<String>> {
        let list = self.list(name, problems)?;
        let place = self.place.key(name);
        let mut texts = Vec::with_capacity(list.len());
        for (at, value) in list.iter().enumerate() {
            match value.as_str() {
                Some(text) => texts.push(text.to_owned()),
                None => problems.push(&place.at(at), "type_error.str", "str type expected"),
            }
        }
        Some(texts)
    }

    /// Identities and groups by their URNs, or one of some words.
    pub(crate) fn principals(
        &mut self,
        name: &'static str,
        role: &str,
        words: &[&str],
        problems: &mut Problems,
    ) -> Option<Vec<String>> {
        let texts = self.texts(name, problems)?;
        let place = self.place.key(name);
        let kinds = ["<AuthGroupUrn>".to_owned(), "<AuthIdentityUrn>".to_owned()];
        let words_of_role = words.iter().map(|word| format!("\"{word}\""));
        let allowed = kinds.into_iter().chain(words_of_role).collect::<Vec<_>>().join(", ");
        for (at, text) in texts.iter().enumerate() {
            let id = text
                .strip_prefix("urn:globus:auth:identity:")
                .or_else(|| text.strip_prefix("urn:globus:groups:id:"));
            let known = id.is_some_and(|id| uuid::Uuid::parse_str(id).is_ok()) || words.contains(&text.as_str());
            if !known {
                let message = format!(
                    "Unrecognized principal string: \"{text}\". Allowed principal types in role \"{role}\": \
                     [{allowed}]"
                );
                problems.wrong(&place.at(at), message);
            }
        }
        Some(texts)
    }

    /// The fields whose names end so.
    pub(crate) fn others(&self, end: &str) -> Vec<(&'a str, &'a Value)> {
        let rows = self.map.iter().filter(|(name, _)| name.ends_with(end));
        rows.map(|(name, value)| (name.as_str(), value)).collect()
    }

    /// Takes note that a field may stand here.
    pub(crate) fn know(&mut self, name: &'a str) {
        self.known.push(name);
    }

    /// Refuses the fields that nobody asked for.
    pub(crate) fn finish(self, problems: &mut Problems) {
        for name in self.map.keys() {
            if !self.known.contains(&name.as_str()) {
                let message = "extra fields not permitted";
                problems.push(&self.place.key(name), "value_error.extra", message);
            }
        }
    }
}
