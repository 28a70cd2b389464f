//! What goes wrong with tasks because a test wants it to.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Place;
use super::report::{Failure, Report, Side, Trouble};
use crate::control::faults::fits;
use crate::control::times::Times;
use crate::services::transfer::path::FilePath;

/// Something that goes wrong with files of tasks.
///
/// ```
/// use globus_emulator::Mishap;
///
/// let full = Mishap::new("QUOTA_EXCEEDED").path("/big/*").times(2);
/// # let _ = full;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct Mishap {
    code: String,
    #[serde(default)]
    collection: Option<Uuid>,
    #[serde(default)]
    path: Option<String>,
    #[serde(default)]
    times: Times,
    #[serde(default)]
    fatal: bool,
    #[serde(default)]
    details: Option<String>,
}

impl Mishap {
    /// What the next file of any task meets, once: an error with a code, such as `PERMISSION_DENIED`, `CONNECT_FAILED` or
    /// `QUOTA_EXCEEDED`. The task makes a note of it and tries again half a minute later. `FILE_NOT_FOUND` ends the task,
    /// unless it skips errors at its source; `VERIFY_CHECKSUM` and `FILE_SIZE_CHANGED` happen after a file was copied.
    pub fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            collection: None,
            path: None,
            times: Times::default(),
            fatal: false,
            details: None,
        }
    }

    /// Only on this collection; an id that is none leaves it to happen anywhere.
    pub fn collection(mut self, id: &str) -> Self {
        self.collection = Uuid::parse_str(id).ok();
        self
    }

    /// Only to paths that fit a pattern, in which `*` stands for any characters. A path begins with `/` or `/~/`, as it
    /// was submitted.
    pub fn path(mut self, pattern: &str) -> Self {
        self.path = Some(pattern.to_owned());
        self
    }

    /// So many times.
    pub fn times(mut self, times: u32) -> Self {
        self.times = Times(Some(times));
        self
    }

    /// Again and again, until it is cleared.
    pub fn always(mut self) -> Self {
        self.times = Times(None);
        self
    }

    /// Ends the task as failed.
    pub fn fatal(mut self) -> Self {
        self.fatal = true;
        self
    }

    /// What the event of the task says.
    pub fn details(mut self, details: &str) -> Self {
        self.details = Some(details.to_owned());
        self
    }

    /// Whether it happens once a file was copied.
    fn is_late(&self) -> bool {
        matches!(self.code.as_str(), "VERIFY_CHECKSUM" | "FILE_SIZE_CHANGED")
    }

    fn meets(&self, place: &Place, path: &FilePath, late: bool) -> bool {
        self.is_late() == late
            && self.collection.is_none_or(|id| id == place.id)
            && self
                .path
                .as_deref()
                .is_none_or(|pattern| fits(pattern.as_bytes(), path.text().as_bytes()))
    }

    fn failure(&self, path: &FilePath, side: Side) -> Failure {
        let source = side == Side::Source;
        let words = || format!("{}: {}", super::description(&self.code), path.text());
        Failure {
            fatal: self.fatal || (self.code == "FILE_NOT_FOUND" && source),
            skippable: source
                && matches!(
                    self.code.as_str(),
                    "FILE_NOT_FOUND" | "PERMISSION_DENIED" | "AMBIGUOUS_PATH"
                ),
            details: self.details.clone().unwrap_or_else(words),
            code: self.code.clone().into(),
        }
    }
}

impl Report<'_> {
    /// Something that goes wrong with a path, before it is worked on or after it was copied, if a test wants it to.
    pub(super) fn mishap(&self, place: &Place, path: &FilePath, side: Side, late: bool) -> Result<(), Trouble> {
        let mut board = self.inner.board();
        if board.mishaps.is_empty() {
            return Ok(());
        }
        let Some(at) = board.mishaps.iter().position(|row| row.meets(place, path, late)) else {
            return Ok(());
        };
        let row = &mut board.mishaps[at];
        let failure = row.failure(path, side);
        if row.times.count() {
            drop(board.mishaps.remove(at));
        }
        Err(Trouble::Failed(failure))
    }
}
