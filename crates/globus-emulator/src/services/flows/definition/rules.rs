//! The rules of a choice: comparisons of values in the state, combined by `And`, `Or` and `Not`.
//! <https://docs.globus.org/api/flows/authoring-flows/>

use std::cmp::Ordering;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::path::Path;
use super::template;
use crate::services::flows::validation::{Place, Problems, Reader};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Boolean,
    Numeric,
    String,
    Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Equal,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
}

impl Wanted {
    fn is(self, found: Ordering) -> bool {
        match self {
            Self::Equal => found.is_eq(),
            Self::Less => found.is_lt(),
            Self::LessEqual => found.is_le(),
            Self::Greater => found.is_gt(),
            Self::GreaterEqual => found.is_ge(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Test {
    Compare(Kind, Wanted),
    Matches,
    IsNull,
    IsPresent,
    Is(Kind),
}

/// The names of the operators; each has a variant that ends in `Path`.
const TESTS: &[(&str, Test)] = &[
    ("BooleanEquals", Test::Compare(Kind::Boolean, Wanted::Equal)),
    ("IsBoolean", Test::Is(Kind::Boolean)),
    ("IsNull", Test::IsNull),
    ("IsNumeric", Test::Is(Kind::Numeric)),
    ("IsPresent", Test::IsPresent),
    ("IsString", Test::Is(Kind::String)),
    ("IsTimestamp", Test::Is(Kind::Timestamp)),
    ("NumericEquals", Test::Compare(Kind::Numeric, Wanted::Equal)),
    ("NumericGreaterThan", Test::Compare(Kind::Numeric, Wanted::Greater)),
    (
        "NumericGreaterThanEquals",
        Test::Compare(Kind::Numeric, Wanted::GreaterEqual),
    ),
    ("NumericLessThan", Test::Compare(Kind::Numeric, Wanted::Less)),
    ("NumericLessThanEquals", Test::Compare(Kind::Numeric, Wanted::LessEqual)),
    ("StringEquals", Test::Compare(Kind::String, Wanted::Equal)),
    ("StringGreaterThan", Test::Compare(Kind::String, Wanted::Greater)),
    (
        "StringGreaterThanEquals",
        Test::Compare(Kind::String, Wanted::GreaterEqual),
    ),
    ("StringLessThan", Test::Compare(Kind::String, Wanted::Less)),
    ("StringLessThanEquals", Test::Compare(Kind::String, Wanted::LessEqual)),
    ("StringMatches", Test::Matches),
    ("TimestampEquals", Test::Compare(Kind::Timestamp, Wanted::Equal)),
    ("TimestampGreaterThan", Test::Compare(Kind::Timestamp, Wanted::Greater)),
    (
        "TimestampGreaterThanEquals",
        Test::Compare(Kind::Timestamp, Wanted::GreaterEqual),
    ),
    ("TimestampLessThan", Test::Compare(Kind::Timestamp, Wanted::Less)),
    (
        "TimestampLessThanEquals",
        Test::Compare(Kind::Timestamp, Wanted::LessEqual),
    ),
];

impl Test {
    fn named(name: &str) -> Option<Self> {
        TESTS.iter().find(|(known, _)| *known == name).map(|(_, test)| *test)
    }

    /// Whether a value may stand beside the operator.
    fn takes(self, operand: &Value) -> bool {
        match self {
            Self::Compare(kind, _) => is(kind, operand),
            Self::Matches => operand.is_string(),
            Self::IsNull | Self::IsPresent | Self::Is(_) => operand.is_boolean(),
        }
    }

    fn holds(self, value: Option<&Value>, operand: &Value) -> bool {
        let found = match self {
            Self::Compare(kind, wanted) => {
                let found = value.and_then(|value| compare(kind, value, operand));
                return found.is_some_and(|found| wanted.is(found));
            }
            Self::Matches => {
                let texts = value.and_then(Value::as_str).zip(operand.as_str());
                return texts.is_some_and(|(text, pattern)| matches(pattern, text));
            }
            Self::IsNull => value.is_some_and(Value::is_null),
            Self::IsPresent => value.is_some(),
            Self::Is(kind) => value.is_some_and(|value| is(kind, value)),
        };
        operand.as_bool() == Some(found)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Operand {
    Value(Value),
    Path(Path, String),
}

/// What must be the case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Rule {
    And(Vec<Self>),
    Or(Vec<Self>),
    Not(Box<Self>),
    Test(Box<Comparison>),
}

/// A value of the state, an operator, and what stands on its other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Comparison {
    variable: Path,
    variable_text: String,
    test: Test,
    operand: Operand,
}

impl Rule {
    /// Reads a rule of `Choices`, and the state to which it leads.
    pub(crate) fn parse_choice(
        map: &Map<String, Value>,
        place: Place<'_>,
        problems: &mut Problems,
    ) -> Option<(Self, String)> {
        let mut reader = Reader::new(map, place);
        reader.get("Comment");
        reader.required("Next", problems);
        let next = reader.text("Next", problems).map(str::to_owned);
        let rule = Self::parse(reader, problems);
        rule.zip(next)
    }

    fn parse(mut reader: Reader<'_>, problems: &mut Problems) -> Option<Self> {
        let place = reader.place;
        let mut rules = Vec::new();
        if let Some(list) = reader.list("And", problems) {
            rules.push(Self::many(list, place.key("And"), problems).map(Self::And));
        }
        if let Some(list) = reader.list("Or", problems) {
            rules.push(Self::many(list, place.key("Or"), problems).map(Self::Or));
        }
        if let Some(map) = reader.object("Not", problems) {
            let rule = Self::parse(Reader::new(map, place.key("Not")), problems);
            rules.push(rule.map(Box::new).map(Self::Not));
        }
        let mut compared = 0;
        let variable = reader.text("Variable", problems);
        for (name, test) in TESTS {
            if let Some(operand) = reader.get(name) {
                compared += 1;
                if !test.takes(operand) {
                    reader.wrong(name, problems, format!("'{name}' does not compare with {operand}"));
                }
                rules.push(Self::test(
                    variable,
                    *test,
                    Some(Operand::Value(operand.clone())),
                    place,
                    problems,
                ));
            }
        }
        for (name, value) in reader.others("Path") {
            let Some(test) = name.strip_suffix("Path").and_then(Test::named) else {
                continue;
            };
            compared += 1;
            reader.know(name);
            let key = place.key(name);
            let text = value.as_str().unwrap_or_default();
            let path = template::path(text, &key, problems);
            let operand = path.map(|path| Operand::Path(path, text.to_owned()));
            rules.push(Self::test(variable, test, operand, place, problems));
        }
        if compared == 1 && variable.is_none() {
            problems.push(&place.key("Variable"), "value_error.missing", "field required");
        }
        if rules.len() != 1 {
            problems.wrong(
                &place,
                "a rule has exactly one of 'And', 'Or', 'Not' and the comparisons",
            );
        }
        reader.finish(problems);
        rules.into_iter().next().flatten()
    }

    fn many(list: &[Value], place: Place<'_>, problems: &mut Problems) -> Option<Vec<Self>> {
        if list.is_empty() {
            problems.wrong(&place, "it holds at least one rule");
        }
        let mut rules = Vec::with_capacity(list.len());
        for (at, value) in list.iter().enumerate() {
            let place = place.at(at);
            match value.as_object() {
                Some(map) => rules.push(Self::parse(Reader::new(map, place), problems)),
                None => problems.push(&place, "type_error.dict", "value is not a valid dict"),
            }
        }
        rules.into_iter().collect()
    }

    fn test(
        variable: Option<&str>,
        test: Test,
        operand: Option<Operand>,
        place: Place<'_>,
        problems: &mut Problems,
    ) -> Option<Self> {
        let text = variable?;
        let variable = template::path(text, &place.key("Variable"), problems)?;
        Some(Self::Test(Box::new(Comparison {
            variable,
            variable_text: text.to_owned(),
            test,
            operand: operand?,
        })))
    }

    /// Whether it holds in a state. Values of the wrong kind compare with nothing; one that is missing is an error.
    pub(crate) fn holds(&self, state: &Value) -> Result<bool, String> {
        match self {
            Self::And(rules) => all(rules, state, true),
            Self::Or(rules) => all(rules, state, false).map(|none| !none),
            Self::Not(rule) => rule.holds(state).map(|holds| !holds),
            Self::Test(comparison) => {
                let value = comparison.variable.get(state);
                if value.is_none() && comparison.test != Test::IsPresent {
                    return Err(format!("there is nothing at '{}'", comparison.variable_text));
                }
                let operand = match &comparison.operand {
                    Operand::Value(value) => value.clone(),
                    Operand::Path(path, text) => {
                        path.get(state).ok_or_else(|| format!("there is nothing at '{text}'"))?
                    }
                };
                Ok(comparison.test.holds(value.as_ref(), &operand))
            }
        }
    }
}

/// Whether all rules come out in one way; those behind the first that does not are left alone.
fn all(rules: &[Rule], state: &Value, wanted: bool) -> Result<bool, String> {
    for rule in rules {
        if rule.holds(state)? != wanted {
            return Ok(false);
        }
    }
    Ok(true)
}

fn is(kind: Kind, value: &Value) -> bool {
    match kind {
        Kind::Boolean => value.is_boolean(),
        Kind::Numeric => value.is_number(),
        Kind::String => value.is_string(),
        Kind::Timestamp => timestamp(value).is_some(),
    }
}

pub(crate) fn timestamp(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn compare(kind: Kind, one: &Value, other: &Value) -> Option<Ordering> {
    match kind {
        Kind::Boolean => Some(one.as_bool()?.cmp(&other.as_bool()?)),
        Kind::String => Some(one.as_str()?.cmp(other.as_str()?)),
        Kind::Timestamp => Some(timestamp(one)?.cmp(&timestamp(other)?)),
        Kind::Numeric => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
    }
}

/// Whether a text fits a pattern in which `*` stands for any letters, and `\*` for itself.
fn matches(pattern: &str, text: &str) -> bool {
    // Letters of the pattern; none is a star.
    let mut parts: Vec<Option<char>> = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            '*' => None,
            '\\' => Some(letters.next().unwrap_or('\\')),
            letter => Some(letter),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut in_text, mut star) = (0, 0, None);
    while in_text < text.len() {
        match parts.get(at) {
            Some(Some(letter)) if *letter == text[in_text] => {
                at += 1;
                in_text += 1;
            }
            Some(None) => {
                star = Some((at, in_text));
                at += 1;
            }
            _ => match &mut star {
                // The last star takes one letter more.
                Some((star_at, taken)) => {
                    *taken += 1;
                    at = *star_at + 1;
                    in_text = *taken;
                }
                None => return false,
            },
        }
    }
    parts[at..].iter().all(Option::is_none)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: Value) -> Result<Rule, Vec<String>> {
        let mut problems = Problems::default();
        let map = document.as_object().expect("an object").clone();
        let rule = Rule::parse(Reader::new(&map, Place::Root), &mut problems);
        match rule {
            Some(rule) if problems.is_empty() => Ok(rule),
            _ => Err(problems.lines()),
        }
    }

    #[test]
    fn rules_hold_or_not() {
        let state = json!({
            "n": 5, "real": 5.0, "text": "abc", "yes": true, "null": null, "date": "2026-01-01T00:00:00Z",
            "later": "2026-01-01T02:00:00+01:00", "pattern": "a*",
        });
        for (variable, operator, operand, wanted) in [
            ("$.n", "NumericEquals", json!(5), true),
            ("$.n", "NumericEquals", json!(5.0), true),
            ("$.n", "NumericLessThan", json!(5), false),
            ("$.n", "NumericLessThanEquals", json!(5), true),
            ("$.n", "NumericGreaterThan", json!(4.5), true),
            ("$.n", "NumericGreaterThanEquals", json!(6), false),
            ("$.n", "NumericEqualsPath", json!("$.real"), true),
            ("$.text", "NumericEquals", json!(5), false),
            ("$.text", "StringEquals", json!("abc"), true),
            ("$.text", "StringLessThan", json!("abd"), true),
            ("$.text", "StringGreaterThanEquals", json!("b"), false),
            ("$.text", "StringMatches", json!("a*c"), true),
            ("$.text", "StringMatches", json!("a\\*c"), false),
            ("$.text", "StringMatchesPath", json!("$.pattern"), true),
            ("$.n", "StringEquals", json!("5"), false),
            ("$.yes", "BooleanEquals", json!(true), true),
            ("$.yes", "BooleanEqualsPath", json!("$.yes"), true),
            ("$.yes", "BooleanEqualsPath", json!("$.n"), false),
            ("$.date", "TimestampLessThan", json!("2026-01-01T00:00:01Z"), true),
            ("$.date", "TimestampLessThanPath", json!("$.later"), true),
            ("$.date", "TimestampEquals", json!("2026-01-01T01:00:00+01:00"), true),
            ("$.null", "IsNull", json!(true), true),
            ("$.n", "IsNull", json!(false), true),
            ("$.missing", "IsPresent", json!(false), true),
            ("$.missing", "IsPresent", json!(true), false),
            ("$.n", "IsNumeric", json!(true), true),
            ("$.text", "IsString", json!(true), true),
            ("$.yes", "IsBoolean", json!(true), true),
            ("$.date", "IsTimestamp", json!(true), true),
            ("$.text", "IsTimestamp", json!(true), false),
        ] {
            let mut document = json!({"Variable": variable});
            document[operator] = operand.clone();
            let rule = read(document).unwrap_or_else(|lines| panic!("{operator} {lines:?}"));
            assert_eq!(rule.holds(&state), Ok(wanted), "{variable} {operator} {operand}");
            assert_eq!(Rule::Not(Box::new(rule)).holds(&state), Ok(!wanted));
        }
        let is = |name: &str, n: i64| json!({"Variable": format!("$.{name}"), "NumericEquals": n});
        for (document, wanted) in [
            (json!({"And": [is("n", 5), is("real", 5)]}), Ok(true)),
            (json!({"And": [is("n", 4), is("missing", 5)]}), Ok(false)),
            (json!({"Or": [is("n", 4), is("real", 5)]}), Ok(true)),
            (json!({"Or": [is("n", 4), is("real", 4)]}), Ok(false)),
            (
                json!({"Or": [is("n", 4), is("missing", 4)]}),
                Err("there is nothing at '$.missing'".to_owned()),
            ),
            (json!({"Not": is("n", 4)}), Ok(true)),
        ] {
            assert_eq!(
                read(document.clone()).expect("a rule").holds(&state),
                wanted,
                "{document}"
            );
        }
    }

    #[test]
    fn other_rules_are_refused() {
        for document in [
            json!({}),
            json!({"Variable": "$.a"}),
            json!({"NumericEquals": 1}),
            json!({"Variable": "a", "NumericEquals": 1}),
            json!({"Variable": "$.a", "NumericEquals": "1"}),
            json!({"Variable": "$.a", "TimestampEquals": "yesterday"}),
            json!({"Variable": "$.a", "IsNull": 1}),
            json!({"Variable": "$.a", "NumericEqualsPath": 1}),
            json!({"Variable": "$.a", "NumericEquals": 1, "StringEquals": "1"}),
            json!({"Variable": "$.a", "Equals": 1}),
            json!({"And": []}),
            json!({"And": [1]}),
            json!({"And": [{"Variable": "$.a", "IsNull": true, "Next": "x"}]}),
            json!({"Not": []}),
            json!({"Not": {"Variable": "$.a", "IsNull": true}, "Or": [{"Variable": "$.a", "IsNull": true}]}),
        ] {
            read(document.clone()).expect_err(&document.to_string());
        }
    }

    #[test]
    fn patterns_match() {
        for (pattern, text, wanted) in [
            ("*", "", true),
            ("a*b*c", "aXbXbYc", true),
            ("*.txt", "a.txt.gz", false),
            ("", "a", false),
            ("a", "", false),
            ("**", "x", true),
            ("é*", "été", true),
            ("\\\\*", "\\x", true),
        ] {
            assert_eq!(matches(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
