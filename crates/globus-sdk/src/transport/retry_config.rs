//! What a program can say about retries.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use super::Idempotency;
use super::{RetryBudget, TransportError};

/// When and how often requests are sent again.
///
/// Failures are sent again according to what the operation is. Reads, replacements, deletions and calls with a
/// submission id are repeated after a broken connection, a timeout, or a status among `transient_statuses`.
/// Anything else that creates or starts something is repeated only when it surely was not carried out: no
/// connection, 429, 503 with `Retry-After`, or 401 and a renewed token. Waiting for the next attempt can be
/// cut short by dropping the call's future.
///
/// ```
/// # use std::time::Duration;
/// # use globus_sdk::transport::RetryConfig;
/// let patient = RetryConfig::default().with_max_retries(8).with_deadline(Some(Duration::from_secs(900)));
/// let never = RetryConfig::none();
/// assert_eq!(never.max_retries, 0);
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RetryConfig {
    /// How often a request is sent again at most; 5 by default. With 0 nothing is ever sent again. Sending again
    /// with renewed credentials counts too, but is done, once, even when the number is used up.
    pub max_retries: u32,
    /// Longest wait that `backoff` may ask for; 10 seconds by default. It does not shorten what a service asks for
    /// with `Retry-After`.
    pub max_sleep: Duration,
    /// How long to wait between attempts when the service does not say.
    pub backoff: Backoff,
    /// How long the whole call may last: all attempts, the waits between them, and the reading of the answer's body.
    /// 5 minutes by default; `None` means no limit. No wait begins that would pass it: then the last error is answered
    /// at once. An attempt under way when it is over ends in [`Error::Timeout`](crate::error::Error::Timeout). For an
    /// answer that is streamed it counts only until the body begins to be read, and ends no attempt.
    pub deadline: Option<Duration>,
    /// Statuses that may be gone on the next attempt; 429, 500, 502, 503 and 504 by default.
    pub transient_statuses: Vec<u16>,
    /// Statuses with which a service asks to come back later; 429 and 503 by default. Only for these does
    /// `Retry-After` count.
    pub retry_after_statuses: Vec<u16>,
    /// Statuses after which credentials are renewed, once per call; 401 by default.
    pub expired_authorization_statuses: Vec<u16>,
    /// The program's own checks, asked in order before the built-in rules.
    pub checks: Vec<Arc<dyn RetryCheck>>,
    /// How much of all traffic may be repetitions.
    pub budget: RetryBudget,
}

impl Default for RetryConfig {
    fn default() -> Self {
        Self {
            max_retries: 5,
            max_sleep: Duration::from_secs(10),
            backoff: Backoff::default(),
            deadline: Some(Duration::from_secs(300)),
            transient_statuses: vec![429, 500, 502, 503, 504],
            retry_after_statuses: vec![429, 503],
            expired_authorization_statuses: vec![401],
            checks: Vec::new(),
            budget: RetryBudget::default(),
        }
    }
}

impl RetryConfig {
    /// The defaults, as [`RetryConfig::default`].
    pub fn new() -> Self {
        Self::default()
    }

    /// No attempt but the first.
    pub fn none() -> Self {
        Self::default().with_max_retries(0)
    }

    /// Sets [`RetryConfig::max_retries`].
    #[must_use]
    pub fn with_max_retries(mut self, max_retries: u32) -> Self {
        self.max_retries = max_retries;
        self
    }

    /// Sets [`RetryConfig::max_sleep`].
    #[must_use]
    pub fn with_max_sleep(mut self, max_sleep: Duration) -> Self {
        self.max_sleep = max_sleep;
        self
    }

    /// Sets [`RetryConfig::backoff`].
    #[must_use]
    pub fn with_backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Sets [`RetryConfig::deadline`].
    #[must_use]
    pub fn with_deadline(mut self, deadline: impl Into<Option<Duration>>) -> Self {
        self.deadline = deadline.into();
        self
    }

    /// Sets [`RetryConfig::transient_statuses`].
    #[must_use]
    pub fn with_transient_statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.transient_statuses = statuses.into_iter().collect();
        self
    }

    /// Sets [`RetryConfig::retry_after_statuses`].
    #[must_use]
    pub fn with_retry_after_statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.retry_after_statuses = statuses.into_iter().collect();
        self
    }

    /// Sets [`RetryConfig::expired_authorization_statuses`].
    #[must_use]
    pub fn with_expired_authorization_statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.expired_authorization_statuses = statuses.into_iter().collect();
        self
    }

    /// Adds a check after those that are there.
    #[must_use]
    pub fn with_check(mut self, check: impl RetryCheck + 'static) -> Self {
        self.checks.push(Arc::new(check));
        self
    }

    /// Adds a closure as a check after those that are there.
    ///
    /// ```
    /// # use globus_sdk::transport::{CheckResult, RetryConfig};
    /// let config = RetryConfig::default().with_check_fn(|context| match context.status() {
    ///     Some(status) if status.as_u16() == 409 => CheckResult::Retry,
    ///     _ => CheckResult::NoDecision,
    /// });
    /// # assert_eq!(config.checks.len(), 1);
    /// ```
    #[must_use]
    pub fn with_check_fn<F>(self, check: F) -> Self
    where
        F: Fn(&RetryContext<'_>) -> CheckResult + Send + Sync + 'static,
    {
        self.with_check(CheckFn(check))
    }

    /// Sets [`RetryConfig::budget`].
    #[must_use]
    pub fn with_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// What the program's own checks say: the first decision counts.
    pub(super) fn check(&self, context: &RetryContext<'_>) -> CheckResult {
        let mut results = self.checks.iter().map(|check| check.check(context));
        results
            .find(|result| *result != CheckResult::NoDecision)
            .unwrap_or(CheckResult::NoDecision)
    }
}

