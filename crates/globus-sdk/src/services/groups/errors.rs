//! How Groups writes its errors: as `code` and `detail`, which the common rules read.
//!
//! Source: <https://groups.api.globus.org/redoc>.

use crate::error::{ErrorShape, error_codes};

error_codes! {
    every {
        /// The header with the token is missing or malformed.
        401 "AUTHENTICATION_ERROR";
        /// The token has ended, was revoked or is for another service.
        401 "INVALID_TOKEN";
        /// The token lacks the scope, the caller lacks the role, or the group wants a recent login.
        403 "FORBIDDEN";
        /// Too many requests.
        429;
        /// The service failed.
        500;
    }

    /// The actions name an identity twice, or the document contradicts itself.
    BAD_REQUEST = 400;
    /// There is nothing with this id, or the caller may not see it.
    NOT_FOUND = 404;
    /// The actions do not fit the memberships as they are.
    CONFLICT = 409;
    /// A parameter or the document is not of the form that the service wants; `detail` lists the places.
    UNPROCESSABLE = 422;
}

/// Errors of Groups.
pub(crate) static SHAPE: ErrorShape = ErrorShape::common("Globus Groups", EVERY);
