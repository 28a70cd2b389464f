//! How a GCS manager writes its errors: the common form and `detail`, often a document with a `DATA_TYPE`.
//!
//! Source: <https://docs.globus.org/globus-connect-server/v5/api/>.

use crate::error::ErrorShape;

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
    ..ErrorShape::common("Globus Connect Server")
};
