//! Timers: their documents, and what the service says of them.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use globus_sdk::gare::to_gare;
use globus_sdk::services::timers::{
    FlowTimer, FlowTimerBody, JobTime, NewTimer, OnceTimerSchedule, RecurringTimerSchedule, ScheduleTime, TimerEnd,
    TimerInactiveCause, TimerJob, TimerSchedule, TimerStatus, TimerType, TransferTimer,
};
use globus_sdk::services::transfer::TransferData;
use globus_sdk::testing::ResponseRegistry;
use globus_sdk::{ErrorKind, NullAuthorizer, TimersClient};
use jiff::civil::date;
use serde_json::{Value, json};

const ONE: &str = "00000001-aaaa-4bbb-8ccc-000000000001";
const TWO: &str = "00000002-aaaa-4bbb-8ccc-000000000002";

fn registry(operation: &str, case: &str) -> Arc<ResponseRegistry> {
    let responses = ResponseRegistry::new();
    responses.load_response(operation, case).unwrap();
    Arc::new(responses)
}

fn timers(responses: &Arc<ResponseRegistry>) -> TimersClient {
    let builder = TimersClient::builder().authorizer(NullAuthorizer);
    builder.transport(responses.clone()).build().unwrap()
}

fn sent(responses: &ResponseRegistry) -> Value {
    serde_json::from_slice(responses.get_last_request().unwrap().body()).unwrap()
}

fn text(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

fn transfer() -> TransferData {
    let mut data = TransferData::new(ONE, TWO);
    data.add_item("/a", "/b", None);
    data
}

#[tokio::test]
async fn a_transfer_timer_has_no_submission_of_its_own() {
    let mut data = transfer();
    data.submission_id = Some("drawn before".into());
    data.extra.set("skip_activation_check", true);
    data.extra.set("later", json!(null));
    let timer = TransferTimer {
        name: Some("nightly".to_owned()),
        ..TransferTimer::new(RecurringTimerSchedule::new(3600), data.clone())
    };
    assert!(data.submission_id.is_some(), "the caller's document stays");

    let responses = registry("timers.create_timer", "default");
    let made = timers(&responses).create_timer(&timer).await.unwrap();
    let expected = json!({
        "timer_type": "transfer", "name": "nightly",
        "schedule": { "type": "recurring", "interval_seconds": 3600 },
        "body": {
            "DATA_TYPE": "transfer", "source_endpoint": ONE, "destination_endpoint": TWO, "later": null,
            "DATA": [{ "DATA_TYPE": "transfer_item", "source_path": "/a", "destination_path": "/b" }],
        },
    });
    assert_eq!(sent(&responses), json!({ "timer": expected }));
    let made = made.timer.as_ref().unwrap();
    assert_eq!(
        (&made.timer_type, &made.status),
        (&Some(TimerType::Transfer), &Some(TimerStatus::New))
    );
    let Some(TimerSchedule::Recurring(schedule)) = &made.schedule else {
        panic!("{:?}", made.schedule);
    };
    assert_eq!(schedule.end.as_ref().unwrap().count, Some(2));
}

#[tokio::test]
async fn a_flow_timer_runs_a_flow() {
    let body = FlowTimerBody {
        label: Some("weekly".to_owned()),
        ..FlowTimerBody::new(json!({ "x": 1 }))
    };
    let timer = FlowTimer::new(ONE, OnceTimerSchedule::new(), body);
    let responses = registry("timers.create_timer", "flow_timer_success");
    let made = timers(&responses).create_timer(NewTimer::from(timer)).await.unwrap();
    assert_eq!(
        sent(&responses),
        json!({ "timer": {
            "timer_type": "flow", "flow_id": ONE, "schedule": { "type": "once" },
            "body": { "body": { "x": 1 }, "label": "weekly" },
        } })
    );
    let made = made.timer.as_ref().unwrap();
    assert_eq!(made.timer_type, Some(TimerType::Flow));
    assert_eq!(made.stop_after.as_ref().unwrap().n_runs, Some(1));
    assert!(made.results.as_ref().unwrap().data().is_empty());
}

#[tokio::test]
async fn each_kind_is_made_where_it_belongs() {
    let responses = registry("timers.create_timer", "default");
    let timers = timers(&responses);
    let job = TimerJob::new("https://actions.example/run", json!({}), "2030-01-01T00:00:00", None);
    let refused = timers.create_timer(text(&job)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Usage);
    assert!(refused.to_string().contains("`create_job`"), "{refused}");
    let timer = TransferTimer::new(OnceTimerSchedule::new(), transfer());
    let refused = timers.create_job(text(&timer)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Usage);
    assert!(refused.to_string().contains("`create_timer`"), "{refused}");
    let named = json!({ "data": timer }).to_string();
    let refused = timers.call("create_job", &named).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Usage);
    assert!(responses.requests().is_empty(), "nothing was sent");
}

