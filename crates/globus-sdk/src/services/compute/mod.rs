//! Globus Compute.

pub(crate) mod errors;
