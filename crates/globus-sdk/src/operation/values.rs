//! How one argument is written in a query, a form, a path or a JSON body.

use std::borrow::Cow;

use serde_json::Value;
use serde_json::value::RawValue;

use super::call::object_entries;
use super::encode::invalid;
use super::{Arg, Operation, Param, Place, Style, ValueKind};
use crate::error::Result;

/// What is wrong with a value that a call by name gives, as far as its kind tells: nothing for null. Kinds are lenient, as
/// such calls come from a shell or another language: numbers and booleans may be texts, 0 and 1 booleans, one value a
/// list, and where all is text a number may stand for one.
pub(super) fn misfit(param: &Param, value: &RawValue) -> Option<String> {
    let json = value.get();
    let found = Found::of(json);
    let text = || serde_json::from_str::<String>(json).unwrap_or_default();
    let written = matches!(param.place, Place::Path | Place::Query | Place::Header | Place::Form);
    let (fits, wanted) = match (param.place, param.value) {
        (Place::Document, _) => (found == Found::Object, "an object"),
        // Ids are not looked into.
        (Place::Path, _) => (matches!(found, Found::Text | Found::Number), "a text"),
        (_, ValueKind::Boolean) => {
            let fits = match found {
                Found::Boolean => true,
                Found::Number => matches!(json, "0" | "1"),
                Found::Text => word_of_truth(&text()).is_some(),
                _ => false,
            };
            (fits, "true or false")
        }
        (_, ValueKind::Integer) => {
            let whole = |number: &str| number.parse::<i64>().is_ok() || number.parse::<u64>().is_ok();
            let fits = match found {
                Found::Number => whole(json),
                Found::Text => whole(text().trim()),
                _ => false,
            };
            (fits, "a whole number")
        }
        (_, ValueKind::Number) => {
            let number = |text: String| serde_json::from_str::<serde_json::Number>(&text).is_ok();
            (
                found == Found::Number || found == Found::Text && number(text()),
                "a number",
            )
        }
        (_, ValueKind::Text) => {
            let joined = found == Found::List && param.style == Style::Spaces;
            let one = found == Found::Text || written && found == Found::Number;
            (one || joined, "a text")
        }
        (_, ValueKind::List) => {
            let one = found == Found::Text || written && found == Found::Number;
            let map = found == Found::Object && param.style == Style::Filter;
            (found == Found::List || one || map, "a list")
        }
        // Any value, unless the type tells more.
        (_, ValueKind::Json) if param.style == Style::Filter || param.ty.ends_with("Value") => return None,
        (_, ValueKind::Json) if param.ty.starts_with("Vec<") => (found == Found::List, "a list"),
        (_, ValueKind::Json) => (found == Found::Object, "an object"),
    };
    if fits || found == Found::Null {
        return None;
    }
    let found = match found {
        Found::Number => json,
        Found::Text if text().len() <= LONGEST_WORD && param.place != Place::Document => &format!("the text {json}"),
        found => found.name(),
    };
    Some(format!("is {found} where {wanted} belongs"))
}

/// Texts up to this length are shown in errors: words, and no secrets.
const LONGEST_WORD: usize = 16;

/// The kind of a JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}

impl Found {
    /// Its first byte tells.
    fn of(json: &str) -> Self {
        match json.as_bytes().first() {
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b'"') => Self::Text,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "true or false",
            Self::Number => "a number",
            Self::Text => "a text",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// The texts that a declared parameter is sent as outside a JSON body; none for a null.
pub(super) fn param_texts(param: &Param, arg: &Arg, operation: &Operation) -> Result<Vec<String>> {
    let mut texts = texts_of(arg, param.style).map_err(|why| invalid(operation, param.name, why))?;
    if (param.value, param.style) == (ValueKind::Boolean, Style::Plain) {
        // Calls by name may write booleans in other ways.
        for text in &mut texts {
            if let Some(truth) = word_of_truth(text) {
                python(truth).clone_into(text);
            }
        }
    }
    Ok(texts)
}

/// The texts that an entry of an open map is sent as; none for a null.
pub(super) fn entry_texts(key: &str, arg: &Arg, operation: &Operation) -> Result<Vec<String>> {
    texts_of(arg, Style::Repeat).map_err(|why| invalid(operation, key, why))
}

/// The texts that a value is sent as in `style`, or what is wrong with it.
pub(super) fn texts_of(arg: &Arg, style: Style) -> Result<Vec<String>, String> {
    match arg {
        Arg::Null => Ok(Vec::new()),
        Arg::Text(text) => texts(Shape::Scalar(Value::String(text.clone())), style),
        Arg::List(items) => {
            let items = items.iter().cloned().map(|text| Shape::Scalar(Value::String(text)));
            texts(Shape::List(items.collect()), style)
        }
        Arg::Json(raw) => texts(Shape::of(raw)?, style),
        Arg::Invalid(why) => Err(format!("cannot be sent: {why}")),
    }
}

/// A value, taken apart as far as its style needs. Maps keep their order.
enum Shape<'a> {
    Scalar(Value),
    List(Vec<Self>),
    Map(Vec<(Cow<'a, str>, &'a RawValue)>),
}

impl<'a> Shape<'a> {
    fn of(raw: &'a RawValue) -> Result<Self, String> {
        let json = raw.get();
        let invalid = |error: serde_json::Error| format!("is no JSON: {error}");
        Ok(match json.as_bytes().first() {
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(json).map_err(invalid)?;
                Self::List(items.into_iter().map(Self::of).collect::<Result<_, _>>()?)
            }
            Some(b'{') => Self::Map(object_entries(json).map_err(invalid)?),
            _ => Self::Scalar(serde_json::from_str(json).map_err(invalid)?),
        })
    }

