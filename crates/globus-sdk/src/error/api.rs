//! A service's own error.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::shape::{JsonObject, Reading, objects};
use super::{ErrorInfo, ErrorShape, RequestSummary, hint, redact};

/// Some servers write it before JSON.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// One of the errors that an error document lists.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct SubError {
    /// Machine-readable code.
    pub code: Option<String>,
    /// Short text of this kind of error.
    pub title: Option<String>,
    /// Text of this very error.
    pub detail: Option<String>,
    /// The text to show: which of the members it is depends on the service.
    pub message: Option<String>,
    raw: JsonObject,
}

impl SubError {
    pub(crate) fn new(document: &JsonObject, message_fields: &[&str]) -> Self {
        let text = |key: &str| document.get(key).and_then(Value::as_str).map(str::to_owned);
        Self {
            code: text("code"),
            title: text("title"),
            detail: text("detail"),
            message: message_fields.iter().find_map(|field| text(field)),
            raw: document.clone(),
        }
    }

    /// The document as it came, secrets included.
    pub fn raw(&self) -> &serde_json::Map<String, Value> {
        &self.raw
    }
}

impl fmt::Debug for SubError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubError")
            .field("code", &self.code.as_deref().map(redact::word))
            .field("message", &self.message.as_deref().map(redact::line))
            .finish_non_exhaustive()
    }
}

/// The error that a service answered with.
///
/// Display, Debug and Serialize are bounded and show no secrets; [`ApiError::bytes`], [`ApiError::text`] and
/// [`ApiError::raw_json`] give the body as it came.
#[derive(Clone)]
pub struct ApiError {
    shape: &'static ErrorShape,
    request: RequestSummary,
    status: StatusCode,
    reason: String,
    headers: HeaderMap,
    body: Bytes,
    raw_json: Option<Value>,
    reading: Reading,
    info: ErrorInfo,
    hint: Option<String>,
    retryable: bool,
}

impl ApiError {
    /// Reads an answer with an error status. Never fails: a body of an unknown form leaves code and messages out.
    ///
    /// `reason` is the text of the status line; an empty one stands for the status' usual reason.
    pub fn new(
        shape: &'static ErrorShape,
        request: &RequestSummary,
        status: StatusCode,
        reason: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        let media_type = media_type(&headers);
        let raw_json: Option<Value> = if is_json(media_type) {
            serde_json::from_slice(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&body)).ok()
        } else {
            None
        };
        let document = raw_json.as_ref().and_then(Value::as_object);
        let (reading, info) = document.map_or_else(Default::default, |document| {
            (
                Reading::of(shape, document, media_type == "application/vnd.api+json"),
                ErrorInfo::read(document),
            )
        });
        let passing = matches!(status.as_u16(), 429 | 500 | 502 | 503 | 504);
        let retryable = passing && (matches!(status.as_u16(), 429 | 503) || !(shape.lasting)(&reading));
        let hint = hint::of(status, request, &reading, &info, &headers);
        let reason = if reason.is_empty() {
            status.canonical_reason().unwrap_or_default()
        } else {
            reason
        }
        .to_owned();
        let request = request.clone();
        Self {
            shape,
            request,
            status,
            reason,
            headers,
            body,
            raw_json,
            reading,
            info,
            hint,
            retryable,
        }
    }

    /// HTTP status.
    pub fn http_status(&self) -> StatusCode {
        self.status
    }

    /// Text of the status line, for example `Not Found`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The service's code, for example `EndpointNotFound`.
    pub fn code(&self) -> Option<&str> {
        self.reading.code.as_deref()
    }

    /// The service's message; several are joined with `; `.
    pub fn message(&self) -> Option<Cow<'_, str>> {
        match self.messages() {
            [] => None,
            [message] => Some(Cow::Borrowed(message)),
            messages => Some(Cow::Owned(messages.join("; "))),
        }
    }

    /// The service's messages.
    pub fn messages(&self) -> &[String] {
        &self.reading.messages
    }

    /// The errors that the document lists; the document itself where it lists none.
    pub fn errors(&self) -> &[SubError] {
        &self.reading.errors
    }

    /// Id under which the service's operators find the request.
    pub fn request_id(&self) -> Option<&str> {
        self.reading.request_id.as_deref()
    }

    /// What the service wants before it lets the call through.
    pub fn info(&self) -> &ErrorInfo {
        &self.info
    }

    /// `detail` of an error of a GCS manager: a text or a document.
    ///
    /// Source: <https://docs.globus.org/globus-connect-server/v5/api/>.
    pub fn detail(&self) -> Option<&Value> {
        self.reading.detail.as_ref()
    }

    /// `DATA_TYPE` of [`ApiError::detail`], for example `not_from_allowed_domain#1.0.0`.
    pub fn detail_data_type(&self) -> Option<&str> {
        self.reading.detail_data_type.as_deref()
    }

    /// `error_data` of an error of Search.
    ///
    /// Source: <https://docs.globus.org/api/search/overview/>.
    pub fn error_data(&self) -> Option<&Value> {
        self.reading.error_data.as_ref()
    }

    /// `debug_id` of an error of Flows: what its operators ask for.
    ///
    /// Source: <https://flows.globus.org/redoc>.
    pub fn debug_id(&self) -> Option<&str> {
        self.reading.debug_id.as_deref()
    }

    /// The request.
    pub fn request(&self) -> &RequestSummary {
        &self.request
    }

    /// Headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// `Content-Type` of the answer.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON, secrets included; `None` if it is not JSON or not declared as such.
    pub fn raw_json(&self) -> Option<&Value> {
        self.raw_json.as_ref()
    }

    /// The body as text, secrets included.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body, secrets included.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub fn is_retryable(&self) -> bool {
        self.retryable
    }

    /// What a person can do about it, if the crate knows.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Name of the service, for people.
    pub fn service(&self) -> &'static str {
        self.shape.service
    }

    fn document(&self) -> Option<&JsonObject> {
        self.raw_json.as_ref().and_then(Value::as_object)
    }

    /// One bounded line for people: the service's message, else what the body says, else the reason.
    pub(super) fn summary(&self) -> String {
        let message = self.message().filter(|message| !message.trim().is_empty());
        if let Some(message) = message {
            return redact::line(&message);
        }
        if let Some(text) = self.document().and_then(undeclared_message) {
            return redact::line(&text);
        }
        let excerpt = redact::excerpt(&self.body);
        if excerpt.is_empty() {
            redact::line(&self.reason)
        } else {
            excerpt
        }
    }
}

