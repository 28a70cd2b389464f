//! Tasks: what was submitted, how far it has come, what happened.

pub(crate) mod checksum;
mod copy;
pub(crate) mod documents;
pub(crate) mod engine;
pub(crate) mod mishap;
pub(crate) mod pause;
mod remove;
pub(crate) mod report;

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use cap_std::fs::Dir;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use self::checksum::Algorithm;
use self::pause::Standstill;
use self::report::description;
use super::glob;
use super::path::FilePath;
use super::storage::{Root, Storage};

/// How long a task may take that has no deadline of its own.
pub(crate) const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// How long a transfer may take from when it last got something done.
const MORE_PATIENCE: SignedDuration = SignedDuration::from_hours(72);
/// How long a task that stands still may wait for somebody to let it go on.
const LONGEST_STANDSTILL: SignedDuration = SignedDuration::from_hours(90 * 24);
/// How often, in real time, a task at work is written down: so long after the last time, and so much longer for each row.
const NOTE: Duration = Duration::from_millis(50);
const NOTE_OF_ROW: Duration = Duration::from_micros(50);
/// How many events of a task are kept.
const MOST_EVENTS: usize = 1_000;

/// A word that the service has for something; one of ours, or one that was loaded.
pub(crate) type Word = Cow<'static, str>;

/// What a task does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Kind {
    Transfer,
    Delete,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Transfer => "TRANSFER",
            Self::Delete => "DELETE",
        }
    }
}

/// What becomes of links that are found below a recursive item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Symlinks {
    #[default]
    Ignore,
    Keep,
    Copy,
}

impl Symlinks {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ignore => "ignore",
            Self::Keep => "keep",
            Self::Copy => "copy",
        }
    }
}

/// When a file that is there already is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SyncLevel {
    Exists,
    Size,
    Modified,
    Checksum,
}

/// Which of the things that a recursive item finds are transferred; the first rule that fits decides.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct FilterRule {
    pub(crate) include: bool,
    /// Of folders only, or of all but folders only.
    pub(crate) folders: Option<bool>,
    pub(crate) name: String,
}

/// Whether the rules let something through.
fn passes(rules: &[FilterRule], name: &str, is_folder: bool) -> bool {
    let of_kind = |rule: &&FilterRule| rule.folders.is_none_or(|folders| folders == is_folder);
    let mut rules = rules.iter().filter(of_kind);
    rules
        .find(|rule| glob::fits(&rule.name, name))
        .is_none_or(|rule| rule.include)
}

/// How a transfer is done.
#[allow(clippy::struct_excessive_bools, reason = "they are independent of each other")]
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Options {
    pub(crate) sync_level: Option<SyncLevel>,
    pub(crate) encrypt_data: bool,
    pub(crate) verify_checksum: bool,
    pub(crate) preserve_timestamp: bool,
    pub(crate) delete_destination_extra: bool,
    pub(crate) symlinks: Symlinks,
    pub(crate) skip_source_errors: bool,
    pub(crate) fail_on_quota_errors: bool,
    pub(crate) filter_rules: Option<Vec<FilterRule>>,
}

/// A collection as a caller finds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) id: Uuid,
    pub(crate) name: String,
    /// `u_...#id`, the name of former times.
    pub(crate) canonical: String,
    /// What errors name as the server.
    pub(crate) server: String,
    pub(crate) root: Root,
    /// The caller's home folder, names joined by slashes.
    pub(crate) home: String,
    /// The account that the caller is mapped to.
    pub(crate) user: String,
    /// What it is part of: itself, its host, the endpoint of both.
    pub(crate) within: Vec<Uuid>,
}

impl Place {
    /// Opens its folder, in which the caller's home folder is made if it is not there.
    pub(crate) fn open(&self, storage: &Storage) -> io::Result<Dir> {
        let dir = storage.open(&self.root)?;
        if !self.home.is_empty() {
            dir.create_dir_all(&self.home)?;
        }
        Ok(dir)
    }
}

