//! One answer of a registry.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::Value;

/// What a [`ResponseRegistry`](super::ResponseRegistry) answers.
#[derive(Debug, Clone)]
pub struct RegisteredResponse(http::Response<Bytes>);

impl RegisteredResponse {
    /// A JSON document. A `status` that HTTP does not know stands for 500.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status, "application/json", body.to_string())
    }

    /// Any bytes, with their media type. A `status` that HTTP does not know stands for 500; a media type that no header
    /// can carry is left out.
    pub fn new(status: u16, media_type: &str, body: impl Into<Bytes>) -> Self {
        let mut response = http::Response::new(body.into());
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        if let Ok(media_type) = HeaderValue::from_str(media_type) {
            response.headers_mut().insert(CONTENT_TYPE, media_type);
        }
        Self(response)
    }

    /// The headers, to add to.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    pub(super) fn into_http(self) -> http::Response<Bytes> {
        self.0
    }
}
