//! The declared operations and their builders.

pub mod auth;
pub mod confidential;
pub mod login;
pub mod native;
