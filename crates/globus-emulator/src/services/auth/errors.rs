//! The error documents of Auth: those of its resources, and those of OAuth2 (RFC 6749, section 5.2).

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde_json::json;

use crate::exchange::{Incoming, Reply};
use crate::services::Service;

fn resource_error(request: &Incoming, status: StatusCode, code: &str, detail: &str) -> Reply {
    Service::Auth.error(status, code, detail, &request.path)
}

/// 401 for a missing, malformed, expired, revoked or foreign token.
pub(crate) fn unauthorized(request: &Incoming) -> Reply {
    resource_error(
        request,
        StatusCode::UNAUTHORIZED,
        "UNAUTHORIZED",
        "Call must be authenticated",
    )
    .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

pub(crate) fn forbidden(request: &Incoming, detail: &str) -> Reply {
    resource_error(request, StatusCode::FORBIDDEN, "FORBIDDEN", detail)
}

pub(crate) fn not_found(request: &Incoming, what: &str) -> Reply {
    resource_error(request, StatusCode::NOT_FOUND, "NOT_FOUND", what).inferred()
}

pub(crate) fn bad_request(request: &Incoming, detail: &str) -> Reply {
    resource_error(request, StatusCode::BAD_REQUEST, "BAD_REQUEST", detail).inferred()
}

/// An error of the token endpoint. Only `invalid_grant` is known from recorded answers.
pub(crate) fn oauth(status: StatusCode, error: &str, description: &str) -> Reply {
    Reply::json(status, &json!({"error": error, "error_description": description})).inferred()
}

/// 401 for an unknown client or a wrong secret.
pub(crate) fn invalid_client() -> Reply {
    oauth(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "Client authentication failed.",
    )
    .with(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"))
}

/// 400 for a request that lacks something or repeats it.
pub(crate) fn invalid_request(description: &str) -> Reply {
    oauth(StatusCode::BAD_REQUEST, "invalid_request", description)
}
