//! The recorded vectors and the rules by which this crate differs from them on purpose.

use std::cell::Cell;
use std::path::PathBuf;

use serde_json::Value;

fn conformance(path: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../conformance")).join(path)
}

/// The lines of `conformance/vectors/<kind>.jsonl`.
pub(crate) fn vectors(kind: &str) -> Vec<Value> {
    let path = conformance("vectors").join(format!("{kind}.jsonl"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a vector is JSON"))
        .collect()
}

/// A deliberate difference: `conformance/differences.toml` says when and what instead.
///
/// `when` maps dotted paths into the vector to what must be there: a value, or a table of predicates: `type` (a JSON
/// type or `absent`), `present`, `not`, `contains` (a part of a text), `in` (a list of values).
#[derive(Debug)]
struct Rule {
    id: String,
    expect: String,
    /// Alternatives, each a list of conditions.
    when: Vec<Vec<(String, toml::Value)>>,
    matched: Cell<bool>,
}

/// The rules for one kind of vectors.
#[derive(Debug)]
pub(crate) struct Rules(Vec<Rule>);

impl Rules {
    pub(crate) fn load(kind: &str) -> Self {
        let text = std::fs::read_to_string(conformance("differences.toml")).expect("the file of differences");
        let file: toml::Table = text.parse().expect("the file of differences is TOML");
        let rules = file
            .get("rule")
            .and_then(toml::Value::as_array)
            .cloned()
            .unwrap_or_default();
        let text = |rule: &toml::Value, key: &str| rule.get(key).and_then(toml::Value::as_str).map(str::to_owned);
        let of_kind = rules.iter().filter(|rule| match rule.get("vectors") {
            Some(toml::Value::Array(kinds)) => kinds.iter().any(|name| name.as_str() == Some(kind)),
            name => name.and_then(toml::Value::as_str) == Some(kind),
        });
        Self(
            of_kind
                .map(|rule| {
                    let id = text(rule, "id").expect("a rule has an id");
                    assert!(text(rule, "why").is_some(), "rule {id} says why");
                    let expect = text(rule, "expect").expect("a rule says what is expected instead");
                    let when = match rule.get("when").expect("a rule says when") {
                        toml::Value::Array(alternatives) => alternatives.clone(),
                        one => vec![one.clone()],
                    };
                    let conditions = |when: toml::Value| match when {
                        toml::Value::Table(when) => {
                            assert!(!when.contains_key("id"), "rule {id} is about content, not about names");
                            when.into_iter().collect()
                        }
                        other => panic!("rule {id}: {other} is no condition"),
                    };
                    Rule {
                        when: when.into_iter().map(conditions).collect(),
                        id,
                        expect,
                        matched: Cell::new(false),
                    }
                })
                .collect(),
        )
    }

    /// What the first rule that `vector` falls under expects.
    pub(crate) fn find(&self, vector: &Value) -> Option<&str> {
        let rule = self.0.iter().find(|rule| rule.matches(vector))?;
        rule.matched.set(true);
        Some(&rule.expect)
    }

    /// What all rules that `vector` falls under expect, for differences that come together.
    pub(crate) fn find_all(&self, vector: &Value) -> Vec<&str> {
        let found = self.0.iter().filter(|rule| rule.matches(vector));
        found
            .map(|rule| {
                rule.matched.set(true);
                rule.expect.as_str()
            })
            .collect()
    }

    /// Fails if a rule matched nothing.
    pub(crate) fn assert_all_used(&self) {
        for rule in &self.0 {
            assert!(rule.matched.get(), "rule {} matches no vector: remove it", rule.id);
        }
    }
}

impl Rule {
    fn matches(&self, vector: &Value) -> bool {
        let holds = |(path, wanted): &(String, toml::Value)| {
            let steps: Vec<&str> = path.split('.').collect();
            matches_below(Some(vector), &steps, wanted)
        };
        self.when.iter().any(|conditions| conditions.iter().all(holds))
    }
}

/// A step is a key of an object, a position in a list, or `*` for any element of a list.
fn matches_below(value: Option<&Value>, steps: &[&str], wanted: &toml::Value) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        return matches(value, wanted);
    };
    let next = match (value, *step) {
        (Some(Value::Array(items)), "*") => {
            return items.iter().any(|item| matches_below(Some(item), rest, wanted));
        }
        (Some(Value::Array(items)), position) => position.parse().ok().and_then(|at: usize| items.get(at)),
        (value, key) => value.and_then(|value| value.get(key)),
    };
    matches_below(next, rest, wanted)
}

fn matches(found: Option<&Value>, wanted: &toml::Value) -> bool {
    let toml::Value::Table(predicates) = wanted else {
        return found == serde_json::to_value(wanted).ok().as_ref();
    };
    predicates
        .iter()
        .all(|(name, argument)| match (name.as_str(), argument) {
            ("type", toml::Value::String(kind)) => type_name(found) == kind,
            ("contains", toml::Value::String(part)) => {
                found.and_then(Value::as_str).is_some_and(|text| text.contains(part))
            }
            ("present", toml::Value::Boolean(present)) => found.is_some_and(|value| !value.is_null()) == *present,
            ("not", unwanted) => !matches(found, unwanted),
            ("in", toml::Value::Array(values)) => values.iter().any(|value| matches(found, value)),
            _ => panic!("unknown predicate {name} = {argument}"),
        })
}

fn type_name(value: Option<&Value>) -> &'static str {
    match value {
        None => "absent",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::String(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}
