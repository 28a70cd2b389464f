//! How a GCS manager writes its errors: the common form and `detail`, often a document with a `DATA_TYPE`.
//!
//! Source: <https://docs.globus.org/globus-connect-server/v5/api/>.

use crate::error::{ErrorShape, error_codes};

error_codes! {
    every {
        /// The token is missing, has ended or is for another endpoint.
        401;
    }

    /// The document is no JSON, or a parameter makes no sense.
    BAD_REQUEST = 400 "bad_request";
    /// The caller lacks a role, a scope, an allowed domain or a recent login; the `DATA_TYPE` of `detail` tells which.
    PERMISSION_DENIED = 403 "permission_denied";
    /// The server has nothing with this id.
    NOT_FOUND = 404;
    /// Something else stands in the way, such as an equal role; `detail` may list it.
    CONFLICT = 409;
    /// The document is not sent as JSON.
    UNSUPPORTED_MEDIA_TYPE = 415;
    /// A field of the document has a value that is not allowed.
    UNPROCESSABLE = 422 "unprocessable_entity";
}

/// Errors of a GCS manager.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    finish: |document, reading| {
        reading.detail = document.get("detail").filter(|detail| !detail.is_null()).cloned();
        reading.detail_data_type = reading
            .detail
            .as_ref()
            .and_then(|detail| detail.get("DATA_TYPE")?.as_str())
            .map(str::to_owned);
    },
    ..ErrorShape::common("Globus Connect Server", EVERY)
};
