//! JSON bodies from values at JSON pointers, without parsing the values.

use serde_json::value::RawValue;

use super::call::object_entries;

/// A JSON document under construction: objects and lists of finished texts.
#[derive(Debug)]
pub(super) enum Node {
    Object(Vec<(String, Self)>),
    List(Vec<Self>),
    Text(Box<RawValue>),
}

impl Node {
    pub(super) const fn object() -> Self {
        Self::Object(Vec::new())
    }

    /// Puts `value` at `pointer` (RFC 6901), creating what leads there; a value that stood there is replaced in place.
    pub(super) fn put(&mut self, pointer: &str, value: Box<RawValue>) {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            node = node.child(token);
        }
        *node = Self::Text(value);
    }

    /// Makes sure that an object stands at `pointer`.
    pub(super) fn touch(&mut self, pointer: &str) {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            node = node.child(token.to_owned());
        }
    }

    fn child(&mut self, token: String) -> &mut Self {
        // A number names a list position; the table only ever uses position 0.
        if let (Ok(index), true) = (token.parse::<usize>(), self.is_empty() || matches!(self, Self::List(_))) {
            if !matches!(self, Self::List(_)) {
                *self = Self::List(Vec::new());
            }
            let Self::List(items) = self else {
                unreachable!("a list was just put here")
            };
            while items.len() <= index {
                items.push(Self::object());
            }
            return &mut items[index];
        }
        if !matches!(self, Self::Object(_)) {
            *self = Self::object();
        }
        let Self::Object(entries) = self else {
            unreachable!("an object was just put here")
        };
        let position = entries.iter().position(|(key, _)| *key == token).unwrap_or_else(|| {
            entries.push((token, Self::object()));
            entries.len() - 1
        });
        &mut entries[position].1
    }

    fn is_empty(&self) -> bool {
        matches!(self, Self::Object(entries) if entries.is_empty())
    }

    /// The document as text.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Text(raw) => out.extend_from_slice(raw.get().as_bytes()),
            Self::List(items) => {
                out.push(b'[');
                for (position, item) in items.iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    item.write(out);
                }
                out.push(b']');
            }
            Self::Object(entries) => {
                out.push(b'{');
                for (position, (key, value)) in entries.iter().enumerate() {
                    if position > 0 {
                        out.push(b',');
                    }
                    out.extend_from_slice(super::encode::json_text(key).get().as_bytes());
                    out.push(b':');
                    value.write(out);
                }
                out.push(b'}');
            }
        }
    }
}

/// Replaces or adds top-level fields of a document. Unless one is replaced, its text is not copied, whatever its size.
///
/// # Errors
/// When the document is not a JSON object.
pub(super) fn with_fields(
    document: Box<RawValue>,
    fields: &[(String, Box<RawValue>)],
) -> Result<String, serde_json::Error> {
    let entries = object_entries(document.get())?;
    let given = |key: &str| {
        fields
            .iter()
            .rev()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value)
    };
    let replaced = entries.iter().any(|(key, _)| given(key).is_some());
    let known: Vec<String> = entries.iter().map(|(key, _)| key.clone().into_owned()).collect();
    let mut text = if replaced {
        let mut text = String::with_capacity(document.get().len() + 64 * fields.len());
        text.push('{');
        for (position, (key, value)) in entries.iter().enumerate() {
            let new = given(key);
            let again = entries[..position].iter().any(|(earlier, _)| earlier == key);
            // A field that stood there twice is replaced once.
            if new.is_none() || !again {
                push_entry(&mut text, key, new.map_or(value.get(), |value| value.get()));
            }
        }
        text
    } else {
        let mut text = String::from(Box::<str>::from(document));
        text.pop();
        // Exactly, since growing by doubling would take twice the document.
        text.reserve_exact(
            fields
                .iter()
                .map(|(name, value)| 2 * name.len() + value.get().len() + 4)
                .sum::<usize>()
                + 1,
        );
        text
    };
    for (position, (name, value)) in fields.iter().enumerate() {
        let last = !fields[position + 1..].iter().any(|(later, _)| later == name);
        if last && !known.contains(name) {
            push_entry(&mut text, name, value.get());
        }
    }
    text.push('}');
    Ok(text)
}

fn push_entry(text: &mut String, key: &str, value: &str) {
    if text.trim_end() != "{" {
        text.push(',');
    }
    text.push_str(super::encode::json_text(key).get());
    text.push(':');
    text.push_str(value);
}

/// The document with a text at the end of a path, unless something stands there; `None` for that.
///
/// # Errors
/// When the path leads through something that is no object.
pub(super) fn filled(
    document: &RawValue,
    steps: &[&str],
    text: impl FnOnce() -> String,
) -> Result<Option<Box<RawValue>>, serde_json::Error> {
    let Some((step, rest)) = steps.split_first() else {
        return Ok(None);
    };
    let entries = object_entries(document.get())?;
    let inner = match entries.into_iter().rev().find(|(key, _)| key == step) {
        None => nested(rest, text()),
        Some((_, inner)) => match filled(inner, rest, text)? {
            None => return Ok(None),
            Some(inner) => inner,
        },
    };
    let text = with_fields(document.to_owned(), &[((*step).to_owned(), inner)])?;
    RawValue::from_string(text).map(Some)
}

/// A text below objects with one field each.
pub(super) fn nested(steps: &[&str], text: String) -> Box<RawValue> {
    let json = steps
        .iter()
        .rev()
        .fold(super::encode::json_text(&text).get().to_owned(), |inner, step| {
            format!("{{{}:{inner}}}", super::encode::json_text(step))
        });
    RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
