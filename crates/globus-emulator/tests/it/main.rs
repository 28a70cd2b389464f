//! The emulator over HTTP.

#![allow(
    clippy::format_push_string,
    clippy::needless_pass_by_value,
    clippy::too_many_lines,
    clippy::type_complexity,
    reason = "tests that are tables"
)]

mod auth;
mod control;
mod groups;
mod hostile;
mod http;
mod life;
mod transfer;
