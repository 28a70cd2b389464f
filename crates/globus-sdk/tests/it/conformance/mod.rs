//! The recorded calls of `conformance/vectors`, replayed in every way in which an operation can be called.

mod cases;
mod client;
mod differences;
mod json;
mod named;
mod tally;
mod typed;
mod vector;
mod wire;
