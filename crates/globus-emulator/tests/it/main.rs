//! The emulator over HTTP.

#![allow(clippy::format_push_string, reason = "tests")]

mod auth;
mod control;
mod groups;
mod hostile;
mod http;
mod life;
mod transfer;
