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

/// 409 for what something else stands in the way of.
pub(crate) fn conflict(request: &Incoming, what: &str) -> Reply {
    resource_error(request, StatusCode::CONFLICT, "CONFLICT", what).inferred()
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

/// 401 for a code or a token that is unknown, used, expired or somebody else's: all look the same.
pub(crate) fn invalid_grant() -> Reply {
    Reply::json(StatusCode::UNAUTHORIZED, &json!({"error": "invalid_grant"}))
}

/// 403 for a dependent token that the person has not allowed.
pub(crate) fn dependent_consent_required(unapproved: &[&str]) -> Reply {
    let detail = "The person has not consented to these scopes for this service.";
    let error = json!({
        "status": "403", "id": crate::ids::named(&unapproved.join(" ")), "code": "DEPENDENT_CONSENT_REQUIRED",
        "title": "Dependent Consent Required", "detail": detail, "unapproved_scopes": unapproved,
    });
    let document = json!({
        "error": "dependent_consent_required", "error_description": detail, "errors": [error],
    });
    Reply::json(StatusCode::FORBIDDEN, &document).inferred()
}
