//! A clock and a randomness for tests.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;

use super::{Clock, Random};

/// A clock that stands still: a sleep moves it forward at once, and is written down.
///
/// Clones show the same time.
///
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use globus_sdk::transport::{Clock, ManualClock};
/// let clock = ManualClock::at_unix(1_700_000_000);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_060));
/// assert!(clock.sleeps().is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct ManualClock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    now: SystemTime,
    sleeps: Vec<Duration>,
}

impl ManualClock {
    /// A clock that shows `now`.
    pub fn new(now: SystemTime) -> Self {
        Self {
            state: Arc::new(Mutex::new(State {
                now,
                sleeps: Vec::new(),
            })),
        }
    }

    /// A clock that shows the given number of seconds since 1970.
    pub fn at_unix(seconds: u64) -> Self {
        Self::new(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds))
    }

    /// Moves the clock forward.
    pub fn advance(&self, duration: Duration) {
        let mut state = self.lock();
        state.now = state.now.checked_add(duration).unwrap_or(state.now);
    }

    /// The sleeps so far, in order.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.lock().sleeps.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.lock().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            clock.lock().sleeps.push(duration);
            clock.advance(duration);
        })
    }
}

/// A randomness without chance: always the same fraction, and bytes that count up.
#[derive(Debug)]
pub struct FixedRandom {
    fraction: f64,
    next: Mutex<u8>,
}

impl FixedRandom {
    /// `fraction` is what [`Random::fraction`] answers.
    pub const fn new(fraction: f64) -> Self {
        Self {
            fraction,
            next: Mutex::new(0),
        }
    }
}

impl Random for FixedRandom {
    fn fraction(&self) -> f64 {
        self.fraction
    }

    fn bytes(&self, buffer: &mut [u8]) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        for byte in buffer {
            *byte = *next;
            *next = next.wrapping_add(1);
        }
    }
}
