//! How one argument is written in a query, a form, a path or a JSON body.

use serde_json::Value;
use serde_json::value::RawValue;

use super::encode::invalid;
use super::{Arg, Operation, Param, Style};
use crate::error::Result;

/// The texts a query parameter is sent as; none for a null.
pub(super) fn query_texts(param: &Param, arg: &Arg, operation: &Operation) -> Result<Vec<String>> {
    form_texts(param.name, param.style, arg, operation)
}

/// The texts that a named value is sent as in `style`; none for a null.
pub(super) fn form_texts(name: &str, style: Style, arg: &Arg, operation: &Operation) -> Result<Vec<String>> {
    texts_of(arg, style).map_err(|why| invalid(operation, name, why))
}

/// The texts that a value is sent as in `style`, or what is wrong with it.
pub(super) fn texts_of(arg: &Arg, style: Style) -> Result<Vec<String>, String> {
    let value = match arg {
        Arg::Null => return Ok(Vec::new()),
        Arg::Text(text) => Value::String(text.clone()),
        Arg::List(texts) => Value::Array(texts.iter().cloned().map(Value::String).collect()),
        Arg::Json(raw) => serde_json::from_str(raw.get()).map_err(|error| format!("is no JSON: {error}"))?,
        Arg::Invalid(why) => return Err(format!("is not serializable: {why}")),
    };
    texts(&value, style)
}

fn texts(value: &Value, style: Style) -> Result<Vec<String>, String> {
    let elements = || match value {
        Value::Array(items) => items
            .iter()
            .map(|item| scalar(item, Style::Plain))
            .collect::<Result<Vec<_>, _>>(),
        other => scalar(other, Style::Plain).map(|text| vec![text]),
    };
    match (style, value) {
        (_, Value::Null) => Ok(Vec::new()),
        (Style::Csv, _) => Ok(vec![elements()?.join(",")]),
        (Style::Spaces, _) => Ok(vec![elements()?.join(" ")]),
        (Style::Offline, _) => Ok(if truth(value)? {
            vec!["offline".to_owned()]
        } else {
            Vec::new()
        }),
        (Style::Filter, Value::Object(_)) => Ok(vec![filter(value)?]),
        (Style::Filter, Value::Array(items)) => items.iter().map(filter).collect(),
        (_, Value::Array(items)) => items
            .iter()
            .filter(|item| !item.is_null())
            .map(|item| scalar(item, style))
            .collect(),
        _ => Ok(vec![scalar(value, style)?]),
    }
}

fn scalar(value: &Value, style: Style) -> Result<String, String> {
    match (value, style) {
        (Value::Array(_), _) => Err("holds a list where one text, number or boolean belongs".to_owned()),
        (Value::Object(_), _) => Err("holds an object where one text, number or boolean belongs".to_owned()),
        (_, Style::Bit) => truth(value).map(|truth| if truth { "1" } else { "0" }.to_owned()),
        (_, Style::Lower) => truth(value).map(|truth| truth.to_string()),
        // The reference client writes booleans in Python's spelling, and the services read it.
        (Value::Bool(truth), _) => Ok(if *truth { "True" } else { "False" }.to_owned()),
        (Value::String(text), _) => Ok(text.clone()),
        (Value::Number(number), _) => Ok(number.to_string()),
        (Value::Null, _) => Ok("None".to_owned()),
    }
}

/// Booleans, also as calls from a shell write them.
fn truth(value: &Value) -> Result<bool, String> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::Number(number) => Ok(number.as_f64() != Some(0.0)),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(true),
            "false" | "0" | "no" | "off" | "" => Ok(false),
            _ => Err(format!("is {text:?} where true or false belongs")),
        },
        _ => Err("is neither true nor false".to_owned()),
    }
}

/// `{"status": ["ACTIVE", "INACTIVE"], "type": "TRANSFER"}` as `status:ACTIVE,INACTIVE/type:TRANSFER`.
fn filter(value: &Value) -> Result<String, String> {
    let Value::Object(entries) = value else {
        return scalar(value, Style::Plain);
    };
    let mut parts = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        parts.push(format!("{key}:{}", texts(value, Style::Csv)?.join(",")));
    }
    Ok(parts.join("/"))
}

/// The JSON text of a body field.
pub(super) fn json_value(param: &Param, arg: Arg) -> Box<RawValue> {
    let value = arg.into_raw();
    if param.style == Style::List && value.get().starts_with('"') {
        return RawValue::from_string(format!("[{}]", value.get())).unwrap_or(value);
    }
    value
}
