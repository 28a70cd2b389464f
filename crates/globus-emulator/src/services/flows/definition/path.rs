//! References into the state of a run, in `JSONPath`: `$`, `$.name`, `$['name']`, `$.list[0]`, `$.list[*]`, `$.list[1:3]`.
//! <https://docs.globus.org/api/flows/authoring-flows/>

use serde_json::{Map, Value};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Key(String),
    /// A negative one counts from the end.
    At(i64),
    All,
    Slice(Option<i64>, Option<i64>),
}

/// Why a text is no path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PathError {
    Invalid(String),
    /// `JSONPath` that the emulator does not read.
    NotEmulated(String),
}

/// A reference into the state of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Path {
    steps: Vec<Step>,
}

impl Path {
    /// The whole state.
    pub(crate) fn root() -> Self {
        Self::default()
    }

    pub(crate) fn parse(text: &str) -> Result<Self, PathError> {
        let invalid = |what: &str| PathError::Invalid(format!("'{text}' is not a JSONPath: {what}"));
        let mut rest = text
            .strip_prefix('$')
            .ok_or_else(|| invalid("it does not begin with '$'"))?;
        let mut steps = Vec::new();
        while !rest.is_empty() {
            if rest.starts_with("..") {
                let what = format!("'{text}' descends with '..'");
                return Err(PathError::NotEmulated(what));
            }
            if let Some(after) = rest.strip_prefix('.') {
                let end = after.find(['.', '[']).unwrap_or(after.len());
                let (name, after) = after.split_at(end);
                match name {
                    "" => return Err(invalid("a name is empty")),
                    "*" => steps.push(Step::All),
                    name => steps.push(Step::Key(name.to_owned())),
                }
                rest = after;
            } else if let Some(after) = rest.strip_prefix('[') {
                let end = closing(after).ok_or_else(|| invalid("a '[' is not closed"))?;
                steps.push(Self::bracket(&after[..end], text)?);
                rest = &after[end + 1..];
            } else {
                return Err(invalid("a name follows neither '.' nor '['"));
            }
        }
        Ok(Self { steps })
    }

    fn bracket(inside: &str, text: &str) -> Result<Step, PathError> {
        let inside = inside.trim();
        if inside == "*" {
            return Ok(Step::All);
        }
        for quote in ['\'', '"'] {
            let name = inside.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
            if let Some(name) = name.filter(|name| !name.contains(quote)) {
                return Ok(Step::Key(name.to_owned()));
            }
        }
        if inside.starts_with(['?', '(', '\'', '"']) || inside.contains(',') {
            let what = format!("'{text}' selects with '[{inside}]'");
            return Err(PathError::NotEmulated(what));
        }
        let invalid = || PathError::Invalid(format!("'{text}' is not a JSONPath: '[{inside}]' is no position"));
        let number = |part: &str| match part.trim() {
            "" => Ok(None),
            part => part.parse::<i64>().map(Some).map_err(|_| invalid()),
        };
        match inside.split_once(':') {
            Some((from, to)) => Ok(Step::Slice(number(from)?, number(to)?)),
            None => number(inside)?.map(Step::At).ok_or_else(invalid),
        }
    }

    /// Whether it names one place, to which a value can be written.
    pub(crate) fn is_place(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Key(_) | Step::At(_)))
    }

    /// What is there: a value, or the list of those that a path to many places selects.
    pub(crate) fn get(&self, root: &Value) -> Option<Value> {
        let mut found = vec![root];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| select(step, value)).collect();
        }
        if self.is_place() {
            found.first().map(|value| (*value).clone())
        } else {
            Some(Value::Array(found.into_iter().cloned().collect()))
        }
    }

    /// Writes a value, with the objects on the way to it; whatever else is on the way gives way to them.
    pub(crate) fn set(&self, root: &mut Value, value: Value) -> Result<(), String> {
        let mut place = root;
        for step in &self.steps {
            place = match step {
                Step::Key(name) => {
                    if !place.is_object() {
                        *place = Value::Object(Map::new());
                    }
                    match place {
                        Value::Object(map) => map.entry(name.clone()).or_insert(Value::Null),
                        _ => return Err("there is no object to write to".to_owned()),
                    }
                }
                Step::At(at) => {
                    let list = place.as_array_mut().ok_or("there is no list to write to")?;
                    let at = position(*at, list.len()).ok_or_else(|| format!("the list has no position {at}"))?;
                    list.get_mut(at).ok_or("the list is shorter")?
                }
                Step::All | Step::Slice(..) => return Err("the path names many places".to_owned()),
            };
        }
        *place = value;
        Ok(())
    }
}

