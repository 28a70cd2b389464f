//! How Groups writes its errors: as `code` and `detail`, which the common rules read.
//!
//! Source: <https://groups.api.globus.org/redoc>.

use crate::error::ErrorShape;

/// Errors of Groups.
pub(crate) static SHAPE: ErrorShape = ErrorShape::common("Globus Groups");
