//! What people have consented to.

mod consent;
mod error;
mod forest;
#[cfg(test)]
mod tests;

pub use consent::Consent;
pub use error::ConsentError;
pub use forest::{ConsentForest, ConsentTree};
