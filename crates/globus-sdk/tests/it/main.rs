//! Tests of the crate from outside.

mod support;

mod clientinfo;
mod config;
mod errors;
mod scopes;
