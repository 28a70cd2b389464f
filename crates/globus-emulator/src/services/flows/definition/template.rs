//! Parameters: a document in which keys that end in `.$` take a value from the state, and those in `.=` an expression.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::path::{Path, PathError};
use crate::services::flows::expression::Expression;
use crate::services::flows::validation::{Place, Problems};

/// A list of the parameters that stay out of logs.
const PRIVATE: &str = "__Private_Parameters";

#[derive(Debug, Clone, PartialEq)]
enum Template {
    Literal(Value),
    Path(Path, String),
    Expression(Expression, String),
    Object(Vec<(String, Self)>),
    List(Vec<Self>),
}

/// What a state makes its input of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameters {
    template: Template,
    private: BTreeSet<String>,
}

impl Parameters {
    pub(crate) fn parse(map: &Map<String, Value>, place: &Place<'_>, problems: &mut Problems) -> Self {
        let mut map = map.clone();
        let mut private = BTreeSet::new();
        if let Some(names) = map.remove(PRIVATE) {
            let names = names
                .as_array()
                .map(|names| names.iter().map(Value::as_str).collect::<Option<Vec<_>>>());
            match names.flatten() {
                Some(names) => private.extend(names.into_iter().map(str::to_owned)),
                None => problems.wrong(&place.key(PRIVATE), "it is a list of names"),
            }
        }
        Self {
            template: object(&map, place, problems),
            private,
        }
    }

    /// The document for a state.
    pub(crate) fn fill(&self, state: &Value) -> Result<Value, String> {
        fill(&self.template, state)
    }

    /// A document that was made of these parameters, without those that stay out of logs.
    pub(crate) fn public(&self, document: &Value) -> Value {
        let mut document = document.clone();
        if let Value::Object(map) = &mut document {
            map.retain(|name, _| !self.private.contains(name));
        }
        document
    }
}

/// Reads a path; one that is none is a problem.
pub(crate) fn path(text: &str, place: &Place<'_>, problems: &mut Problems) -> Option<Path> {
    match Path::parse(text) {
        Ok(path) => return Some(path),
        Err(PathError::Invalid(what)) => problems.wrong(place, what),
        Err(PathError::NotEmulated(what)) => problems.not_emulated(place, what),
    }
    None
}

fn object(map: &Map<String, Value>, place: &Place<'_>, problems: &mut Problems) -> Template {
    let mut rows: Vec<(String, Template)> = Vec::with_capacity(map.len());
    for (key, value) in map {
        let place = place.key(key);
        let (name, row) = if let Some(name) = key.strip_suffix(".$") {
            (name, reference(value, &place, problems))
        } else if let Some(name) = key.strip_suffix(".=") {
            (name, expression(value, &place, problems))
        } else {
            (key.as_str(), Some(template(value, &place, problems)))
        };
        if rows.iter().any(|(known, _)| known == name) {
            problems.wrong(&place, format!("'{name}' is given twice"));
        }
        rows.extend(row.map(|row| (name.to_owned(), row)));
    }
    Template::Object(rows)
}

fn reference(value: &Value, place: &Place<'_>, problems: &mut Problems) -> Option<Template> {
    let Some(text) = value.as_str() else {
        problems.wrong(place, "the value of a key that ends in '.$' is a JSONPath");
        return None;
    };
    path(text, place, problems).map(|path| Template::Path(path, text.to_owned()))
}

fn expression(value: &Value, place: &Place<'_>, problems: &mut Problems) -> Option<Template> {
    let Some(text) = value.as_str() else {
        problems.wrong(place, "the value of a key that ends in '.=' is an expression");
        return None;
    };
    match Expression::parse(text) {
        Ok(expression) => Some(Template::Expression(expression, text.to_owned())),
        Err(what) => {
            problems.wrong(place, format!("'{text}' is not an expression: {what}"));
            None
        }
    }
}

fn template(value: &Value, place: &Place<'_>, problems: &mut Problems) -> Template {
    match value {
        Value::Object(map) => object(map, place, problems),
        Value::Array(list) => Template::List(
            list.iter()
                .enumerate()
                .map(|(at, value)| template(value, &place.at(at), problems))
                .collect(),
        ),
        other => Template::Literal(other.clone()),
    }
}

fn fill(template: &Template, state: &Value) -> Result<Value, String> {
    Ok(match template {
        Template::Literal(value) => value.clone(),
        Template::Path(path, text) => path.get(state).ok_or_else(|| format!("there is nothing at '{text}'"))?,
        Template::Expression(expression, text) => expression
            .evaluate(state)
            .map_err(|what| format!("'{text}' has no value: {what}"))?,
        Template::Object(rows) => {
            let mut map = Map::new();
            for (name, row) in rows {
                map.insert(name.clone(), fill(row, state)?);
            }
            Value::Object(map)
        }
        Template::List(rows) => Value::Array(rows.iter().map(|row| fill(row, state)).collect::<Result<_, _>>()?),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: Value) -> Result<Parameters, Vec<String>> {
        let mut problems = Problems::default();
        let parameters = Parameters::parse(document.as_object().expect("an object"), &Place::Root, &mut problems);
        if problems.is_empty() {
            Ok(parameters)
        } else {
            Err(problems.lines())
        }
    }

    #[test]
    fn documents_are_filled() {
        let document = json!({
            "plain": {"$": 1, "list": [1, {"deep.$": "$.a.b"}]},
            "whole.$": "$",
            "sum.=": "n + 1",
            "secret": "x",
            "__Private_Parameters": ["secret"],
        });
        let parameters = read(document).expect("parameters");
        let state = json!({"a": {"b": "here"}, "n": 1});
        let filled = parameters.fill(&state).expect("a document");
        let mut wanted = json!({
            "plain": {"$": 1, "list": [1, {"deep": "here"}]}, "whole": state, "sum": 2, "secret": "x",
        });
        assert_eq!(filled, wanted);
        wanted.as_object_mut().expect("an object").remove("secret");
        assert_eq!(parameters.public(&filled), wanted);
        let error = parameters.fill(&json!({"n": 1})).expect_err("nothing there");
        assert_eq!(error, "there is nothing at '$.a.b'");
    }

    #[test]
    fn mistakes_are_told_with_their_places() {
        let document = json!({
            "a.$": 1, "b.$": "b", "c.=": "1 +", "d": [{"e.=": []}], "f": 1, "f.$": "$", "__Private_Parameters": [1],
        });
        let lines = read(document).expect_err("mistakes");
        for place in [
            "$.a.$:",
            "$.b.$:",
            "$.c.=:",
            "$.d[0].e.=:",
            "$.f.$:",
            "$.__Private_Parameters:",
        ] {
            assert!(lines.iter().any(|line| line.starts_with(place)), "{place} {lines:?}");
        }
        assert_eq!(lines.len(), 6, "{lines:?}");
    }
}
