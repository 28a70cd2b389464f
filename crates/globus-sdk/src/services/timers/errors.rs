//! How Timers writes its errors: one object under `error`, or a list of validation errors under `detail`.
//!
//! Source: <https://timer.automate.globus.org/>.

use serde_json::Value;

use crate::error::{ErrorShape, JSON_API_FIELDS, JsonObject, Reading, error_codes, objects, text, texts};

error_codes! {
    every {
        /// The token is missing or has ended.
        401;
        /// The token lacks the scope, or the timer is somebody else's.
        403;
        /// A field is missing or not allowed; `detail` lists the places.
        422;
        /// Too many requests.
        429;
        /// The service failed.
        500 "ERROR";
    }

    /// The caller has no timer with this id.
    NOT_FOUND = 404 "ERROR";
}

/// Errors of Timers.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    read,
    ..ErrorShape::common("Globus Timers", EVERY)
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
