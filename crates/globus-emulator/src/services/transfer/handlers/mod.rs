//! The handlers of Transfer.

pub(crate) mod endpoints;
pub(crate) mod search;
