//! What the work of a task tells about itself, and what it is told.

use std::io;

use jiff::SignedDuration;

use super::engine::Inner;
use super::{Done, Skipped, Status, Task, Unit, Word, Work};
use crate::services::transfer::path::FilePath;
use crate::services::transfer::storage;

/// After how long something that failed is tried again.
pub(crate) const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// What it is called that the computer of a collection is switched off.
pub(super) const AWAY: &str = "GC_NOT_CONNECTED";

/// Why a piece of work was not done.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// The task has ended, or the emulator has.
    Stop,
    /// The task stands still: what is left is done when it goes on.
    Rest,
    Failed(Failure),
}

#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) code: Word,
    pub(crate) details: String,
    /// It would fail again.
    pub(crate) fatal: bool,
    /// The source is to blame, so that it can be skipped.
    pub(crate) skippable: bool,
}

/// Which end of a transfer something happened at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Source,
    Destination,
}

/// A failure that trying again does not mend.
pub(crate) fn fatal(code: impl Into<Word>, details: String) -> Trouble {
    Trouble::Failed(Failure {
        code: code.into(),
        details,
        fatal: true,
        skippable: false,
    })
}

/// A failure that may pass.
pub(crate) fn passing(code: impl Into<Word>, details: String) -> Trouble {
    Trouble::Failed(Failure {
        code: code.into(),
        details,
        fatal: false,
        skippable: false,
    })
}

/// What an error of the file system means.
pub(crate) fn of_io(side: Side, path: &FilePath, error: &io::Error) -> Trouble {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied, QuotaExceeded, StorageFull};

    let path = path.text();
    let (code, fatal, details) = match (error.kind(), side) {
        (NotFound | NotADirectory, Side::Source) => {
            ("FILE_NOT_FOUND", true, format!("No such file or directory: {path}"))
        }
        (PermissionDenied, _) if storage::is_escape(error) => {
            ("PERMISSION_DENIED", false, format!("Path not allowed: {path}"))
        }
        (PermissionDenied, _) => ("PERMISSION_DENIED", false, format!("Permission denied: {path}")),
        (StorageFull | QuotaExceeded, _) => ("QUOTA_EXCEEDED", false, format!("No space left: {path}")),
        _ => ("ENDPOINT_ERROR", false, format!("{error}: {path}")),
    };
    Trouble::Failed(Failure {
        code: code.into(),
        details,
        fatal,
        skippable: side == Side::Source && matches!(code, "FILE_NOT_FOUND" | "PERMISSION_DENIED"),
    })
}

/// What came of something that was done.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What is to be done next, the first last.
    pub(super) below: Vec<Unit>,
    /// The file that was transferred.
    pub(super) done: Option<Done>,
    /// The destination was like the source already.
    pub(super) in_step: bool,
}

/// How a task's work speaks of itself.
pub(crate) struct Report<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) id: uuid::Uuid,
}