/// Some of the ends of a task; a delete has a source only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    pub(crate) source: bool,
    pub(crate) destination: bool,
}

impl Ends {
    pub(crate) const BOTH: Self = Self {
        source: true,
        destination: true,
    };

    pub(crate) fn any(self) -> bool {
        self.source || self.destination
    }

    pub(crate) fn name(self) -> &'static str {
        match (self.source, self.destination) {
            (true, true) => "BOTH",
            (true, false) => "SOURCE",
            (false, _) => "DESTINATION",
        }
    }

    /// A row without the paths of other ends.
    pub(crate) fn shown(self, mut row: Value) -> Value {
        for (name, seen) in [("source_path", self.source), ("destination_path", self.destination)] {
            if !seen {
                row[name] = Value::Null;
            }
        }
        row
    }
}

/// Something to transfer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Item {
    pub(crate) source: FilePath,
    pub(crate) destination: FilePath,
    pub(crate) recursive: Option<bool>,
    /// The link itself and not what it leads to.
    pub(crate) symlink: bool,
    pub(crate) checksum: Option<String>,
    pub(crate) algorithm: Algorithm,
}

/// What there is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Work {
    Transfer {
        source: Arc<Place>,
        destination: Arc<Place>,
        items: Vec<Item>,
        options: Options,
    },
    Delete {
        place: Arc<Place>,
        paths: Vec<FilePath>,
        recursive: bool,
        ignore_missing: bool,
        interpret_globs: bool,
    },
}

/// A piece of the work: an item, or something found below one.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Unit {
    item: usize,
    source: FilePath,
    destination: FilePath,
    /// Is the item itself.
    top: bool,
    /// Was counted, before it failed.
    known: bool,
    /// Was written in part, before it failed: what is there says nothing about the source.
    begun: bool,
}

impl Work {
    /// The same, of which a part may have been done; `None` where that makes no difference.
    fn begun(&self) -> Option<Self> {
        match self {
            Self::Transfer { .. } => None,
            Self::Delete {
                place,
                paths,
                recursive,
                interpret_globs,
                ..
            } => Some(Self::Delete {
                place: Arc::clone(place),
                paths: paths.clone(),
                recursive: *recursive,
                // What was there may be gone because of this task.
                ignore_missing: true,
                interpret_globs: *interpret_globs,
            }),
        }
    }

    fn units(&self) -> Vec<Unit> {
        let unit = |(item, (source, destination)): (usize, (&FilePath, &FilePath))| Unit {
            item,
            source: source.clone(),
            destination: destination.clone(),
            top: true,
            known: false,
            begun: false,
        };
        // They are taken from the end.
        let mut units: Vec<Unit> = match self {
            Self::Transfer { items, .. } => {
                let pairs = items.iter().map(|item| (&item.source, &item.destination));
                pairs.enumerate().map(unit).collect()
            }
            Self::Delete { paths, .. } => paths.iter().map(|path| (path, path)).enumerate().map(unit).collect(),
        };
        units.reverse();
        units
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Active,
    Succeeded,
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
        }
    }
}

/// Where an active task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Queued,
    Running,
    /// Something failed, which is tried again then.
    Waiting(Timestamp),
    /// The work is done, and the task is about to end this way.
    Worked(Status),
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Counts {
    pub(crate) files: u64,
    pub(crate) directories: u64,
    pub(crate) symlinks: u64,
    pub(crate) files_skipped: u64,
    pub(crate) files_transferred: u64,
    pub(crate) bytes_transferred: u64,
    pub(crate) bytes_checksummed: u64,
    pub(crate) faults: u64,
    pub(crate) total: u64,
    pub(crate) succeeded: u64,
    pub(crate) retrying: u64,
    pub(crate) failed: u64,
    pub(crate) canceled: u64,
    pub(crate) expired: u64,
    pub(crate) skipped: u64,
}

