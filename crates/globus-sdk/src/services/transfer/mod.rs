//! Globus Transfer.

pub(crate) mod errors;