#[test]
fn schedules_are_in_whole_seconds_with_an_offset() {
    let zone = jiff::tz::offset(1).to_time_zone();
    let berlin = date(2030, 1, 2).at(3, 4, 5, 678_901_000).to_zoned(zone).unwrap();
    let moment = SystemTime::from(berlin.timestamp());
    assert_eq!(ScheduleTime::from(berlin.clone()).as_str(), "2030-01-02T03:04:05+01:00");
    for time in [ScheduleTime::from(berlin.timestamp()), moment.into()] {
        assert_eq!(time.to_string(), "2030-01-02T02:04:05+00:00");
    }
    assert_eq!(text(&OnceTimerSchedule::new()), json!({ "type": "once" }));
    assert_eq!(
        text(&OnceTimerSchedule::at("tomorrow")),
        json!({ "type": "once", "datetime": "tomorrow" }),
        "text is sent as it is"
    );
    let schedule = RecurringTimerSchedule {
        start: Some(berlin.clone().into()),
        end: Some(TimerEnd::time(berlin)),
        ..RecurringTimerSchedule::new(60)
    };
    let end = json!({ "condition": "time", "datetime": "2030-01-02T03:04:05+01:00" });
    let start = "2030-01-02T03:04:05+01:00";
    assert_eq!(
        text(&schedule),
        json!({ "type": "recurring", "interval_seconds": 60, "start": start, "end": end })
    );
    assert_eq!(
        text(&TimerEnd::iterations(3)),
        json!({ "condition": "iterations", "count": 3 })
    );
}

/// Not a test of its own: says what a civil time is in the zone of this process.
#[test]
#[ignore = "it is run by the next test, as a process of its own"]
fn civil_time() {
    let time = ScheduleTime::from(date(2030, 7, 2).at(3, 4, 5, 0));
    println!("civil time: {time};");
}

#[test]
fn civil_times_are_of_this_machines_zone() {
    let process = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "timers::civil_time", "--ignored", "--nocapture"])
        .env("TZ", "EST5EDT,M3.2.0,M11.1.0")
        .output()
        .expect("a process");
    let said = String::from_utf8_lossy(&process.stdout);
    assert!(said.contains("civil time: 2030-07-02T07:04:05+00:00;"), "{said}");
}

#[test]
fn jobs_take_times_and_durations() {
    let url = "https://actions.example/run";
    let start = date(2030, 1, 2).at(3, 4, 5, 678_901_000);
    let job = TimerJob::new(url, json!({ "b": 1 }), start, Duration::from_millis(90_500));
    let expected = json!({
        "callback_url": url, "callback_body": { "b": 1 }, "start": "2030-01-02T03:04:05.678901", "interval": 90,
    });
    assert_eq!(text(&job), expected);
    let once = TimerJob::new(url, json!({}), start.to_zoned(jiff::tz::TimeZone::UTC).unwrap(), None);
    assert_eq!(text(&once)["start"], "2030-01-02T03:04:05.678901+00:00");
    assert_eq!(text(&once)["interval"], Value::Null);
    assert_eq!(
        JobTime::from(date(2030, 1, 2).at(3, 4, 5, 0)).as_str(),
        "2030-01-02T03:04:05"
    );
    assert_eq!(JobTime::from("noon").as_str(), "noon");
}

#[tokio::test]
async fn a_resting_timer_says_why() {
    let responses = registry("timers.get_job", "inactive_gare");
    let timer = timers(&responses).get_job("j").await.unwrap();
    assert_eq!(timer.status, Some(TimerStatus::Inactive));
    let reason = timer.inactive_reason.as_ref().unwrap();
    assert_eq!(reason.cause, Some(TimerInactiveCause::GlobusAuthRequirements));
    let gare = to_gare(reason.detail.as_ref().unwrap()).expect("what it lacks");
    assert_eq!(gare.code, "ConsentRequired");

    responses.load_response("timers.get_job", "inactive_user").unwrap();
    let timer = timers(&responses).get_job("j").await.unwrap();
    let reason = timer.inactive_reason.as_ref().unwrap();
    assert_eq!(
        (&reason.cause, &reason.detail),
        (&Some(TimerInactiveCause::User), &None)
    );
    let results = timer.results.as_ref().unwrap().data();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0].status, Some(202));
}

#[tokio::test]
async fn errors_of_both_forms_are_read() {
    let responses = registry("timers.get_job", "simple_500_error");
    let call = timers(&responses)
        .get_job("j")
        .with_retry(globus_sdk::transport::RetryConfig::none());
    let error = call.await.unwrap_err();
    let error = error.api().unwrap();
    assert_eq!((error.http_status().as_u16(), error.code()), (500, Some("ERROR")));
    assert_eq!(error.messages(), ["Request failed terribly"]);

    let responses = registry("timers.create_job", "validation_error");
    let error = timers(&responses).create_job(json!({})).await.unwrap_err();
    assert_eq!(
        error.api().unwrap().messages(),
        ["field required: body.start", "field required: body.callback_url"]
    );
}

#[tokio::test]
async fn a_timer_is_listed_paused_and_resumed() {
    let responses = registry("timers.list_jobs", "default");
    for operation in ["timers.pause_job", "timers.resume_job"] {
        responses.load_response(operation, "default").unwrap();
    }
    let timers = timers(&responses);
    let jobs = timers.list_jobs().await.unwrap();
    assert_eq!(jobs.len(), 1);
    let id = jobs.items[0].job_id.clone().unwrap();
    let paused = timers.pause_job(&id).await.unwrap();
    assert_eq!(
        paused.message.as_deref(),
        Some(format!("Successfully paused job {id}.").as_str())
    );
    timers.resume_job(&id).await.unwrap();
    assert_eq!(sent(&responses), json!({}));
    timers.resume_job(&id).update_credentials(false).await.unwrap();
    assert_eq!(sent(&responses), json!({ "update_credentials": false }));
}