/// A text from where no service's rule looks for one: validation errors of web frameworks (`detail[].msg`
/// with `loc`), `error.message`, Compute's `reason`, OAuth's `error_description`.
fn undeclared_message(document: &JsonObject) -> Option<String> {
    let inner = document.get("error").and_then(Value::as_object);
    let invalid = objects(inner.unwrap_or(document).get("detail")).unwrap_or_default();
    let invalid: Vec<String> = invalid.into_iter().take(20).filter_map(validation_message).collect();
    if !invalid.is_empty() {
        return Some(invalid.join("; "));
    }
    let texts = [
        (inner, "message"),
        (Some(document), "error_description"),
        (Some(document), "reason"),
    ];
    texts
        .into_iter()
        .find_map(|(document, key)| super::text(document?, key))
}

fn validation_message(error: &JsonObject) -> Option<String> {
    let message = super::text(error, "msg")?;
    let place = error.get("loc").and_then(Value::as_array).map(|place| {
        let names = place
            .iter()
            .map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned));
        names.collect::<Vec<_>>().join(".")
    });
    Some(match place.filter(|place| !place.is_empty()) {
        Some(place) => format!("{place}: {message}"),
        None => message,
    })
}

/// The media type without its parameters.
fn media_type(headers: &HeaderMap) -> &str {
    let value = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim()
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json"))
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: HTTP {}", self.request, self.status.as_u16())?;
        match self.code() {
            Some(code) => write!(f, " {}", redact::word(code))?,
            None if !self.reason.is_empty() => write!(f, " {}", redact::word(&self.reason))?,
            None => {}
        }
        let summary = self.summary();
        if !summary.is_empty() && summary != self.reason {
            write!(f, ": {summary}")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " (request id {})", redact::word(id))?;
        } else if let Some(id) = self.debug_id() {
            write!(f, " (debug id {})", redact::word(id))?;
        }
        Ok(())
    }
}

impl fmt::Debug for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiError")
            .field("service", &self.shape.service)
            .field("request", &self.request)
            .field("http_status", &self.status.as_u16())
            .field("reason", &redact::word(&self.reason))
            .field("code", &self.code().map(redact::word))
            .field("message", &self.summary())
            .field("request_id", &self.request_id().map(redact::word))
            .field("body_length", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ApiError {}
