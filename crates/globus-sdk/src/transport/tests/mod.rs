//! Tests of the exchange from inside: scripted answers, a clock that stands still, no chance.

#![allow(clippy::unwrap_used)]

mod credentials;
mod forwarding;
mod logging;
mod pool;
mod rules;
mod scripted;
mod vectors;
