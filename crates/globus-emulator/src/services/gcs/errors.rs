//! The error documents of a manager: an envelope, whose `detail` often is a document of its own.
//!
//! Codes and forms are known, but not always which belongs to what.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::Reply;

fn document(status: StatusCode, code: &str, message: &str, detail: &Value) -> Value {
    json!({
        "DATA_TYPE": "result#1.0.0",
        "code": code,
        "detail": detail,
        "http_response_code": status.as_u16(),
        "message": message,
        "data": [],
        "has_next_page": false,
        "marker": "",
    })
}

fn error(status: StatusCode, code: &str, message: &str, detail: &Value) -> Reply {
    Reply::json(status, &document(status, code, message, detail)).inferred()
}

pub(crate) fn unauthorized(message: &str) -> Reply {
    error(StatusCode::UNAUTHORIZED, "unauthorized", message, &Value::Null)
}

pub(crate) fn permission_denied(message: &str) -> Reply {
    let status = StatusCode::FORBIDDEN;
    Reply::json(status, &document(status, "permission_denied", message, &Value::Null))
}

/// 403 that says what is lacking.
pub(crate) fn denied_for(message: &str, detail: &Value) -> Reply {
    error(StatusCode::FORBIDDEN, "permission_denied", message, detail)
}

/// 403 for a token whose scopes do not reach, or whose consents below them do not.
pub(crate) fn missing_scopes(scopes: &[String]) -> Reply {
    let message = "Missing required scopes";
    let detail = json!({"DATA_TYPE": "missing_required_scopes#1.0.0", "required_scopes": scopes});
    authorization(
        message,
        &detail,
        json!({"required_scopes": scopes, "session_message": message}),
    )
}

/// 403 that a login can mend.
pub(crate) fn authorization(message: &str, detail: &Value, parameters: Value) -> Reply {
    let status = StatusCode::FORBIDDEN;
    let mut document = document(status, "permission_denied", message, detail);
    document["DATA_TYPE"] = "result#1.1.0".into();
    document["authorization_parameters"] = parameters;
    Reply::json(status, &document).inferred()
}

pub(crate) fn missing_role(what: &str, role: &str) -> Reply {
    let detail = json!({"DATA_TYPE": "missing_required_role#1.0.0", "required_role": role});
    denied_for(&format!("{what}. Insufficient permissions"), &detail)
}

pub(crate) fn not_found(what: &str, id: &str) -> Reply {
    let message = format!("There is no {what} {}", id.escape_debug());
    error(StatusCode::NOT_FOUND, "not_found", &message, &Value::Null)
}

pub(crate) fn collection_not_found(id: &str) -> Reply {
    let detail = json!({"DATA_TYPE": "collection_not_found#1.0.0", "collection_id": id});
    let message = format!("There is no collection {}", id.escape_debug());
    error(StatusCode::NOT_FOUND, "not_found", &message, &detail)
}

pub(crate) fn conflict(message: &str, resources: &[Uuid]) -> Reply {
    let detail = json!({"DATA_TYPE": "resource_conflict#1.0.0", "resources": resources});
    error(StatusCode::CONFLICT, "conflict", message, &detail)
}

pub(crate) fn bad_request(message: &str) -> Reply {
    let status = StatusCode::BAD_REQUEST;
    Reply::json(status, &document(status, "bad_request", message, &Value::Null))
}

pub(crate) fn unsupported_media_type() -> Reply {
    let message = "The document is sent as application/json";
    let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
    error(status, "unsupported_media_type", message, &Value::Null)
}

/// 422 with what is wrong in the document.
pub(crate) fn invalid(problems: &[String]) -> Reply {
    let detail = json!({"DATA_TYPE": "invalid_input#1.0.0", "errors": problems});
    unprocessable("Data Validation Error", &detail)
}

/// 422 about one thing.
pub(crate) fn unprocessable(message: &str, detail: &Value) -> Reply {
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    error(status, "unprocessable_entity", message, detail)
}
