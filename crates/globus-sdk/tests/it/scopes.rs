//! The recorded cases of scopes, in `conformance/vectors/scopes.jsonl`.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher},
};

use globus_sdk::{
    error::{Error, ErrorKind},
    scopes::{self, Scope, ScopeCollection, ScopeError, ScopeItem, ScopeList, SyntaxProblem},
};
use serde_json::Value;

use crate::support::Rules;

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance/vectors/scopes.jsonl");

/// Words of the recorded messages, and the rule of the grammar which they are about.
const MESSAGES: [(&str, SyntaxProblem); 11] = [
    ("preceding space", SyntaxProblem::SpaceBeforeBracket),
    ("followed by a space", SyntaxProblem::SpaceAfterStar),
    ("only be followed", SyntaxProblem::TextAfterBracket),
    ("ended in optional", SyntaxProblem::EndsInStar),
    ("always follow", SyntaxProblem::StarWithoutName),
    ("ended in left", SyntaxProblem::EndsInBracket),
    ("empty brackets", SyntaxProblem::EmptyBrackets),
    ("double", SyntaxProblem::DoubleBracket),
    ("without a preceding", SyntaxProblem::BracketWithoutName),
    ("no matching", SyntaxProblem::Unopened),
    ("unclosed", SyntaxProblem::Unclosed),
];

/// What a case gives.
enum Answer {
    Scopes(Vec<Scope>),
    /// The text of a scope, and of the one from which it was made.
    Text(String, Option<String>),
    Equal(bool, bool),
    Member(bool),
    DoesNotCompile,
}

