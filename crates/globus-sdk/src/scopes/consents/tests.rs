use serde_json::{Value, json};

use super::super::{Scope, parse};
use super::*;

fn consent(id: i64, scope_name: &str, path: &[i64]) -> Value {
    json!({
        "id": id, "client": "c", "scope": "s", "scope_name": scope_name, "effective_identity": "i",
        "dependency_path": path, "created": "2022-09-21T17:10:14.270581+00:00", "updated": "2022-09-21T17:10:14",
        "last_used": null, "status": "approved", "allows_refresh": true, "auto_approved": false,
        "atomically_revocable": false,
    })
}

fn forest(consents: &[(i64, &str, &[i64])]) -> ConsentForest {
    let list: Vec<Value> = consents
        .iter()
        .map(|(id, name, path)| consent(*id, name, path))
        .collect();
    ConsentForest::from_json(&list.into()).unwrap()
}

#[test]
fn every_malformed_consent_is_named() {
    for name in [
        "id",
        "client",
        "scope_name",
        "dependency_path",
        "created",
        "status",
        "allows_refresh",
    ] {
        let mut wrong = consent(2, "foo", &[2]);
        wrong[name] = json!({});
        let error = ConsentForest::from_json(&json!([consent(1, "foo", &[1]), wrong])).unwrap_err();
        assert!(
            error.to_string().contains("consent 1") && error.to_string().contains(name),
            "{error}"
        );
    }
    assert!(ConsentForest::from_json(&json!({"consents": 5})).is_err());
    assert!(ConsentForest::from_json(&json!({"consents": [5]})).is_err());
}

#[test]
fn circles_of_consents_end() {
    // Numbers given twice can close a circle, though Globus Auth makes none.
    let forest = forest(&[(1, "a", &[1]), (2, "b", &[1, 2]), (1, "a", &[1, 2, 1])]);
    let tree = forest.trees().next().unwrap();
    assert_eq!(tree.nodes().count(), 2);
    assert_eq!(tree.max_depth(), 2);
    assert!(forest.meets_scope_requirements("a[b]").unwrap());
    assert!(!forest.to_string().is_empty());
}

#[test]
fn large_requirements_are_checked_fast() {
    // Shared branches: as text this scope would have 3^200 leaves.
    let mut scope = Scope::new("n200").unwrap();
    for level in (0..200).rev() {
        let branches = [scope.with_optional(true), scope.clone(), scope];
        scope = Scope::new(format!("n{level}")).unwrap().with_dependencies(branches);
    }
    let path: Vec<i64> = (0..=200).collect();
    let names: Vec<String> = path.iter().map(|level| format!("n{level}")).collect();
    let nodes = names
        .iter()
        .enumerate()
        .map(|(index, name)| (path[index], name.as_str(), &path[..=index]));
    let held = forest(&nodes.collect::<Vec<_>>());
    assert!(held.meets(std::slice::from_ref(&scope)));
    assert!(held.meets_scope_requirements(&scope).unwrap());
    assert!(!held.meets(&[scope.with_dependency(Scope::new("other").unwrap())]));

    // Deeper than the stack.
    let mut chain = Scope::new("x").unwrap();
    for _ in 0..200_000 {
        chain = Scope::new("x").unwrap().with_dependency(chain);
    }
    assert!(!held.meets(&[chain]));
}

#[test]
fn separate_scopes_may_be_met_by_separate_trees() {
    let forest = forest(&[
        (1, "foo", &[1]),
        (2, "bar", &[1, 2]),
        (3, "foo", &[3]),
        (4, "baz", &[3, 4]),
    ]);
    assert!(forest.meets_scope_requirements(["foo[bar]", "foo[baz]"]).unwrap());
    assert!(!forest.meets_scope_requirements("foo[bar] foo[baz]").unwrap());
    assert!(forest.meets(&parse("foo").unwrap()));
    let trees: Vec<bool> = forest
        .trees()
        .map(|tree| tree.meets_scope_requirements("foo[bar]").unwrap())
        .collect();
    assert_eq!(trees, [true, false]);
}
