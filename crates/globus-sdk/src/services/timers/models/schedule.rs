//! When a timer runs.

use globus_sdk_macros::model;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::ScheduleTime;

/// When a timer runs: once, or again and again.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum TimerSchedule {
    /// Once.
    Once(OnceTimerSchedule),
    /// Again and again.
    Recurring(RecurringTimerSchedule),
    /// What the service adds later.
    Other(Value),
}

impl<'de> Deserialize<'de> for TimerSchedule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schedule = Value::deserialize(deserializer)?;
        let read = match schedule.get("type").and_then(Value::as_str) {
            Some("once") => serde_json::from_value(schedule).map(Self::Once),
            Some("recurring") => serde_json::from_value(schedule).map(Self::Recurring),
            _ => Ok(Self::Other(schedule)),
        };
        read.map_err(D::Error::custom)
    }
}

impl From<OnceTimerSchedule> for TimerSchedule {
    fn from(schedule: OnceTimerSchedule) -> Self {
        Self::Once(schedule)
    }
}

impl From<RecurringTimerSchedule> for TimerSchedule {
    fn from(schedule: RecurringTimerSchedule) -> Self {
        Self::Recurring(schedule)
    }
}

/// One run.
#[model]
pub struct OnceTimerSchedule {
    /// `once`.
    #[wire("type")]
    pub schedule_type: Option<String>,
    /// When; at once if absent.
    pub datetime: Option<ScheduleTime>,
}

impl OnceTimerSchedule {
    /// One run, at once.
    pub fn new() -> Self {
        Self {
            schedule_type: Some("once".to_owned()),
            ..Self::default()
        }
    }

    /// One run, at this time, which is text or a time.
    pub fn at(datetime: impl Into<ScheduleTime>) -> Self {
        Self {
            datetime: Some(datetime.into()),
            ..Self::new()
        }
    }
}

/// Runs again and again, until something ends them.
///
/// ```
/// # use globus_sdk::services::timers::{RecurringTimerSchedule, TimerEnd};
/// // Each night, ten times.
/// let nightly = RecurringTimerSchedule {
///     start: Some("2030-01-01T02:00:00+00:00".into()),
///     end: Some(TimerEnd::iterations(10)),
///     ..RecurringTimerSchedule::new(24 * 60 * 60)
/// };
/// # assert_eq!(nightly.interval_seconds, Some(86400));
/// ```
#[model]
pub struct RecurringTimerSchedule {
    /// `recurring`.
    #[wire("type")]
    pub schedule_type: Option<String>,
    /// Seconds from the beginning of one run to that of the next: a minute to a year.
    pub interval_seconds: Option<u64>,
    /// When the first run begins; at once if absent.
    pub start: Option<ScheduleTime>,
    /// What ends it; nothing if absent.
    pub end: Option<TimerEnd>,
}

impl RecurringTimerSchedule {
    /// Runs that begin now, `interval_seconds` apart, and are not ended by themselves.
    pub fn new(interval_seconds: u64) -> Self {
        Self {
            schedule_type: Some("recurring".to_owned()),
            interval_seconds: Some(interval_seconds),
            ..Self::default()
        }
    }
}

/// What ends a timer.
#[model]
pub struct TimerEnd {
    /// What kind of end it is.
    pub condition: Option<TimerEndCondition>,
    /// After how many runs.
    pub count: Option<u64>,
    /// At what time.
    pub datetime: Option<ScheduleTime>,
}

impl TimerEnd {
    /// An end after so many runs.
    pub fn iterations(count: u64) -> Self {
        Self {
            condition: Some(TimerEndCondition::Iterations),
            count: Some(count),
            ..Self::default()
        }
    }

    /// An end at this time, which is text or a time.
    pub fn time(datetime: impl Into<ScheduleTime>) -> Self {
        Self {
            condition: Some(TimerEndCondition::Time),
            datetime: Some(datetime.into()),
            ..Self::default()
        }
    }
}

/// Kinds of ends.
#[model]
pub enum TimerEndCondition {
    /// A number of runs.
    Iterations,
    /// A moment.
    Time,
}
