//! The declared operations and their builders.

pub mod auth;
pub mod clients;
pub mod confidential;
pub mod identities;
pub mod login;
pub mod native;
pub mod policies;
pub mod projects;
pub mod scopes;
