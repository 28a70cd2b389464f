//! [`Task`]: work that is awaited or, in blocking programs, sent.

use std::fmt;
use std::future::Future;

use futures_util::future::BoxFuture;

use super::{Async, Blocking, Mode};
use crate::error::Result;

/// Work that begins when it is awaited or, in blocking programs, sent.
#[must_use = "nothing happens until it is awaited or sent"]
pub struct Task<T, M: Mode = Async> {
    work: BoxFuture<'static, Result<T>>,
    runtime: M::Runtime,
}

impl<T, M: Mode> Task<T, M> {
    pub(crate) fn new(runtime: M::Runtime, work: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        Self {
            work: Box::pin(work),
            runtime,
        }
    }
}

impl<T, M: Mode> fmt::Debug for Task<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Task(..)")
    }
}

impl<T> IntoFuture for Task<T, Async> {
    type Output = Result<T>;
    type IntoFuture = BoxFuture<'static, Result<T>>;
    fn into_future(self) -> Self::IntoFuture {
        self.work
    }
}

impl<T: Send> Task<T, Blocking> {
    /// Does the work and waits for its end.
    ///
    /// # Errors
    /// Those of the work.
    pub fn send(self) -> Result<T> {
        self.runtime.block_on(self.work)
    }
}