    const fn is_null(&self) -> bool {
        matches!(self, Self::Scalar(Value::Null))
    }
}

fn texts(value: Shape<'_>, style: Style) -> Result<Vec<String>, String> {
    match (style, value) {
        (_, Shape::Scalar(Value::Null)) => Ok(Vec::new()),
        (Style::Csv, value) => Ok(vec![elements(value)?.join(",")]),
        (Style::Spaces, value) => Ok(vec![elements(value)?.join(" ")]),
        (Style::Offline, value) => Ok(if truth(&value)? {
            vec!["offline".to_owned()]
        } else {
            Vec::new()
        }),
        (Style::Filter, Shape::List(items)) => items.into_iter().map(filter).collect(),
        (Style::Filter, value) => Ok(vec![filter(value)?]),
        (_, Shape::List(items)) => items
            .into_iter()
            .filter(|item| !item.is_null())
            .map(|item| scalar(&item, style))
            .collect(),
        (_, value) => Ok(vec![scalar(&value, style)?]),
    }
}

/// One text counts as a list of one.
fn elements(value: Shape<'_>) -> Result<Vec<String>, String> {
    match value {
        Shape::List(items) => items.iter().map(|item| scalar(item, Style::Plain)).collect(),
        other => scalar(&other, Style::Plain).map(|text| vec![text]),
    }
}

fn scalar(value: &Shape<'_>, style: Style) -> Result<String, String> {
    let value = match value {
        Shape::List(_) => return Err("holds a list where one text, number or boolean belongs".to_owned()),
        Shape::Map(_) => return Err("holds an object where one text, number or boolean belongs".to_owned()),
        Shape::Scalar(value) => value,
    };
    match (value, style) {
        (value, Style::Bit) => truth_of(value).map(|truth| if truth { "1" } else { "0" }.to_owned()),
        (value, Style::Lower) => truth_of(value).map(|truth| truth.to_string()),
        // The services read booleans in the spelling of their own language.
        (Value::Bool(truth), _) => Ok(python(*truth).to_owned()),
        (Value::String(text), _) => Ok(text.clone()),
        (Value::Null, _) => Ok("None".to_owned()),
        (number, _) => Ok(number.to_string()),
    }
}

const fn python(truth: bool) -> &'static str {
    if truth { "True" } else { "False" }
}

fn truth(value: &Shape<'_>) -> Result<bool, String> {
    match value {
        Shape::Scalar(value) => truth_of(value),
        _ => Err("is neither true nor false".to_owned()),
    }
}

/// Booleans, also as calls from a shell write them.
fn truth_of(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Number(number) => Ok(number.as_f64() != Some(0.0)),
        Value::String(text) => word_of_truth(text).ok_or_else(|| format!("is {text:?} where true or false belongs")),
        _ => Err("is neither true nor false".to_owned()),
    }
}

fn word_of_truth(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// `{"status": ["ACTIVE", "INACTIVE"], "type": "TRANSFER"}` as `status:ACTIVE,INACTIVE/type:TRANSFER`.
fn filter(value: Shape<'_>) -> Result<String, String> {
    let Shape::Map(entries) = value else {
        return scalar(&value, Style::Plain);
    };
    let mut parts = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        parts.push(format!("{key}:{}", elements(Shape::of(value)?)?.join(",")));
    }
    Ok(parts.join("/"))
}

