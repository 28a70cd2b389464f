//! [`SyncLevel`]: when a file on the destination counts as current.

use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Result};

/// When a file that is on the destination already counts as current and is not copied again.
///
/// On the wire it is a number. Source: <https://docs.globus.org/api/transfer/task_submit/#transfer_specific_fields>.
///
/// ```
/// # use globus_sdk::services::transfer::SyncLevel;
/// assert_eq!("checksum".parse::<SyncLevel>()?, SyncLevel::Checksum);
/// assert!("newest".parse::<SyncLevel>().is_err());
/// # Ok::<(), globus_sdk::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SyncLevel {
    /// 0: when it is there.
    Exists,
    /// 1: when its size is that of the source. What an interrupted copy left behind may have the right size.
    Size,
    /// 2: when it is not older than the source.
    Mtime,
    /// 3: when its content is that of the source, by checksums.
    Checksum,
    /// A number that this version of the SDK does not know.
    Other(i64),
}

impl SyncLevel {
    /// The number on the wire.
    pub const fn number(self) -> i64 {
        match self {
            Self::Exists => 0,
            Self::Size => 1,
            Self::Mtime => 2,
            Self::Checksum => 3,
            Self::Other(number) => number,
        }
    }
}

impl From<i64> for SyncLevel {
    fn from(number: i64) -> Self {
        match number {
            0 => Self::Exists,
            1 => Self::Size,
            2 => Self::Mtime,
            3 => Self::Checksum,
            other => Self::Other(other),
        }
    }
}

/// By name: `exists`, `size`, `mtime`, `checksum`, in lower case.
impl FromStr for SyncLevel {
    type Err = Error;
    fn from_str(name: &str) -> Result<Self> {
        Ok(match name {
            "exists" => Self::Exists,
            "size" => Self::Size,
            "mtime" => Self::Mtime,
            "checksum" => Self::Checksum,
            _ => {
                let message = format!("is `{}`; it is exists, size, mtime or checksum", name.escape_debug());
                return Err(Error::validation("`sync_level`", message));
            }
        })
    }
}

impl fmt::Display for SyncLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.pad("exists"),
            Self::Size => f.pad("size"),
            Self::Mtime => f.pad("mtime"),
            Self::Checksum => f.pad("checksum"),
            Self::Other(number) => fmt::Display::fmt(number, f),
        }
    }
}

impl Serialize for SyncLevel {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.number())
    }
}

impl<'de> Deserialize<'de> for SyncLevel {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = SyncLevel;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the number of a sync level")
            }
            fn visit_i64<E: serde::de::Error>(self, number: i64) -> std::result::Result<SyncLevel, E> {
                Ok(number.into())
            }
            fn visit_u64<E: serde::de::Error>(self, number: u64) -> std::result::Result<SyncLevel, E> {
                i64::try_from(number).map(Into::into).map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> std::result::Result<SyncLevel, E> {
                name.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Number)
    }
}
