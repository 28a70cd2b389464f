//! What a person can do about a service's error.

use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};

use super::shape::Reading;
use super::{ErrorInfo, RequestSummary, redact};

/// The advice for an answer; the most specific one wins.
pub(super) fn of(
    status: StatusCode,
    request: &RequestSummary,
    reading: &Reading,
    info: &ErrorInfo,
    headers: &HeaderMap,
) -> Option<String> {
    if let Some(consent) = &info.consent_required {
        return Some(scopes(&consent.required_scopes));
    }
    if let Some(parameters) = &info.authorization_parameters {
        return Some(match &parameters.required_scopes {
            Some(required) if !required.is_empty() => scopes(required),
            _ => session(parameters),
        });
    }
    if !reading.places.is_empty() {
        return Some(redact::line(&format!("look at {}", reading.places.join(", "))));
    }
    if let Some(advice) = reading.code.as_deref().and_then(by_code) {
        return Some(advice.to_owned());
    }
    by_status(status, request, headers)
}

fn scopes(scopes: &[String]) -> String {
    format!("log in again and consent to: {}", redact::line(&scopes.join(" ")))
}

fn session(parameters: &super::AuthorizationParameters) -> String {
    let mut wanted = Vec::new();
    for (what, ids) in [
        ("as", &parameters.session_required_identities),
        ("with an identity of", &parameters.session_required_single_domain),
        ("meeting the policies", &parameters.session_required_policies),
    ] {
        if let Some(ids) = ids.as_ref().filter(|ids| !ids.is_empty()) {
            wanted.push(format!("{what} {}", ids.join(", ")));
        }
    }
    if parameters.session_required_mfa == Some(true) {
        wanted.push("with a second factor".to_owned());
    }
    redact::line(format!("log in again {}", wanted.join(", ")).trim_end())
}

fn by_code(code: &str) -> Option<&'static str> {
    // Transfer writes `ClientError.NotFound` for what others write as `NotFound`.
    let code = code.strip_prefix("ClientError.").unwrap_or(code);
    Some(match code {
        "invalid_client" => "check the client id and the client secret",
        "invalid_grant" => {
            "the code or the refresh token has expired, was used or was revoked: log in again, with the same client and redirect URI"
        }
        "invalid_scope" | "unknown_scope" | "UNKNOWN_SCOPE_ERROR" => "check the spelling of the requested scopes",
        "unauthorized_client" => "this client may not use this grant: check its type in the developer console",
        "unsupported_grant_type" => "the service does not know this grant",
        "MISSING_SCOPE" => "log in again with the scope that this operation needs",
        "GCDisconnectedException" => "start Globus Connect Personal on the machine of that collection",
        "EndpointPermissionDenied" | "PermissionDenied" | "permission_denied" => {
            "the caller lacks a role or an access rule: check with which identity or client the token was made"
        }
        "AuthenticationFailed" | "INVALID_TOKEN" | "AUTHENTICATION_ERROR" | "UNAUTHORIZED" => {
            "the token is missing, expired or revoked: log in again or renew it"
        }
        _ => return None,
    })
}

fn by_status(status: StatusCode, request: &RequestSummary, headers: &HeaderMap) -> Option<String> {
    let advice = match status.as_u16() {
        401 if request
            .auth_scheme()
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic")) =>
        {
            "check the client id and the client secret"
        }
        401 if request.auth_scheme().is_none() => "the request carried no credentials: log in or give an authorizer",
        401 => "the token was refused: log in again or renew it",
        403 => "the caller may not do this: check its roles, and the scopes of the token",
        404 => "check the ids and paths that were given, and that the caller may see what they name",
        408 | 504 => "the service took too long: try again later, or ask for less at once",
        413 => "the request is too large: send it in several parts",
        429 => {
            let wait = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
            return Some(match wait.and_then(|wait| wait.trim().parse::<u64>().ok()) {
                Some(seconds) => format!("too many requests: wait {seconds} seconds"),
                None => "too many requests: wait and send fewer at once".to_owned(),
            });
        }
        500 | 502 | 503 => {
            "the service is in trouble: try again later, and give its operators the request id if it lasts"
        }
        _ => return None,
    };
    Some(advice.to_owned())
}
