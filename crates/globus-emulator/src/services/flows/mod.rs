//! Globus Flows: so far listing flows. <https://globusonline.github.io/globus-flows/>

pub(crate) mod access;
pub(crate) mod documents;
pub(crate) mod errors;
pub(crate) mod handlers;
pub(crate) mod state;

use handlers::flows;

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[("flows.list_flows", flows::list)];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[("POST", "/batch/runs", None)];
