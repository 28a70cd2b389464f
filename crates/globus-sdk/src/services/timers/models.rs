//! Documents of the Timers API.

use globus_sdk_macros::model;
use serde_json::Value;

use crate::models::JobId;

mod documents;
mod results;
mod schedule;
mod times;

pub use documents::*;
pub use results::*;
pub use schedule::*;
pub use times::*;

/// A new timer in its envelope.
#[model]
pub struct TimerEnvelope {
    /// The timer.
    pub timer: Option<Timer>,
}

/// A timer. Source: <https://docs.globus.org/api/timers/>.
///
/// The service has two forms of it, and says less in one than in the other: a new transfer timer has its `body`, every
/// other one has what it calls (`callback_url`, `callback_body`).
#[model]
pub struct Timer {
    /// Id of the timer.
    pub job_id: Option<JobId>,
    /// Name that people see; others may have the same.
    pub name: Option<String>,
    /// What it does.
    pub timer_type: Option<TimerType>,
    /// When it runs.
    pub schedule: Option<TimerSchedule>,
    /// The transfer that it submits.
    pub body: Option<Value>,
    /// URL that it calls.
    pub callback_url: Option<String>,
    /// What it sends there.
    pub callback_body: Option<Value>,
    /// The scope with which it calls.
    pub scope: Option<String>,
    /// When it runs first, as ISO 8601 text.
    pub start: Option<String>,
    /// Seconds from one run to the next.
    pub interval: Option<f64>,
    /// When it ends.
    pub stop_after: Option<TimerStop>,
    /// Whether it runs.
    pub status: Option<TimerStatus>,
    /// Why it rests.
    pub inactive_reason: Option<TimerInactiveReason>,
    /// What it does now; nothing once it has ended.
    pub activity: Option<TimerActivity>,
    /// When it was made, as ISO 8601 text.
    pub submitted_at: Option<String>,
    /// When it ran last, as ISO 8601 text.
    pub last_ran_at: Option<String>,
    /// When it runs next, as ISO 8601 text.
    pub next_run: Option<String>,
    /// How often it ran.
    pub n_runs: Option<u64>,
    /// How often it failed.
    pub n_errors: Option<u64>,
    /// How often it ran, in the form of a new transfer timer.
    pub number_of_runs: Option<u64>,
    /// How often it failed, in the form of a new transfer timer.
    pub number_of_errors: Option<u64>,
    /// What became of its latest runs.
    pub results: Option<TimerResults>,
}

/// What a timer does.
#[model]
pub enum TimerType {
    /// It transfers data.
    Transfer,
    /// It runs a flow.
    Flow,
}

/// Whether a timer runs.
#[model]
pub enum TimerStatus {
    /// It was made just now.
    New,
    /// It waits for its first run.
    Loaded,
    /// It runs at its times.
    Active,
    /// It rests.
    Inactive,
    /// It has run for the last time.
    Ended,
    /// It is being removed.
    DeleteInProgress,
}

/// When a timer ends.
#[model]
pub struct TimerStop {
    /// The moment, as ISO 8601 text.
    pub date: Option<String>,
    /// After how many runs.
    pub n_runs: Option<u64>,
}

/// Why a timer rests.
#[model]
pub struct TimerInactiveReason {
    /// What brought it to rest.
    pub cause: Option<TimerInactiveCause>,
    /// What it lacks, if that is the cause; [`to_gare`](crate::gare::to_gare) reads it.
    pub detail: Option<Value>,
}

/// What brings a timer to rest.
#[model]
pub enum TimerInactiveCause {
    /// Somebody paused it.
    User,
    /// Its owner has to consent, or to log in again.
    GlobusAuthRequirements,
}

/// What a timer does now.
#[model]
pub struct TimerActivity {
    /// What it is.
    pub code: Option<TimerActivityCode>,
    /// When it runs next, as ISO 8601 text; while it waits.
    pub next_run: Option<String>,
    /// When its run began, as ISO 8601 text; while it runs.
    pub start_timestamp: Option<String>,
    /// Seconds since then.
    pub duration_seconds: Option<f64>,
    /// What brought it to rest; while it is paused.
    pub reason: Option<String>,
}

/// Kinds of a timer's activity.
#[model]
pub enum TimerActivityCode {
    /// It waits for its next run.
    AwaitingNextRun,
    /// A run goes on.
    RunInProgress,
    /// A run failed and is tried again.
    Retrying,
    /// It rests.
    Paused,
}

/// What the service says of a pause or its end.
#[model]
pub struct TimerMessage {
    /// The outcome in words.
    pub message: Option<String>,
}

/// What can be changed of a timer.
#[model]
pub struct TimerUpdate {
    /// New name that people see.
    pub name: Option<String>,
}
