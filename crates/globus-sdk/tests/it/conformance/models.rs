//! Typed answers lose nothing, whatever a service adds, leaves out or sends as null.
//!
//! Each answer of `fixtures/` is decoded into the type of its operation and written again; then once more with
//! unknown members in every object, and for each object with its members gone and with its members null. Every operation
//! has one, or shares that of another.

use std::collections::BTreeSet;
use std::path::Path;

use globus_sdk::operation::Operation;
use globus_sdk::services::{CLIENTS, operations};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::cases;
use super::client::{Script, build};
use super::json::{Entries, Json};
use super::typed::{Case, Given, case};
use super::vector::{self, Call, Notation, Vector};

/// Composites, whose answer is made of that of another operation and is no document itself.
const COMPOSED: &[(&str, &str)] = &[
    ("transfer.task_wait", "transfer.get_task"),
    ("gcs.endpoint_client_id", "gcs.get_gcs_info"),
];

/// The operation of whose answer the answer of this one is made.
pub(super) fn composed_of(row: &Operation) -> Option<&'static str> {
    COMPOSED.iter().find(|(key, _)| *key == row.key()).map(|(_, of)| *of)
}

/// An answer of a service.
#[derive(Debug, Deserialize)]
pub(super) struct Fixture {
    operation: String,
    case: String,
    pub(super) status: u16,
    pub(super) body: Value,
}

#[test]
fn answers_are_written_again_as_they_came() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let calls = Calls::load();
    let (mut failures, mut covered, mut variants) = (Vec::new(), BTreeSet::new(), 0);
    let fixtures: Vec<_> = fixtures().collect();
    for row in operations() {
        let Some(call) = calls.of(row) else {
            failures.push(format!("{row}: no recorded call has the types of its parameters"));
            continue;
        };
        let composed = composed_of(row);
        // What is made of another answer is told of its first one only.
        let few = if composed.is_some() { 1 } else { usize::MAX };
        for fixture in answers(&fixtures, row, composed).into_iter().take(few) {
            covered.insert(row.key());
            let bodies = variants_of(row, call.only_read || composed.is_some(), fixture.body.clone());
            for (what, body) in bodies {
                variants += 1;
                if let Err(error) = runtime.block_on(call.answered(fixture.status, body)) {
                    failures.push(format!("{row} ({}), {what}: {error}", fixture.case));
                }
            }
        }
    }
    let bare = operations().map(Operation::key).filter(|key| !covered.contains(key));
    failures.extend(bare.map(|key| format!("{key}: no answer in fixtures/ or fixtures/written/")));
    let idle = fixtures.iter().filter(|(client, fixture)| {
        let mut rows = operations();
        !rows.any(|row| row.client.name == *client && row.name == fixture.operation)
    });
    failures.extend(idle.map(|(client, fixture)| format!("{client}.{}: an answer of no operation", fixture.operation)));
    println!("{} operations decode {variants} answers", covered.len());
    assert!(
        failures.is_empty(),
        "{} answers\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// The successful answers, each with its client: those that the Python SDK registers, and those in `written/`.
pub(super) fn fixtures() -> impl Iterator<Item = (&'static str, Fixture)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"));
    let files = CLIENTS
        .iter()
        .flat_map(|spec| [("", spec.name), ("written/", spec.name)]);
    files.flat_map(move |(below, client)| {
        let text = std::fs::read_to_string(folder.join(format!("{below}{client}.jsonl"))).unwrap_or_default();
        let lines: Vec<Fixture> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{client}: {error}: {line}")))
            .collect();
        let good = lines.into_iter().filter(|fixture| fixture.status < 300);
        good.map(move |fixture| (client, fixture))
    })
}

/// The answers of an operation; where there are none, those of the operation of the same name that another client of
/// the service has.
pub(super) fn answers<'a>(
    fixtures: &'a [(&str, Fixture)],
    row: &Operation,
    composed: Option<&str>,
) -> Vec<&'a Fixture> {
    let of = |row: &Operation| -> Vec<&Fixture> {
        let all = fixtures.iter();
        all.filter(|(client, fixture)| *client == row.client.name && fixture.operation == row.name)
            .map(|(_, fixture)| fixture)
            .collect()
    };
    let same = |other: &&Operation| match composed {
        Some(key) => other.key() == key,
        None => {
            other.name == row.name
                && other.client.service == row.client.service
                && other.answer.model == row.answer.model
        }
    };
    let own = if composed.is_some() { Vec::new() } else { of(row) };
    if own.is_empty() {
        operations()
            .filter(same)
            .map(of)
            .find(|answers| !answers.is_empty())
            .unwrap_or_default()
    } else {
        own
    }
}

/// A recorded call whose last answer is replaced.
pub(super) struct Prepared<'a> {
    vector: &'a Vector,
    params: Entries,
    case: &'static Case,
    only_read: bool,
}

