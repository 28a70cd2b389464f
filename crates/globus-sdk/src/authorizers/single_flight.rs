//! At most one run of a piece of work at a time, whoever asks for it.
//!
//! The first caller starts the work, the others wait for its result. The work belongs to the tokio runtime in
//! which it began, so it is driven by callers of that runtime only: when one of them goes away, another carries
//! on; when the last of them goes away, the work is dropped and a caller of another runtime starts anew. So nothing
//! is done twice as long as somebody is there to finish it, and nobody waits for work that was given up. (A caller
//! that is a spawned task has not gone away while its runtime stands still; others wait until it moves or is dropped.)

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use crate::error::Result;

/// The work in progress, if any.
pub(super) struct SingleFlight<T: Clone> {
    current: Mutex<Current<T>>,
}

struct Current<T: Clone> {
    flight: Option<Flight<T>>,
    count: u64,
}

struct Flight<T: Clone> {
    number: u64,
    runtime: Option<Id>,
    /// Runs the work and puts its result into `result`.
    work: Shared<BoxFuture<'static, ()>>,
    /// Is cancelled when the work is dropped.
    result: Shared<oneshot::Receiver<Result<T>>>,
    drivers: usize,
}

/// What a caller has to do.
enum Part<T: Clone> {
    Drive {
        number: u64,
        work: Shared<BoxFuture<'static, ()>>,
        result: Shared<oneshot::Receiver<Result<T>>>,
    },
    Wait {
        result: Shared<oneshot::Receiver<Result<T>>>,
    },
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(super) fn new() -> Self {
        Self {
            current: Mutex::new(Current { flight: None, count: 0 }),
        }
    }

    /// The result of the work: what `ready` has already, or what the flight brings that `start` begins.
    ///
    /// `ready` is asked under a lock, so that nobody begins what has just been finished.
    pub(super) async fn run(
        self: &Arc<Self>,
        ready: impl Fn() -> Option<T>,
        start: impl Fn() -> BoxFuture<'static, Result<T>>,
    ) -> Result<T> {
        loop {
            let part = match self.join(&ready, &start) {
                Ok(value) => return Ok(value),
                Err(part) => part,
            };
            let landed = match part {
                Part::Wait { result } => result.await,
                Part::Drive { number, work, result } => {
                    let _driver = Driver { flights: self, number };
                    work.await;
                    result.await
                }
            };
            // An error here means that the work was dropped before its end.
            if let Ok(result) = landed {
                return result;
            }
        }
    }

    fn join(
        self: &Arc<Self>,
        ready: impl Fn() -> Option<T>,
        start: impl Fn() -> BoxFuture<'static, Result<T>>,
    ) -> Result<T, Part<T>> {
        let here = Handle::try_current().ok().map(|handle| handle.id());
        let mut current = self.lock();
        if let Some(value) = ready() {
            return Ok(value);
        }
        if let Some(flight) = &mut current.flight {
            let result = flight.result.clone();
            if flight.runtime != here {
                return Err(Part::Wait { result });
            }
            flight.drivers += 1;
            return Err(Part::Drive {
                number: flight.number,
                work: flight.work.clone(),
                result,
            });
        }
        current.count += 1;
        let number = current.count;
        let (landed, result) = oneshot::channel();
        let result = result.shared();
        let (flights, work) = (Arc::downgrade(self), start());
        let work: BoxFuture<'static, ()> = Box::pin(async move {
            let outcome = work.await;
            // From here on, new callers look at what is ready, or begin again after a failure.
            if let Some(flights) = flights.upgrade() {
                flights.end(number);
            }
            let _ = landed.send(outcome);
        });
        let work = work.shared();
        let flight = Flight {
            number,
            runtime: here,
            work: work.clone(),
            result: result.clone(),
            drivers: 1,
        };
        current.flight = Some(flight);
        Err(Part::Drive { number, work, result })
    }

    /// Forgets a flight. What it held is dropped after the lock is released.
    fn end(&self, number: u64) {
        let mut current = self.lock();
        let ended = current.flight.take_if(|flight| flight.number == number);
        drop(current);
        drop(ended);
    }

    fn leave(&self, number: u64) {
        let mut current = self.lock();
        let abandoned = current.flight.take_if(|flight| {
            if flight.number != number {
                return false;
            }
            flight.drivers -= 1;
            flight.drivers == 0
        });
        drop(current);
        drop(abandoned);
    }

    fn lock(&self) -> MutexGuard<'_, Current<T>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SingleFlight(..)")
    }
}

/// A caller that drives a flight; dropping it is how it leaves.
struct Driver<'a, T: Clone + Send + Sync + 'static> {
    flights: &'a SingleFlight<T>,
    number: u64,
}

impl<T: Clone + Send + Sync + 'static> Drop for Driver<'_, T> {
    fn drop(&mut self) {
        self.flights.leave(self.number);
    }
}
