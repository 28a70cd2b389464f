//! The declared operations and their builders.

pub mod collections;
pub mod credentials;
pub mod endpoint;
pub mod gateways;
pub mod roles;
