//! Globus Connect Server.

pub(crate) mod errors;
