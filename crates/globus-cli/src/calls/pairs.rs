//! `NAME=VALUE` of the command line.

use std::collections::BTreeMap;

use globus_sdk::operation::{Operation, Place, ValueKind};
use globus_sdk::{Error, Result};
use serde_json::value::{RawValue, to_raw_value};

/// The arguments of the client: always texts.
pub(crate) fn client_arguments(pairs: &[String]) -> Result<BTreeMap<String, String>> {
    let mut arguments = BTreeMap::new();
    for (position, pair) in pairs.iter().enumerate() {
        let (name, value) = split(pair, "--client", position)?;
        if arguments.insert(name.to_owned(), value.to_owned()).is_some() {
            return Err(Error::usage(format!("--client {name} is given twice")));
        }
    }
    Ok(arguments)
}

/// The parameters as the text of a JSON object: the members of `input`, overridden by `pairs`.
///
/// `operation` knows what its parameters are; for an unknown one it is absent, and the call will be refused later.
pub(crate) fn parameters(input: Option<String>, pairs: &[String], operation: Option<&Operation>) -> Result<String> {
    if pairs.is_empty() {
        // Documents may be large: nothing of them is looked at here.
        return Ok(input.unwrap_or_else(|| "{}".to_owned()));
    }
    let mut members: BTreeMap<String, Box<RawValue>> = match &input {
        Some(input) => serde_json::from_str(input)
            .map_err(|error| Error::validation("--input", format!("is no JSON object: {error}")))?,
        None => BTreeMap::new(),
    };
    let mut seen: Vec<&str> = Vec::with_capacity(pairs.len());
    for (position, pair) in pairs.iter().enumerate() {
        let (name, text) = split(pair, "parameter", position)?;
        if seen.contains(&name) {
            return Err(Error::usage(format!(
                "the parameter {name} is given twice; a list is written {name}='[\"a\", \"b\"]'"
            )));
        }
        seen.push(name);
        members.insert(name.to_owned(), value(name, text, operation)?);
    }
    serde_json::to_string(&members).map_err(|error| Error::usage(error.to_string()))
}

/// What was meant may be a secret, so the argument itself is not repeated.
fn split<'a>(pair: &'a str, what: &str, position: usize) -> Result<(&'a str, &'a str)> {
    match pair.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name, value)),
        _ => Err(Error::usage(format!(
            "{what} number {} is not of the form NAME=VALUE",
            position + 1
        ))),
    }
}

/// JSON is taken as JSON, everything else as text. Where a text is wanted, a bare number or truth value is one too.
fn value(name: &str, text: &str, operation: Option<&Operation>) -> Result<Box<RawValue>> {
    let param = operation
        .and_then(|operation| operation.param(name))
        .map(|(_, param)| param);
    let quoted = || to_raw_value(text).map_err(|error| Error::validation(name, error.to_string()));
    let raw = match serde_json::from_str::<Box<RawValue>>(text) {
        Ok(raw) => raw,
        Err(error) => {
            return match (param, operation) {
                (Some(param), Some(operation)) if param.place == Place::Document => Err(Error::validation(
                    format!("`{name}` of `{operation}`"),
                    format!("is a document, and what was given is no JSON: {error}"),
                )),
                _ => quoted(),
            };
        }
    };
    let bare = raw
        .get()
        .starts_with(|first: char| first == '-' || first.is_ascii_digit() || matches!(first, 't' | 'f'));
    if bare && param.is_some_and(|param| param.value == ValueKind::Text) {
        return quoted();
    }
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use globus_sdk::services::operation;

    use super::*;

    fn of(key: &str, input: Option<&str>, pairs: &[&str]) -> Result<String> {
        let pairs: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
        parameters(input.map(str::to_owned), &pairs, operation(key))
    }

    #[test]
    fn json_is_json_and_the_rest_is_text() {
        for (pair, wanted) in [
            ("x=1", r#"{"x":1}"#),
            ("x=null", r#"{"x":null}"#),
            ("x=[1, 2]", r#"{"x":[1, 2]}"#),
            (r#"x={"a": 1.10}"#, r#"{"x":{"a": 1.10}}"#),
            (r#"x="1""#, r#"{"x":"1"}"#),
            ("x=", r#"{"x":""}"#),
            ("x=a=b", r#"{"x":"a=b"}"#),
            ("x=007", r#"{"x":"007"}"#),
            ("x={oops", r#"{"x":"{oops"}"#),
        ] {
            assert_eq!(of("", None, &[pair]).unwrap(), wanted, "{pair}");
        }
    }

    #[test]
    fn a_text_stays_a_text() {
        let given = ["name=2026", "description=true", "parent_id=null"];
        let wanted = r#"{"description":"true","name":"2026","parent_id":null}"#;
        assert_eq!(of("groups_manager.create_group", None, &given).unwrap(), wanted);
    }

    #[test]
    fn pairs_win_over_the_input() {
        assert_eq!(
            of("", Some(r#"{"a": 1, "b": 2}"#), &["a=3"]).unwrap(),
            r#"{"a":3,"b":2}"#
        );
        assert_eq!(of("", Some("anything"), &[]).unwrap(), "anything");
        assert_eq!(of("", None, &[]).unwrap(), "{}");
    }

    #[test]
    fn what_is_wrong_is_said_without_repeating_it() {
        for (key, input, pairs, wanted) in [
            (
                "",
                None,
                &["s3cret"] as &[_],
                "parameter number 1 is not of the form NAME=VALUE",
            ),
            (
                "",
                None,
                &["=s3cret"],
                "parameter number 1 is not of the form NAME=VALUE",
            ),
            ("", None, &["a=s3cret", "a=2"], "the parameter a is given twice"),
            ("", Some("[]"), &["a=1"], "--input"),
            (
                "groups.create_group",
                None,
                &["data={s3cret"],
                "`data` of `groups.create_group`",
            ),
        ] {
            let error = of(key, input, pairs).unwrap_err().to_string();
            assert!(error.contains(wanted) && !error.contains("s3cret"), "{error}");
        }
        assert!(client_arguments(&["a=1".to_owned(), "a=2".to_owned()]).is_err());
    }
}
