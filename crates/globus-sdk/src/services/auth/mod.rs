//! Globus Auth.

pub(crate) mod errors;
