//! Tests of the crate from outside.

mod scripted;
mod support;

mod api_shape;
mod app;
mod app_scopes;
mod authorize_url;
mod authorizers;
mod clientinfo;
mod config;
mod conformance;
mod errors;
mod examples;
mod id_token;
mod login;
mod refresh;
mod retry;
mod scopes;
mod transport;