impl Report<'_> {
    /// Whether the work is still wanted.
    pub(crate) fn go_on(&self) -> Result<(), Trouble> {
        self.tell(|_| ())
    }

    /// Whether the task may go on, and the computers of its collections are switched on.
    pub(super) fn reach(&self) -> Result<(), Trouble> {
        let board = self.inner.board();
        if board.tasks.get(&self.id).is_some_and(Task::stands_still) {
            return Err(Trouble::Rest);
        }
        match board.away(self.id) {
            Some(place) => {
                let details = format!("{} ({}) is not connected to Globus", place.name, place.id);
                Err(passing(AWAY, details))
            }
            None => Ok(()),
        }
    }

    /// Changes the task, if its work is still wanted.
    pub(crate) fn tell(&self, change: impl FnOnce(&mut Task)) -> Result<(), Trouble> {
        let mut board = self.inner.board();
        let now = self.inner.time.now();
        if board.closed {
            return Err(Trouble::Stop);
        }
        let task = board.tasks.quiet_mut(&self.id).ok_or(Trouble::Stop)?;
        if !task.is_active() {
            return Err(Trouble::Stop);
        }
        if now >= task.deadline {
            task.end_early("EXPIRED", now);
            board.tasks.touch(&self.id);
            return Err(Trouble::Stop);
        }
        change(task);
        Ok(())
    }

    /// What is to be done next. It stays on the pile while it is being done, and the task could be written down at any time.
    pub(super) fn next(&self) -> Result<Option<Unit>, Trouble> {
        let mut next = None;
        self.tell(|task| {
            task.before = (task.counts.bytes_transferred, task.counts.bytes_checksummed);
            next = task.units.last().cloned();
        })?;
        Ok(next)
    }

    /// The end of what was next, and what it changes, all at once.
    fn pass(&self, change: impl FnOnce(&mut Task)) -> Result<(), Trouble> {
        let mut is_to_be_noted = false;
        self.tell(|task| {
            task.units.pop();
            change(task);
            task.before = (task.counts.bytes_transferred, task.counts.bytes_checksummed);
            is_to_be_noted = task.is_to_be_noted();
        })?;
        if is_to_be_noted {
            self.inner.board().tasks.touch(&self.id);
        }
        Ok(())
    }

    /// What was next is done, which counts so often, and there may be more to do in its place.
    pub(super) fn done(&self, count: u64, outcome: Outcome) -> Result<(), Trouble> {
        let now = self.inner.time.now();
        self.pass(|task| {
            task.counts.succeeded += count;
            task.counts.total += outcome.below.len() as u64;
            task.units.extend(outcome.below);
            task.counts.files_skipped += u64::from(outcome.in_step);
            if let Some(done) = outcome.done {
                task.counts.files_transferred += 1;
                task.done.push(done);
                task.put_off(super::MORE_PATIENCE, now);
            }
        })
    }

    /// What was next is tried again later, since something went wrong that passes; so is all the rest if nothing could be
    /// reached.
    pub(super) fn later(&self, unit: Unit, failure: &Failure) -> Result<(), Trouble> {
        let now = self.inner.time.now();
        self.pass(|task| {
            task.fault(failure, now);
            if failure.code == AWAY {
                task.units.push(unit);
            } else {
                task.left.push(unit);
            }
        })
    }

    /// What was next is done when the task goes on, as far as it is not done yet.
    pub(super) fn rest(&self, unit: Unit) -> Result<(), Trouble> {
        self.pass(|task| task.units.push(unit))
    }

    /// Something that passes, before anything was begun.
    pub(super) fn fault(&self, failure: &Failure) -> Result<(), Trouble> {
        let now = self.inner.time.now();
        self.tell(|task| task.fault(failure, now))
    }

    /// What was next is left out.
    pub(super) fn skip(&self, unit: &Unit, failure: &Failure) -> Result<(), Trouble> {
        let now = self.inner.time.now();
        self.pass(|task| {
            let item = match task.work.as_deref() {
                Some(Work::Transfer { items, .. }) => items.get(unit.item).cloned(),
                _ => None,
            };
            let checksum = item
                .as_ref()
                .filter(|_| unit.top)
                .and_then(|item| item.checksum.clone());
            task.counts.files_skipped += 1;
            task.counts.skipped += 1;
            if unit.top {
                task.counts.total += u64::from(!unit.known);
                task.counts.succeeded += 1;
            }
            let algorithm = checksum.as_ref().and_then(|_| item.as_ref().map(|item| item.algorithm));
            task.skipped.push(Skipped {
                code: failure.code.clone(),
                details: failure.details.clone(),
                time: now,
                source: unit.source.clone(),
                destination: unit.destination.clone(),
                is_directory: unit.source.is_folder,
                is_symlink: item.is_some_and(|item| item.symlink),
                checksum,
                algorithm,
            });
        })
    }

    /// The end of an attempt: with something left to be tried again, or of the work.
    pub(super) fn finish(&self, outcome: Result<(), Trouble>) {
        let now = self.inner.time.now();
        self.inner.board().tasks.touch(&self.id);
        // An error means that there is nobody left to tell.
        let _ = self.tell(|task| match outcome {
            // Those who rest have kept what is left.
            Err(Trouble::Stop | Trouble::Rest) => {}
            Err(Trouble::Failed(failure)) => {
                task.counts.faults += 1;
                task.counts.retrying = 0;
                task.counts.failed += task.counts.pending();
                task.add_event(failure.code.clone(), true, failure.details.clone(), now);
                task.fatal = Some((failure.code, failure.details));
                task.worked(Status::Failed, now);
            }
            Ok(()) if !(task.units.is_empty() && task.left.is_empty()) => {
                let pause = if task.stands_still() {
                    SignedDuration::ZERO
                } else {
                    PAUSE
                };
                let again = now.checked_add(pause).unwrap_or(now);
                task.gather();
                task.stage = super::Stage::Waiting(again);
            }
            Ok(()) => {
                if !task.skipped.is_empty() {
                    let details = format!("{} paths were skipped", task.skipped.len());
                    task.add_event("SKIPPED_ERRORS", false, details, now);
                }
                task.counts.succeeded = task.counts.total - task.counts.skipped;
                let details = progress(task);
                task.add_event("PROGRESS", false, details.clone(), now);
                task.add_event("SUCCEEDED", false, details, now);
                task.worked(Status::Succeeded, now);
            }
        });
    }
}

impl Task {
    fn fault(&mut self, failure: &Failure, time: jiff::Timestamp) {
        self.counts.faults += 1;
        self.counts.retrying += 1;
        self.trouble = Some(failure.code.clone());
        self.add_event(failure.code.clone(), true, failure.details.clone(), time);
    }

    /// The work has ended; the task ends when that may be seen.
    fn worked(&mut self, status: Status, time: jiff::Timestamp) {
        self.units = Vec::new();
        self.left = Vec::new();
        self.completed = Some(time);
        self.stage = super::Stage::Worked(status);
    }
}

fn progress(task: &Task) -> String {
    serde_json::json!({
        "bytes_transferred": task.counts.bytes_transferred,
        "files_succeeded": task.counts.files_transferred,
    })
    .to_string()
}

/// What an error or an event is called in words.
pub(crate) fn description(code: &str) -> String {
    match code {
        AWAY => "globus connect not connected".to_owned(),
        code => code.to_lowercase().replace('_', " "),
    }
}