impl Counts {
    pub(crate) fn pending(&self) -> u64 {
        let known = self.succeeded + self.retrying + self.failed + self.canceled + self.expired + self.skipped;
        self.total.saturating_sub(known)
    }
}

/// Something that happened to a task.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Event {
    pub(crate) code: Word,
    pub(crate) is_error: bool,
    pub(crate) details: String,
    pub(crate) time: Timestamp,
}

/// A file that was transferred.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Done {
    pub(crate) source: FilePath,
    pub(crate) destination: FilePath,
    pub(crate) size: u64,
    pub(crate) checksum: Option<(Algorithm, String)>,
}

/// Something that was left out after an error.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Skipped {
    pub(crate) code: Word,
    pub(crate) details: String,
    pub(crate) time: Timestamp,
    pub(crate) source: FilePath,
    pub(crate) destination: FilePath,
    pub(crate) is_directory: bool,
    pub(crate) is_symlink: bool,
    pub(crate) checksum: Option<String>,
    pub(crate) algorithm: Option<Algorithm>,
}

/// A task.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) id: Uuid,
    /// How many tasks were submitted before.
    number: usize,
    pub(crate) owner: Uuid,
    /// The id of its submission.
    key: Uuid,
    /// The owner and those linked to them, when they submitted it.
    pub(crate) identities: Vec<Uuid>,
    pub(crate) kind: Kind,
    pub(crate) label: Option<String>,
    pub(crate) requested: Timestamp,
    pub(crate) completed: Option<Timestamp>,
    pub(crate) deadline: Timestamp,
    /// The owner has set the deadline.
    pub(crate) is_deadline_own: bool,
    pub(crate) source: Arc<Place>,
    pub(crate) destination: Option<Arc<Place>>,
    pub(crate) options: Options,
    pub(crate) status: Status,
    stage: Stage,
    /// Was shown as active.
    seen: bool,
    /// Gone once the task has ended. It has a table of its own, since it is large and does not change.
    #[serde(skip)]
    work: Option<Arc<Work>>,
    /// What is to be done, the next last; while the task is at work, that is what it is at.
    units: Vec<Unit>,
    /// What failed, to be tried again.
    left: Vec<Unit>,
    /// The bytes that were transferred and those that were summed up before it began with what it is at.
    before: (u64, u64),
    /// When, by the machine's clock, this was last noted to be written down: at its submission, and while it is at work.
    noted: Option<Timestamp>,
    /// That time, of a task that an emulator was at which has ended since: what has changed at the destination from then on
    /// may have been begun.
    #[serde(skip)]
    since: Option<Timestamp>,
    /// When it is to be noted again.
    #[serde(skip)]
    next_note: Option<Instant>,
    pub(crate) counts: Counts,
    pub(crate) events: Vec<Event>,
    pub(crate) done: Vec<Done>,
    pub(crate) skipped: Vec<Skipped>,
    /// Why it does not get on at present.
    pub(crate) trouble: Option<Word>,
    pub(crate) standstill: Standstill,
    pub(crate) fatal: Option<(Word, String)>,
    /// The owner does not want to see it in lists any more.
    pub(crate) is_removed: bool,
    /// Whose managers have canceled it, `SOURCE`, `DESTINATION` or `BOTH`, and what they said.
    pub(crate) canceled_by: Option<(Word, String)>,
}

impl Task {
    pub(crate) fn is_active(&self) -> bool {
        self.status == Status::Active
    }

    /// Whether it reads or changes what is on a collection.
    pub(crate) fn uses(&self, collection: Uuid) -> bool {
        self.source.id == collection || self.destination.as_ref().is_some_and(|place| place.id == collection)
    }

    pub(crate) fn is_queued(&self) -> bool {
        self.is_active() && self.stage == Stage::Queued
    }

