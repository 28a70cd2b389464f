//! The handlers of Transfer.

pub(crate) mod endpoints;
pub(crate) mod files;
pub(crate) mod search;
pub(crate) mod submit;
pub(crate) mod tasks;
