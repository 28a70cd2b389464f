//! The declared operations and their builders.

pub mod groups;
pub mod manager;
