//! At most one run of a piece of work at a time, whoever asks for it.
//!
//! The first caller starts the work, the others wait for its result. The work belongs to the tokio runtime in
//! which it began, so it is driven by callers of that runtime only: when one of them goes away, another carries
//! on; when the last of them goes away, a task of the runtime does, since what was asked for may already have been
//! done at the other end (a refresh token that was exchanged is worth nothing if its answer is not read). Work is
//! dropped only with its runtime, and then the next caller starts anew.
//!
//! A runtime may also stand still with its callers in place, for example because its only thread waits for a
//! blocking client that needs the same work. Callers of other runtimes therefore wait for a few seconds only, and
//! then begin the work anew; whatever ends last counts.

use std::fmt;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, Shared, select};
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use crate::error::Result;

/// How long callers of one runtime wait for the work of another one, which may be standing still.
const PATIENCE: Duration = Duration::from_secs(5);

/// The work in progress, if any.
pub(crate) struct SingleFlight<T: Clone> {
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
    /// Whether a task of the runtime is among the drivers, or was.
    adopted: bool,
}

/// What a caller has to do.
enum Part<T: Clone> {
    Drive {
        number: u64,
        work: Shared<BoxFuture<'static, ()>>,
        result: Shared<oneshot::Receiver<Result<T>>>,
    },
    Wait {
        number: u64,
        result: Shared<oneshot::Receiver<Result<T>>>,
    },
}

impl<T: Clone + Send + Sync + 'static> SingleFlight<T> {
    pub(crate) fn new() -> Self {
        Self {
            current: Mutex::new(Current { flight: None, count: 0 }),
        }
    }

    /// The result of the work: what `ready` has already, or what the flight brings that `start` begins.
    ///
    /// `ready` is asked under a lock, so that nobody begins what has just been finished.
    pub(crate) async fn run(
        self: &Arc<Self>,
        ready: impl Fn() -> Option<T>,
        start: impl Fn() -> BoxFuture<'static, Result<T>>,
    ) -> Result<T> {
        let mut stalled = None;
        loop {
            let part = match self.join(stalled, &ready, &start) {
                Ok(value) => return Ok(value),
                Err(part) => part,
            };
            let landed = match part {
                Part::Wait { number, result } => match select(result, pin!(patience())).await {
                    Either::Left((landed, _)) => landed,
                    Either::Right(_) => {
                        stalled = Some(number);
                        continue;
                    }
                },
                Part::Drive { number, work, result } => {
                    let _driver = Driver {
                        flights: Arc::clone(self),
                        number,
                    };
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
        stalled: Option<u64>,
        ready: impl Fn() -> Option<T>,
        start: impl Fn() -> BoxFuture<'static, Result<T>>,
    ) -> Result<T, Part<T>> {
        let here = Handle::try_current().ok().map(|handle| handle.id());
        // Declared before the lock, so that a flight is dropped after the lock is released.
        let _forgotten;
        let mut current = self.lock();
        if let Some(value) = ready() {
            return Ok(value);
        }
        _forgotten = current.flight.take_if(|flight| Some(flight.number) == stalled);
        if let Some(flight) = &mut current.flight {
            let result = flight.result.clone();
            if flight.runtime != here {
                let number = flight.number;
                return Err(Part::Wait { number, result });
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
            adopted: false,
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

    /// Lets a driver go. The last one leaves the work to a task of the runtime, if that is still there.
    fn leave(self: &Arc<Self>, number: u64) {
        let mut current = self.lock();
        let Some(flight) = current.flight.as_mut().filter(|flight| flight.number == number) else {
            return;
        };
        flight.drivers -= 1;
        if flight.drivers > 0 {
            return;
        }
        let runtime = Handle::try_current().ok();
        let home = runtime.filter(|runtime| Some(runtime.id()) == flight.runtime && !flight.adopted);
        let Some(home) = home else {
            let abandoned = current.flight.take();
            drop(current);
            drop(abandoned);
            return;
        };
        flight.adopted = true;
        flight.drivers = 1;
        let work = flight.work.clone();
        drop(current);
        let driver = Driver {
            flights: Arc::clone(self),
            number,
        };
        home.spawn(async move {
            work.await;
            drop(driver);
        });
    }

    fn lock(&self) -> MutexGuard<'_, Current<T>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn patience() {
    if Handle::try_current().is_ok() {
        tokio::time::sleep(PATIENCE).await;
    } else {
        let (done, over) = oneshot::channel::<()>();
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            drop(done);
        });
        let _ = over.await;
    }
}

impl<T: Clone> fmt::Debug for SingleFlight<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SingleFlight(..)")
    }
}

/// A caller that drives a flight; dropping it is how it leaves.
struct Driver<T: Clone + Send + Sync + 'static> {
    flights: Arc<SingleFlight<T>>,
    number: u64,
}

impl<T: Clone + Send + Sync + 'static> Drop for Driver<T> {
    fn drop(&mut self) {
        self.flights.leave(self.number);
    }
}
