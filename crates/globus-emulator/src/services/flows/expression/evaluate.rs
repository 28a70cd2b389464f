//! What an expression comes to. Values are those of JSON; operators treat them as Python would.

use std::cmp::Ordering;

use serde_json::{Map, Number, Value};

use super::{Binary, Comparison, Function, Node};
use crate::services::flows::definition::path::slice;
use crate::services::flows::python;

/// The longest text or list that an operator makes.
const LONGEST: usize = 100_000;

pub(super) fn evaluate(node: &Node, names: &Map<String, Value>) -> Result<Value, String> {
    let value = |node: &Node| evaluate(node, names);
    Ok(match node {
        Node::Literal(literal) => literal.clone(),
        Node::Name(name) => names
            .get(name)
            .cloned()
            .ok_or_else(|| format!("'{name}' is not defined"))?,
        Node::List(nodes) => Value::Array(nodes.iter().map(value).collect::<Result<_, _>>()?),
        Node::Dict(rows) => {
            let mut map = Map::new();
            for (key, node) in rows {
                let Value::String(key) = value(key)? else {
                    return Err("a key is not a text".to_owned());
                };
                map.insert(key, value(node)?);
            }
            Value::Object(map)
        }
        Node::Not(node) => Value::Bool(!truth(&value(node)?)),
        Node::Negative(node) => match value(node)? {
            Value::Number(number) => match number.as_i64() {
                Some(whole) => whole.checked_neg().ok_or_else(too_large)?.into(),
                None => float(-number.as_f64().unwrap_or_default())?,
            },
            other => return Err(format!("'-' takes no {}", kind(&other))),
        },
        Node::Binary(operator, one, other) => binary(*operator, value(one)?, value(other)?)?,
        Node::Compare(first, rest) => {
            let mut left = value(first)?;
            for (comparison, node) in rest {
                let right = value(node)?;
                if !compare(*comparison, &left, &right)? {
                    return Ok(Value::Bool(false));
                }
                left = right;
            }
            Value::Bool(true)
        }
        Node::And(nodes) => first(nodes, names, false)?,
        Node::Or(nodes) => first(nodes, names, true)?,
        Node::If(condition, then, otherwise) => {
            let branch = if truth(&value(condition)?) { then } else { otherwise };
            value(branch)?
        }
        Node::Attribute(node, name) => match value(node)? {
            Value::Object(mut map) => map.remove(name).ok_or_else(|| format!("there is no '{name}'"))?,
            other => return Err(format!("{} has no '{name}'", kind(&other))),
        },
        Node::Index(node, index) => element(&value(node)?, &value(index)?)?,
        Node::Slice(node, from, to) => {
            let bound = |node: &Option<Box<Node>>| match node {
                None => Ok(None),
                Some(node) => match value(node)? {
                    Value::Null => Ok(None),
                    other => other.as_i64().map(Some).ok_or("a slice is between whole numbers"),
                }
                .map_err(str::to_owned),
            };
            let (from, to) = (bound(from)?, bound(to)?);
            match value(node)? {
                Value::Array(list) => {
                    let (from, to) = slice(from, to, list.len());
                    Value::Array(list.get(from..to).unwrap_or_default().to_vec())
                }
                Value::String(text) => {
                    let (from, to) = slice(from, to, text.chars().count());
                    Value::String(text.chars().skip(from).take(to - from).collect())
                }
                other => return Err(format!("{} has no slices", kind(&other))),
            }
        }
        Node::Call(function, nodes) => {
            let values: Vec<Value> = nodes.iter().map(value).collect::<Result<_, _>>()?;
            call(*function, &values, names)?
        }
    })
}

/// The first value that is true, or false; the last if there is none.
fn first(nodes: &[Node], names: &Map<String, Value>, wanted: bool) -> Result<Value, String> {
    let mut last = Value::Null;
    for node in nodes {
        last = evaluate(node, names)?;
        if truth(&last) == wanted {
            break;
        }
    }
    Ok(last)
}

fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(truth) => *truth,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "None",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn too_large() -> String {
    "the result is too large".to_owned()
}

fn float(value: f64) -> Result<Value, String> {
    Number::from_f64(value).map(Value::Number).ok_or_else(too_large)
}

fn binary(operator: Binary, one: Value, other: Value) -> Result<Value, String> {
    match (operator, one, other) {
        (_, Value::Number(one), Value::Number(other)) => arithmetic(operator, &one, &other),
        (Binary::Add, Value::String(one), Value::String(other)) => {
            if one.len() + other.len() > LONGEST {
                return Err(too_large());
            }
            Ok(Value::String(one + &other))
        }
        (Binary::Add, Value::Array(mut one), Value::Array(other)) => {
            if one.len() + other.len() > LONGEST {
                return Err(too_large());
            }
            one.extend(other);
            Ok(Value::Array(one))
        }
        (Binary::Multiply, Value::String(text), Value::Number(times))
        | (Binary::Multiply, Value::Number(times), Value::String(text)) => {
            let times = times.as_i64().ok_or("a text is repeated by a whole number")?;
            let times = usize::try_from(times).unwrap_or(0);
            if text.len().saturating_mul(times) > LONGEST {
                return Err(too_large());
            }
            Ok(Value::String(text.repeat(times)))
        }
        (_, one, other) => Err(format!(
            "the operator does not take {} and {}",
            kind(&one),
            kind(&other)
        )),
    }
}

