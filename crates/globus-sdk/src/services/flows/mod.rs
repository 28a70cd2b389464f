//! Globus Flows.

pub(crate) mod errors;
