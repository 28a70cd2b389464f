//! The retry budget: how much of a client's traffic may be repetitions.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Limits how many repetitions a client sends, so that many callers do not multiply the load on a service
/// that is already down.
///
/// A bucket of tokens, one per client: every request puts in `ratio` of a token, time puts in `per_second`
/// tokens each second, and every repetition takes one out. The bucket holds ten seconds' worth and starts
/// full. Without a token a request is not repeated and its error is answered as it is. The default, 20 %
/// and 10 per second, never limits a program that makes a few requests at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryBudget {
    limits: Option<Limits>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Limits {
    ratio: f64,
    per_second: f64,
}

impl RetryBudget {
    /// `ratio` repetitions per request (0.2 is 20 %) plus `per_second` each second.
    pub fn new(ratio: f64, per_second: u32) -> Self {
        let ratio = if ratio.is_finite() { ratio.max(0.0) } else { 0.0 };
        Self {
            limits: Some(Limits {
                ratio,
                per_second: f64::from(per_second),
            }),
        }
    }

    /// No limit but `max_retries`.
    pub const fn unlimited() -> Self {
        Self { limits: None }
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(0.2, 10)
    }
}

/// The bucket of one client.
#[derive(Debug, Default)]
pub(crate) struct Bucket {
    level: Mutex<Option<Level>>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    tokens: f64,
    at: Duration,
}

/// Seconds of `per_second` that the bucket holds.
const CAPACITY_SECONDS: f64 = 10.0;

impl Bucket {
    /// Counts a new request at `now` (time since a fixed moment).
    pub(crate) fn deposit(&self, budget: RetryBudget, now: Duration) {
        self.update(budget, now, |tokens, limits| (tokens + limits.ratio, true));
    }

    /// Takes a token for a repetition; `false` when there is none.
    pub(crate) fn withdraw(&self, budget: RetryBudget, now: Duration) -> bool {
        self.update(budget, now, |tokens, _| {
            if tokens >= 1.0 {
                (tokens - 1.0, true)
            } else {
                (tokens, false)
            }
        })
    }

    fn update(&self, budget: RetryBudget, now: Duration, change: impl FnOnce(f64, Limits) -> (f64, bool)) -> bool {
        let Some(limits) = budget.limits else { return true };
        let capacity = (limits.per_second * CAPACITY_SECONDS).max(1.0);
        let mut level = self.level.lock().unwrap_or_else(PoisonError::into_inner);
        let before = level.map_or(capacity, |level| {
            level.tokens + now.saturating_sub(level.at).as_secs_f64() * limits.per_second
        });
        let (tokens, answer) = change(before.min(capacity), limits);
        *level = Some(Level {
            tokens: tokens.min(capacity),
            at: now,
        });
        answer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_time_fill_the_bucket() {
        let budget = RetryBudget::new(0.5, 1);
        let bucket = Bucket::default();
        let start = Duration::from_secs(100);
        assert_eq!((0..20).filter(|_| bucket.withdraw(budget, start)).count(), 10);
        bucket.deposit(budget, start);
        assert!(!bucket.withdraw(budget, start));
        bucket.deposit(budget, start);
        assert!(bucket.withdraw(budget, start));
        assert!(!bucket.withdraw(budget, start));
        let later = start + Duration::from_secs(3);
        assert_eq!((0..20).filter(|_| bucket.withdraw(budget, later)).count(), 3);
    }

    #[test]
    fn without_limit_there_is_always_a_token() {
        let bucket = Bucket::default();
        assert!((0..10_000).all(|_| bucket.withdraw(RetryBudget::unlimited(), Duration::ZERO)));
    }

    #[test]
    fn strange_ratios_are_harmless() {
        let bucket = Bucket::default();
        let budget = RetryBudget::new(f64::NAN, 0);
        assert!(bucket.withdraw(budget, Duration::ZERO));
        assert!(!bucket.withdraw(budget, Duration::from_secs(1000)));
    }
}