/// How long to wait before the next attempt.
#[derive(Clone)]
pub struct Backoff {
    compute: Arc<dyn Fn(u32, f64) -> Duration + Send + Sync>,
}

impl Backoff {
    /// `compute` gets the number of repetitions so far (0 before the first one) and a random number from 0 to 1.
    pub fn new(compute: impl Fn(u32, f64) -> Duration + Send + Sync + 'static) -> Self {
        Self {
            compute: Arc::new(compute),
        }
    }

    /// The same wait every time.
    pub fn constant(wait: Duration) -> Self {
        Self::new(move |_, _| wait)
    }

    pub(super) fn compute(&self, repetitions: u32, fraction: f64) -> Duration {
        (self.compute)(repetitions, fraction)
    }
}

impl Default for Backoff {
    /// A quarter to three quarters of a second, doubled each time.
    fn default() -> Self {
        Self::new(|repetitions, fraction| {
            let factor = 2f64.powi(i32::try_from(repetitions).unwrap_or(i32::MAX));
            Duration::try_from_secs_f64((0.25 + 0.5 * fraction) * factor).unwrap_or(Duration::MAX)
        })
    }
}

impl fmt::Debug for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Backoff(..)")
    }
}

/// A program's own opinion on whether to send again.
pub trait RetryCheck: Send + Sync + fmt::Debug {
    /// Looks at an attempt. Successful answers are shown too, unless they are streamed.
    fn check(&self, context: &RetryContext<'_>) -> CheckResult;
}

/// A closure as a check.
struct CheckFn<F>(F);

impl<F: Fn(&RetryContext<'_>) -> CheckResult + Send + Sync> RetryCheck for CheckFn<F> {
    fn check(&self, context: &RetryContext<'_>) -> CheckResult {
        (self.0)(context)
    }
}

impl<F> fmt::Debug for CheckFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CheckFn(..)")
    }
}

/// What a [`RetryCheck`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckResult {
    /// Send again, within `max_retries`, the deadline and the budget. It overrides the care for operations that
    /// must not be carried out twice.
    Retry,
    /// Ask the next check, then the built-in rules.
    NoDecision,
    /// Do not send again.
    GiveUp,
}

/// What a [`RetryCheck`] can look at.
#[derive(Debug)]
pub struct RetryContext<'a> {
    pub(super) method: &'a Method,
    pub(super) idempotency: Idempotency,
    pub(super) attempts: u32,
    pub(super) elapsed: Duration,
    pub(super) outcome: Outcome<'a>,
}

/// What came of an attempt.
#[derive(Debug, Clone, Copy)]
pub(super) enum Outcome<'a> {
    /// An answer, of whatever status.
    Answer {
        status: StatusCode,
        headers: &'a HeaderMap,
        body: &'a [u8],
    },
    /// None.
    Failure(&'a TransportError),
}

impl RetryContext<'_> {
    /// HTTP method of the request.
    pub fn method(&self) -> &Method {
        self.method
    }

    /// What may be repeated without harm.
    pub fn idempotency(&self) -> Idempotency {
        self.idempotency
    }

    /// Attempts so far; at least 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Time since the first attempt began.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Status of the answer, if one came.
    pub fn status(&self) -> Option<StatusCode> {
        match self.outcome {
            Outcome::Answer { status, .. } => Some(status),
            Outcome::Failure(_) => None,
        }
    }

    /// Headers of the answer, if one came.
    pub fn headers(&self) -> Option<&HeaderMap> {
        match self.outcome {
            Outcome::Answer { headers, .. } => Some(headers),
            Outcome::Failure(_) => None,
        }
    }

    /// Body of the answer, if one came.
    pub fn body(&self) -> Option<&[u8]> {
        match self.outcome {
            Outcome::Answer { body, .. } => Some(body),
            Outcome::Failure(_) => None,
        }
    }

    /// Why no answer came.
    pub fn error(&self) -> Option<&TransportError> {
        match self.outcome {
            Outcome::Answer { .. } => None,
            Outcome::Failure(error) => Some(error),
        }
    }
}
