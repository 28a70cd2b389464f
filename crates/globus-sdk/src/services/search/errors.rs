//! How Search writes its errors: the common form and `error_data`.
//!
//! Source: <https://docs.globus.org/api/search/overview/>.

use crate::error::ErrorShape;

/// Errors of Search.
pub(crate) static SHAPE: ErrorShape = ErrorShape {
    finish: |document, reading| reading.error_data = document.get("error_data").filter(|data| !data.is_null()).cloned(),
    ..ErrorShape::common("Globus Search")
};