    /// Gives a transfer more time, unless its owner has set a deadline.
    fn put_off(&mut self, by: SignedDuration, now: Timestamp) {
        if self.kind == Kind::Transfer && !self.is_deadline_own {
            let later = now.checked_add(by).unwrap_or(now);
            self.deadline = self.deadline.max(later);
        }
    }

    fn add_event(&mut self, code: impl Into<Word>, is_error: bool, details: String, time: Timestamp) {
        if self.events.len() < MOST_EVENTS || !is_error {
            self.events.push(Event {
                code: code.into(),
                is_error,
                details,
                time,
            });
        }
    }

    /// Goes on, after the emulator was ended that was at it, with what was not done when it was last written down. What it
    /// was at begins anew. It may have begun since then, unless tasks were `held`.
    fn resume(&mut self, work: Option<Arc<Work>>, held: bool) {
        self.work = work;
        let may_have_begun = match self.stage {
            Stage::Queued => !held && !self.stands_still(),
            Stage::Running | Stage::Waiting(_) => true,
            Stage::Worked(_) => false,
        };
        if !self.is_active() || !may_have_begun {
            return;
        }
        self.since = self.noted;
        if self.stage == Stage::Running {
            // At once.
            self.stage = Stage::Waiting(self.requested);
            self.gather();
            (self.counts.bytes_transferred, self.counts.bytes_checksummed) = self.before;
        }
        if let Some(work) = self.work.as_deref().and_then(Work::begun) {
            self.work = Some(Arc::new(work));
        }
    }

    /// Puts what failed back to what is to be done, before the rest.
    fn gather(&mut self) {
        self.units.extend(self.left.drain(..).rev());
    }

    /// Whether it is time to write down how far it has come. A task with much to write down does so less often.
    fn is_to_be_noted(&mut self) -> bool {
        let now = Instant::now();
        if self.next_note.is_some_and(|next| now < next) {
            return false;
        }
        let rows = self.units.len() + self.left.len() + self.done.len() + self.skipped.len();
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        self.next_note = Some(now + NOTE + NOTE_OF_ROW.saturating_mul(rows));
        self.noted = Some(Timestamp::now());
        true
    }

    /// Ends the task.
    fn end(&mut self, status: Status, time: Timestamp) {
        self.status = status;
        self.completed.get_or_insert(time);
        self.trouble = None;
        self.standstill = Standstill::default();
        self.work = None;
        self.units = Vec::new();
        self.left = Vec::new();
        self.counts.retrying = 0;
    }

    /// Ends the task before it is done.
    fn end_early(&mut self, code: &'static str, time: Timestamp) {
        self.counts.retrying = 0;
        let rest = self.counts.pending();
        match code {
            "CANCELED" => self.counts.canceled += rest,
            _ => self.counts.expired += rest,
        }
        let description = description(code);
        self.fatal = Some((code.into(), description.clone()));
        self.add_event(code, true, description, time);
        self.end(Status::Failed, time);
    }

    /// Ends the task as one that has failed.
    pub(crate) fn fail(&mut self, code: Word, details: String, time: Timestamp) {
        self.counts.faults += 1;
        self.counts.retrying = 0;
        self.counts.failed += self.counts.pending();
        self.add_event(code.clone(), true, details.clone(), time);
        self.fatal = Some((code, details));
        self.end(Status::Failed, time);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rule = |include, folders, name: &str| FilterRule {
            include,
            folders,
            name: name.to_owned(),
        };
        let rules = [
            rule(true, Some(false), "*.txt"),
            rule(false, None, "*.txt"),
            rule(false, Some(true), "tmp"),
        ];
        assert!(passes(&rules, "a.txt", false));
        assert!(!passes(&rules, "a.txt", true));
        assert!(!passes(&rules, "tmp", true));
        assert!(passes(&rules, "tmp", false));
        assert!(passes(&[], "x", false));
    }
}
