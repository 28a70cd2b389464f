//! The declared operations and their builders: a module for each version, as both have operations of the same name.

pub mod v2;
pub mod v3;
