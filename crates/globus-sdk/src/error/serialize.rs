//! Errors as JSON, for other programs.
//!
//! The members `kind`, `code`, `message`, `http_status`, `request_id`, `hint` and `retryable` are always there.

use serde::ser::{Serialize, SerializeMap, Serializer};

use serde_json::json;

use super::{ApiError, Error, RequestSummary, SubError, redact};

impl Serialize for Error {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Self::Api(api) = self {
            return api.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", self.kind().as_str())?;
        map.serialize_entry("code", &self.code().map(redact::faithful))?;
        map.serialize_entry("message", &redact::faithful(&self.to_string()))?;
        map.serialize_entry("http_status", &None::<u16>)?;
        map.serialize_entry("request_id", &None::<&str>)?;
        map.serialize_entry("hint", &self.hint())?;
        map.serialize_entry("retryable", &self.is_retryable())?;
        match self {
            Self::Validation(error) => map.serialize_entry("parameter", error.what())?,
            Self::Connection(error) | Self::ConnectTimeout(error) | Self::Timeout(error) => {
                request_entries(&mut map, error.request())?;
            }
            Self::Decode(error) => {
                map.serialize_entry("path", &error.path())?;
                map.serialize_entry("answer_status", &error.status())?;
                if let Some(request) = error.request() {
                    request_entries(&mut map, request)?;
                }
            }
            Self::LoginRequired(error) => {
                map.serialize_entry("why", error.why())?;
                map.serialize_entry("scopes", error.scopes())?;
                map.serialize_entry("url", &error.url())?;
            }
            Self::Login(error) => map.serialize_entry("why", error.kind().as_str())?,
            Self::Storage(error) => {
                let text = |path: &std::path::Path| redact::faithful(&path.to_string_lossy());
                map.serialize_entry("problem", error.problem().as_str())?;
                map.serialize_entry("tried", error.tried())?;
                map.serialize_entry("path", &error.path().map(text))?;
                map.serialize_entry("kept_at", &error.kept_path().map(text))?;
            }
            Self::Token(error) => {
                map.serialize_entry("problem", error.as_str())?;
                map.serialize_entry("resource_server", &error.resource_server())?;
            }
            _ => {}
        }
        map.end()
    }
}

impl Serialize for ApiError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("kind", "api")?;
        map.serialize_entry("code", &self.code().map(redact::faithful))?;
        let message = self.message().filter(|message| !message.trim().is_empty());
        map.serialize_entry(
            "message",
            &message.map_or_else(|| self.summary(), |message| redact::faithful(&message)),
        )?;
        map.serialize_entry("http_status", &self.http_status().as_u16())?;
        map.serialize_entry("request_id", &self.request_id().map(redact::faithful))?;
        map.serialize_entry("hint", &self.hint())?;
        map.serialize_entry("retryable", &self.is_retryable())?;
        map.serialize_entry("reason", &redact::word(self.reason()))?;
        request_entries(&mut map, self.request())?;
        let messages: Vec<_> = self
            .messages()
            .iter()
            .take(LISTED)
            .map(|message| redact::faithful(message))
            .collect();
        map.serialize_entry("messages", &messages)?;
        map.serialize_entry("errors", &self.errors()[..self.errors().len().min(LISTED)])?;
        if let Some(consent) = &self.info().consent_required {
            map.serialize_entry("required_scopes", &consent.required_scopes)?;
        }
        if let Some(parameters) = &self.info().authorization_parameters {
            map.serialize_entry("authorization_parameters", &redact::json(&json!(parameters)))?;
        }
        if let Some(id) = self.debug_id() {
            map.serialize_entry("debug_id", &redact::faithful(id))?;
        }
        if let Some(detail) = self.detail() {
            map.serialize_entry("detail", &redact::json(detail))?;
            map.serialize_entry("detail_data_type", &self.detail_data_type())?;
        }
        if let Some(data) = self.error_data() {
            map.serialize_entry("error_data", &redact::json(data))?;
        }
        map.end()
    }
}

/// How many messages and sub-errors are written.
const LISTED: usize = 100;

impl Serialize for SubError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", &self.code.as_deref().map(redact::faithful))?;
        map.serialize_entry("message", &self.message.as_deref().map(redact::faithful))?;
        map.end()
    }
}

fn request_entries<M: SerializeMap>(map: &mut M, request: &RequestSummary) -> Result<(), M::Error> {
    map.serialize_entry("method", request.method())?;
    map.serialize_entry("url", request.url())?;
    if let Some(first) = request.first_url() {
        map.serialize_entry("redirected_from", first)?;
    }
    map.serialize_entry("auth_scheme", &request.auth_scheme())
}
