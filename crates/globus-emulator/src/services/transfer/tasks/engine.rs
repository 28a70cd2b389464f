//! The queue of tasks and the threads that work on them. They have a lock of their own, so that nothing waits for a copy.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use uuid::Uuid;

use super::mishap::Mishap;
use super::pause::{PauseRule, Standstill};
use super::report::Report;
use super::{Kind, Place, Stage, Status, Task, Word, Work, copy, remove};
use crate::clock::Time;
use crate::services::transfer::storage::Storage;
use crate::state::{Kept, Table, Visit};

/// How many tasks of one kind are worked on at a time for one user.
const AT_ONCE: usize = 3;
/// How many tasks of one user may wait to be worked on.
pub(crate) const MOST_QUEUED: usize = 100;
/// How many threads work.
const MOST_THREADS: usize = 6;
/// How long somebody waits for work, in real time, and how long until they look again.
const LONGEST_REST: Duration = Duration::from_secs(30);
const MOMENT: Duration = Duration::from_millis(2);
/// How often a thread looks, in real time, whether something is to be tried again.
const GLANCE: Duration = Duration::from_secs(1);

/// Works on tasks.
pub(crate) struct Engine {
    inner: Arc<Inner>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

/// What the threads share.
pub(crate) struct Inner {
    board: Mutex<Board>,
    changed: Condvar,
    pub(crate) storage: Arc<Storage>,
    pub(crate) time: Time,
}

/// All tasks.
#[derive(Default)]
pub(crate) struct Board {
    pub(crate) tasks: Table<Uuid, Task>,
    /// What is left to do, by task.
    work: Table<Uuid, Arc<Work>>,
    /// In the order of their submission.
    order: Vec<Uuid>,
    /// Those that have not ended, in the same order.
    queue: VecDeque<Uuid>,
    /// By owner and submission id.
    submissions: HashMap<(Uuid, Uuid), Uuid>,
    /// Collections whose computers were switched off.
    away: BTreeSet<Uuid>,
    /// Rules by which managers pause tasks.
    pub(crate) rules: Table<Uuid, PauseRule>,
    /// What is to go wrong.
    pub(crate) mishaps: Kept<Vec<Mishap>>,
    /// No work is begun.
    held: Kept<bool>,
    pub(crate) closed: bool,
}

/// What became of a submission.
pub(crate) enum Submitted {
    Accepted,
    /// The task that was submitted before under the same id.
    Duplicate(Uuid),
    QueueFull,
}

/// What became of a wish to cancel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Canceled {
    Now,
    EndedBefore,
}

/// What a task is submitted with.
pub(crate) struct Submission {
    pub(crate) id: Uuid,
    pub(crate) owner: Uuid,
    /// The owner and those linked to them.
    pub(crate) identities: Vec<Uuid>,
    /// The id by which it is known again.
    pub(crate) key: Uuid,
    pub(crate) label: Option<String>,
    pub(crate) deadline: Option<Timestamp>,
    pub(crate) work: Work,
}

impl Submission {
    fn task(self, number: usize, now: Timestamp) -> Task {
        let (kind, source, destination, options) = match &self.work {
            Work::Transfer {
                source,
                destination,
                options,
                ..
            } => (Kind::Transfer, source, Some(destination), options.clone()),
            Work::Delete { place, .. } => (Kind::Delete, place, None, super::Options::default()),
        };
        let (source, destination) = (Arc::clone(source), destination.map(Arc::clone));
        let units = self.work.units();
        let latest = now.checked_add(super::PATIENCE).unwrap_or(now);
        Task {
            id: self.id,
            number,
            owner: self.owner,
            key: self.key,
            identities: self.identities,
            kind,
            label: self.label,
            requested: now,
            completed: None,
            deadline: self.deadline.unwrap_or(latest),
            is_deadline_own: self.deadline.is_some(),
            source,
            destination,
            options,
            status: Status::Active,
            stage: Stage::Queued,
            seen: false,
            counts: super::Counts {
                total: units.len() as u64,
                ..super::Counts::default()
            },
            units,
            left: Vec::new(),
            before: (0, 0),
            noted: Some(Timestamp::now()),
            since: None,
            next_note: None,
            work: Some(Arc::new(self.work)),
            events: Vec::new(),
            done: Vec::new(),
            skipped: Vec::new(),
            trouble: None,
            standstill: Standstill::default(),
            fatal: None,
            is_removed: false,
            canceled_by: None,
        }
    }
}

