//! One folder per service.

pub mod auth {
    //! Globus Auth.

    pub(crate) mod errors;
}
pub mod compute;
pub mod flows;
pub mod gcs;
pub mod groups {
    //! Globus Groups.

    pub(crate) mod errors;
}
pub mod search;
pub mod timers;
pub mod transfer;

use crate::error::ErrorShape;

/// How a service writes its errors, for requests that are made without this crate's clients.
///
/// `service` is `auth`, `compute`, `flows`, `gcs`, `groups`, `search`, `timers`, `transfer` or `transfer_v2`; any
/// other name answers the form that all services share.
pub fn error_shape(service: &str) -> &'static ErrorShape {
    match service {
        "auth" => &auth::errors::SHAPE,
        "compute" => &compute::errors::SHAPE,
        "flows" => &flows::errors::SHAPE,
        "gcs" => &gcs::errors::SHAPE,
        "groups" => &groups::errors::SHAPE,
        "search" => &search::errors::SHAPE,
        "timer" | "timers" => &timers::errors::SHAPE,
        "transfer" => &transfer::errors::SHAPE,
        "transfer_v2" => &transfer::errors::SHAPE_V2,
        _ => &ErrorShape::COMMON,
    }
}
