//! Globus Search.

pub(crate) mod errors;