impl Inner {
    /// Waits until nothing but time keeps a task from going on, for somebody who makes up for time that has passed; says
    /// whether it came to that.
    pub(crate) fn rest(&self, id: Uuid) -> bool {
        self.rest_for(id, LONGEST_REST)
    }

    /// The same, for another time at most.
    pub(crate) fn rest_for(&self, id: Uuid, longest: Duration) -> bool {
        let end = Instant::now() + longest;
        let mut board = self.board();
        loop {
            let now = self.time.now();
            let works = board.tasks.get(&id).is_some_and(|task| {
                let due = match task.stage {
                    Stage::Queued | Stage::Running => true,
                    Stage::Waiting(until) => now >= until,
                    Stage::Worked(_) => false,
                };
                due && task.is_active() && !task.stands_still()
            });
            if !works || *board.held || board.closed {
                return true;
            }
            if Instant::now() > end {
                return false;
            }
            self.changed.notify_all();
            let waited = self.changed.wait_timeout(board, MOMENT);
            board = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    pub(crate) fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    pub(crate) fn new(time: Time, storage: Arc<Storage>) -> Self {
        Self {
            inner: Arc::new(Inner {
                board: Mutex::default(),
                changed: Condvar::new(),
                storage,
                time,
            }),
            threads: Mutex::default(),
        }
    }

    /// Where the files are, for work that is no task.
    pub(crate) fn files(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }

    /// The tasks as they are now.
    pub(crate) fn board(&self) -> MutexGuard<'_, Board> {
        let mut board = self.inner.board();
        board.settle(&self.inner.time);
        board
    }

    /// Takes a task on.
    pub(crate) fn submit(&self, submission: Submission) -> Submitted {
        let mut board = self.board();
        let key = (submission.owner, submission.key);
        if let Some(known) = board.submissions.get(&key) {
            return Submitted::Duplicate(*known);
        }
        let queued = board.queue.iter().filter_map(|id| board.tasks.get(id));
        let queued = queued
            .filter(|task| task.owner == submission.owner && task.is_queued())
            .count();
        if queued >= MOST_QUEUED {
            return Submitted::QueueFull;
        }
        let number = board.order.len();
        let task = submission.task(number, self.inner.time.now());
        board.submissions.insert(key, task.id);
        board.order.push(task.id);
        board.queue.push_back(task.id);
        if let Some(work) = &task.work {
            board.work.insert(task.id, Arc::clone(work));
        }
        board.tasks.insert(task.id, task);
        let wanted = board.queue.len();
        drop(board);
        // All: somebody in `rest` would not pass it on to who works.
        self.wake();
        self.begin(wanted);
        Submitted::Accepted
    }

    /// Has threads work on so many tasks, or as many as there are threads.
    fn begin(&self, wanted: usize) {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        while threads.len() < MOST_THREADS.min(wanted) {
            let inner = Arc::clone(&self.inner);
            let thread = std::thread::Builder::new().name("globus-transfer".to_owned());
            match thread.spawn(move || work(&inner)) {
                Ok(thread) => threads.push(thread),
                Err(error) => {
                    tracing::error!(%error, "no thread to work on tasks");
                    return;
                }
            }
        }
    }

    /// Goes on with tasks that were loaded, where some computers are switched off.
    pub(crate) fn resume(&self, away: BTreeSet<Uuid>) {
        let mut board = self.inner.board();
        board.away = away;
        board.loaded();
        let wanted = board.queue.len();
        drop(board);
        self.begin(wanted);
    }

    /// The tasks, as they are without a look at the clock.
    pub(crate) fn raw_board(&self) -> MutexGuard<'_, Board> {
        self.inner.board()
    }

