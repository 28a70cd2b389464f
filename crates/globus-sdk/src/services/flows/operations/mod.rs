//! The declared operations and their builders.

pub mod flows;
pub mod specific_flow;
