//! Errors as a service would cause them.

use http::{HeaderMap, Method};
use serde_json::Value;

use super::RegisteredResponse;
use crate::error::{ApiError, RequestSummary};
use crate::services::error_shape;

/// The error of a service whose answer has this status and document.
///
/// `service` is what [`error_shape`] takes; for a body that is no JSON document see [`construct_error_from`].
///
/// ```
/// use globus_sdk::testing::construct_error;
/// use serde_json::json;
///
/// let error = construct_error("transfer", 404, &json!({ "code": "EndpointNotFound", "message": "No such endpoint" }));
/// assert_eq!(error.code(), Some("EndpointNotFound"));
/// ```
pub fn construct_error(service: &str, status: u16, body: &Value) -> ApiError {
    construct_error_from(service, RegisteredResponse::json(status, body))
}

/// The error of a service whose answer is this: any bytes, with a media type and headers.
///
/// ```
/// use globus_sdk::testing::{RegisteredResponse, construct_error_from};
///
/// let page = RegisteredResponse::new(502, "text/html; charset=utf-8", "<h1>Bad Gateway</h1>");
/// assert_eq!(construct_error_from("groups", page).text(), "<h1>Bad Gateway</h1>");
/// ```
pub fn construct_error_from(service: &str, response: RegisteredResponse) -> ApiError {
    let request = RequestSummary::new(&Method::GET, "http://localhost/", &HeaderMap::new());
    let (parts, body) = response.into_http().into_parts();
    ApiError::new(error_shape(service), &request, parts.status, "", parts.headers, body)
}
