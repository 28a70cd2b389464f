//! Typed answers lose nothing, whatever a service adds, leaves out or sends as null.
//!
//! Each answer of `fixtures/` is decoded into the type of its operation and written again; then once more with
//! unknown members in every object, and for each object with its members gone and with its members null.

use std::collections::BTreeSet;
use std::path::Path;

use globus_sdk::operation::Operation;
use globus_sdk::services::{CLIENTS, operations};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::client::{Script, build};
use super::typed::{Case, Given, case};
use super::vector::{self, Call, Notation, Vector};

/// A recorded answer.
#[derive(Debug, Deserialize)]
struct Fixture {
    operation: String,
    case: String,
    status: u16,
    body: Value,
}

#[test]
fn answers_are_written_again_as_they_came() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let calls = Calls::load();
    let (mut failures, mut covered, mut variants) = (Vec::new(), BTreeSet::new(), 0);
    for (client, fixture) in fixtures() {
        let Some(row) = operations().find(|row| row.client.name == client && row.name == fixture.operation) else {
            continue;
        };
        let Some(call) = calls.of(row) else {
            failures.push(format!("{row}: no recorded call has the types of its parameters"));
            continue;
        };
        covered.insert(row.key());
        for (what, body) in variants_of(row, call.only_read, fixture.body) {
            variants += 1;
            if let Err(error) = runtime.block_on(call.answered(fixture.status, body)) {
                failures.push(format!("{row} ({}), {what}: {error}", fixture.case));
            }
        }
    }
    println!("{} operations decode {variants} answers", covered.len());
    assert!(
        failures.is_empty(),
        "{} answers\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// The successful answers, each with its client.
fn fixtures() -> impl Iterator<Item = (&'static str, Fixture)> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures"));
    let read = move |client: &str| std::fs::read_to_string(folder.join(format!("{client}.jsonl"))).unwrap_or_default();
    CLIENTS.iter().flat_map(move |spec| {
        let text = read(spec.name);
        let lines: Vec<Fixture> = text
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", spec.name)))
            .collect();
        let good = lines.into_iter().filter(|fixture| fixture.status < 300);
        good.map(|fixture| (spec.name, fixture))
    })
}

/// A recorded call whose last answer is replaced.
struct Prepared<'a> {
    vector: &'a Vector,
    call: &'a Call,
    case: &'static Case,
    only_read: bool,
}

impl Prepared<'_> {
    async fn answered(&self, status: u16, body: Value) -> Result<(), String> {
        let mut responses = self.vector.responses.clone();
        *responses.last_mut().ok_or("nothing is asked")? = json!({ "status": status, "headers": {}, "body": body });
        let client = build(self.vector, Script::new(&responses)).map_err(|error| error.to_string())?;
        let given = Given::new(&self.call.params, false);
        let running = (self.case.run)(&client, &given).map_err(|_| "the arguments do not fit")?;
        running.await.map(drop).map_err(|error| error.to_string())
    }
}

/// The recorded calls, to take one of each operation from.
struct Calls(Vec<(Vector, Call)>);

impl Calls {
    fn load() -> Self {
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

    /// The first call of an operation whose arguments fit its builder.
    fn of(&self, row: &'static Operation) -> Option<Prepared<'_>> {
        let case = case(row.client.name, row.name)?;
        let calls = self.0.iter();
        let mut calls = calls.filter(|(vector, _)| vector.client == row.client.name && vector.method == row.name);
        let (vector, call) = calls.find(|(vector, call)| {
            let given = Given::new(&call.params, false);
            let client = build(vector, Script::new(&vector.responses));
            client.is_ok_and(|client| (case.run)(&client, &given).is_ok())
        })?;
        Some(Prepared {
            vector,
            call,
            case,
            only_read: case.only_read,
        })
    }
}

/// The answer as it is, and as it may become.
fn variants_of(row: &Operation, only_read: bool, body: Value) -> Vec<(String, Value)> {
    let mut variants = vec![("as it is".to_owned(), body.clone())];
    if only_read {
        return variants;
    }
    let mut added = body.clone();
    add_unknown(&mut added);
    variants.push(("with unknown members".to_owned(), added));
    let mut paths = Vec::new();
    objects(&body, String::new(), &mut paths);
    for path in paths {
        for (what, gone) in [("without the members of", true), ("with nulls in", false)] {
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
            // In a map by id, members are rows and not fields.
            if !members.is_empty() && members.keys().all(|name| Uuid::try_parse(name).is_ok()) {
                return;
            }
            members.insert("added_later".to_owned(), json!({ "list": [1, null], "text": "é" }));
        }
        Value::Array(items) => items.iter_mut().for_each(add_unknown),
        _ => {}
    }
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