fn text(value: &Value) -> &str {
    value.as_str().expect("text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// A scope from its parts, which need not be what parsing would give.
fn tree(value: &Value) -> Result<Scope, ScopeError> {
    let dependencies = list(&value["dependencies"])
        .iter()
        .map(tree)
        .collect::<Result<Vec<_>, _>>()?;
    let optional = value["optional"].as_bool().unwrap_or(false);
    Ok(Scope::new(text(&value["scope"]))?
        .with_dependencies(dependencies)
        .with_optional(optional))
}

fn item(value: &Value) -> Result<ScopeItem, ScopeError> {
    Ok(match value.get("__scope__") {
        Some(scope) => Scope::parse(text(scope))?.into(),
        None => text(value).into(),
    })
}

fn items(input: &Value) -> Result<ScopeList, ScopeError> {
    match input {
        Value::Array(values) => values.iter().map(item).collect(),
        single => Ok([item(single)?].into_iter().collect()),
    }
}

fn hash_of(scope: &Scope) -> u64 {
    let mut hasher = DefaultHasher::new();
    scope.hash(&mut hasher);
    hasher.finish()
}

fn collection(name: &str) -> &'static dyn ScopeCollection {
    match name {
        "AuthScopes" => &scopes::AuthScopes,
        "ComputeScopes" => &scopes::ComputeScopes,
        "FlowsScopes" => &scopes::FlowsScopes,
        "GroupsScopes" => &scopes::GroupsScopes,
        "NexusScopes" => &scopes::NexusScopes,
        "SearchScopes" => &scopes::SearchScopes,
        "TimersScopes" => &scopes::TimersScopes,
        "TransferScopes" => &scopes::TransferScopes,
        other => panic!("no collection {other}"),
    }
}

fn answer(op: &str, input: &Value) -> Result<Answer, ScopeError> {
    let scope = |member: &str| Scope::parse(text(&input[member]));
    let added = || {
        list(&input["add"])
            .iter()
            .map(|add| Scope::parse(text(add)))
            .collect::<Result<Vec<_>, _>>()
    };
    Ok(match op {
        "parse" => Answer::Scopes(scopes::parse(text(input))?),
        "parse_one" => Answer::Scopes(vec![Scope::parse(text(input))?]),
        "merge" => {
            let (a, b) = (scopes::parse(text(&input["a"]))?, scopes::parse(text(&input["b"]))?);
            Answer::Scopes(scopes::merge_scopes(&a, &b)?)
        }
        "to_string" => Answer::Text(tree(input)?.to_text()?, None),
        "serialize" => Answer::Text(scopes::serialize(items(input)?)?, None),
        "serialize_allow_empty" => Answer::Text(scopes::serialize_allow_empty(items(input)?)?, None),
        "with_optional" => {
            let original = scope("scope")?;
            let made = original.with_optional(input["optional"].as_bool().expect("a flag"));
            Answer::Text(made.to_string(), Some(original.to_string()))
        }
        "with_dependency" => {
            let original = scope("scope")?;
            let made = added()?
                .iter()
                .fold(original.clone(), |made, dependency| made.with_dependency(dependency));
            Answer::Text(made.to_string(), Some(original.to_string()))
        }
        "with_dependencies" => {
            let original = scope("scope")?;
            Answer::Text(
                original.with_dependencies(added()?).to_string(),
                Some(original.to_string()),
            )
        }
        "equal" => {
            let (a, b) = (scope("a")?, scope("b")?);
            Answer::Equal(a == b, hash_of(&a) == hash_of(&b))
        }
        "scope_in_collection" => Answer::Member(collection(text(&input["collection"])).contains(text(&input["scope"]))),
        "with_dependency_type_error" | "with_dependencies_type_error" | "scope_in_scope" => Answer::DoesNotCompile,
        other => panic!("no operation {other}"),
    })
}

/// The text of a scope with all dependencies sorted.
fn canonical(scope: &Scope) -> String {
    let mut below: Vec<_> = scope.dependencies().iter().map(canonical).collect();
    below.sort();
    let name = format!("{}{}", if scope.is_optional() { "*" } else { "" }, scope.name());
    if below.is_empty() {
        name
    } else {
        format!("{name}[{}]", below.join(" "))
    }
}

fn same_kind(error: &ScopeError, result: &Value) -> bool {
    let message = text(&result["message"]);
    match (text(&result["error"]), error) {
        ("ScopeParseError", ScopeError::Syntax { problem, .. }) => {
            let known: Vec<_> = MESSAGES.iter().filter(|(words, _)| message.contains(words)).collect();
            known.iter().any(|(_, expected)| expected == problem)
        }
        ("ScopeCycleError", ScopeError::Cycle { .. }) => true,
        ("ValueError", ScopeError::NotOne { .. }) => message.contains("exactly one"),
        ("ValueError", ScopeError::InvalidName { .. }) => message.contains("special characters"),
        ("GlobusSDKUsageError", ScopeError::Empty) => Error::from(error.clone()).kind() == ErrorKind::Usage,
        _ => false,
    }
}

/// Whether a case came out as recorded, or as the rule says.
fn holds(case: &Value, rule: Option<&str>) -> bool {
    let (input, result) = (&case["input"], &case["result"]);
    let op = text(&case["op"]);
    match (rule, answer(op, input)) {
        (Some("same-kind"), Err(error)) => same_kind(&error, result),
        (Some("does-not-compile"), Ok(Answer::DoesNotCompile)) => true,
        (Some("membership"), Ok(Answer::Member(member))) => {
            let known = collection(text(&input["collection"])).scopes();
            member == known.iter().any(|scope| scope.to_string() == text(&input["scope"]))
        }
        (Some("portable-form") | None, Ok(Answer::Text(made, original))) => {
            result["string"] == made.as_str()
                && (result["original"].is_null() || result["original"].as_str() == original.as_deref())
        }
        (None, Ok(Answer::Scopes(scopes))) => {
            let mut ours: Vec<_> = scopes.iter().map(canonical).collect();
            ours.sort();
            let mut trees: Vec<_> = list(&result["trees"])
                .iter()
                .map(|value| canonical(&tree(value).unwrap()))
                .collect();
            trees.sort();
            result["canonical"] == serde_json::json!(ours) && trees == ours && result["count"] == scopes.len()
        }
        (None, Ok(Answer::Equal(equal, same_hash))) => result["equal"] == equal && (!equal || same_hash),
        _ => false,
    }
}

#[test]
fn recorded_cases() {
    let rules = Rules::load("scopes");
    let cases = std::fs::read_to_string(VECTORS).unwrap();
    let mut failed = Vec::new();
    for line in cases.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if !holds(&case, rules.find(&case)) {
            failed.push(line.to_owned());
        }
    }
    assert!(cases.lines().count() > 100, "cases were read");
    assert!(
        failed.is_empty(),
        "{} cases failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
    rules.assert_all_used();
}
