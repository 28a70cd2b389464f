//! Arguments as the table sees them: text, a list of texts, or JSON bytes.

use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// One argument of a [`Call`](super::Call).
#[derive(Clone)]
#[non_exhaustive]
pub enum Arg {
    /// An explicit null: kept in JSON bodies, dropped from queries and forms.
    Null,
    /// One text.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// JSON text, serialized when the argument was set and never parsed again.
    Json(Box<RawValue>),
    /// A value that could not be serialized, and why; reported when the call is sent.
    Invalid(String),
}

impl Arg {
    /// Serializes `value` to JSON bytes.
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        match serde_json::value::to_raw_value(value) {
            Ok(raw) => Self::Json(raw),
            Err(error) => Self::Invalid(error.to_string()),
        }
    }

    /// JSON text as it is.
    pub(crate) fn from_raw(value: &RawValue) -> Self {
        if value.get() == "null" {
            Self::Null
        } else {
            Self::Json(value.to_owned())
        }
    }

    /// The JSON text of the argument.
    pub(crate) fn into_raw(self) -> Box<RawValue> {
        match self {
            Self::Null | Self::Invalid(_) => RawValue::NULL.to_owned(),
            Self::Text(text) => super::encode::json_text(&text),
            Self::List(texts) => serde_json::value::to_raw_value(&texts).unwrap_or_else(|_| RawValue::NULL.to_owned()),
            Self::Json(raw) => raw,
        }
    }

    /// A list argument from its elements.
    pub fn list<A: Argument>(elements: impl Iterator<Item = A>) -> Self {
        let mut texts = Vec::with_capacity(elements.size_hint().0);
        for element in elements {
            match element.into_arg() {
                Self::Text(text) => texts.push(text),
                Self::Json(raw) => texts.push(raw.get().to_owned()),
                Self::Null => texts.push("null".to_owned()),
                Self::List(_) => return Self::Invalid("a list inside a list".to_owned()),
                invalid @ Self::Invalid(_) => return invalid,
            }
        }
        Self::List(texts)
    }
}

/// Only the shape: arguments may be tokens or codes.
impl std::fmt::Debug for Arg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Text(text) => write!(f, "<text of {} bytes>", text.len()),
            Self::List(texts) => write!(f, "<list of {}>", texts.len()),
            Self::Json(raw) => write!(f, "<json of {} bytes>", raw.get().len()),
            Self::Invalid(why) => write!(f, "<invalid: {why}>"),
        }
    }
}

/// A value that can be an argument.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an argument of an operation",
    note = "texts, numbers, booleans, UUIDs, the SDK's ids and its open enums can"
)]
pub trait Argument {
    /// The values that are known to be allowed; empty where there is no list of them.
    const VALUES: &'static [&'static str] = &[];

    /// The value as the table sees it.
    fn into_arg(self) -> Arg;
}

impl Argument for String {
    fn into_arg(self) -> Arg {
        Arg::Text(self)
    }
}

impl Argument for &str {
    fn into_arg(self) -> Arg {
        Arg::Text(self.to_owned())
    }
}

impl Argument for Uuid {
    fn into_arg(self) -> Arg {
        Arg::Text(self.to_string())
    }
}

macro_rules! json_arguments {
    ($($type:ty)*) => {
        $(impl Argument for $type {
            fn into_arg(self) -> Arg {
                Arg::json(&self)
            }
        })*
    };
}

json_arguments!(bool u16 u32 u64 usize i32 i64);

impl Argument for f64 {
    fn into_arg(self) -> Arg {
        if self.is_finite() {
            Arg::json(&self)
        } else {
            Arg::Invalid(format!("{self} is no number in JSON"))
        }
    }
}

/// A document of type `T`, or JSON that is taken to be one.
///
/// Implemented for `T` and `&T`, and for [`serde_json::Value`] and [`RawValue`] in the place of any `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a document of type `{T}`",
    note = "pass a `{T}`, a reference to one, or a `serde_json::Value`"
)]
pub trait Document<T: ?Sized> {
    /// Serializes the document; it stays untouched.
    fn into_arg(self) -> Arg;
}

impl<T: Serialize> Document<T> for T {
    fn into_arg(self) -> Arg {
        Arg::json(&self)
    }
}

impl<T: Serialize> Document<T> for &T {
    fn into_arg(self) -> Arg {
        Arg::json(self)
    }
}

/// Marks the SDK's typed documents, in whose place plain JSON may be given.
pub trait TypedDocument {}

impl<T: TypedDocument> Document<T> for serde_json::Value {
    fn into_arg(self) -> Arg {
        Arg::json(&self)
    }
}

impl<T: TypedDocument> Document<T> for &serde_json::Value {
    fn into_arg(self) -> Arg {
        Arg::json(self)
    }
}

impl<T: TypedDocument> Document<T> for Box<RawValue> {
    fn into_arg(self) -> Arg {
        Arg::Json(self)
    }
}

impl Document<serde_json::Value> for Box<RawValue> {
    fn into_arg(self) -> Arg {
        Arg::Json(self)
    }
}
