//! How Auth writes its errors: the developer API lists them under `errors`, each with an `id` that serves as the
//! request id; the OAuth endpoints write `error` and `error_description`.
//!
//! Sources: <https://docs.globus.org/api/auth/reference/>, RFC 6749 section 5.2.

use crate::error::{ErrorShape, JsonObject, Reading, error_codes, text};

error_codes! {
    every {
        /// The token is missing, has ended or was revoked.
        401 "UNAUTHORIZED";
        /// Too many requests; the answer's `Retry-After` says when the next may come.
        429;
    }

    /// The token lacks the scope, or the caller may not do this.
    FORBIDDEN = 403 "FORBIDDEN";
    /// There is nothing with this id, or the caller may not see it.
    NOT_FOUND = 404 "NOT_FOUND";
    /// The id of the client is unknown, or its secret is wrong.
    INVALID_CLIENT = 401 "invalid_client";
    /// The code or the refresh token has ended, was used or revoked, or belongs to another client.
    INVALID_GRANT = 401 "invalid_grant";
    /// A parameter is missing, occurs twice or makes no sense.
    INVALID_REQUEST = 400 "invalid_request";
    /// A requested scope does not exist.
    INVALID_SCOPE = 400 "invalid_scope";
    /// The owner of the token has not consented to the scopes downstream; `unapproved_scopes` in the document lists them.
    DEPENDENT_CONSENT_REQUIRED = 403 "dependent_consent_required";
}

/// Errors of Auth.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    finish,
    ..ErrorShape::common("Globus Auth", EVERY)
};

fn finish(document: &JsonObject, reading: &mut Reading) {
    if !document.contains_key("errors") && reading.code.is_none() {
        read_oauth(document, reading);
    }
    if let Some(id) = common_id(reading) {
        reading.request_id = Some(id);
    }
}

/// Takes code and message of an OAuth error, where the common rules found none.
fn read_oauth(document: &JsonObject, reading: &mut Reading) {
    let Some(code) = text(document, "error") else { return };
    let description = text(document, "error_description");
    if reading.messages.is_empty() {
        reading.messages.extend(description.clone());
    }
    if let [error] = reading.errors.as_mut_slice() {
        error.message = error.message.take().or(description);
        error.code = Some(code.clone());
    }
    reading.code = Some(code);
}

/// The id that all listed errors share; those without an id do not count.
fn common_id(reading: &Reading) -> Option<String> {
    let mut ids = reading
        .errors
        .iter()
        .filter_map(|error| error.raw().get("id"))
        .filter(|id| !id.is_null());
    let first = ids.next()?;
    ids.all(|id| id == first).then(|| first.as_str().map(str::to_owned))?
}
