//! [`Deadline`]: when a task is given up.

use std::fmt;
use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

/// When a task is given up, as the service reads it: `2026-03-01 09:30:00+00:00`.
///
/// Made of text, which is sent as it is, or of a time. A time without an offset is best avoided: the service decides then
/// what it means.
///
/// ```
/// # use std::time::{Duration, SystemTime};
/// # use globus_sdk::services::transfer::Deadline;
/// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_500);
/// assert_eq!(Deadline::from(time).as_str(), "2026-01-01 00:00:00.500000+00:00");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Deadline(String);

impl Deadline {
    /// The text that is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for Deadline {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Deadline {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// Without an offset.
impl From<DateTime> for Deadline {
    fn from(time: DateTime) -> Self {
        // Microseconds, and none where there are none.
        let format = if time.subsec_nanosecond() < 1000 {
            "%Y-%m-%d %H:%M:%S"
        } else {
            "%Y-%m-%d %H:%M:%S%.6f"
        };
        Self(time.strftime(format).to_string())
    }
}

/// With the offset of its zone.
impl From<Zoned> for Deadline {
    fn from(time: Zoned) -> Self {
        let Self(civil) = time.datetime().into();
        Self(format!("{civil}{}", time.strftime("%:z")))
    }
}

/// In UTC.
impl From<Timestamp> for Deadline {
    fn from(time: Timestamp) -> Self {
        time.to_zoned(jiff::tz::TimeZone::UTC).into()
    }
}

/// In UTC. Times beyond the year 9999 become the last moment before it.
impl From<SystemTime> for Deadline {
    fn from(time: SystemTime) -> Self {
        Timestamp::try_from(time).unwrap_or(Timestamp::MAX).into()
    }
}
