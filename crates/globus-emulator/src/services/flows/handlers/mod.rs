//! The handlers of Flows.

pub(crate) mod flows;
