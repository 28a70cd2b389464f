//! How Compute writes its errors.
//!
//! Most have a numeric `code` and a text `reason`, which have no counterpart in the other services: they stay in
//! [`ApiError::raw_json`](crate::error::ApiError::raw_json), and `reason` is what people are shown.
//!
//! Source: <https://compute.api.globus.org/redoc>.

use crate::error::{ErrorShape, error_codes};

error_codes! {
    every {
        /// The token is missing or has ended.
        401;
        /// A parameter or the document is not of the form that the service wants.
        422;
        /// More than 20 requests in 10 seconds.
        429;
        /// The service failed.
        500;
    }

    /// The document contradicts itself or what is registered.
    BAD_REQUEST = 400;
    /// The caller does not own it and may not use it.
    FORBIDDEN = 403;
    /// Nothing is registered with this id.
    NOT_FOUND = 404;
    /// The endpoint is in a state in which this cannot be done.
    CONFLICT = 409;
    /// The code or the arguments are larger than the service takes, which is 10 MB a request.
    TOO_LARGE = 413;
    /// The endpoint is locked: it was stopped a short time ago, or is just being changed.
    LOCKED = 423;
}

/// Errors of Compute.
pub(crate) static SHAPE: ErrorShape = ErrorShape::common("Globus Compute", EVERY);
