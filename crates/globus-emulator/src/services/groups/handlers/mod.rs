//! The handlers of Groups.

pub(crate) mod batch;
pub(crate) mod groups;
pub(crate) mod identity_settings;
pub(crate) mod settings;
