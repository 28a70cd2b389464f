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
/// type or `absent`), `contains`, `not` (another value than this).
#[derive(Debug)]
struct Rule {
    id: String,
    expect: String,
    when: Vec<(String, toml::Value)>,
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
        let of_kind = rules
            .iter()
            .filter(|rule| text(rule, "vectors").as_deref() == Some(kind));
        Self(
            of_kind
                .map(|rule| {
                    let id = text(rule, "id").expect("a rule has an id");
                    assert!(text(rule, "why").is_some(), "rule {id} says why");
                    let expect = text(rule, "expect").expect("a rule says what is expected instead");
                    let when = rule
                        .get("when")
                        .and_then(toml::Value::as_table)
                        .expect("a rule says when")
                        .clone();
                    assert!(!when.contains_key("id"), "rule {id} is about content, not about names");
                    Rule {
                        id,
                        expect,
                        when: when.into_iter().collect(),
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
        self.when
            .iter()
            .all(|(path, wanted)| matches(path.split('.').try_fold(vector, |value, key| value.get(key)), wanted))
    }
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
            ("not", other) => found.is_some() && found != serde_json::to_value(other).ok().as_ref(),
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