/// The JSON text of a body field. Calls by name may bring one text for a list, and numbers and booleans as text.
pub(super) fn json_value(param: &Param, arg: Arg) -> Box<RawValue> {
    let value = arg.into_raw();
    let text = value.get();
    let quoted = text.starts_with('"');
    let better = match param.value {
        _ if param.style == Style::List && quoted => Some(format!("[{text}]")),
        ValueKind::Boolean => {
            let word = text.trim_matches('"');
            word_of_truth(word).map(|truth| truth.to_string())
        }
        ValueKind::Integer | ValueKind::Number if quoted => {
            let number = text.trim_matches('"');
            serde_json::from_str::<serde_json::Number>(number)
                .ok()
                .map(|_| number.trim().to_owned())
        }
        _ => None,
    };
    better
        .and_then(|json| RawValue::from_string(json).ok())
        .unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Arg {
        Arg::from_raw(serde_json::from_str(text).expect("JSON"))
    }

    fn sent(text: &str, style: Style) -> Vec<String> {
        texts_of(&json(text), style).expect("it can be sent")
    }

    #[test]
    fn styles() {
        assert_eq!(sent(r#"["a", "b c"]"#, Style::Csv), ["a,b c"]);
        assert_eq!(sent("[]", Style::Csv), [""]);
        assert_eq!(sent("[]", Style::Repeat), [""; 0]);
        assert_eq!(sent(r#"["a", null, 1, true]"#, Style::Repeat), ["a", "1", "True"]);
        assert_eq!(sent(r#"["a[b]", "c d"]"#, Style::Spaces), ["a[b] c d"]);
        assert_eq!(sent("null", Style::Csv), [""; 0]);
        for (text, bit, lower) in [("true", "1", "true"), ("0", "0", "false"), (r#""off""#, "0", "false")] {
            assert_eq!(sent(text, Style::Bit), [bit]);
            assert_eq!(sent(text, Style::Lower), [lower]);
        }
        assert_eq!(sent("true", Style::Offline), ["offline"]);
        assert_eq!(sent("false", Style::Offline), [""; 0]);
    }

    #[test]
    fn filters_keep_their_order() {
        let two = r#"["name:x", {"size": [">=10", "<20"], "a": "b"}]"#;
        assert_eq!(sent(two, Style::Filter), ["name:x", "size:>=10,<20/a:b"]);
        assert_eq!(sent("{}", Style::Filter), [""]);
    }

    fn param(place: Place, value: ValueKind, style: Style) -> Param {
        let (wire, doc) = ("/x", "");
        Param {
            name: "x",
            wire,
            place,
            style,
            value,
            ty: "Value",
            values: &[],
            required: false,
            nullable: false,
            default: None,
            with: None,
            doc,
        }
    }

    #[test]
    fn kinds_are_checked_and_lenient() {
        use Place::{Body, Document, Path, Query};
        for (place, kind, fine, wrong) in [
            (
                Document,
                ValueKind::Json,
                &["{}", "null"] as &[_],
                &["[]", "\"{}\"", "1", "true"] as &[_],
            ),
            (
                Body,
                ValueKind::Boolean,
                &["true", "0", "1", "\"yes\"", "\"False\""],
                &["2", "\"\"", "\"maybe\"", "[true]", "{}"],
            ),
            (
                Query,
                ValueKind::Integer,
                &["1", "-1", "\"10\"", "18446744073709551615"],
                &["1.5", "\"ten\"", "true", "[1]", "{}"],
            ),
            (
                Body,
                ValueKind::Number,
                &["1", "1.5", "\"1.5\""],
                &["\"x\"", "false", "[]"],
            ),
            (Body, ValueKind::Text, &["\"a\"", "null"], &["1", "true", "[]", "{}"]),
            (Path, ValueKind::Text, &["\"a\"", "1"], &["true", "[]", "{}"]),
            (Path, ValueKind::Integer, &["1", "\"one\""], &["[1]"]),
            (Body, ValueKind::List, &["[1]", "\"a\""], &["1", "true", "{}"]),
            (Query, ValueKind::List, &["[1]", "\"a\"", "1"], &["true", "{}"]),
            (Body, ValueKind::Json, &["1", "[]", "{}", "\"a\""], &[]),
        ] {
            let param = param(place, kind, Style::Plain);
            let misfit = |text: &&str| super::misfit(&param, &RawValue::from_string((*text).to_owned()).expect("JSON"));
            let refused: Vec<_> = fine.iter().filter_map(misfit).collect();
            assert!(refused.is_empty(), "{place:?} {kind:?}: {refused:?}");
            let taken: Vec<_> = wrong.iter().filter(|text| misfit(text).is_none()).collect();
            assert!(taken.is_empty(), "{place:?} {kind:?}: {taken:?}");
        }
    }

    #[test]
    fn types_of_documents_tell_objects_from_lists() {
        for (ty, style, fine, wrong) in [
            (
                "NewTimer",
                Style::Plain,
                &["{}", "null"] as &[_],
                &["[]", "\"a\"", "1"] as &[_],
            ),
            ("Vec<DependentScopeSpec>", Style::Plain, &["[]"], &["{}", "\"a\""]),
            ("TransferFilter", Style::Filter, &["{}", "[]", "\"a\""], &[]),
        ] {
            let param = Param {
                ty,
                ..param(Place::Body, ValueKind::Json, style)
            };
            let fits = |text: &&str| {
                let value = RawValue::from_string((*text).to_owned()).expect("JSON");
                super::misfit(&param, &value).is_none()
            };
            assert!(fine.iter().all(&fits), "{ty}");
            assert!(!wrong.iter().any(fits), "{ty}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, style) in [
            (r#"{"a": 1}"#, Style::Plain),
            ("[[1]]", Style::Csv),
            (r#""maybe""#, Style::Bit),
            (r#"{"a": {"b": 1}}"#, Style::Filter),
        ] {
            assert!(texts_of(&json(text), style).is_err(), "{text}");
        }
    }
}
