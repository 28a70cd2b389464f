//! The helper objects of the Python SDK, and the typed documents that stand in their place here.
//!
//! `conformance/vectors/payloads.jsonl` says what each object serializes to after some calls. An [`Entry`] makes the same
//! of our document; classes without an entry are counted as waiting.

mod auth;
mod flows;
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
use crate::support::vectors;

/// A class of helper objects, and what makes our document's JSON of a recorded object.
type Entry = (&'static str, fn(&Payload) -> Result<Value, Refused>);

/// Why our document cannot be made.
type Refused = String;

/// The entries of all services.
fn entries() -> impl Iterator<Item = &'static Entry> {
    [
        auth::ENTRIES,
        flows::ENTRIES,
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
    let (mut failures, mut held, mut waiting) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    for vector in vectors("payloads") {
        let payload = Payload::read(&vector["payload"]);
        let Some((class, build)) = entries().find(|(class, _)| *class == payload.class) else {
            *waiting.entry(payload.class).or_insert(0) += 1;
            continue;
        };
        *held.entry(*class).or_insert(0) += 1;
        match (build(&payload), vector.get("serialized")) {
            (Ok(ours), Some(recorded)) if ours == *recorded => {}
            (Err(_), None) => {}
            (ours, recorded) => failures.push(format!("{}: recorded {recorded:?}, ours {ours:?}", vector["id"])),
        }
    }
    println!("held: {held:?}\nwaiting: {waiting:?}");
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n")
    );
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
