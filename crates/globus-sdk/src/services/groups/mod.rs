//! Globus Groups.

pub(crate) mod errors;
