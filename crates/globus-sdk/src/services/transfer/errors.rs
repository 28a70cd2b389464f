//! How Transfer writes its errors: `code`, `message` and `request_id`.
//!
//! Source: <https://docs.globus.org/api/transfer/overview/>.

use crate::error::ErrorShape;

/// Errors of Transfer.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    // What a collection or its storage refuses stays refused, though the status (502) looks passing.
    lasting: |reading| {
        reading
            .code
            .as_deref()
            .is_some_and(|code| code.contains("ExternalError") || code.contains("EndpointError"))
    },
    ..ErrorShape::common("Globus Transfer")
};

/// Errors of the second version of the Transfer API, which are JSON:API documents.
pub(crate) static SHAPE_V2: ErrorShape = ErrorShape {
    lasting: |reading| {
        let mut codes = reading.errors.iter().filter_map(|error| error.code.as_deref());
        codes.any(|code| matches!(code, "ExternalError" | "EndpointError"))
    },
    ..ErrorShape::common("Globus Transfer")
};
