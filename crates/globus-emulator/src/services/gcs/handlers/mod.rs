//! What serves the operations, a file for each kind of object.

pub(crate) mod belongings;
pub(crate) mod collections;
pub(crate) mod credentials;
pub(crate) mod endpoint;
pub(crate) mod gateways;
pub(crate) mod nodes;
pub(crate) mod roles;
mod settings;
