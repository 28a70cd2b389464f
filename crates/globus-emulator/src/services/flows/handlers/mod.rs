//! The handlers of Flows.

pub(crate) mod changes;
pub(crate) mod flows;
pub(crate) mod listing;
pub(crate) mod notes;
pub(crate) mod runs;
pub(crate) mod start;
