//! The error documents of Flows.

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::exchange::{Incoming, Reply};
use crate::ids;
use crate::services::Service;

fn error(request: &Incoming, status: StatusCode, code: &str, detail: &Value, message: Option<&str>) -> Reply {
    let mut error = json!({"code": code, "detail": detail});
    if let Some(message) = message {
        error["message"] = message.into();
    }
    Reply::json(status, &json!({"error": error, "debug_id": ids::named(&request.path)}))
}

fn plain(request: &Incoming, status: StatusCode, code: &str, detail: &str) -> Reply {
    error(request, status, code, &json!(detail), None)
}

/// 401 for a missing, expired, revoked or foreign token.
pub(crate) fn unauthenticated(request: &Incoming) -> Reply {
    let detail = "Expired or invalid Bearer token";
    plain(request, StatusCode::UNAUTHORIZED, "AUTHENTICATION_ERROR", detail)
}

/// 403 for a token without the scope.
pub(crate) fn missing_scope(request: &Incoming, scope: &str) -> Reply {
    let detail = format!("This action requires the following scope: {scope}");
    plain(request, StatusCode::FORBIDDEN, "MISSING_SCOPE", &detail)
}

/// 403 for somebody without the role.
pub(crate) fn forbidden(request: &Incoming, kind: &str, id: Uuid, permission: &str) -> Reply {
    let detail = format!(
        "You do not have the necessary permissions to perform this action on the {kind} with id value {id}. \
         Missing permissions: {permission}."
    );
    plain(request, StatusCode::FORBIDDEN, "FORBIDDEN", &detail)
}

/// 404 for a flow or a run that does not exist.
pub(crate) fn not_found(request: &Incoming, kind: &str, id: &str) -> Reply {
    let detail = format!("No {kind} exists with id value {id}");
    plain(request, StatusCode::NOT_FOUND, "NOT_FOUND", &detail).inferred()
}

/// 409 for a run in a state in which it cannot be done.
pub(crate) fn state_conflict(request: &Incoming, detail: &str) -> Reply {
    plain(request, StatusCode::CONFLICT, "STATE_CONFLICT", detail)
}

/// 409 for an action of which nobody knows the scope.
pub(crate) fn unresolved_scope(request: &Incoming, url: &str) -> Reply {
    let detail = format!("The scope of the action at {url} cannot be resolved");
    plain(request, StatusCode::CONFLICT, "SCOPE_RESOLUTION_FAILED", &detail).inferred()
}

/// 400 for an input that is not as the flow's schema wants it.
pub(crate) fn input(request: &Incoming, detail: &[Value]) -> Reply {
    let plural = if detail.len() == 1 { "" } else { "s" };
    let message = format!("Input failed schema validation with {} error{plural}.", detail.len());
    let (status, code) = (StatusCode::BAD_REQUEST, "FLOW_INPUT_ERROR");
    error(request, status, code, &json!(detail), Some(&message))
}

/// 422 for a document with mistakes in these places.
pub(crate) fn invalid(request: &Incoming, detail: &Value, message: &str) -> Reply {
    let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY");
    error(request, status, code, detail, Some(message))
}

/// 422 for a parameter that makes no sense.
pub(crate) fn unprocessable(request: &Incoming, detail: &str) -> Reply {
    let (status, code) = (StatusCode::UNPROCESSABLE_ENTITY, "UNPROCESSABLE_ENTITY");
    error(request, status, code, &json!(detail), Some(detail)).inferred()
}

/// 501 for what the service does and the emulator does not.
pub(crate) fn not_emulated(request: &Incoming, what: &str) -> Reply {
    let message = format!("The emulator does not do this yet: {what}");
    Service::Flows.error(StatusCode::NOT_IMPLEMENTED, "NotEmulated", &message, &request.path)
}
