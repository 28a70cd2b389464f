//! How Timers writes its errors: one object under `error`, or a list of validation errors under `detail`.
//!
//! Source: <https://timer.automate.globus.org/>.

use serde_json::Value;

use crate::error::{ErrorShape, JSON_API_FIELDS, JsonObject, Reading, objects, text, texts};

/// Errors of Timers.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    read,
    ..ErrorShape::common("Globus Timers")
};

fn read(document: &JsonObject, reading: &mut Reading) -> bool {
    if let Some(error) = document.get("error").and_then(Value::as_object) {
        reading.take_errors(vec![error], JSON_API_FIELDS);
        return true;
    }
    let Some(details) = objects(document.get("detail")) else {
        return false;
    };
    let messages = details.iter().filter_map(|detail| validation_message(detail)).collect();
    reading.take_errors(details, &["msg"]);
    reading.messages = messages;
    true
}

/// `field required: body.start`
fn validation_message(detail: &JsonObject) -> Option<String> {
    let place = texts(detail.get("loc"))?;
    Some(format!("{}: {}", text(detail, "msg")?, place.join(".")))
}
