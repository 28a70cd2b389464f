//! The emulator's time: real unless asked otherwise, and movable.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// What the emulator takes for the time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clock {
    /// The machine's clock, shifted by what [`Emulator::advance`](crate::Emulator::advance) was told.
    #[default]
    Real,
    /// Starts at the given time and moves only when told to. Identifiers and tokens then are the same in every run.
    Logical(Timestamp),
}

impl Clock {
    /// A logical clock that starts at 2026-01-01T00:00:00Z.
    pub fn logical() -> Self {
        Self::Logical(Timestamp::constant(1_767_225_600, 0))
    }
}

/// A clock and how far it was moved; clones move together.
#[derive(Debug, Clone)]
pub(crate) struct Time {
    base: Clock,
    offset: Arc<Mutex<SignedDuration>>,
}

impl Time {
    pub(crate) fn new(base: Clock) -> Self {
        Self {
            base,
            offset: Arc::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let base = match self.base {
            Clock::Real => Timestamp::now(),
            Clock::Logical(start) => start,
        };
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        base.saturating_add(offset).unwrap_or(base)
    }

    /// How far it was moved.
    pub(crate) fn offset(&self) -> SignedDuration {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_offset(&self, offset: SignedDuration) {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
    }

    /// When it started, if it moves only when told to.
    pub(crate) fn start(&self) -> Option<Timestamp> {
        match self.base {
            Clock::Real => None,
            Clock::Logical(start) => Some(start),
        }
    }

    /// Moves the clock forward; a move past what a timestamp can hold stops at its end.
    pub(crate) fn advance(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::MAX);
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset = offset.saturating_add(by);
    }

    /// Moves the clock back, for a moment.
    pub(crate) fn retreat(&self, by: Duration) {
        let by = SignedDuration::try_from(by).unwrap_or(SignedDuration::ZERO);
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        *offset = offset.saturating_sub(by);
    }

    /// Whether it moves only when told to.
    pub(crate) fn is_logical(&self) -> bool {
        self.base != Clock::Real
    }
}

/// `2026-01-01T00:00:00.000000+00:00`, the form of Auth, Groups and Flows.
pub(crate) fn micros(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S.%6f+00:00").to_string()
}

/// `2026-01-01T00:00:00+00:00`, the form of Transfer.
pub(crate) fn seconds(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}