/// Where the bracket is closed that is open where the text begins.
fn closing(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (None, ']') => return Some(at),
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            _ => {}
        }
    }
    None
}

fn position(at: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let at = if at < 0 { at.checked_add(length)? } else { at };
    (0..length).contains(&at).then(|| usize::try_from(at).ok()).flatten()
}

fn select<'a>(step: &Step, value: &'a Value) -> Vec<&'a Value> {
    match (step, value) {
        (Step::Key(name), Value::Object(map)) => map.get(name).into_iter().collect(),
        (Step::At(at), Value::Array(list)) => position(*at, list.len())
            .and_then(|at| list.get(at))
            .into_iter()
            .collect(),
        (Step::All, Value::Object(map)) => map.values().collect(),
        (Step::All, Value::Array(list)) => list.iter().collect(),
        (Step::Slice(from, to), Value::Array(list)) => {
            let (from, to) = slice(*from, *to, list.len());
            list.get(from..to).unwrap_or_default().iter().collect()
        }
        _ => Vec::new(),
    }
}

/// The bounds of a slice as Python counts them.
pub(crate) fn slice(from: Option<i64>, to: Option<i64>, length: usize) -> (usize, usize) {
    let bound = |at: Option<i64>, default: usize| match at {
        None => default,
        Some(at) if at < 0 => length.saturating_sub(usize::try_from(at.unsigned_abs()).unwrap_or(usize::MAX)),
        Some(at) => usize::try_from(at).unwrap_or(usize::MAX).min(length),
    };
    let (from, to) = (bound(from, 0), bound(to, length));
    (from, to.max(from))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_found() {
        let state = json!({"a": {"b c": [1, 2, {"d": 3}]}, "": 0});
        for (path, wanted) in [
            ("$", Some(state.clone())),
            ("$.a['b c'][0]", Some(json!(1))),
            ("$['a'][\"b c\"][-1].d", Some(json!(3))),
            ("$.a['b c'][*]", Some(json!([1, 2, {"d": 3}]))),
            ("$.a['b c'][1:]", Some(json!([2, {"d": 3}]))),
            ("$.a['b c'][:-2]", Some(json!([1]))),
            ("$.a['b c'][5:2]", Some(json!([]))),
            ("$.a['b c'][*].d", Some(json!([3]))),
            ("$.a.*", Some(json!([[1, 2, {"d": 3}]]))),
            ("$['']", Some(json!(0))),
            ("$.b", None),
            ("$.a[0]", None),
            ("$.a['b c'][3]", None),
            ("$.a['b c'][-9223372036854775808]", None),
        ] {
            assert_eq!(Path::parse(path).expect(path).get(&state), wanted, "{path}");
        }
    }

    #[test]
    fn values_are_written() {
        let mut state = json!({"a": [1, 2], "b": 3});
        for (path, value) in [("$.a[1]", json!("x")), ("$.b.c['d']", json!([])), ("$.e", json!(null))] {
            Path::parse(path).expect(path).set(&mut state, value).expect(path);
        }
        assert_eq!(state, json!({"a": [1, "x"], "b": {"c": {"d": []}}, "e": null}));
        for path in ["$.a[2]", "$.b[0]", "$.a[*]"] {
            Path::parse(path)
                .expect(path)
                .set(&mut state, json!(1))
                .expect_err(path);
        }
        Path::root().set(&mut state, json!(7)).expect("the root");
        assert_eq!(state, json!(7));
    }

    #[test]
    fn other_texts_are_refused() {
        for text in [
            "", "a", "$a", "$.", "$.a.", "$[", "$[]", "$['a]", "$[x]", "$[1", "$.a[1:x]",
        ] {
            assert!(matches!(Path::parse(text), Err(PathError::Invalid(_))), "{text}");
        }
        for text in ["$..a", "$[?(@.a)]", "$['a','b']", "$[0,1]"] {
            assert!(matches!(Path::parse(text), Err(PathError::NotEmulated(_))), "{text}");
        }
    }
}
