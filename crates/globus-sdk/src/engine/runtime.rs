//! What drives the futures of a blocking client: the caller's own thread.

use std::future::Future;

use crate::error::{Error, Result};

/// A runtime of one client. No process-wide one exists.
#[derive(Debug)]
pub struct Runtime(Option<tokio::runtime::Runtime>);

impl Runtime {
    pub(crate) fn new() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let failed = |error| Error::usage(format!("no runtime for blocking calls could be made: {error}"));
        runtime.map(|runtime| Self(Some(runtime))).map_err(failed)
    }

    /// Drives `future` to its end. Inside another runtime, where a thread must not block on a second one, a
    /// background thread takes over.
    pub(crate) fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send,
        F::Output: Send,
    {
        let Some(runtime) = &self.0 else {
            unreachable!("the runtime is only taken when it is dropped")
        };
        if tokio::runtime::Handle::try_current().is_err() {
            return runtime.block_on(future);
        }
        let driven = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(future)).join());
        driven.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// Dropping a runtime waits for it, which panics inside another one; this does not wait.
impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
