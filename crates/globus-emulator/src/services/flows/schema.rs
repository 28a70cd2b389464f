//! Input schemas: are they schemas, and does an input keep to one? <https://json-schema.org/>

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Value, json};

use super::python::repr;

/// A schema that is ready for use, or what is wrong about it.
pub(crate) fn compile(schema: &Value) -> Result<Validator, String> {
    jsonschema::validator_for(schema).map_err(|error| {
        let place = place(error.instance_path().as_str());
        format!("{place}: {error}")
    })
}

/// What an input does not keep to: places, messages and kinds, as the service tells them.
pub(crate) fn check(schema: &Value, input: &Value) -> Vec<Value> {
    match compile(schema) {
        Ok(validator) => validator.iter_errors(input).map(|error| row(&error)).collect(),
        Err(what) => vec![json!({"loc": ["$"], "type": "InvalidActionInput", "msg": what})],
    }
}

fn row(error: &ValidationError<'_>) -> Value {
    json!({
        "loc": [place(error.instance_path().as_str())],
        "type": "InvalidActionInput",
        "msg": message(error),
    })
}

/// A JSON pointer as the service writes it, `$.list[0].name`.
fn place(pointer: &str) -> String {
    let mut place = "$".to_owned();
    for part in pointer.split('/').skip(1) {
        if !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()) {
            place.extend(["[", part, "]"]);
        } else {
            place.push('.');
            place.push_str(&part.replace("~1", "/").replace("~0", "~"));
        }
    }
    place
}

/// The message of the Python library that the service uses, for the kinds that are met daily.
fn message(error: &ValidationError<'_>) -> String {
    let value = repr(error.instance());
    match error.kind() {
        ValidationErrorKind::Type { kind } => {
            let names = match kind {
                TypeKind::Single(name) => format!("'{name}'"),
                TypeKind::Multiple(names) => {
                    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
                    names.join(", ")
                }
            };
            format!("{value} is not of type {names}")
        }
        ValidationErrorKind::Required { property } => format!("{} is a required property", repr(property)),
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().map(|name| repr(&json!(name))).collect();
            let were = if names.len() == 1 { "was" } else { "were" };
            let names = names.join(", ");
            format!("Additional properties are not allowed ({names} {were} unexpected)")
        }
        ValidationErrorKind::Enum { options } => format!("{value} is not one of {}", repr(options)),
        ValidationErrorKind::Constant { expected_value } => format!("{} was expected", repr(expected_value)),
        ValidationErrorKind::Minimum { limit } => format!("{value} is less than the minimum of {limit}"),
        ValidationErrorKind::Maximum { limit } => format!("{value} is greater than the maximum of {limit}"),
        ValidationErrorKind::MinLength { .. } | ValidationErrorKind::MinItems { .. } => format!("{value} is too short"),
        ValidationErrorKind::MaxLength { .. } | ValidationErrorKind::MaxItems { .. } => format!("{value} is too long"),
        ValidationErrorKind::Pattern { pattern } => format!("{value} does not match {}", repr(&json!(pattern))),
        ValidationErrorKind::Format { format } => format!("{value} is not a '{format}'"),
        _ => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_told_as_the_service_tells_them() {
        let schema = json!({
            "type": "object",
            "properties": {
                "bool": {"type": "boolean"},
                "list": {"items": {"type": ["string", "null"]}},
                "kind": {"enum": ["a", "b"]},
                "size": {"minimum": 3},
            },
            "required": ["bool"],
            "additionalProperties": false,
        });
        let message = |input: Value| -> Vec<(String, String)> {
            let rows = check(&schema, &input);
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            rows.iter()
                .map(|row| (text(&row["loc"][0]), text(&row["msg"])))
                .collect()
        };
        let one = |place: &str, text: &str| vec![(place.to_owned(), text.to_owned())];
        assert_eq!(message(json!({"bool": true, "list": ["x", null]})), []);
        assert_eq!(
            message(json!({"bool": "not-a-boolean"})),
            one("$.bool", "'not-a-boolean' is not of type 'boolean'")
        );
        assert_eq!(message(json!({})), one("$", "'bool' is a required property"));
        let unexpected = "Additional properties are not allowed ('x' was unexpected)";
        assert_eq!(message(json!({"bool": true, "x": 1})), one("$", unexpected));
        assert_eq!(message(json!({"bool": true, "list": ["x", 1]}))[0].0, "$.list[1]");
        assert_eq!(
            message(json!({"bool": true, "kind": "c"})),
            one("$.kind", "'c' is not one of ['a', 'b']")
        );
        assert_eq!(
            message(json!({"bool": true, "size": 1})),
            one("$.size", "1 is less than the minimum of 3")
        );
        assert_eq!(message(json!([])), one("$", "[] is not of type 'object'"));
    }

    #[test]
    fn schemas_are_checked() {
        compile(&json!({})).expect("anything goes");
        compile(&json!({"type": "strin"})).expect_err("no type");
        compile(&json!({"$ref": "https://example.org/schema"})).expect_err("nothing is fetched");
    }
}
