//! The declared operations and their builders.

pub mod timers;
