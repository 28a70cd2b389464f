//! Tests of the crate from outside.

mod scripted;
mod secrets;
mod support;

mod api_shape;
mod app;
mod app_scopes;
mod auth_client;
mod authorize_url;
mod authorizers;
mod clientinfo;
mod config;
mod conformance;
mod consents;
mod encoding;
mod errors;
mod examples;
mod gare;
mod id_token;
mod identity_map;
mod login;
mod login_flow;
mod payloads;
mod programs;
mod refresh;
mod retry;
mod scopes;
mod testing;
mod token_processes;
mod token_response;
mod token_storage;
mod token_validation;
mod transfer_client;
mod transport;
mod user_app;
