//! Globus Flows: flows, their runs, and what makes runs go on. <https://flows.globus.org/redoc>

pub(crate) mod access;
pub(crate) mod definition;
pub(crate) mod documents;
pub(crate) mod engine;
pub(crate) mod errors;
mod expression;
pub(crate) mod handlers;
mod python;
pub(crate) mod runs;
mod schema;
pub(crate) mod state;
pub(crate) mod validation;

use handlers::{changes, flows, start};

use super::Extra;
use crate::exchange::Handler;

/// Handlers by operation.
pub(crate) const HANDLERS: &[(&str, Handler)] = &[
    ("flows.list_flows", flows::list),
    ("flows.get_flow", flows::get),
    ("flows.delete_flow", flows::delete),
    ("flows.create_flow", changes::create),
    ("flows.update_flow", changes::update),
    ("flows.validate_flow", changes::validate),
    ("specific_flow.run_flow", start::run),
    ("specific_flow.validate_run", start::validate),
    ("specific_flow.resume_run", start::resume),
    ("flows.list_runs", handlers::runs::list),
    ("flows.get_run", handlers::runs::get),
    ("flows.get_run_definition", handlers::runs::definition),
    ("flows.get_run_logs", handlers::runs::log),
    ("flows.cancel_run", handlers::runs::cancel),
    ("flows.update_run", handlers::runs::update),
    ("flows.delete_run", handlers::runs::release),
];

/// Paths that are no operation of the SDK.
pub(crate) const EXTRAS: &[Extra] = &[("POST", "/batch/runs", None)];
