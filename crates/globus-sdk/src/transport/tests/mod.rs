//! Tests of the exchange from inside: scripted answers, a clock that stands still, no chance.

#![allow(clippy::unwrap_used)]

mod credentials;
// The same reading of the rules as in the tests from outside.
#[allow(dead_code, clippy::expect_used)]
#[path = "../../../tests/it/support.rs"]
mod differences;
mod forwarding;
mod limits;
mod logging;
mod pool;
mod rules;
mod scripted;
mod vectors;
