//! How Compute writes its errors.
//!
//! Most have a numeric `code` and a text `reason`, which have no counterpart in the other services: they stay in
//! [`ApiError::raw_json`](crate::error::ApiError::raw_json), and `reason` is what people are shown.
//!
//! Source: <https://compute.api.globus.org/redoc>.

use crate::error::ErrorShape;

/// Errors of Compute.
pub(crate) static SHAPE: ErrorShape = ErrorShape::common("Globus Compute");