    /// Ends a task, for its owner or for managers of its collections. What was begun may go on for a moment.
    pub(crate) fn cancel(&self, id: Uuid, by: Option<(Word, String)>) -> Canceled {
        let mut board = self.board();
        let now = self.inner.time.now();
        let Some(task) = board.tasks.get_mut(&id).filter(|task| task.is_active()) else {
            return Canceled::EndedBefore;
        };
        task.completed = None;
        task.canceled_by = by;
        task.end_early("CANCELED", now);
        board.settle(&self.inner.time);
        drop(board);
        self.inner.changed.notify_all();
        Canceled::Now
    }

    /// Changes the rules by which tasks are paused, which stop or go on at once.
    pub(crate) fn change_rules(&self, change: impl FnOnce(&mut Table<Uuid, PauseRule>)) {
        let mut board = self.inner.board();
        change(&mut board.rules);
        board.settle(&self.inner.time);
        drop(board);
        self.wake();
    }

    /// Changes a task that has not ended, and says whether there is one. It stops or goes on at once.
    pub(crate) fn change(&self, id: Uuid, change: impl FnOnce(&mut Task, Timestamp)) -> bool {
        let mut board = self.board();
        let now = self.inner.time.now();
        let Some(task) = board.tasks.get_mut(&id).filter(|task| task.is_active()) else {
            return false;
        };
        change(task, now);
        board.settle(&self.inner.time);
        drop(board);
        self.wake();
        true
    }

    /// What one can wait for without the world's lock.
    pub(crate) fn work(&self) -> Arc<Inner> {
        Arc::clone(&self.inner)
    }

    /// Begins no work until told otherwise, or goes on.
    pub(crate) fn hold(&self, held: bool) {
        *self.inner.board().held = held;
        self.wake();
    }

    /// Switches the computer of a collection on or off.
    pub(crate) fn connect(&self, collection: Uuid, connected: bool) {
        let mut board = self.inner.board();
        if connected {
            board.away.remove(&collection);
        } else {
            board.away.insert(collection);
        }
    }

    /// Looks again what there is to do, since something has changed.
    pub(crate) fn wake(&self) {
        self.inner.changed.notify_all();
    }

    /// Ends all work.
    pub(crate) fn close(&self) {
        self.inner.board().closed = true;
        self.wake();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // One that panicked has ended too.
            let _ = thread.join();
        }
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.close();
    }
}

impl Board {
    /// Names all that is kept.
    pub(crate) fn visit(&mut self, see: Visit<'_>) {
        let Self {
            tasks,
            work,
            rules,
            mishaps,
            held,
            // Found anew from the tasks.
            order: _,
            queue: _,
            submissions: _,
            away: _,
            closed: _,
        } = self;
        see("transfer/tasks", tasks);
        see("transfer/work", work);
        see("transfer/pause_rules", rules);
        see("transfer/mishaps", mishaps);
        see("transfer/held", held);
    }

    /// Makes up for what was not kept, once the rest is loaded.
    fn loaded(&mut self) {
        let mut order: Vec<(usize, Uuid)> = self.tasks.values().map(|task| (task.number, task.id)).collect();
        order.sort_unstable();
        for (_, id) in order {
            let Some(task) = self.tasks.quiet_mut(&id) else {
                continue;
            };
            task.resume(self.work.get(&id).map(Arc::clone), *self.held);
            self.order.push(id);
            self.submissions.insert((task.owner, task.key), id);
            if task.is_active() {
                self.queue.push_back(id);
            }
        }
    }

