//! How Flows writes its errors: one object under `error`, whose `detail` may list validation errors.
//!
//! Source: <https://flows.globus.org/redoc>.

use serde_json::Value;

use crate::error::{ErrorShape, JSON_API_FIELDS, JsonObject, Reading, error_codes, objects, text};

error_codes! {
    every {
        /// The token is missing, has ended or is for another service.
        401 "AUTHENTICATION_ERROR";
        /// The token lacks the scope; `detail` names it.
        403 "MISSING_SCOPE";
        /// Too many requests.
        429;
    }

    /// A query parameter has a value that the service does not know.
    BAD_QUERY = 400;
    /// The input does not fit the flow's input schema; `detail` lists each mistake.
    FLOW_INPUT_ERROR = 400 "FLOW_INPUT_ERROR";
    /// The caller lacks a role that allows it.
    FORBIDDEN = 403 "FORBIDDEN";
    /// The flow's authentication policy wants another login; `authorization_parameters` says which.
    POLICY_REQUIRED = 403 "AuthenticationPolicyRequired";
    /// There is nothing with this id, or the caller may not see it.
    NOT_FOUND = 404 "NOT_FOUND";
    /// It is in a state in which this cannot be done.
    STATE_CONFLICT = 409 "STATE_CONFLICT";
    /// An action's URL does not tell which scope the action needs.
    SCOPE_RESOLUTION_FAILED = 409 "SCOPE_RESOLUTION_FAILED";
    /// The document has mistakes; `detail` lists them with their places.
    UNPROCESSABLE = 422 "UNPROCESSABLE_ENTITY";
    /// A service behind Flows did not answer.
    BAD_GATEWAY = 502;
}

/// Errors of Flows.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    read,
    finish: |document, reading| reading.debug_id = text(document, "debug_id"),
    ..ErrorShape::common("Globus Flows", EVERY)
};

fn read(document: &JsonObject, reading: &mut Reading) -> bool {
    let Some(error) = document.get("error").and_then(Value::as_object) else {
        return false;
    };
    reading.take_errors(vec![error], JSON_API_FIELDS);
    if let Some(details) = objects(error.get("detail")) {
        reading.places = details.iter().filter_map(|detail| place(detail)).collect();
        reading.messages = details.into_iter().filter_map(|detail| text(detail, "msg")).collect();
    }
    true
}

/// `loc` of a validation error, as a path.
fn place(detail: &JsonObject) -> Option<String> {
    let steps = detail.get("loc")?.as_array()?.iter();
    let steps: Vec<String> = steps
        .map(|step| step.as_str().map_or_else(|| step.to_string(), str::to_owned))
        .collect();
    (!steps.is_empty()).then(|| format!("`{}`", steps.join(".")))
}
