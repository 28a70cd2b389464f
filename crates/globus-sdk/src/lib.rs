//! The Globus SDK for Rust.

pub mod authorizers;
pub mod client;
pub mod config;
pub mod error;
pub mod models;
pub mod operation;
pub mod paging;
pub mod response;
pub mod scopes;
pub mod services;
pub mod transport;
