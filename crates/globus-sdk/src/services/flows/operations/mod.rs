//! The declared operations and their builders.

pub mod flows;
pub mod registered_apis;
pub mod runs;
pub mod specific_flow;
pub mod web_inputs;
