//! Tests of the crate from outside.

mod scripted;
mod support;

mod api_shape;
mod clientinfo;
mod config;
mod errors;
mod scopes;
