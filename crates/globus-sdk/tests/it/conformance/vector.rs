//! The recorded calls of clients, and the notation of their arguments.

use std::path::Path;

use globus_sdk::operation::{Before, Operation, Place};
use globus_sdk::services::{CLIENTS, operations};
use serde::Deserialize;
use serde_json::Value;

use super::json::{Entries, Json};

/// Stands in recorded documents for any UUID that was drawn.
pub(crate) const FRESH: &str = "11111111-1111-11d1-8111-111111111111";

/// A recorded call.
#[derive(Debug, Deserialize)]
pub(super) struct Vector {
    pub(super) id: String,
    pub(super) client: String,
    pub(super) construct: Arguments,
    #[serde(default)]
    pub(super) setup: Vec<Json>,
    pub(super) paginated: bool,
    pub(super) method: String,
    pub(super) args: Vec<Json>,
    #[serde(deserialize_with = "entries")]
    pub(super) kwargs: Entries,
    pub(super) requests: Vec<Value>,
    pub(super) responses: Vec<Value>,
    pub(super) result: Value,
}

/// Arguments as Python takes them: by position and by name.
#[derive(Debug, Deserialize)]
pub(super) struct Arguments {
    pub(super) args: Vec<Json>,
    #[serde(deserialize_with = "entries")]
    pub(super) kwargs: Entries,
}

fn entries<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Entries, D::Error> {
    Ok(Json::deserialize(deserializer)?.entries().cloned().unwrap_or_default())
}

/// A row of `conformance/operations.json`: what an operation is called and in which order it takes its parameters.
#[derive(Debug, Deserialize)]
pub(super) struct Reference {
    pub(super) client: String,
    pub(super) method: String,
    pub(super) path: String,
    params: Vec<ReferenceParam>,
}

#[derive(Debug, Deserialize)]
struct ReferenceParam {
    name: String,
}

/// What the vectors are read with.
#[derive(Debug)]
pub(super) struct Notation {
    references: Vec<Reference>,
    payloads: Vec<(Value, Option<Json>)>,
}

/// A vector that is not run, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Skip {
    NotDeclared,
    HelperObject,
}

impl Skip {
    pub(super) const fn why(self) -> &'static str {
        match self {
            Self::NotDeclared => "the operation is not declared yet",
            Self::HelperObject => "the argument is a helper object inside another",
        }
    }
}

/// A vector in the terms of this library.
#[derive(Debug)]
pub(super) struct Call {
    /// `None` for one of the plain requests.
    pub(super) operation: Option<&'static Operation>,
    /// The path in the reference, with placeholders.
    pub(super) path: String,
    /// The arguments by name.
    pub(super) params: Entries,
}

impl Call {
    pub(super) fn get(&self, name: &str) -> Option<&Json> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The arguments as a JSON object.
    pub(super) fn json(&self) -> String {
        Json::Map(self.params.clone()).to_string()
    }
}

/// Reads every vector of every client, with its whole content for the rules.
pub(super) fn all() -> Vec<(Vector, Value)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/vectors"));
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder of vectors")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.starts_with(char::is_uppercase))
        .collect();
    names.sort();
    let read = |name: &String| std::fs::read_to_string(folder.join(name)).expect("a file of vectors");
    names
        .iter()
        .flat_map(|name| read(name).lines().map(str::to_owned).collect::<Vec<_>>())
        .map(|line| {
            let vector = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
            (vector, serde_json::from_str(&line).expect("JSON"))
        })
        .collect()
}

/// A successful recorded call of a client.
pub(super) fn any_of(client: &str) -> Vector {
    let mut all = all().into_iter().map(|(vector, _)| vector);
    all.find(|vector| vector.client == client && vector.result["ok"] == true)
        .expect("every client has one")
}

/// A login that was started.
pub(super) fn any_login() -> Json {
    let mut all = all().into_iter();
    all.find_map(|(vector, _)| started(&vector)).expect("there is one")
}

impl Notation {
    pub(super) fn load() -> Self {
        let references = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/operations.json");
        let references = std::fs::read_to_string(references).expect("the reference's operations");
        let payloads = crate::support::vectors("payloads").into_iter();
        Self {
            references: serde_json::from_str(&references).expect("the reference's operations"),
            payloads: payloads
                .map(|mut line| {
                    let serialized = line.get_mut("serialized").map(|value| value.take().into());
                    (line["payload"].take(), serialized)
                })
                .collect(),
        }
    }

