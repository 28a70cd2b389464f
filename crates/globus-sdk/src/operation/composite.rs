//! Operations that are not one request.

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Call, Operation};
use crate::error::Result;
use crate::response::Raw;

/// What the code of a composite may do: send calls, and wait.
pub trait Caller: Send + Sync + fmt::Debug {
    /// Sends a call of an operation of the same client.
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Raw>>;

    /// Sends the one request of a row, also when the row is that of a composite.
    fn request(&self, call: Call) -> BoxFuture<'_, Result<Raw>>;

    /// Gets an absolute URL of the client's own service.
    fn get<'a>(&'a self, url: &'a str, call: &'a Call) -> BoxFuture<'a, Result<Raw>>;

    /// The operation of the same client with that name.
    ///
    /// # Errors
    /// A usage error when there is none.
    fn operation(&self, name: &str) -> Result<&'static Operation>;

    /// Time since some fixed moment; it never goes backwards.
    fn uptime(&self) -> Duration;

    /// Waits.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

/// The code of a composite: what it answers is decoded like the answer of any other operation.
pub type Composite = fn(std::sync::Arc<dyn Caller>, Call) -> BoxFuture<'static, Result<Raw>>;
