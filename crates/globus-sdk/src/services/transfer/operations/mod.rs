//! The declared operations and their builders.

pub mod endpoints;
pub mod files;
pub mod submit;
pub mod tasks;
