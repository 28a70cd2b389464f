//! Error answers of every service, with any media type and body; they can be shown, serialized and asked everything.
#![no_main]

use bytes::Bytes;
use globus_sdk::error::{ApiError, RequestSummary};
use globus_sdk::services::error_shape;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use libfuzzer_sys::fuzz_target;

const SERVICES: [&str; 8] = [
    "auth", "groups", "transfer", "flows", "search", "timers", "compute", "gcs",
];

fuzz_target!(|input: (u8, u16, &[u8], &[u8])| {
    let (service, status, media_type, body) = input;
    let mut headers = HeaderMap::new();
    if let Ok(media_type) = HeaderValue::from_bytes(media_type) {
        headers.insert(CONTENT_TYPE, media_type);
    }
    let Ok(status) = StatusCode::from_u16(400 + status % 200) else {
        return;
    };
    let shape = error_shape(SERVICES[usize::from(service) % SERVICES.len()]);
    let request = RequestSummary::new(&Method::GET, "https://example.org/", &HeaderMap::new());
    let error = ApiError::new(shape, &request, status, "", headers, Bytes::copy_from_slice(body));
    let _ = (error.message(), error.hint(), error.info(), error.is_retryable());
    let error = globus_sdk::Error::from(error);
    let _ = (error.to_string(), format!("{error:?}"), serde_json::to_string(&error));
});
