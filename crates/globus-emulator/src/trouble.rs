//! What a test lets happen to tasks and to those who submit them.

use uuid::Uuid;

use crate::emulator::Emulator;
use crate::server::Shared;
use crate::services::transfer::tasks::mishap::Mishap;

/// What becomes of a task that has not ended.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// It stands still until its owner mends something.
    Deactivate {
        code: String,
        details: String,
    },
    /// It goes on.
    Activate,
    Fail {
        code: String,
        details: String,
    },
}

impl Shared {
    /// Changes a task, if it is there and has not ended.
    pub(crate) fn change_task(&self, id: &str, change: Change) -> bool {
        let Ok(id) = Uuid::parse_str(id) else { return false };
        self.world().transfer.engine.change(id, |task, now| match change {
            Change::Deactivate { code, details } => task.standstill.needs = Some((code.into(), details)),
            Change::Activate => task.standstill.needs = None,
            Change::Fail { code, details } => task.fail(code.into(), details, now),
        })
    }
}

impl Emulator {
    /// Lets something go wrong with files of tasks.
    pub fn add_mishap(&self, mishap: Mishap) {
        self.shared().world().transfer.engine.board().mishaps.push(mishap);
    }

    /// Forgets what was to go wrong with files of tasks, and has not yet.
    pub fn clear_mishaps(&self) {
        self.shared().world().transfer.engine.board().mishaps.clear();
    }

    /// Lets a task stand still, inactive, as the service does when its owner has to mend something: credentials that ran
    /// out, a consent. The code, such as `AUTH`, is its `nice_status`. Says whether there is such a task that has not ended.
    pub fn deactivate_task(&self, task: &str, code: &str, details: &str) -> bool {
        let (code, details) = (code.to_owned(), details.to_owned());
        self.shared().change_task(task, Change::Deactivate { code, details })
    }

    /// Lets a task go on that [`deactivate_task`](Self::deactivate_task) has stopped. One that is paused stays paused.
    pub fn activate_task(&self, task: &str) -> bool {
        self.shared().change_task(task, Change::Activate)
    }

    /// Ends a task as failed, with a code and a description as its fatal error.
    pub fn fail_task(&self, task: &str, code: &str, description: &str) -> bool {
        let (code, details) = (code.to_owned(), description.to_owned());
        self.shared().change_task(task, Change::Fail { code, details })
    }

    /// Lets every user make so many requests a second to Transfer, counted over ten seconds of the emulator's time; the
    /// service itself allows 20. What is more is answered with 429. There is no limit unless one is set.
    pub fn limit_transfer(&self, per_second: Option<u32>) {
        self.shared().world().transfer.limit.set(per_second);
    }
}
