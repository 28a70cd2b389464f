//! The error documents of Groups.

use http::StatusCode;
use http::header::{HeaderValue, WWW_AUTHENTICATE};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::Reply;
use crate::services::auth::state::Caller;

fn document(status: StatusCode, code: &str, detail: &str) -> Reply {
    Reply::json(status, &json!({"code": code, "detail": detail}))
}

/// 401 for a missing or malformed header.
pub(crate) fn unauthenticated() -> Reply {
    document(
        StatusCode::UNAUTHORIZED,
        "AUTHENTICATION_ERROR",
        "The Authorization header is missing or malformed",
    )
    .with(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
}

/// 401 for a token that is expired, revoked or meant for another service.
pub(crate) fn invalid_token() -> Reply {
    document(
        StatusCode::UNAUTHORIZED,
        "INVALID_TOKEN",
        "The token is expired, revoked or not for this service",
    )
    .with(
        WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer error=\"invalid_token\""),
    )
}

pub(crate) fn forbidden(detail: &str) -> Reply {
    document(StatusCode::FORBIDDEN, "FORBIDDEN", detail)
}

/// 403 for a token whose scopes do not reach, with the scopes it has.
pub(crate) fn missing_scope(caller: &Caller) -> Reply {
    let detail = "The token has none of the scopes that this call needs";
    let document = json!({"code": "FORBIDDEN", "detail": detail, "provided_scopes": caller.scopes});
    Reply::json(StatusCode::FORBIDDEN, &document)
}

/// 403 for a login that is too old for a group of high assurance: signing in as one of these members mends it.
pub(crate) fn session_required(members: &[Uuid]) -> Reply {
    let detail = "The group requires that you have signed in lately";
    let document = json!({
        "code": "FORBIDDEN", "detail": detail,
        "authorization_parameters": {"session_message": detail, "session_required_identities": members},
    });
    Reply::json(StatusCode::FORBIDDEN, &document).inferred()
}

pub(crate) fn not_found(detail: &str) -> Reply {
    document(StatusCode::NOT_FOUND, "NOT_FOUND", detail).inferred()
}

pub(crate) fn conflict(detail: &str) -> Reply {
    document(StatusCode::CONFLICT, "CONFLICT", detail).inferred()
}

/// 400 for a batch that names an identity twice.
pub(crate) fn ambiguous(identities: &[String]) -> Reply {
    let detail = "An identity may occur only once in all the actions of a request";
    let document = json!({"code": "BAD_REQUEST", "detail": detail, "ambiguous_identities": identities});
    Reply::json(StatusCode::BAD_REQUEST, &document).inferred()
}

/// 422 of a query, which has the usual form and not that of body validation.
pub(crate) fn unprocessable(detail: &str) -> Reply {
    document(StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY", detail).inferred()
}

/// 422 with one entry for each thing wrong in the request.
pub(crate) fn invalid(problems: &[Value]) -> Reply {
    Reply::json(StatusCode::UNPROCESSABLE_ENTITY, &json!({"detail": problems}))
}
