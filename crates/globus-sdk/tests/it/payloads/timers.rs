//! Documents of Timers.

use std::time::Duration;

use globus_sdk::models::FlowId;
use globus_sdk::services::timers::{
    FlowTimer, JobTime, OnceTimerSchedule, RecurringTimerSchedule, ScheduleTime, TimerJob, TimerSchedule, TransferTimer,
};
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::notation::{Arguments, Payload};
use super::transfer::transfer_data;
use super::{Entry, Refused, document};

pub(super) const ENTRIES: &[Entry] = &[
    ("OnceTimerSchedule", |payload| document(&once(payload)?)),
    ("RecurringTimerSchedule", |payload| document(&recurring(payload)?)),
    ("TransferTimer", transfer_timer),
    ("FlowTimer", flow_timer),
    ("TimerJob", job),
];

/// The recorder's own zone was UTC.
struct Recorded(ScheduleTime);

impl From<String> for Recorded {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<Zoned> for Recorded {
    fn from(time: Zoned) -> Self {
        Self(time.into())
    }
}

impl From<DateTime> for Recorded {
    fn from(time: DateTime) -> Self {
        time.to_zoned(TimeZone::UTC).expect("a time of our days").into()
    }
}

fn time(given: &Arguments, name: &str) -> Result<Option<ScheduleTime>, Refused> {
    Ok(given.time(name)?.map(|Recorded(time)| time))
}

fn once(payload: &Payload) -> Result<OnceTimerSchedule, Refused> {
    let given = payload.made_with(&["datetime"]);
    Ok(time(&given, "datetime")?.map_or_else(OnceTimerSchedule::new, OnceTimerSchedule::at))
}

fn recurring(payload: &Payload) -> Result<RecurringTimerSchedule, Refused> {
    let given = payload.made_with(&["interval_seconds", "start", "end"]);
    Ok(RecurringTimerSchedule {
        start: time(&given, "start")?,
        end: given.take("end")?,
        ..RecurringTimerSchedule::new(given.need("interval_seconds")?)
    })
}

fn schedule(given: &Arguments) -> Result<TimerSchedule, Refused> {
    match given.object("schedule") {
        Some(object) if object.class == "OnceTimerSchedule" => once(&object).map(Into::into),
        Some(object) => recurring(&object).map(Into::into),
        None => given.need("schedule"),
    }
}

fn transfer_timer(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&[]);
    let body = match given.object("body") {
        Some(data) => transfer_data(&data)?,
        None => given.need("body")?,
    };
    document(&TransferTimer {
        name: given.take("name")?,
        ..TransferTimer::new(schedule(&given)?, body)
    })
}

fn flow_timer(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&[]);
    let flow_id: FlowId = given.need("flow_id")?;
    document(&FlowTimer {
        name: given.take("name")?,
        ..FlowTimer::new(flow_id, schedule(&given)?, given.need("body")?)
    })
}

fn job(payload: &Payload) -> Result<Value, Refused> {
    let given = payload.made_with(&["callback_url", "callback_body", "start", "interval"]);
    let start: JobTime = given.time("start")?.ok_or("no start")?;
    let interval: Option<u64> = given.need("interval")?;
    let (url, body): (String, Value) = (given.need("callback_url")?, given.need("callback_body")?);
    document(&TimerJob {
        name: given.take("name")?.flatten(),
        stop_after: given.time("stop_after")?,
        stop_after_n: given.take("stop_after_n")?.flatten(),
        scope: given.take("scope")?.flatten(),
        ..TimerJob::new(url, body, start, interval.map(Duration::from_secs))
    })
}
