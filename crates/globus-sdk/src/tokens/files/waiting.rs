//! Waiting for locks that other processes hold.
//!
//! However many tasks wait, one thread of the storage does it for all of them, and ends when nobody waits any more: a
//! thread for each would use up those that a runtime has for work that blocks, and the holder may need one. The file of a
//! lock is open only during an attempt, so that waiting uses up no open files either.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::lock::Held;
use crate::error::{Result, StorageError, StorageProblem};

/// How long to wait between two attempts, at first and at last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(25));
/// Each time as many wait, the longest pause is once more as long, so that many attempts do not use up a processor.
const CROWD: usize = 100;

/// Tries to take a lock once; `None` while somebody else has it.
pub(crate) type Attempt = Box<dyn Fn() -> Result<Option<Held>> + Send>;

/// Those who wait for locks in a storage.
#[derive(Default)]
pub(crate) struct Waiting(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiters: Vec<Waiter>,
    /// Whether a thread looks after them.
    served: bool,
}

struct Waiter {
    attempt: Attempt,
    begun: Instant,
    timeout: Duration,
    pause: Duration,
    next: Instant,
    done: oneshot::Sender<Result<Held>>,
}

impl Waiting {
    /// Waits until `attempt` succeeds or fails, at most for `timeout`. Whoever drops the future waits no more.
    pub(crate) async fn take(&self, attempt: Attempt, timeout: Duration) -> Result<Held> {
        let (done, taken) = oneshot::channel();
        let now = Instant::now();
        self.add(Waiter {
            attempt,
            begun: now,
            timeout,
            pause: PAUSES.0,
            next: now,
            done,
        })?;
        let gone = |_| Err(StorageError::new(StorageProblem::Failed, "lock", "the thread that waits is gone").into());
        taken.await.unwrap_or_else(gone)
    }

    fn add(&self, waiter: Waiter) -> Result<()> {
        let mut state = self.0.state();
        if !state.served {
            let shared = self.0.clone();
            let thread = std::thread::Builder::new().name("globus-token-locks".to_owned());
            thread
                .spawn(move || shared.serve())
                .map_err(|error| StorageError::io("lock", error))?;
            state.served = true;
        }
        state.waiters.push(waiter);
        self.0.changed.notify_one();
        Ok(())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn serve(&self) {
        let mut state = self.state();
        loop {
            let waiters = std::mem::take(&mut state.waiters);
            drop(state);
            let crowd = waiters.len();
            let left: Vec<Waiter> = waiters.into_iter().filter_map(|waiter| waiter.serve(crowd)).collect();
            state = self.state();
            state.waiters.extend(left);
            let Some(next) = state.waiters.iter().map(|waiter| waiter.next).min() else {
                state.served = false;
                return;
            };
            let pause = next.saturating_duration_since(Instant::now());
            let (woken, _) = self
                .changed
                .wait_timeout(state, pause)
                .unwrap_or_else(PoisonError::into_inner);
            state = woken;
        }
    }
}

impl Waiter {
    /// Tries, if it is time to. What comes back waits on.
    fn serve(mut self, crowd: usize) -> Option<Self> {
        if self.done.is_closed() {
            return None;
        }
        if Instant::now() < self.next {
            return Some(self);
        }
        let answer = match (self.attempt)() {
            Ok(Some(held)) => Ok(held),
            Ok(None) => match pause(&mut self.pause, self.begun, self.timeout, crowd) {
                Some(pause) => {
                    self.next = Instant::now() + pause;
                    return Some(self);
                }
                None => Err(held_for(self.timeout).into()),
            },
            Err(error) => Err(error),
        };
        // Whoever is gone by now lets go of the lock with the answer.
        let _ = self.done.send(answer);
        None
    }
}

/// Takes a lock on a thread that may block.
pub(crate) fn take_now(attempt: impl Fn() -> Result<Option<Held>>, timeout: Duration) -> Result<Held> {
    let (begun, mut length) = (Instant::now(), PAUSES.0);
    loop {
        if let Some(held) = attempt()? {
            return Ok(held);
        }
        match pause(&mut length, begun, timeout, 1) {
            Some(pause) => std::thread::sleep(pause),
            None => return Err(held_for(timeout).into()),
        }
    }
}

/// How long to wait before the next attempt, and longer the next time; `None` when it has been long enough.
fn pause(length: &mut Duration, begun: Instant, timeout: Duration, crowd: usize) -> Option<Duration> {
    let left = timeout.checked_sub(begun.elapsed()).filter(|left| !left.is_zero())?;
    let longest = PAUSES
        .1
        .saturating_mul(u32::try_from(1 + crowd / CROWD).unwrap_or(u32::MAX));
    let pause = (*length).min(left);
    *length = length.saturating_mul(2).min(longest);
    Some(pause)
}

fn held_for(timeout: Duration) -> StorageError {
    let message = format!("another process has held the lock for {} s", timeout.as_secs());
    StorageError::new(StorageProblem::Locked, "lock", message)
        .with_hint("find the process that holds the file open, for example with `fuser`, and end it")
}

impl std::fmt::Debug for Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waiting(..)")
    }
}