    /// The row of the table and the named arguments of a vector.
    pub(super) fn call(&self, vector: &Vector) -> Result<Call, Skip> {
        if !CLIENTS.iter().any(|spec| spec.name == vector.client) {
            return Err(Skip::NotDeclared);
        }
        let mut found = operations();
        let operation = found.find(|row| row.client.name == vector.client && row.name == vector.method);
        let reference = self
            .references
            .iter()
            .find(|row| row.client == vector.client && row.method == vector.method);
        let names: Vec<&str> = match (operation, vector.method.as_str(), reference) {
            (Some(_), _, Some(reference)) => reference.params.iter().map(|param| param.name.as_str()).collect(),
            (None, "get" | "delete", _) => vec!["path"],
            (None, "post" | "put" | "patch", _) => vec!["path", "data"],
            (None, "request", _) => vec!["method", "path", "data"],
            _ => return Err(Skip::NotDeclared),
        };
        let positional = names
            .iter()
            .map(|name| (*name).to_owned())
            .zip(vector.args.iter().cloned());
        let mut params: Entries = started(vector)
            .map(|flow| ("flow".to_owned(), flow))
            .into_iter()
            .collect();
        for (name, value) in positional.chain(vector.kwargs.iter().cloned()) {
            if let Some(value) = self.argument(&name, &value, operation, vector)? {
                params.push((name, value));
            }
        }
        if vector
            .responses
            .iter()
            .any(|answer| matches!(answer["status"].as_u64(), Some(300..400)))
        {
            // The recorder's network does not follow redirects.
            params.push(("allow_redirects".to_owned(), Json::Leaf(false.into())));
        }
        let path = reference.map(|reference| reference.path.clone()).unwrap_or_default();
        Ok(Call {
            operation,
            path,
            params,
        })
    }

    fn argument(
        &self,
        name: &str,
        value: &Json,
        operation: Option<&'static Operation>,
        vector: &Vector,
    ) -> Result<Option<Json>, Skip> {
        match (self.expand(value), operation) {
            (Err(Skip::HelperObject), Some(operation))
                if value.marked().is_some_and(|(key, _)| key == "__payload__") =>
            {
                recorded(name, operation, vector).map(Some).ok_or(Skip::HelperObject)
            }
            (expanded, _) => expanded,
        }
    }

    /// A value without its notation; `None` for one that is left out.
    pub(super) fn expand(&self, value: &Json) -> Result<Option<Json>, Skip> {
        if let Some((key, inner)) = value.marked() {
            return match key {
                "__missing__" => Ok(None),
                "__uuid__" | "__scope__" | "__bytes__" | "__datetime__" | "__date__" | "__timedelta_seconds__" => {
                    Ok(Some(inner.clone()))
                }
                "__enum__" => Ok(inner
                    .text()
                    .and_then(|text| text.split_once('.'))
                    .map(|(_, member)| member.into())),
                "__tuple__" => self.expand(&whole_seconds(inner)),
                "__payload__" => {
                    let value = value.value();
                    let known = self.payloads.iter().find(|(payload, _)| *payload == value);
                    known
                        .and_then(|(_, serialized)| serialized.clone())
                        .map(Some)
                        .ok_or(Skip::HelperObject)
                }
                _ => Err(Skip::HelperObject),
            };
        }
        Ok(Some(match value {
            Json::List(items) => {
                let expanded: Result<Vec<_>, _> = items.iter().map(|item| self.expand(item)).collect();
                Json::List(expanded?.into_iter().flatten().collect())
            }
            Json::Map(entries) => {
                let mut expanded = Vec::new();
                for (key, value) in entries {
                    if let Some(value) = self.expand(value)? {
                        expanded.push((key.clone(), value));
                    }
                }
                Json::Map(expanded)
            }
            Json::Leaf(leaf) => Json::Leaf(leaf.clone()),
        }))
    }
}

/// The login that a vector starts first: the recorded client remembers it, ours is told. One that cannot be started is
/// none.
fn started(vector: &Vector) -> Option<Json> {
    let [Json::List(step)] = vector.setup.as_slice() else {
        return None;
    };
    let args: Vec<Value> = vector.construct.args.iter().map(Json::value).collect();
    let start = serde_json::json!({
        "client": vector.client,
        "construct": {"args": args, "kwargs": {}},
        "start_flow": {"args": step[1].value(), "kwargs": step[2].value()},
    });
    let flow = crate::authorize_url::start(&start).ok()?;
    Some(serde_json::to_value(flow).expect("it is JSON").into())
}

/// A pair of times: Python's own are written in whole seconds.
fn whole_seconds(pair: &Json) -> Json {
    let shorten = |time: &Json| match time.marked() {
        Some(("__datetime__", text)) => {
            let text = text.text().unwrap_or_default();
            let (seconds, rest) = text.split_once('.').unwrap_or((text, ""));
            Json::from(
                format!(
                    "{seconds}{}",
                    rest.trim_start_matches(|digit: char| digit.is_ascii_digit())
                )
                .as_str(),
            )
        }
        _ => time.clone(),
    };
    Json::List(pair.list().iter().map(shorten).collect())
}

/// What a helper object serializes to, taken from the recorded request: it goes out unchanged but for what the operation
/// itself adds to a document.
fn recorded(name: &str, operation: &Operation, vector: &Vector) -> Option<Json> {
    let (_, param) = operation.param(name)?;
    let body = vector.requests.iter().find_map(|request| request["body"].get("json"))?;
    let mut document = match param.place {
        Place::Document => body.pointer(operation.wrap)?.clone(),
        Place::Body => return Some(body.pointer(param.wire)?.clone().into()),
        _ => return None,
    };
    match operation.before {
        Some(Before::SubmissionId) if vector.requests.len() > 1 => {
            document.as_object_mut()?.remove("submission_id");
        }
        Some(Before::FreshUuid(pointer)) if document.pointer(pointer).is_some_and(|id| id == FRESH) => {
            let (object, name) = pointer.rsplit_once('/')?;
            document.pointer_mut(object)?.as_object_mut()?.remove(name);
        }
        _ => {}
    }
    Some(document.into())
}
