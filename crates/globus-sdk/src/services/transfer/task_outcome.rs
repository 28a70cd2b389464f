//! [`TaskOutcome`]: how waiting for a task ended.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Task, TaskStatus};
use crate::models::Model;

/// How waiting for a task ended, with the task as it was read last.
///
/// Only [`Succeeded`](Self::Succeeded) is a success.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TaskOutcome {
    /// All is done.
    Succeeded(Box<Task>),
    /// The task was given up or canceled; its `fatal_error` says why.
    Failed(Box<Task>),
    /// The task stands still until a person acts: renews credentials, consents, or ends a pause.
    Inactive(Box<Task>),
    /// The time was up and the task still goes on; its `nice_status` names the error that holds it up, if one does.
    TimedOut(Box<Task>),
    /// The task has a status that this version of the SDK does not know.
    Other(Box<Task>),
}

impl TaskOutcome {
    /// The task as it was read last.
    pub fn task(&self) -> &Task {
        match self {
            Self::Succeeded(task)
            | Self::Failed(task)
            | Self::Inactive(task)
            | Self::TimedOut(task)
            | Self::Other(task) => task,
        }
    }

    /// The task as it was read last, by value.
    pub fn into_task(self) -> Task {
        match self {
            Self::Succeeded(task)
            | Self::Failed(task)
            | Self::Inactive(task)
            | Self::TimedOut(task)
            | Self::Other(task) => *task,
        }
    }

    /// Whether all is done.
    pub const fn is_success(&self) -> bool {
        matches!(self, Self::Succeeded(_))
    }

    /// Whether the task goes on no more, for better or worse.
    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::TimedOut(_))
    }
}

impl From<Task> for TaskOutcome {
    fn from(task: Task) -> Self {
        let task = Box::new(task);
        match task.status {
            Some(TaskStatus::Succeeded) => Self::Succeeded(task),
            Some(TaskStatus::Failed) => Self::Failed(task),
            Some(TaskStatus::Inactive) => Self::Inactive(task),
            Some(TaskStatus::Active) => Self::TimedOut(task),
            _ => Self::Other(task),
        }
    }
}

/// In words, with the service's reason where it gives one.
impl fmt::Display for TaskOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let task = self.task();
        let trouble = || {
            let status = task.nice_status.as_deref();
            status.filter(|status| !matches!(*status, "OK" | "Queued"))
        };
        let reason = match self {
            Self::Succeeded(_) => return f.write_str("the task succeeded"),
            Self::Failed(_) => {
                f.write_str("the task failed")?;
                let fatal = task.fatal_error.as_ref();
                fatal.and_then(|error| error.description.as_deref().or(error.code.as_deref()))
            }
            Self::Inactive(_) => {
                f.write_str("the task waits for somebody to act")?;
                trouble()
            }
            Self::TimedOut(_) => {
                f.write_str("the task still goes on")?;
                trouble()
            }
            Self::Other(_) => {
                f.write_str("the task has an unknown status")?;
                task.status.as_ref().map(TaskStatus::as_str)
            }
        };
        reason.map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

impl Serialize for TaskOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.task().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TaskOutcome {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Task::deserialize(deserializer).map(Self::from)
    }
}

impl Model for TaskOutcome {}
