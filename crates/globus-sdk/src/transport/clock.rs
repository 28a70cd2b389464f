//! Time and chance, so that both can be given.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::BoxFuture;
use uuid::{Timestamp, Uuid};

/// What time it is, and how to wait.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time of day; used for token expiry and dates in headers.
    fn now(&self) -> SystemTime;

    /// A future that is done after `duration`.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// A future that is done when work in progress has lasted `duration` too long; it is dropped when the work ends.
    ///
    /// The provided method never ends, as suits a clock that is moved by hand.
    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let _ = duration;
        Box::pin(std::future::pending())
    }

    /// Time since some fixed moment, for measuring: it never goes backwards.
    ///
    /// The provided method follows [`Clock::now`]; a clock that can be set should do better.
    fn uptime(&self) -> Duration {
        self.now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

/// A source of random numbers.
pub trait Random: Send + Sync + fmt::Debug {
    /// A number from 0 (included) to 1 (excluded); spreads out the waits between attempts.
    fn fraction(&self) -> f64;

    /// Fills `buffer` with bytes nobody can guess; used for `state` values, verifiers and ids.
    fn bytes(&self, buffer: &mut [u8]);
}

/// The operating system's clock, waiting with tokio's timer.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    origin: Instant,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self { origin: Instant::now() }
    }
}

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if tokio::runtime::Handle::try_current().is_ok() {
                tokio::time::sleep(duration).await;
            } else {
                sleep_on_thread(duration).await;
            }
        })
    }

    fn alarm(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }

    fn uptime(&self) -> Duration {
        self.origin.elapsed()
    }
}

/// For custom transports that are driven without tokio: waits are rare, so a thread each will do.
async fn sleep_on_thread(duration: Duration) {
    let (done, wait) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        std::thread::sleep(duration);
        drop(done);
    });
    let _ = wait.await;
}

/// The operating system's randomness, through a cryptographic generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fraction(&self) -> f64 {
        rand::random()
    }

    fn bytes(&self, buffer: &mut [u8]) {
        rand::Rng::fill_bytes(&mut rand::rng(), buffer);
    }
}

/// The clock and the randomness that a client uses.
#[derive(Debug, Clone)]
pub struct Ambient {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub random: Arc<dyn Random>,
}

impl Default for Ambient {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock::default()),
            random: Arc::new(SystemRandom),
        }
    }
}

impl Ambient {
    /// A given clock and a given randomness; see [`ManualClock`](super::ManualClock) and
    /// [`FixedRandom`](super::FixedRandom).
    pub fn new(clock: impl Clock + 'static, random: impl Random + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            random: Arc::new(random),
        }
    }

    /// A version 1 UUID (RFC 9562, section 5.1): the time, and random bits in place of a network address.
    pub(crate) fn uuid_v1(&self) -> Uuid {
        let since_1970 = self
            .clock
            .now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        let (mut counter, mut node) = ([0; 2], [0; 6]);
        self.random.bytes(&mut counter);
        self.random.bytes(&mut node);
        node[0] |= 1; // Says that it is no network address.
        let counter = u128::from(u16::from_be_bytes(counter));
        let time = Timestamp::from_unix_time(since_1970.as_secs(), since_1970.subsec_nanos(), counter, 14);
        Uuid::new_v1(time, &node)
    }
}
