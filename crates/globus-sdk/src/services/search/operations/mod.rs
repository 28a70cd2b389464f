//! The declared operations and their builders.

pub mod entries;
pub mod indices;
pub mod ingest;
pub mod roles;
pub mod search;
pub mod subjects;
pub mod tasks;
