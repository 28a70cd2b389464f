//! The helper objects of the Python SDK, and the typed documents that stand in their place here.
//!
//! `conformance/vectors/payloads.jsonl` says what each object serializes to after some calls. An [`Entry`] makes the same
//! of our document; classes without an entry are counted as waiting.

mod auth;
mod flows;
mod gcs;
mod groups;
mod notation;
mod search;
mod streams;
mod timers;
mod transfer;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use self::notation::Payload;
use crate::support::{Rules, vectors};

/// A class of helper objects, and what makes our document's JSON of a recorded object.
type Entry = (&'static str, fn(&Payload) -> Result<Value, Refused>);

/// Why our document cannot be made.
type Refused = String;

/// The entries of all services.
fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        auth::ENTRIES,
        flows::ENTRIES,
        gcs::ENTRIES,
        groups::ENTRIES,
        search::ENTRIES,
        streams::ENTRIES,
        timers::ENTRIES,
        transfer::ENTRIES,
    ]
    .into_iter()
    .flatten()
}

/// What a document is sent as.
fn document(data: &impl Serialize) -> Result<Value, Refused> {
    serde_json::to_value(data).map_err(|error| error.to_string())
}

#[test]
fn documents_are_what_the_helper_objects_serialize_to() {
    let rules = Rules::load("payloads");
    let (mut failures, mut held, mut waiting) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for vector in vectors("payloads") {
        let payload = Payload::read(&vector["payload"]);
        let Some((class, build)) = entries().find(|(class, _)| *class == payload.class) else {
            *waiting.entry(payload.class).or_insert(0) += 1;
            continue;
        };
        *held.entry(*class).or_insert(0) += 1;
        let expected = vector
            .get("serialized")
            .cloned()
            .map(|recorded| match rules.find(&vector) {
                None => recorded,
                Some("open-map-overrides") => overridden(recorded, &payload, *build),
                Some(other) => panic!("no test knows what {other:?} means"),
            });
        match (build(&payload), expected) {
            (Ok(ours), Some(expected)) if ours == expected => {}
            (Err(_), None) => {}
            (ours, expected) => failures.push(format!("{}: expected {expected:?}, ours {ours:?}", vector["id"])),
        }
    }
    println!("held: {held:?}\nwaiting: {waiting:?}");
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n")
    );
    rules.assert_all_used();
}

/// The recorded document with the entries of its open map, of the version that they would need as parameters.
fn overridden(mut recorded: Value, payload: &Payload, build: fn(&Payload) -> Result<Value, Refused>) -> Value {
    let as_parameters = build(&payload.with_open_map_as_parameters()).expect("a document");
    recorded["DATA_TYPE"] = as_parameters["DATA_TYPE"].clone();
    for (name, value) in payload.open_map() {
        recorded[name] = value;
    }
    recorded
}

#[test]
fn every_entry_has_vectors_and_stands_once() {
    let recorded: BTreeSet<String> = vectors("payloads")
        .iter()
        .map(|vector| Payload::read(&vector["payload"]).class)
        .collect();
    let mut known = BTreeSet::new();
    for (class, _) in entries() {
        assert!(recorded.contains(*class), "no vector has {class}");
        assert!(known.insert(*class), "{class} stands twice");
    }
}
