//! The reference's operations, and what may differ from them.

use std::collections::BTreeSet;

use globus_sdk::operation::{Kind, Operation, Place};
use serde::Deserialize;

use crate::{Result, workspace};

/// One operation of globus-sdk 4.9.0 (`conformance/operations.json`).
#[derive(Debug, Deserialize)]
pub(crate) struct Expected {
    /// Class name, for example `GroupsClient`.
    pub(crate) client: String,
    /// Method name.
    pub(crate) method: String,
    http_method: String,
    path: String,
    params: Vec<ExpectedParam>,
}

#[derive(Debug, Deserialize)]
struct ExpectedParam {
    name: String,
    kind: String,
    required: bool,
}

/// Maps that every call accepts without declaring them.
const OPEN_MAPS: [&str; 4] = ["query_params", "additional_fields", "additional_params", "body_params"];

/// Reads the list, grouped by client.
pub(crate) fn load() -> Result<Vec<Expected>> {
    let mut rows: Vec<Expected> = serde_json::from_str(&workspace::read("conformance/operations.json")?)?;
    rows.sort_by(|one, other| one.client.cmp(&other.client));
    Ok(rows)
}

/// How a declaration differs from the reference: method, path, names of parameters, their place, required or not.
pub(crate) fn differences(expected: &Expected, declared: &Operation) -> Vec<String> {
    let composite = !matches!(declared.kind, Kind::Request);
    let mut found = Vec::new();
    if !composite && declared.method.as_str() != expected.http_method {
        found.push(format!(
            "method {} instead of {}",
            declared.method.as_str(),
            expected.http_method
        ));
    }
    if !composite && declared.path != expected.path {
        found.push(format!("path {} instead of {}", declared.path, expected.path));
    }
    // "other" are settings of the Python call itself, such as the class to wrap the answer in.
    let theirs: Vec<_> = expected
        .params
        .iter()
        .filter(|param| !is_open_map(&param.name))
        .collect();
    for param in theirs.iter().filter(|param| param.kind != "other") {
        match declared.param(&param.name) {
            None => found.push(format!("lacks the parameter `{}`", param.name)),
            Some((_, ours)) => {
                if !composite && !fits(&param.kind, ours.place) {
                    found.push(format!(
                        "`{}` goes to {:?}, not to {}",
                        param.name, ours.place, param.kind
                    ));
                }
                if ours.required != param.required {
                    let word = if param.required {
                        "optional, required there"
                    } else {
                        "required, optional there"
                    };
                    found.push(format!("`{}` is {word}", param.name));
                }
            }
        }
    }
    let names: BTreeSet<&str> = theirs.iter().map(|param| param.name.as_str()).collect();
    // A composite may take as a value what the reference keeps inside its client, such as the login under way.
    let more = declared
        .params
        .iter()
        .filter(|param| !(composite && param.place == Place::Local))
        .map(|param| param.name)
        .filter(|name| !names.contains(name));
    found.extend(more.map(|name| format!("has `{name}`, unknown there")));
    found
}

fn is_open_map(name: &str) -> bool {
    OPEN_MAPS.contains(&name)
}

fn fits(kind: &str, place: Place) -> bool {
    match kind {
        "path" => place == Place::Path,
        "query" => place == Place::Query,
        "header" => place == Place::Header,
        _ => matches!(place, Place::Body | Place::Form | Place::Document),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_is_whole() {
        let rows = load().unwrap();
        assert_eq!(rows.len(), 254);
        assert!(rows.iter().all(|row| row.path.starts_with('/')));
        let unique: BTreeSet<_> = rows.iter().map(|row| (&row.client, &row.method)).collect();
        assert_eq!(unique.len(), rows.len());
    }

    #[test]
    fn a_body_takes_three_forms() {
        assert!(fits("body", Place::Document) && fits("body", Place::Form) && fits("body", Place::Body));
        assert!(!fits("body", Place::Query) && !fits("query", Place::Body));
    }
}
