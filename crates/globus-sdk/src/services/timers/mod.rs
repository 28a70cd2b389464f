//! Globus Timers.

pub(crate) mod errors;
