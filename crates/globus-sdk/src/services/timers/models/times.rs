//! Times as the service reads them.

use std::fmt;
use std::time::SystemTime;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

macro_rules! times {
    ($($(#[doc = $doc:literal])+ $name:ident)+) => {$(
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text that is sent.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }

        /// In UTC.
        impl From<Timestamp> for $name {
            fn from(time: Timestamp) -> Self {
                time.to_zoned(TimeZone::UTC).into()
            }
        }

        /// In UTC. Times beyond the year 9999 become the last moment before it.
        impl From<SystemTime> for $name {
            fn from(time: SystemTime) -> Self {
                Timestamp::try_from(time).unwrap_or(Timestamp::MAX).into()
            }
        }
    )+};
}

times! {
    /// A time of a schedule: `2030-01-02T03:04:05+00:00`, in whole seconds and with an offset from UTC.
    ///
    /// Made of text, which is sent as it is, or of a time. A civil time is one of this machine's zone.
    ///
    /// ```
    /// # use globus_sdk::services::timers::ScheduleTime;
    /// # use std::time::{Duration, SystemTime};
    /// let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_767_225_600_500);
    /// assert_eq!(ScheduleTime::from(time).as_str(), "2026-01-01T00:00:00+00:00");
    /// ```
    ScheduleTime

    /// A time of a [`TimerJob`](super::TimerJob): `2030-01-02T03:04:05`, with parts of a second where there are some.
    ///
    /// Made of text, which is sent as it is, or of a time. A civil time is sent without an offset, which the service takes
    /// for UTC.
    JobTime
}

/// With the offset of its zone.
impl From<Zoned> for ScheduleTime {
    fn from(time: Zoned) -> Self {
        Self(time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
    }
}

/// In UTC; the time is one of this machine's zone.
impl From<DateTime> for ScheduleTime {
    fn from(time: DateTime) -> Self {
        let here = time.to_zoned(TimeZone::system());
        here.map_or(Timestamp::MAX, |here| here.timestamp()).into()
    }
}

/// With the offset of its zone.
impl From<Zoned> for JobTime {
    fn from(time: Zoned) -> Self {
        let Self(civil) = time.datetime().into();
        Self(format!("{civil}{}", time.strftime("%:z")))
    }
}

/// Without an offset.
impl From<DateTime> for JobTime {
    fn from(time: DateTime) -> Self {
        // Microseconds, and none where there are none.
        let format = if time.subsec_nanosecond() < 1000 {
            "%Y-%m-%dT%H:%M:%S"
        } else {
            "%Y-%m-%dT%H:%M:%S%.6f"
        };
        Self(time.strftime(format).to_string())
    }
}
