//! How Flows writes its errors: one object under `error`, whose `detail` may list validation errors.
//!
//! Source: <https://flows.globus.org/redoc>.

use serde_json::Value;

use crate::error::{ErrorShape, JSON_API_FIELDS, JsonObject, Reading, objects, text};

/// Errors of Flows.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    read,
    finish: |document, reading| reading.debug_id = text(document, "debug_id"),
    ..ErrorShape::common("Globus Flows")
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