    /// All tasks, in the order of their submission.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Task> {
        self.order.iter().filter_map(|id| self.tasks.get(id))
    }

    /// Those that have not ended, in the same order.
    pub(crate) fn active(&self) -> impl Iterator<Item = &Task> {
        self.queue.iter().filter_map(|id| self.tasks.get(id))
    }

    /// The first of a task's collections whose computer is switched off, or that of its host.
    pub(super) fn away(&self, id: Uuid) -> Option<Arc<Place>> {
        let task = self.tasks.get(&id).filter(|_| !self.away.is_empty())?;
        let mut places = std::iter::once(&task.source).chain(&task.destination);
        let away = places.find(|place| self.away.contains(&place.id) || self.away.contains(&place.root.collection));
        away.map(Arc::clone)
    }

    /// Marks a task as shown.
    pub(crate) fn saw(&mut self, id: Uuid) {
        if let Some(task) = self.tasks.quiet_mut(&id) {
            task.seen = true;
        }
    }

    /// Ends the tasks whose time is over, and those whose work is done. With a logical clock the latter are shown as
    /// active once, or until the clock has moved: what a program sees then does not depend on how fast the work was.
    fn settle(&mut self, time: &Time) {
        let now = time.now();
        let Self {
            tasks,
            queue,
            work,
            rules,
            held,
            ..
        } = self;
        queue.retain(|id| {
            let Some(task) = tasks.quiet_mut(id) else { return false };
            if task.is_queued() && !**held {
                task.put_off(super::PATIENCE, now);
            }
            if let Stage::Worked(status) = task.stage {
                if task.is_active() && (!time.is_logical() || task.seen || now > task.requested) {
                    task.end(status, now);
                }
            } else if task.is_active() && now >= task.deadline {
                task.end_early("EXPIRED", now);
            } else if task.is_active() && task.stand_or_go(rules, now) {
                tasks.touch(id);
                return true;
            }
            let is_active = task.is_active();
            if !is_active {
                tasks.touch(id);
                work.remove(id);
            }
            is_active
        });
    }

    /// The next piece of work, if there is one.
    fn next(&mut self, now: Timestamp) -> Option<(Uuid, Arc<Work>)> {
        if *self.held {
            return None;
        }
        let mut running: HashMap<(Uuid, Kind), usize> = HashMap::new();
        for task in self.queue.iter().filter_map(|id| self.tasks.get(id)) {
            if task.stage == Stage::Running && task.is_active() {
                *running.entry((task.owner, task.kind)).or_default() += 1;
            }
        }
        let found = self.queue.iter().copied().find(|id| {
            self.tasks.get(id).is_some_and(|task| {
                let due = match task.stage {
                    Stage::Queued => true,
                    Stage::Waiting(until) => now >= until,
                    Stage::Running | Stage::Worked(_) => false,
                };
                let busy = running.get(&(task.owner, task.kind)).copied().unwrap_or(0);
                due && task.is_active() && !task.stands_still() && busy < AT_ONCE
            })
        })?;
        let task = self.tasks.get_mut(&found)?;
        if task.stage == Stage::Queued {
            let details = serde_json::json!({"type": "GridFTP Transfer", "concurrency": 1}).to_string();
            task.add_event("STARTED", false, details, now);
        }
        task.stage = Stage::Running;
        task.counts.retrying = 0;
        let work = Arc::clone(task.work.as_ref()?);
        task.is_to_be_noted();
        Some((found, work))
    }

    /// Whether something waits for its time.
    fn waits(&self) -> bool {
        self.active()
            .any(|task| matches!(task.stage, Stage::Waiting(_)) && !task.stands_still())
    }
}

/// The life of a thread.
fn work(inner: &Inner) {
    let mut board = inner.board();
    loop {
        if board.closed {
            return;
        }
        board.settle(&inner.time);
        if let Some((id, work)) = board.next(inner.time.now()) {
            drop(board);
            let report = Report { inner, id };
            let outcome = match &*work {
                Work::Transfer { .. } => copy::run(&work, &report),
                Work::Delete { .. } => remove::run(&work, &report),
            };
            report.finish(outcome);
            board = inner.board();
            // Another thread may be let by now.
            inner.changed.notify_all();
        } else if board.waits() {
            let waited = inner.changed.wait_timeout(board, GLANCE);
            board = waited.unwrap_or_else(PoisonError::into_inner).0;
        } else {
            board = inner.changed.wait(board).unwrap_or_else(PoisonError::into_inner);
        }
    }
}