fn arithmetic(operator: Binary, one: &Number, other: &Number) -> Result<Value, String> {
    let whole = |one: i64, other: i64| match operator {
        Binary::Add => one.checked_add(other),
        Binary::Subtract => one.checked_sub(other),
        Binary::Multiply => one.checked_mul(other),
        // Rounded down, where Rust rounds towards zero.
        Binary::FloorDivide => one.checked_div(other).and_then(|quotient| {
            let down = one.checked_rem(other)? != 0 && (one < 0) != (other < 0);
            quotient.checked_sub(i64::from(down))
        }),
        Binary::Remainder => one.checked_rem(other).map(|rest| {
            let turned = rest != 0 && (rest < 0) != (other < 0);
            if turned { rest + other } else { rest }
        }),
        Binary::Divide | Binary::Power => u32::try_from(other).ok().and_then(|other| one.checked_pow(other)),
    };
    let divides = matches!(operator, Binary::Divide | Binary::FloorDivide | Binary::Remainder);
    if divides && other.as_f64() == Some(0.0) {
        return Err("division by zero".to_owned());
    }
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) if operator != Binary::Divide && (operator != Binary::Power || other >= 0) => {
            whole(one, other).map(Value::from).ok_or_else(too_large)
        }
        _ => real(
            operator,
            one.as_f64().unwrap_or_default(),
            other.as_f64().unwrap_or_default(),
        ),
    }
}

fn real(operator: Binary, one: f64, other: f64) -> Result<Value, String> {
    float(match operator {
        Binary::Add => one + other,
        Binary::Subtract => one - other,
        Binary::Multiply => one * other,
        Binary::Divide => one / other,
        Binary::FloorDivide => (one / other).floor(),
        Binary::Remainder => one - other * (one / other).floor(),
        Binary::Power => one.powf(other),
    })
}

fn compare(comparison: Comparison, one: &Value, other: &Value) -> Result<bool, String> {
    let ordered = || order(one, other).ok_or_else(|| format!("{} and {} have no order", kind(one), kind(other)));
    Ok(match comparison {
        Comparison::Equal => equal(one, other),
        Comparison::NotEqual => !equal(one, other),
        Comparison::Less => ordered()?.is_lt(),
        Comparison::LessEqual => ordered()?.is_le(),
        Comparison::Greater => ordered()?.is_gt(),
        Comparison::GreaterEqual => ordered()?.is_ge(),
        Comparison::In => contains(other, one)?,
        Comparison::NotIn => !contains(other, one)?,
    })
}

fn equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        _ => one == other,
    }
}

fn order(one: &Value, other: &Value) -> Option<Ordering> {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => match (one.as_i64(), other.as_i64()) {
            (Some(one), Some(other)) => Some(one.cmp(&other)),
            _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
        },
        (Value::String(one), Value::String(other)) => Some(one.cmp(other)),
        _ => None,
    }
}

fn contains(all: &Value, one: &Value) -> Result<bool, String> {
    match (all, one) {
        (Value::Array(list), one) => Ok(list.iter().any(|value| equal(value, one))),
        (Value::String(text), Value::String(part)) => Ok(text.contains(part.as_str())),
        (Value::Object(map), Value::String(name)) => Ok(map.contains_key(name)),
        _ => Err(format!("{} cannot be in {}", kind(one), kind(all))),
    }
}

fn element(value: &Value, index: &Value) -> Result<Value, String> {
    let found = match (value, index) {
        (Value::Object(map), Value::String(name)) => map.get(name).cloned(),
        (Value::Array(list), Value::Number(_)) => position(index, list.len()).and_then(|at| list.get(at).cloned()),
        (Value::String(text), Value::Number(_)) => position(index, text.chars().count())
            .and_then(|at| text.chars().nth(at))
            .map(|letter| Value::String(letter.to_string())),
        _ => return Err(format!("{} has no element {index}", kind(value))),
    };
    found.ok_or_else(|| format!("there is no element {index}"))
}

fn position(index: &Value, length: usize) -> Option<usize> {
    let at = index.as_i64()?;
    let at = if at < 0 {
        at.checked_add(i64::try_from(length).ok()?)?
    } else {
        at
    };
    usize::try_from(at).ok()
}

fn call(function: Function, values: &[Value], names: &Map<String, Value>) -> Result<Value, String> {
    let wrong = || "the function does not take these values".to_owned();
    Ok(match (function, values) {
        (Function::Str, [value]) => Value::String(match value {
            Value::String(text) => text.clone(),
            other => python::repr(other),
        }),
        (Function::Int, [Value::Number(number)]) => {
            let real = number.as_f64().unwrap_or_default().trunc();
            #[allow(
                clippy::cast_possible_truncation,
                reason = "beyond this a float skips whole numbers anyway"
            )]
            let whole = (real.abs() < 9e15).then_some(real as i64);
            number.as_i64().or(whole).ok_or_else(too_large)?.into()
        }
        (Function::Int, [Value::String(text)]) => text.trim().parse::<i64>().map_err(|_| wrong())?.into(),
        (Function::Int, [Value::Bool(truth)]) => i64::from(*truth).into(),
        (Function::Float, [Value::Number(number)]) => float(number.as_f64().unwrap_or_default())?,
        (Function::Float, [Value::String(text)]) => float(text.trim().parse::<f64>().map_err(|_| wrong())?)?,
        (Function::PathSplit, [Value::String(path)]) => {
            let (folder, name) = path.rsplit_once('/').map_or(("", path.as_str()), |(folder, name)| {
                (if folder.is_empty() { "/" } else { folder }, name)
            });
            Value::from(vec![folder, name])
        }
        (Function::IsPresent, [Value::String(path)]) => Value::Bool(find(names, path).is_some()),
        (Function::GetAttr, [Value::String(path)]) => find(names, path)
            .cloned()
            .ok_or_else(|| format!("'{path}' is not defined"))?,
        (Function::GetAttr, [Value::String(path), default]) => find(names, path).unwrap_or(default).clone(),
        _ => return Err(wrong()),
    })
}

/// The value at a path of names with dots between them.
fn find<'a>(names: &'a Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let first = names.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}
