//! A runtime in the background, for work that must come to its end while the caller's own may stand still.

use std::sync::OnceLock;

use tokio::runtime::{Builder, Handle, Runtime, RuntimeFlavor};
use tokio::task::{JoinError, JoinHandle};
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use crate::error::{Error, Result};

/// Made when it is first needed, and gone with its owner.
#[derive(Debug, Default)]
pub(crate) struct Background(OnceLock<Option<Runtime>>);

impl Background {
    /// The runtime of the caller if it has threads of its own, and the one in the background otherwise: a runtime of one
    /// thread stands still while that thread waits for something else.
    fn handle(&self) -> Handle {
        let here = Handle::current();
        if here.runtime_flavor() != RuntimeFlavor::CurrentThread {
            return here;
        }
        self.own().unwrap_or(here)
    }

    /// The one in the background; `None` where there can be none.
    fn own(&self) -> Option<Handle> {
        let background = self.0.get_or_init(|| {
            let mut builder = Builder::new_multi_thread();
            builder
                .worker_threads(1)
                .thread_name("globus-tokens")
                .enable_all()
                .build()
                .ok()
        });
        background.as_ref().map(|runtime| runtime.handle().clone())
    }

    /// Starts something in the background, whatever the caller's runtime is like. Where it cannot be done, it is dropped.
    pub(crate) fn start(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Some(own) = self.own() {
            drop(spawn(&own, work));
        }
    }

    /// Does something that goes on while the caller stands still, and ends if the caller goes away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let mut task = Tied(spawn(&self.handle(), work));
        outcome((&mut task.0).await)
    }

    /// Does something to its end, even if the caller goes away.
    pub(crate) async fn finish<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        outcome(spawn(&self.handle(), work).await)
    }
}

fn spawn<T: Send + 'static>(runtime: &Handle, work: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    runtime.spawn(work.in_current_span().with_current_subscriber())
}

fn outcome<T>(joined: std::result::Result<Result<T>, JoinError>) -> Result<T> {
    joined.unwrap_or_else(|failed| match failed.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => Err(Error::usage("the runtime was shut down while it got a token")),
    })
}

/// A task that ends with this.
struct Tied<T>(JoinHandle<T>);

impl<T> Drop for Tied<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Dropping a runtime waits for it, which panics inside another one; this does not wait.
impl Drop for Background {
    fn drop(&mut self) {
        if let Some(Some(runtime)) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
