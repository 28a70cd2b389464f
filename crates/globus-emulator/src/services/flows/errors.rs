//! The error documents of Flows.

use http::StatusCode;

use crate::exchange::{Incoming, Reply};
use crate::services::Service;

/// 401 for a missing, expired, revoked or foreign token.
pub(crate) fn unauthenticated(request: &Incoming) -> Reply {
    let detail = "Expired or invalid Bearer token";
    Service::Flows.error(StatusCode::UNAUTHORIZED, "AUTHENTICATION_ERROR", detail, &request.path)
}

/// 403 for a token without the scope.
pub(crate) fn missing_scope(request: &Incoming, scope: &str) -> Reply {
    let detail = format!("The token lacks the scope {scope}");
    Service::Flows
        .error(StatusCode::FORBIDDEN, "MISSING_SCOPE", &detail, &request.path)
        .inferred()
}

/// 422 for a parameter that makes no sense.
pub(crate) fn unprocessable(request: &Incoming, detail: &str) -> Reply {
    Service::Flows
        .error(
            StatusCode::UNPROCESSABLE_ENTITY,
            "UNPROCESSABLE_ENTITY",
            detail,
            &request.path,
        )
        .inferred()
}
