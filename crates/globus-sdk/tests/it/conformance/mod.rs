//! The recorded calls of `conformance/vectors`, replayed in every way in which an operation can be called.

mod cases;
mod client;
mod declarations;
mod differences;
mod documentation;
mod emulated;
mod json;
mod models;
mod named;
mod tally;
mod typed;
mod vector;
mod wire;

use std::collections::BTreeSet;
use std::path::Path;

pub(crate) use vector::FRESH;

#[test]
fn the_rules_of_differences_are_few_and_about_known_kinds() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance"));
    let text = std::fs::read_to_string(folder.join("differences.toml")).expect("the file of differences");
    let file: toml::Table = text.parse().expect("TOML");
    let rules = file["rule"].as_array().expect("a list of rules");
    assert!(rules.len() < 20, "{} rules", rules.len());
    let ids: BTreeSet<_> = rules.iter().map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len(), "ids are distinct");
    for rule in rules {
        let kinds = rule["vectors"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![rule["vectors"].clone()]);
        for kind in kinds {
            let kind = kind.as_str().expect("a kind");
            let known = folder.join(format!("vectors/{kind}.jsonl")).exists();
            assert!(known || kind == "clients", "{}: no vectors {kind}", rule["id"]);
        }
    }
}
