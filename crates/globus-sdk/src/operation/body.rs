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

    /// Writes the document.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
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

/// Replaces or adds top-level fields of a document. One copy of its text is made, whatever its size.
///
/// # Errors
/// When the document is not a JSON object.
pub(super) fn with_fields(document: &str, fields: &[(String, Box<RawValue>)]) -> Result<Vec<u8>, serde_json::Error> {
    let entries = object_entries(document)?;
    let mut out = Vec::with_capacity(document.len() + 64 * fields.len());
    out.push(b'{');
    let mut entry = |key: &str, value: &str| {
        if out.len() > 1 {
            out.push(b',');
        }
        out.extend_from_slice(super::encode::json_text(key).get().as_bytes());
        out.push(b':');
        out.extend_from_slice(value.as_bytes());
    };
    for (key, value) in &entries {
        let replaced = fields.iter().rev().find(|(name, _)| name == key);
        entry(key, replaced.map_or(value.get(), |(_, value)| value.get()));
    }
    for (position, (name, value)) in fields.iter().enumerate() {
        let known = entries.iter().any(|(key, _)| key == name);
        let again = fields[position + 1..].iter().any(|(later, _)| later == name);
        if !known && !again {
            entry(name, value.get());
        }
    }
    out.push(b'}');
    Ok(out)
}
