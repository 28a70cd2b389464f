//! The one error type of the crate.

/// How a service writes its error documents (skeleton).
#[derive(Debug)]
pub struct ErrorShape {}

/// (skeleton)
#[derive(Debug)]
pub struct Error {}
