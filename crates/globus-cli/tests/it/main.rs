//! Tests of the program `globus` and of the demo, from outside.

mod scripted;
mod support;

mod bad_input;
mod batch;
mod call;
mod credentials;
mod demo;
mod operations;
mod profiles;
