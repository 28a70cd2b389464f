//! Timers to make.

use std::time::Duration;

use globus_sdk_macros::model;
use serde::Serialize;
use serde_json::Value;

use super::{JobTime, TimerSchedule, TimerType};
use crate::models::{Field, FlowId};
use crate::operation::{Arg, Document, TypedDocument};
use crate::services::flows::RunActivityNotificationPolicy;
use crate::services::transfer::TransferData;

/// A timer to make, of either kind. [`TransferTimer`] and [`FlowTimer`] can be given in its place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum NewTimer {
    /// It transfers data.
    Transfer(TransferTimer),
    /// It runs a flow.
    Flow(FlowTimer),
}

impl TypedDocument for NewTimer {}

macro_rules! new_timers {
    ($($variant:ident $type:ident)+) => {$(
        impl From<$type> for NewTimer {
            fn from(timer: $type) -> Self {
                Self::$variant(timer)
            }
        }

        impl Document<NewTimer> for $type {
            fn into_arg(self) -> Arg {
                Arg::json(&self)
            }
        }

        impl Document<NewTimer> for &$type {
            fn into_arg(self) -> Arg {
                Arg::json(self)
            }
        }
    )+};
}

new_timers! { Transfer TransferTimer  Flow FlowTimer }

/// A timer that transfers data.
///
/// ```
/// # use globus_sdk::services::timers::{RecurringTimerSchedule, TransferTimer};
/// # use globus_sdk::services::transfer::TransferData;
/// let mut data = TransferData::new("6c54cade-bde5-45c1-bdea-f4bd71dba2cc", "31ce9ba0-176d-45a5-add3-f37d233ba47d");
/// data.add_item("/results/", "/backup/results/", true);
/// let timer = TransferTimer {
///     name: Some("backup".to_owned()),
///     ..TransferTimer::new(RecurringTimerSchedule::new(24 * 60 * 60), data)
/// };
/// # assert_eq!(timer.timer_type, Some(globus_sdk::services::timers::TimerType::Transfer));
/// ```
#[model]
pub struct TransferTimer {
    /// `transfer`.
    pub timer_type: Option<TimerType>,
    /// Name that people see; others may have the same.
    pub name: Option<String>,
    /// When it runs.
    pub schedule: Option<TimerSchedule>,
    /// What it transfers.
    pub body: Option<TransferData>,
}

impl TransferTimer {
    /// A timer without a name. Each run is a submission of its own, so `submission_id` is taken out of `body`; so is
    /// `skip_activation_check`, which timers do not know.
    pub fn new(schedule: impl Into<TimerSchedule>, mut body: TransferData) -> Self {
        body.submission_id = None;
        body.extra.remove("submission_id");
        body.extra.remove("skip_activation_check");
        Self {
            timer_type: Some(TimerType::Transfer),
            schedule: Some(schedule.into()),
            body: Some(body),
            ..Self::default()
        }
    }
}

/// A timer that runs a flow.
#[model]
pub struct FlowTimer {
    /// `flow`.
    pub timer_type: Option<TimerType>,
    /// The flow that it runs.
    pub flow_id: Option<FlowId>,
    /// Name that people see; others may have the same.
    pub name: Option<String>,
    /// When it runs.
    pub schedule: Option<TimerSchedule>,
    /// What each run is started with.
    pub body: Option<FlowTimerBody>,
}

impl FlowTimer {
    /// A timer without a name.
    pub fn new(flow_id: impl Into<FlowId>, schedule: impl Into<TimerSchedule>, body: FlowTimerBody) -> Self {
        Self {
            timer_type: Some(TimerType::Flow),
            flow_id: Some(flow_id.into()),
            schedule: Some(schedule.into()),
            body: Some(body),
            ..Self::default()
        }
    }
}

/// What the runs of a [`FlowTimer`] are started with.
#[model]
pub struct FlowTimerBody {
    /// Input of each run, which must fit the flow's input schema.
    pub body: Option<Value>,
    /// Short text that tells the runs from others, at most 64 characters.
    pub label: Option<String>,
    /// Words by which people find the runs.
    pub tags: Option<Vec<String>>,
    /// On which statuses the owner is notified by mail; the service's own choice when absent.
    pub activity_notification_policy: Option<RunActivityNotificationPolicy>,
    /// Principals that may watch the runs.
    pub run_monitors: Option<Vec<String>>,
    /// Principals that may change the runs.
    pub run_managers: Option<Vec<String>>,
}

impl FlowTimerBody {
    /// Runs with this input.
    pub fn new(body: impl Into<Value>) -> Self {
        Self {
            body: Some(body.into()),
            ..Self::default()
        }
    }
}

/// A timer that calls an action provider; the older way of making one.
#[model]
pub struct TimerJob {
    /// URL at which the action provider starts actions.
    pub callback_url: Option<String>,
    /// What is sent there at each run.
    pub callback_body: Option<Value>,
    /// When it runs first.
    pub start: Option<JobTime>,
    /// Seconds from one run to the next; null for a single run.
    pub interval: Field<u64>,
    /// Name that people see; others may have the same.
    pub name: Option<String>,
    /// The time after which it does not run.
    pub stop_after: Option<JobTime>,
    /// The number of runs after which it ends.
    pub stop_after_n: Option<u64>,
    /// The scope with which it calls; that of transfers when absent.
    pub scope: Option<String>,
}

impl TimerJob {
    /// A timer without a name or an end. `interval` counts in whole seconds; with `None` it runs once.
    pub fn new(
        callback_url: impl Into<String>,
        callback_body: impl Into<Value>,
        start: impl Into<JobTime>,
        interval: impl Into<Option<Duration>>,
    ) -> Self {
        Self {
            callback_url: Some(callback_url.into()),
            callback_body: Some(callback_body.into()),
            start: Some(start.into()),
            interval: interval
                .into()
                .map_or(Field::Null, |interval| interval.as_secs().into()),
            ..Self::default()
        }
    }
}
