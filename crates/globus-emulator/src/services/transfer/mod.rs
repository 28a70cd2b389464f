//! Globus Transfer: so far finding and reading endpoints. <https://docs.globus.org/api/transfer/>

pub(crate) mod access;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod state;

use handlers::{endpoints, search};

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("transfer.get_endpoint", endpoints::get),
    ("transfer.endpoint_search", search::search),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[
    ("POST", "/v0.10/endpoint", None),
    ("POST", "/v0.10/shared_endpoint", None),
    ("POST", "/v0.10/task/{task_id}/remove", None),
];
