//! Tests of the crate from outside.

mod scripted;
mod support;

mod api_shape;
mod authorizers;
mod clientinfo;
mod config;
mod errors;
mod retry;
mod scopes;
mod transport;
