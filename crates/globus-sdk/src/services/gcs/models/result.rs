//! What a manager answers where it answers no document.

use globus_sdk_macros::model;
use serde_json::Value;

/// The envelope of every answer; what an operation answers when its documents are not taken out of it.
#[model]
pub struct GCSResult {
    /// Type and version of the envelope, for example `result#1.0.0`.
    #[wire("DATA_TYPE")]
    pub data_type: Option<String>,
    /// `success`, or the code of an error.
    pub code: Option<String>,
    /// The HTTP status.
    pub http_response_code: Option<u16>,
    /// What was done, in words.
    pub message: Option<String>,
    /// More about it: a text, or a document of its own.
    pub detail: Option<Value>,
    /// The documents, each with its `DATA_TYPE`, which tells its form.
    pub data: Option<Vec<Value>>,
    /// Whether another page follows.
    pub has_next_page: Option<bool>,
    /// Where that page begins.
    pub marker: Option<String>,
}
