//! Whether to send again: one pure function.

use std::time::{Duration, SystemTime};

use http::StatusCode;

use super::Idempotency;
use super::retry_after::requested_wait;
use super::retry_config::{CheckResult, Outcome, RetryConfig};
use super::{TransientRule, TransportErrorKind};

/// Everything that the decision depends on.
#[derive(Debug)]
pub(super) struct Attempt<'a> {
    /// What came of the attempt.
    pub(super) outcome: Outcome<'a>,
    /// What may be repeated without harm.
    pub(super) idempotency: Idempotency,
    /// Repetitions so far.
    pub(super) repetitions: u32,
    /// Time since the first attempt began.
    pub(super) elapsed: Duration,
    /// Credentials that could be renewed were sent, and have not been renewed for this request yet.
    pub(super) renewable: bool,
    /// The request was redirected on the way: something has already answered to it.
    pub(super) forwarded: bool,
    /// It went to this machine, where whoever does not listen now will hardly do so in a minute.
    pub(super) local: bool,
    /// The service's lasting errors.
    pub(super) transient: TransientRule,
    /// What the program's own checks say.
    pub(super) verdict: CheckResult,
    /// Time of day.
    pub(super) now: SystemTime,
    /// A random number from 0 to 1.
    pub(super) fraction: f64,
}

/// What to do after an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// Send again after a wait.
    Retry { after: Duration },
    /// Renew the credentials and, if that worked, send again at once.
    Reauthorize,
    /// Answer what there is.
    GiveUp { why: Why },
}

/// Why a request is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Nothing suggests that another attempt would end differently.
    Final,
    /// Retries are switched off.
    Off,
    /// A check of the program said so.
    Check,
    /// It may have been carried out, and must not be carried out twice.
    MayBeDone,
    /// `max_retries` are used up.
    Exhausted,
    /// The wait would pass the deadline.
    Deadline,
    /// The client has sent too many repetitions lately.
    Budget,
}

/// Decides what to do after an attempt.
pub(super) fn decide(config: &RetryConfig, attempt: &Attempt<'_>) -> Decision {
    match want(config, attempt) {
        Ok(Wish::Again { wait }) => limit(config, attempt, wait),
        Ok(Wish::Renew) => Decision::Reauthorize,
        Err(why) => Decision::GiveUp { why },
    }
}

/// What one would do if there were no limits.
enum Wish {
    Again { wait: Option<Duration> },
    Renew,
}

fn want(config: &RetryConfig, attempt: &Attempt<'_>) -> Result<Wish, Why> {
    if config.max_retries == 0 {
        return Err(Why::Off);
    }
    let wait = match attempt.outcome {
        Outcome::Answer { status, headers, .. } if config.retry_after_statuses.contains(&status.as_u16()) => {
            requested_wait(headers, attempt.now)
        }
        _ => None,
    };
    match attempt.verdict {
        CheckResult::Retry => return Ok(Wish::Again { wait }),
        CheckResult::GiveUp => return Err(Why::Check),
        CheckResult::NoDecision => {}
    }
    match attempt.outcome {
        Outcome::Answer { status, body, .. } => want_after_answer(config, attempt, status, body, wait),
        Outcome::Failure(error) if is_final(error.kind()) => Err(Why::Final),
        Outcome::Failure(error) => {
            let unprocessed = error.is_surely_unprocessed() && !attempt.forwarded;
            if unprocessed || attempt.idempotency != Idempotency::Once {
                Ok(Wish::Again { wait: None })
            } else {
                Err(Why::MayBeDone)
            }
        }
    }
}

fn is_final(kind: TransportErrorKind) -> bool {
    matches!(
        kind,
        TransportErrorKind::Invalid | TransportErrorKind::TooLarge | TransportErrorKind::Redirect
    )
}

fn want_after_answer(
    config: &RetryConfig,
    attempt: &Attempt<'_>,
    status: StatusCode,
    body: &[u8],
    wait: Option<Duration>,
) -> Result<Wish, Why> {
    let code = status.as_u16();
    if config.expired_authorization_statuses.contains(&code) && attempt.renewable {
        return Ok(Wish::Renew);
    }
    let come_back = config.retry_after_statuses.contains(&code);
    let passing = config.transient_statuses.contains(&code) && !attempt.transient.is_lasting(body);
    if !come_back && !passing {
        return Err(Why::Final);
    }
    let refused = status == StatusCode::TOO_MANY_REQUESTS || (come_back && wait.is_some());
    if attempt.idempotency != Idempotency::Once || (refused && !attempt.forwarded) {
        Ok(Wish::Again { wait })
    } else {
        Err(Why::MayBeDone)
    }
}

fn limit(config: &RetryConfig, attempt: &Attempt<'_>, wait: Option<Duration>) -> Decision {
    let refused = matches!(attempt.outcome, Outcome::Failure(error) if error.kind() == TransportErrorKind::Connect);
    let most = if refused && attempt.local { 1 } else { u32::MAX };
    if attempt.repetitions >= config.max_retries.min(most) {
        return Decision::GiveUp { why: Why::Exhausted };
    }
    let after = wait.unwrap_or_else(|| {
        config
            .backoff
            .compute(attempt.repetitions, attempt.fraction)
            .min(config.max_sleep)
    });
    match config.deadline {
        Some(deadline) if attempt.elapsed.saturating_add(after) > deadline => Decision::GiveUp { why: Why::Deadline },
        _ => Decision::Retry { after },
    }
}
