//! What goes wrong with the actions of runs because a test wants it to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::actions::{Action, Progress};
use super::later;
use crate::control::times::Times;
use crate::services::flows::runs::Run;
use crate::world::World;

/// What becomes of an action.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Becomes {
    Inactive,
    Failed,
    /// It does nothing for so many seconds of the emulator's clock, and goes on.
    Slow(f64),
}

/// Something that goes wrong with an action of a run.
///
/// It meets the next action of any run unless told otherwise, once.
///
/// ```
/// use globus_emulator::ActionFault;
///
/// let stuck = ActionFault::inactive().state("Copy").details(serde_json::json!({"code": "Stuck"}));
/// # let _ = stuck;
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use]
pub struct ActionFault {
    becomes: Becomes,
    #[serde(default)]
    flow: Option<Uuid>,
    #[serde(default)]
    run: Option<Uuid>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    times: Times,
    #[serde(default)]
    details: Value,
}

impl ActionFault {
    fn new(becomes: Becomes) -> Self {
        Self {
            becomes,
            flow: None,
            run: None,
            state: None,
            times: Times::default(),
            details: Value::Null,
        }
    }

    /// The action waits for somebody, and its run is `INACTIVE` until it is resumed.
    pub fn inactive() -> Self {
        Self::new(Becomes::Inactive)
    }

    /// The action fails.
    pub fn failed() -> Self {
        Self::new(Becomes::Failed)
    }

    /// The action begins so many seconds later, by the emulator's clock.
    pub fn slow(seconds: f64) -> Self {
        Self::new(Becomes::Slow(seconds))
    }

    /// Only in runs of one flow.
    pub fn flow(mut self, id: Uuid) -> Self {
        self.flow = Some(id);
        self
    }

    /// Only in one run.
    pub fn run(mut self, id: Uuid) -> Self {
        self.run = Some(id);
        self
    }

    /// Only in states of this name.
    pub fn state(mut self, name: &str) -> Self {
        self.state = Some(name.to_owned());
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

    /// What the action tells of itself: the `details` of its status.
    pub fn details(mut self, details: Value) -> Self {
        self.details = details;
        self
    }

    /// Says what about it cannot work.
    pub(crate) fn check(&self) -> Result<(), &'static str> {
        match self.becomes {
            Becomes::Slow(seconds) if !(0.0..=1e9).contains(&seconds) => {
                Err("\"slow\" is a number of seconds, not negative")
            }
            _ => Ok(()),
        }
    }

    fn meets(&self, run: &Run, state: &str) -> bool {
        self.flow.is_none_or(|id| id == run.flow_id)
            && self.run.is_none_or(|id| id == run.id)
            && self.state.as_deref().is_none_or(|name| name == state)
    }
}

/// Lets an action meet what waits for it, and says whether it does, in place of what it would do.
pub(super) fn strike(world: &mut World, run: &Run, state: &str, action: &mut Action, at: Timestamp) -> bool {
    if let Some(until) = action.idle_until {
        if at < until {
            action.progress = Progress::Active(Some(until));
            return true;
        }
        action.idle_until = None;
        return false;
    }
    let faults = &mut world.flows.faults;
    let Some(found) = faults.iter().position(|fault| fault.meets(run, state)) else {
        return false;
    };
    let fault = faults[found].clone();
    if faults[found].times.count() {
        drop(faults.remove(found));
    }
    let told = |code: &str| {
        if fault.details.is_null() {
            json!({"code": code, "description": "A fault was asked for"})
        } else {
            fault.details.clone()
        }
    };
    match fault.becomes {
        Becomes::Inactive => {
            action.progress = Progress::Inactive;
            action.details = told("ActionInactive");
        }
        Becomes::Failed => {
            action.progress = Progress::Failed;
            action.completion_time = Some(at);
            action.details = told("ActionFailed");
        }
        Becomes::Slow(seconds) => {
            let until = later(at, seconds);
            action.idle_until = Some(until);
            action.progress = Progress::Active(Some(until));
            action.details = json!({});
        }
    }
    true
}
