//! At most one run of a piece of work at a time, whoever asks for it.
//!
//! The first caller starts the work, all wait for its result. The work belongs to none of them: it runs where no caller
//! can cut it short or hold it up, since what was asked for may already have been done at the other end (a refresh token
//! that was exchanged is worth nothing if its answer is not read). So there is never a reason to begin it a second time,
//! however long it takes: it ends, or is dropped by those who ran it, and either is noticed at once.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tracing::Instrument as _;
use tracing::instrument::WithSubscriber as _;

use crate::error::{Error, Result};

/// What has to be driven to its end.
pub(crate) type Work = BoxFuture<'static, ()>;

/// The work in progress, if any.
pub(crate) struct SingleFlight<T: Clone> {
    current: Mutex<Option<Landed<T>>>,
}

/// Fails when the work is dropped before its end.
type Landed<T> = Shared<oneshot::Receiver<Result<T>>>;

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(crate) fn new() -> Self {
        Self {
            current: Mutex::default(),
        }
    }

    /// The result of the work: what `ready` has already, or what the flight brings that `start` begins. `launch` has it
    /// run apart from all callers.
    ///
    /// `ready` is asked under a lock, so that nobody begins what has just been finished.
    pub(crate) async fn run(
        self: &Arc<Self>,
        ready: impl Fn() -> Option<T>,
        start: impl FnOnce() -> BoxFuture<'static, Result<T>>,
        launch: impl FnOnce(Work),
    ) -> Result<T> {
        let landed = match self.join(ready, start, launch) {
            Ok(value) => return Ok(value),
            Err(landed) => landed,
        };
        landed.await.unwrap_or_else(|_| {
            Err(Error::usage(
                "what a token was to be got with was shut down, or could not be started; are there too many threads or \
                 open files?",
            ))
        })
    }

    fn join(
        self: &Arc<Self>,
        ready: impl Fn() -> Option<T>,
        start: impl FnOnce() -> BoxFuture<'static, Result<T>>,
        launch: impl FnOnce(Work),
    ) -> Result<T, Landed<T>> {
        let mut current = self.lock();
        if let Some(value) = ready() {
            return Ok(value);
        }
        if let Some(landed) = &*current {
            return Err(landed.clone());
        }
        let (sender, landed) = oneshot::channel();
        let landed = landed.shared();
        *current = Some(landed.clone());
        drop(current);
        let landing = Landing {
            flights: Arc::clone(self),
            sender: Some(sender),
        };
        let work = start();
        launch(Box::pin(async move {
            let outcome = AssertUnwindSafe(work).catch_unwind().await;
            let panicked = |_| Err(Error::usage("what a token was to be got with panicked"));
            landing.land(outcome.unwrap_or_else(panicked));
        }));
        Err(landed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Landed<T>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SingleFlight(..)")
    }
}

/// The end of a flight. Dropped without a result, it ends too.
struct Landing<T: Clone + Send + Sync + 'static> {
    flights: Arc<SingleFlight<T>>,
    sender: Option<oneshot::Sender<Result<T>>>,
}

impl<T: Clone + Send + Sync + 'static> Landing<T> {
    fn land(mut self, outcome: Result<T>) {
        let sender = self.sender.take();
        // From here on, new callers look at what is ready, or begin again after a failure.
        drop(self);
        if let Some(sender) = sender {
            let _ = sender.send(outcome);
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Drop for Landing<T> {
    fn drop(&mut self) {
        let ended = self.flights.lock().take();
        drop(ended);
    }
}

/// Runs work on a thread of its own, which ends with it. Where there can be none, the work is dropped.
pub(crate) fn on_a_thread(work: Work) {
    let work = work.in_current_span().with_current_subscriber();
    let run = move || {
        if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
            runtime.block_on(work);
        }
    };
    let thread = std::thread::Builder::new().name("globus-renewal".to_owned());
    if let Err(error) = thread.spawn(run) {
        tracing::error!(%error, "no thread to get a token with");
    }
}
