//! Cases of the clients of `services::timers`.

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {};

pub(super) const FURTHER: &[Further] = &[];
