//! Checking request documents, with the error entries of the service's validation.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::errors;
pub(crate) use crate::exchange::Given;
use crate::exchange::{Incoming, Reply};

const NOT_AN_OBJECT: (&str, &str) = (
    "model_attributes_type",
    "Input should be a valid dictionary or object to extract fields from",
);
const EXTRA: (&str, &str) = ("extra_forbidden", "Extra inputs are not permitted");

/// What is wrong with a request.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Value>,
}

impl Problems {
    pub(crate) fn push(&mut self, place: &[&str], (kind, message): (&str, &str), input: &Value) {
        self.list
            .push(json!({"loc": parts(place), "msg": message, "type": kind, "input": input}));
    }

    pub(crate) fn not_an_object(&mut self, place: &[&str], input: &Value) {
        self.push(place, NOT_AN_OBJECT, input);
    }

    pub(crate) fn extra(&mut self, place: &[&str], input: &Value) {
        self.push(place, EXTRA, input);
    }

    pub(crate) fn uuid(&mut self, place: &[&str], input: &Value) {
        let problem = if input.is_string() {
            ("uuid_parsing", "Input should be a valid UUID")
        } else {
            ("uuid_type", "UUID input should be a string, bytes or UUID object")
        };
        self.push(place, problem, input);
    }

    fn one_of(&mut self, place: &[&str], names: &[&str], input: &Value) {
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let expected = match quoted.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => quoted.concat(),
        };
        let message = format!("Input should be {expected}");
        self.list.push(json!({
            "loc": parts(place), "msg": message, "type": "enum", "input": input, "ctx": {"expected": expected},
        }));
    }

    /// A 422 if there are any.
    pub(crate) fn finish(self) -> Result<(), Reply> {
        if self.list.is_empty() {
            Ok(())
        } else {
            Err(errors::invalid(&self.list))
        }
    }

    /// A 422 with what there is.
    pub(crate) fn into_reply(self) -> Reply {
        errors::invalid(&self.list)
    }
}

/// Numbers in a place are positions in a list.
fn parts(place: &[&str]) -> Vec<Value> {
    place
        .iter()
        .map(|part| part.parse::<u64>().map_or_else(|_| json!(part), |at| json!(at)))
        .collect()
}

/// The body as a JSON object.
pub(crate) fn object(request: &Incoming) -> Result<Map<String, Value>, Reply> {
    let mut problems = Problems::default();
    match request.json() {
        Ok(Value::Object(map)) => return Ok(map),
        Ok(other) => problems.not_an_object(&["body"], &other),
        Err(_) if request.body.is_empty() => problems.push(&["body"], MISSING, &Value::Null),
        Err(error) => {
            let at = error.column().to_string();
            problems.push(&["body", &at], ("json_invalid", "JSON decode error"), &json!({}));
        }
    }
    Err(problems.into_reply())
}

const MISSING: (&str, &str) = ("missing", "Field required");

/// Reads the fields of an object and gathers what is wrong with them.
#[derive(Debug)]
pub(crate) struct Reader<'a, 'p> {
    map: &'a Map<String, Value>,
    place: Vec<&'a str>,
    problems: &'p mut Problems,
}

impl<'a, 'p> Reader<'a, 'p> {
    pub(crate) fn new(map: &'a Map<String, Value>, place: &[&'a str], problems: &'p mut Problems) -> Self {
        Self {
            map,
            place: place.to_vec(),
            problems,
        }
    }

    pub(crate) fn wrong(&mut self, name: &'a str, problem: (&str, &str), input: &Value) {
        self.place.push(name);
        self.problems.push(&self.place, problem, input);
        self.place.pop();
    }

    pub(crate) fn extra(&mut self, name: &'a str, input: &Value) {
        self.wrong(name, EXTRA, input);
    }

    fn read<T>(&mut self, name: &'a str, problem: (&str, &str), convert: impl Fn(&Value) -> Option<T>) -> Given<T> {
        match self.map.get(name) {
            None => Given::Absent,
            Some(Value::Null) => Given::Null,
            Some(value) => {
                let read = convert(value);
                if read.is_none() {
                    self.wrong(name, problem, value);
                }
                read.map_or(Given::Absent, Given::Value)
            }
        }
    }

    /// Whether the object has the field, null or not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.map.contains_key(name)
    }

    /// Says that a field that must be there is not.
    pub(crate) fn missing(&mut self, name: &'a str) {
        let input = Value::Object(self.map.clone());
        self.wrong(name, MISSING, &input);
    }

    pub(crate) fn text(&mut self, name: &'a str) -> Given<String> {
        let problem = ("string_type", "Input should be a valid string");
        self.read(name, problem, |value| value.as_str().map(str::to_owned))
    }

    pub(crate) fn boolean(&mut self, name: &'a str) -> Given<bool> {
        self.read(name, ("bool_type", "Input should be a valid boolean"), Value::as_bool)
    }

    pub(crate) fn seconds(&mut self, name: &'a str) -> Given<u64> {
        self.read(name, ("int_type", "Input should be a valid integer"), Value::as_u64)
    }

    pub(crate) fn id(&mut self, name: &'a str) -> Given<Uuid> {
        match self.map.get(name) {
            None => Given::Absent,
            Some(Value::Null) => Given::Null,
            Some(value) => {
                let id = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
                if id.is_none() {
                    self.place.push(name);
                    self.problems.uuid(&self.place, value);
                    self.place.pop();
                }
                id.map_or(Given::Absent, Given::Value)
            }
        }
    }

    /// One of some names.
    pub(crate) fn choice(&mut self, name: &'a str, names: &[&str]) -> Given<String> {
        match self.map.get(name) {
            None => Given::Absent,
            Some(Value::Null) => Given::Null,
            Some(Value::String(text)) if names.contains(&text.as_str()) => Given::Value(text.clone()),
            Some(other) => {
                self.place.push(name);
                self.problems.one_of(&self.place, names, other);
                self.place.pop();
                Given::Absent
            }
        }
    }

    /// A list of some names, repeats left out.
    pub(crate) fn choices(&mut self, name: &'a str, names: &[&str]) -> Given<Vec<String>> {
        let values = match self.read(name, ("list_type", "Input should be a valid list"), |value| {
            value.as_array().cloned()
        }) {
            Given::Value(values) => values,
            Given::Null => return Given::Null,
            Given::Absent => return Given::Absent,
        };
        let mut read: Vec<String> = Vec::new();
        for (at, value) in values.iter().enumerate() {
            match value.as_str().filter(|text| names.contains(text)) {
                Some(text) if read.iter().any(|known| known == text) => {}
                Some(text) => read.push(text.to_owned()),
                None => {
                    let at = at.to_string();
                    let place: Vec<&str> = self.place.iter().copied().chain([name, at.as_str()]).collect();
                    self.problems.one_of(&place, names, value);
                }
            }
        }
        Given::Value(read)
    }
}
