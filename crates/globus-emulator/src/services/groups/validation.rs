//! Checking request documents, with the error entries of the service's validation.

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::errors;
use crate::exchange::{Incoming, Reply};

/// What is wrong with a request.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    pub(crate) list: Vec<Value>,
}

impl Problems {
    pub(crate) fn push(&mut self, loc: &[&str], kind: &str, message: &str, input: &Value) {
        self.list
            .push(json!({"loc": places(loc), "msg": message, "type": kind, "input": input}));
    }

    pub(crate) fn uuid(&mut self, loc: &[&str], input: &Value) {
        if input.is_string() {
            self.push(loc, "uuid_parsing", "Input should be a valid UUID", input);
        } else {
            self.push(
                loc,
                "uuid_type",
                "UUID input should be a string, bytes or UUID object",
                input,
            );
        }
    }

    fn one_of(&mut self, loc: &[&str], names: &[&str], input: &Value) {
        let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
        let expected = match quoted.as_slice() {
            [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
            _ => quoted.join(""),
        };
        self.list.push(json!({
            "loc": places(loc), "msg": format!("Input should be {expected}"), "type": "enum", "input": input,
            "ctx": {"expected": expected},
        }));
    }

    pub(crate) fn finish(self) -> Result<(), Reply> {
        if self.list.is_empty() {
            Ok(())
        } else {
            Err(errors::invalid(self.list))
        }
    }
}

/// Numbers in a place are positions in a list.
fn places(loc: &[&str]) -> Vec<Value> {
    loc.iter()
        .map(|part| part.parse::<u64>().map_or_else(|_| json!(part), |at| json!(at)))
        .collect()
}

/// The body as a JSON object.
pub(crate) fn object(request: &Incoming) -> Result<Map<String, Value>, Reply> {
    let mut problems = Problems::default();
    if request.body.is_empty() {
        problems.push(&["body"], "missing", "Field required", &Value::Null);
        return Err(errors::invalid(problems.list));
    }
    match request.json() {
        Ok(Value::Object(map)) => Ok(map),
        Ok(other) => {
            let message = "Input should be a valid dictionary or object to extract fields from";
            problems.push(&["body"], "model_attributes_type", message, &other);
            Err(errors::invalid(problems.list))
        }
        Err(error) => {
            let at = error.column().to_string();
            problems.push(&["body", &at], "json_invalid", "JSON decode error", &json!({}));
            Err(errors::invalid(problems.list))
        }
    }
}

/// Reads fields of an object and gathers what is wrong with them. Outer `None`: absent; inner `None`: null.
#[derive(Debug)]
pub(crate) struct Reader<'a> {
    pub(crate) map: &'a Map<String, Value>,
    pub(crate) loc: Vec<String>,
    pub(crate) problems: &'a mut Problems,
}

impl Reader<'_> {
    fn at<'b>(&'b self, name: &'b str) -> Vec<&'b str> {
        self.loc.iter().map(String::as_str).chain([name]).collect()
    }

    fn wrong(&mut self, name: &str, kind: &str, message: &str, input: &Value) {
        let loc: Vec<String> = self.at(name).into_iter().map(str::to_owned).collect();
        let loc: Vec<&str> = loc.iter().map(String::as_str).collect();
        self.problems.push(&loc, kind, message, input);
    }

    fn read<T>(
        &mut self,
        name: &str,
        kind: &str,
        message: &str,
        convert: impl Fn(&Value) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.map.get(name)? {
            Value::Null => Some(None),
            value => {
                let value = value.clone();
                let read = convert(&value);
                if read.is_none() {
                    self.wrong(name, kind, message, &value);
                }
                read.map(Some)
            }
        }
    }

    pub(crate) fn missing(&mut self, name: &str) {
        let input = Value::Object(self.map.clone());
        self.wrong(name, "missing", "Field required", &input);
    }

    /// A field that may not be null, though it may be absent.
    pub(crate) fn not_null(&mut self, name: &str, kind: &str, message: &str) {
        if self.map.get(name).is_some_and(Value::is_null) {
            self.wrong(name, kind, message, &Value::Null);
        }
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<Option<String>> {
        self.read(name, "string_type", "Input should be a valid string", |value| {
            value.as_str().map(str::to_owned)
        })
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Option<Option<bool>> {
        self.read(name, "bool_type", "Input should be a valid boolean", Value::as_bool)
    }

    pub(crate) fn seconds(&mut self, name: &str) -> Option<Option<u64>> {
        self.read(name, "int_type", "Input should be a valid integer", Value::as_u64)
    }

    pub(crate) fn id(&mut self, name: &str) -> Option<Option<Uuid>> {
        match self.map.get(name)? {
            Value::Null => Some(None),
            value => {
                let read = value.as_str().and_then(|text| Uuid::parse_str(text).ok());
                if read.is_none() {
                    let value = value.clone();
                    let loc: Vec<String> = self.at(name).into_iter().map(str::to_owned).collect();
                    let loc: Vec<&str> = loc.iter().map(String::as_str).collect();
                    self.problems.uuid(&loc, &value);
                }
                read.map(Some)
            }
        }
    }

    pub(crate) fn choice(&mut self, name: &str, names: &[&str]) -> Option<Option<String>> {
        match self.map.get(name)? {
            Value::Null => Some(None),
            Value::String(text) if names.contains(&text.as_str()) => Some(Some(text.clone())),
            value => {
                let value = value.clone();
                let loc: Vec<String> = self.at(name).into_iter().map(str::to_owned).collect();
                let loc: Vec<&str> = loc.iter().map(String::as_str).collect();
                self.problems.one_of(&loc, names, &value);
                None
            }
        }
    }

    pub(crate) fn choices(&mut self, name: &str, names: &[&str]) -> Option<Option<Vec<String>>> {
        match self.map.get(name)?.clone() {
            Value::Null => Some(None),
            Value::Array(values) => {
                let mut read = Vec::new();
                for (at, value) in values.iter().enumerate() {
                    match value.as_str().filter(|text| names.contains(text)) {
                        Some(text) if !read.iter().any(|known| known == text) => read.push(text.to_owned()),
                        Some(_) => {}
                        None => {
                            let at = at.to_string();
                            let loc: Vec<String> = self
                                .at(name)
                                .into_iter()
                                .chain([at.as_str()])
                                .map(str::to_owned)
                                .collect();
                            let loc: Vec<&str> = loc.iter().map(String::as_str).collect();
                            self.problems.one_of(&loc, names, value);
                        }
                    }
                }
                Some(Some(read))
            }
            other => {
                self.wrong(name, "list_type", "Input should be a valid list", &other);
                None
            }
        }
    }
}
