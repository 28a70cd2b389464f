//! Errors as a service would cause them.

use http::{HeaderMap, Method};
use serde_json::Value;

use super::RegisteredResponse;
use crate::error::{ApiError, RequestSummary};
use crate::services::error_shape;

/// The error of a service whose answer has this status and document.
///
/// `service` is what [`error_shape`] takes; for a body that is no JSON see [`ApiError::new`].
///
/// ```
/// use globus_sdk::testing::construct_error;
/// use serde_json::json;
///
/// let error = construct_error("transfer", 404, &json!({ "code": "EndpointNotFound", "message": "No such endpoint" }));
/// assert_eq!(error.code(), Some("EndpointNotFound"));
/// ```
pub fn construct_error(service: &str, status: u16, body: &Value) -> ApiError {
    let request = RequestSummary::new(&Method::GET, "http://localhost/", &HeaderMap::new());
    let (parts, body) = RegisteredResponse::json(status, body).into_http().into_parts();
    ApiError::new(error_shape(service), &request, parts.status, "", parts.headers, body)
}
