//! How Search writes its errors: the common form and `error_data`.
//!
//! Source: <https://docs.globus.org/api/search/overview/>.

use crate::error::{ErrorShape, error_codes};

error_codes! {
    every {
        /// A parameter or the document is malformed.
        400 "BadRequest.Generic";
        /// A field is missing or of the wrong kind; `error_data` has the places.
        400 "BadRequest.ValidationError";
        /// The token is missing or has ended.
        401;
        /// The token lacks the scope, or the caller lacks the role on the index.
        403 "Forbidden.Generic";
        /// More than five requests a second.
        429;
        /// The service failed.
        500;
    }

    /// There is no such index, or the caller may not see it.
    NO_SUCH_INDEX = 404 "NotFound.NoSuchIndex";
    /// There is nothing with this id or subject, or the caller may not see it.
    NOT_FOUND = 404;
    /// The index or its owner would have more of them than allowed; `error_data` names the limit.
    LIMIT_EXCEEDED = 409 "Conflict.LimitExceeded";
    /// The index is not in the state that this takes: open, or marked for deletion if it is to be reopened.
    INCOMPATIBLE_STATUS = 409 "Conflict.IncompatibleIndexStatus";
    /// The index took too long to answer the query.
    TIMEOUT = 504;
}

/// Errors of Search.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    finish: |document, reading| reading.error_data = document.get("error_data").filter(|data| !data.is_null()).cloned(),
    ..ErrorShape::common("Globus Search", EVERY)
};
