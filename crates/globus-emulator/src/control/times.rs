//! How often something that a test asked for happens.

use serde::{Deserialize, Serialize};

/// So many times more; `null`: until it is cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Times(pub(crate) Option<u32>);

impl Default for Times {
    /// Once.
    fn default() -> Self {
        Self(Some(1))
    }
}

impl Times {
    /// Whether it does not happen any more.
    pub(crate) fn are_over(self) -> bool {
        self.0 == Some(0)
    }

    /// It happened; says whether that was the last time.
    pub(crate) fn count(&mut self) -> bool {
        self.0 = self.0.map(|left| left.saturating_sub(1));
        self.are_over()
    }
}