impl Prepared<'_> {
    pub(super) async fn answered(&self, status: u16, body: Value) -> Result<(), String> {
        let mut responses = self.vector.responses.clone();
        *responses.last_mut().ok_or("nothing is asked")? = json!({ "status": status, "headers": {}, "body": body });
        let client = build(self.vector, Script::new(&responses)).map_err(|error| error.to_string())?;
        let given = Given::new(&self.params, false);
        let running = (self.case.run)(&client, &given).map_err(|_| "the arguments do not fit")?;
        running.await.map(drop).map_err(|error| error.to_string())
    }
}

/// The recorded calls, to take one of each operation from.
pub(super) struct Calls(Vec<(Vector, Call)>);

impl Calls {
    pub(super) fn load() -> Self {
        let notation = Notation::load();
        let good = vector::all()
            .into_iter()
            .map(|(vector, _)| vector)
            .filter(|vector| vector.result["ok"] == true && !vector.paginated && !vector.responses.is_empty());
        Self(
            good.filter_map(|vector| notation.call(&vector).ok().map(|call| (vector, call)))
                .collect(),
        )
    }

    /// The arguments of the first call of an operation, as a JSON object.
    pub(super) fn params(&self, row: &Operation) -> Option<String> {
        let mut calls = self.0.iter();
        let call = calls.find(|(vector, _)| vector.client == row.client.name && vector.method == row.name);
        call.map(|(_, call)| call.json())
    }

    /// A call of an operation whose arguments fit its builder: the first that was recorded, of this client or of another
    /// that has the operation too, or else one that was written for its setters.
    pub(super) fn of(&self, row: &'static Operation) -> Option<Prepared<'_>> {
        let case = case(row.client.name, row.name)?;
        let serves = |client: &str| {
            let mut others = operations().filter(|other| other.name == row.name);
            others.any(|other| other.client.name == client && other.client.service == row.client.service)
        };
        let all = self.0.iter();
        let named = all.filter(|(vector, _)| vector.method == row.name && serves(&vector.client));
        let (own, others): (Vec<_>, Vec<_>) = named.partition(|(vector, _)| vector.client == row.client.name);
        let first = own.first().copied();
        let recorded = own.into_iter().chain(others);
        let recorded = recorded.map(|(vector, call)| (vector, call.params.clone()));
        let further =
            cases::further().filter(|(client, operation, _)| (*client, *operation) == (row.client.name, row.name));
        let further = further.filter_map(|(.., params)| {
            let params = serde_json::from_str::<Json>(params).ok()?;
            Some((&first?.0, params.entries()?.clone()))
        });
        let (vector, params) = recorded.chain(further).find(|(vector, params)| {
            let client = build(vector, Script::new(&vector.responses));
            client.is_ok_and(|client| (case.run)(&client, &Given::new(params, false)).is_ok())
        })?;
        Some(Prepared {
            vector,
            params,
            case,
            only_read: case.only_read,
        })
    }
}

/// The answer as it is, and as it may become.
fn variants_of(row: &Operation, only_read: bool, body: Value) -> Vec<(String, Value)> {
    let mut variants = vec![("as it is".to_owned(), body.clone())];
    let mut added = body.clone();
    add_unknown(&mut added);
    variants.push(("with unknown members".to_owned(), added));
    if only_read {
        return variants;
    }
    if let Some(key) = row.answer.rows.filter(|key| !key.is_empty()) {
        let mut body = body.clone();
        body[key] = Value::Null;
        variants.push((format!("with null for `{key}`"), body));
    }
    let mut paths = Vec::new();
    objects(&body, String::new(), &mut paths);
    for path in paths {
        let by_id = body.pointer(&path).and_then(Value::as_object).is_some_and(is_by_id);
        for (what, gone) in [("without the members of", true), ("with nulls in", false)] {
            if by_id && !gone {
                continue;
            }
            let mut body = body.clone();
            let envelope = path.is_empty() && (row.answer.rows.is_some() || row.answer.unpack.is_some());
            if let Some(Value::Object(members)) = body.pointer_mut(&path) {
                members.retain(|name, value| {
                    // The envelope of rows, or of the document, is what makes it an answer at all.
                    let kept = envelope && (value.is_array() || name == "DATA_TYPE");
                    if !kept {
                        *value = Value::Null;
                    }
                    kept || !gone
                });
            }
            variants.push((format!("{what} `{path}`"), body));
        }
    }
    variants
}

fn add_unknown(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(add_unknown);
            if is_by_id(members) {
                return;
            }
            members.insert("added_later".to_owned(), json!({ "list": [1, null], "text": "é" }));
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown),
        _ => {}
    }
}

/// Whether an object is a map by id: its members are rows and not fields.
fn is_by_id(members: &Map<String, Value>) -> bool {
    !members.is_empty() && members.keys().all(|name| Uuid::try_parse(name).is_ok())
}

/// Paths of the objects in a document; of a list its first item stands for all.
fn objects(value: &Value, path: String, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                objects(member, format!("{path}/{name}"), into);
            }
            into.push(path);
        }
        Value::Array(items) => {
            if let Some(first) = items.first() {
                objects(first, format!("{path}/0"), into);
            }
        }
        _ => {}
    }
}
