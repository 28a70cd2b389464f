//! The recorded cases of consents, in `conformance/vectors/consents.jsonl`.

use std::collections::BTreeMap;

use globus_sdk::scopes::{ConsentError, ConsentForest, IntoScopes, Scope, ScopeItem, ScopeList};
use serde_json::{Value, json};

use crate::support::vectors;

/// What a vector records of a forest. The order of siblings is not fixed in the original; ours is by number.
fn observed(forest: &ConsentForest) -> Value {
    let edges: BTreeMap<String, Value> = forest
        .edges()
        .iter()
        .map(|(id, children)| (id.to_string(), json!(children)))
        .collect();
    let trees: Vec<Value> = forest
        .trees()
        .map(|tree| {
            let mut ids: Vec<i64> = tree.nodes().map(|node| node.id).collect();
            ids.sort_unstable();
            json!({"root": tree.root(), "node_ids": ids, "max_depth": tree.max_depth(), "str": tree.to_string()})
        })
        .collect();
    let ids: Vec<i64> = forest.nodes().iter().map(|node| node.id).collect();
    json!({"ok": true, "node_ids": ids, "edges": edges, "trees": trees, "str": forest.to_string()})
}

/// The recorded result, where what is a set is sorted.
fn recorded(result: &Value) -> Value {
    let mut result = result.clone();
    for tree in result["trees"].as_array_mut().into_iter().flatten() {
        if let Some(ids) = tree["node_ids"].as_array_mut() {
            ids.sort_by_key(Value::as_i64);
        }
    }
    for (_, children) in result["edges"].as_object_mut().into_iter().flatten() {
        if let Some(children) = children.as_array_mut() {
            children.sort_by_key(Value::as_i64);
        }
    }
    result
}

fn scopes(given: &Value) -> ScopeList {
    let item = |value: &Value| -> ScopeItem {
        match value.get("__scope__").and_then(Value::as_str) {
            Some(text) => Scope::parse(text).expect("a scope").into(),
            None => value.as_str().expect("a text").into(),
        }
    };
    match given {
        Value::Array(items) => items.iter().map(item).collect(),
        one => ScopeList::from_iter([item(one)]).into_scopes(),
    }
}

#[test]
fn recorded_forests() {
    for vector in vectors("consents") {
        let id = &vector["id"];
        let result = ConsentForest::from_json(&vector["consents"]);
        if vector["result"]["ok"] == false {
            let kind = match result.expect_err("it fails") {
                ConsentError::MissingParent { .. } => "ConsentTreeConstructionError",
                ConsentError::Malformed { .. } => "ConsentParseError",
                other => panic!("{id}: {other}"),
            };
            assert_eq!(vector["result"]["error"], kind, "{id}");
            continue;
        }
        let forest = result.unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(observed(&forest), recorded(&vector["result"]), "{id}");
        for query in vector["queries"].as_array().expect("queries") {
            let met = forest.meets_scope_requirements(scopes(&query["scopes"]));
            match query["meets"].as_bool() {
                Some(meets) => assert_eq!(met.ok(), Some(meets), "{id}: {query}"),
                None => assert!(met.is_err() && query["error"] == "ScopeParseError", "{id}: {query}"),
            }
        }
    }
}
