//! How a service writes its error documents.
//!
//! Three families are common to all services: JSON:API, "type zero" (`code` and `message` at the top) and
//! everything else, read with best effort. A service with a habit of its own says so in its [`ErrorShape`].

use serde_json::{Map, Value};

use super::{ErrorCode, SubError};

/// A JSON object.
pub(crate) type JsonObject = Map<String, Value>;

/// Where a JSON:API error has its text, in order of preference.
pub(crate) const JSON_API_FIELDS: &[&str] = &["detail", "title"];

/// How one service's error documents are read.
pub struct ErrorShape {
    /// Name of the service, for people.
    pub(crate) service: &'static str,
    /// What the service documents for every operation.
    pub(crate) codes: &'static [ErrorCode],
    /// Keys under which a text may stand, in order of preference.
    pub(crate) message_fields: &'static [&'static str],
    /// Reads a document of neither common family; answers `false` to leave it to the general rule.
    pub(crate) read: fn(&JsonObject, &mut Reading) -> bool,
    /// Takes more from a document that was read by whichever rule.
    pub(crate) finish: fn(&JsonObject, &mut Reading),
    /// Whether an error that looks passing by its status is known to last.
    pub(crate) lasting: fn(&Reading) -> bool,
}

impl ErrorShape {
    /// The families that all services share, and nothing else.
    pub const COMMON: Self = Self::common("Globus", &[]);

    /// A service without habits of its own.
    pub(crate) const fn common(service: &'static str, codes: &'static [ErrorCode]) -> Self {
        Self {
            service,
            codes,
            message_fields: &["message", "detail", "title"],
            read: |_, _| false,
            finish: |_, _| {},
            lasting: |_| false,
        }
    }

    /// The errors that the service documents for every operation.
    pub const fn codes(&self) -> &'static [ErrorCode] {
        self.codes
    }

    /// Name of the service, for people.
    pub const fn service(&self) -> &'static str {
        self.service
    }
}

impl std::fmt::Debug for ErrorShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ErrorShape")
            .field("service", &self.service)
            .finish_non_exhaustive()
    }
}

/// What was read from an error document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub(crate) code: Option<String>,
    pub(crate) messages: Vec<String>,
    pub(crate) errors: Vec<SubError>,
    pub(crate) request_id: Option<String>,
    pub(crate) detail: Option<Value>,
    pub(crate) detail_data_type: Option<String>,
    pub(crate) error_data: Option<Value>,
    pub(crate) debug_id: Option<String>,
    /// Where in the request the mistakes are.
    pub(crate) places: Vec<String>,
}

impl Reading {
    /// Reads `document`, of the media type `application/vnd.api+json` if `json_api`.
    pub(super) fn of(shape: &ErrorShape, document: &JsonObject, json_api: bool) -> Self {
        let mut reading = Self::default();
        if let Some(errors) = objects(document.get("errors")).filter(|errors| json_api && !errors.is_empty()) {
            reading.take_errors(errors, JSON_API_FIELDS);
        } else if let Some((code, message)) = type_zero(document).filter(|_| !json_api) {
            reading.errors = sub_errors(document, shape.message_fields);
            reading.code = Some(code.to_owned());
            reading.messages = vec![message.to_owned()];
            reading.request_id = text(document, "request_id");
        } else if !(shape.read)(document, &mut reading) {
            reading.read_anything(document, shape.message_fields);
        }
        (shape.finish)(document, &mut reading);
        reading
    }

    /// Takes `errors` as the sub-errors, and code and messages from them.
    pub(crate) fn take_errors(&mut self, errors: Vec<&JsonObject>, message_fields: &[&str]) {
        self.errors = errors
            .into_iter()
            .map(|error| SubError::new(error, message_fields))
            .collect();
        self.code = self.common_code();
        self.messages = self.errors.iter().filter_map(|error| error.message.clone()).collect();
    }

    fn read_anything(&mut self, document: &JsonObject, message_fields: &[&str]) {
        self.errors = sub_errors(document, message_fields);
        self.code = text(document, "code").or_else(|| self.common_code());
        self.messages = if self.errors.is_empty() {
            SubError::new(document, message_fields).message.into_iter().collect()
        } else {
            self.errors.iter().filter_map(|error| error.message.clone()).collect()
        };
    }

    /// The code of those sub-errors that have one, if it is the same for all.
    fn common_code(&self) -> Option<String> {
        let mut codes = self.errors.iter().filter_map(|error| error.code.as_deref());
        let first = codes.next()?;
        codes.all(|code| code == first).then(|| first.to_owned())
    }
}

/// Code and message, if `document` has both and nothing speaks against it.
fn type_zero(document: &JsonObject) -> Option<(&str, &str)> {
    let code = document.get("code")?.as_str()?;
    let message = document.get("message")?.as_str()?;
    document
        .get("request_id")
        .is_none_or(Value::is_string)
        .then_some((code, message))
}

/// The members of `errors`, or else the document itself.
fn sub_errors(document: &JsonObject, message_fields: &[&str]) -> Vec<SubError> {
    let errors = objects(document.get("errors")).unwrap_or_else(|| vec![document]);
    errors
        .into_iter()
        .map(|error| SubError::new(error, message_fields))
        .collect()
}

/// The text under `key`.
pub(crate) fn text(document: &JsonObject, key: &str) -> Option<String> {
    document.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// The members of a list that holds objects only.
pub(crate) fn objects(value: Option<&Value>) -> Option<Vec<&JsonObject>> {
    value?.as_array()?.iter().map(Value::as_object).collect()
}

/// The members of a list that holds texts only.
pub(crate) fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    value?
        .as_array()?
        .iter()
        .map(|item| item.as_str().map(str::to_owned))
        .collect()
}
