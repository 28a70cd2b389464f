//! Transfer's daily work: documents, listings, tasks and waiting for them.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use globus_sdk::error::{Error, ErrorKind};
use globus_sdk::services::transfer::{
    Deadline, DeleteData, Endpoint, EndpointUpdate, EntityType, FileType, FilterRule, SubmitCode, SyncLevel,
    TaskOutcome, TaskStatus, TransferData, TransferFilter, TransferItem,
};
use globus_sdk::transport::{Ambient, FixedRandom, ManualClock};
use globus_sdk::{TransferClient, blocking};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

const START: u64 = 1_700_000_000;

fn client(script: &Arc<Scripted>) -> TransferClient {
    TransferClient::builder().transport(script.clone()).build().unwrap()
}

fn with_clock(script: &Arc<Scripted>) -> (TransferClient, ManualClock) {
    let clock = ManualClock::at_unix(START);
    let builder = TransferClient::builder().transport(script.clone());
    let ambient = Ambient::new(clock.clone(), FixedRandom::new(0.0));
    (builder.ambient(ambient).build().unwrap(), clock)
}

fn refused<T>(result: Result<T, Error>) -> String {
    let error = result.err().expect("it is refused");
    assert!(
        matches!(error.kind(), ErrorKind::Validation | ErrorKind::Usage),
        "{error}"
    );
    error.to_string()
}

fn rows(range: std::ops::Range<u32>) -> Value {
    range.map(|row| json!({"task_id": format!("t{row}")})).collect()
}

// Documents

#[test]
fn a_document_with_endpoints_only_says_nothing_else() {
    let transfer = serde_json::to_value(TransferData::new("a", "b")).unwrap();
    let expected = json!({"DATA_TYPE": "transfer", "source_endpoint": "a", "destination_endpoint": "b", "DATA": []});
    assert_eq!(transfer, expected);
    let delete = serde_json::to_value(DeleteData::new("a")).unwrap();
    assert_eq!(delete, json!({"DATA_TYPE": "delete", "endpoint": "a", "DATA": []}));
}

#[test]
fn items_are_walked_in_the_order_of_their_adding() {
    let (mut transfer, mut delete) = (TransferData::new("a", "b"), DeleteData::new("a"));
    for name in ["/2", "/1", "/3"] {
        transfer.add_item(name, "/to", None);
        delete.add_item(name);
    }
    transfer.data.push(TransferItem::symlink("/0", "/link"));
    let sources: Vec<_> = transfer
        .iter_items()
        .filter_map(|item| item.source_path.as_deref())
        .collect();
    assert_eq!(sources, ["/2", "/1", "/3", "/0"]);
    let paths: Vec<_> = delete.iter_items().filter_map(|item| item.path.as_deref()).collect();
    assert_eq!(paths, ["/2", "/1", "/3"]);
    assert_eq!(
        serde_json::to_value(&transfer).unwrap()["DATA"][3]["DATA_TYPE"],
        "transfer_symlink_item"
    );
}

#[test]
fn sync_levels_have_names_and_numbers() {
    for (number, name) in ["exists", "size", "mtime", "checksum"].into_iter().enumerate() {
        let level: SyncLevel = name.parse().unwrap();
        assert_eq!(serde_json::to_value(level).unwrap(), number);
        assert_eq!(level.to_string(), name);
        assert_eq!(serde_json::from_value::<SyncLevel>(json!(number)).unwrap(), level);
    }
    assert_eq!(serde_json::to_value(SyncLevel::from(100)).unwrap(), 100);
    for wrong in ["CHECKSUM", "newest", ""] {
        let message = refused(wrong.parse::<SyncLevel>());
        assert!(message.contains("exists, size, mtime or checksum"), "{message}");
    }
}

#[test]
fn filter_rules_are_kept_in_order() {
    let mut data = TransferData::new("a", "b");
    data.add_filter_rule(FilterRule::include("*.txt").files());
    data.add_filter_rule(FilterRule::exclude("*"));
    let rules = &serde_json::to_value(&data).unwrap()["filter_rules"];
    let first = json!({"DATA_TYPE": "filter_rule", "method": "include", "name": "*.txt", "type": "file"});
    let second = json!({"DATA_TYPE": "filter_rule", "method": "exclude", "name": "*"});
    assert_eq!(rules, &json!([first, second]));
}

#[test]
fn deadlines_are_written_as_the_service_reads_them() {
    let civil: jiff::civil::DateTime = "2030-01-02T03:04:05".parse().unwrap();
    assert_eq!(Deadline::from(civil).as_str(), "2030-01-02 03:04:05");
    let zoned: jiff::Zoned = "2030-01-02T03:04:05.5+02:00[+02:00]".parse().unwrap();
    assert_eq!(Deadline::from(zoned).as_str(), "2030-01-02 03:04:05.500000+02:00");
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(START);
    assert_eq!(Deadline::from(moment).as_str(), "2023-11-14 22:13:20+00:00");
    assert_eq!(Deadline::from("tomorrow").as_str(), "tomorrow");
}

#[tokio::test]
async fn documents_that_the_service_cannot_take_are_refused_before_anything_is_sent() {
    let script = Scripted::json([json!({"value": "drawn"})]);
    let client = client(&script);
    let labelled = |label: &str| TransferData {
        label: Some(label.to_owned()),
        ..TransferData::new("a", "b")
    };
    let message = refused(client.submit_transfer(labelled(&"é".repeat(129))).await);
    assert!(message.contains("129 characters"), "{message}");
    assert!(refused(client.submit_transfer(labelled("two\nlines")).await).contains("line break"));
    let mut data = TransferData::new("a", "b");
    data.add_item("/a", "/b", false).data.push(TransferItem {
        recursive: Some(true),
        external_checksum: Some("0".to_owned()),
        ..TransferItem::new("/c", "/d")
    });
    let message = refused(client.submit_transfer(&data).await);
    assert!(message.contains("item 1 is a folder"), "{message}");
    let mut delete = DeleteData::new("a");
    delete.add_item("/a\nb");
    let message = refused(client.submit_delete(&delete).await);
    assert!(message.contains("`path` of item 0"), "{message}");
    assert!(script.requests().is_empty());
    assert!(client.submit_transfer(labelled(&"é".repeat(128))).await.is_ok());
}

#[tokio::test]
async fn submitting_leaves_the_document_alone_and_keeps_an_id_that_is_there() {
    let answers = [
        json!({"value": "drawn"}),
        json!({"code": "Duplicate", "task_id": "t", "submission_id": "drawn"}),
    ];
    let script = Scripted::json(answers);
    let mut data = DeleteData::new("a");
    data.add_item("/x");
    let before = data.clone();
    let result = client(&script).submit_delete(&data).await.unwrap();
    assert_eq!(data, before);
    assert_eq!(result.code, Some(SubmitCode::Duplicate));
    assert_eq!(script.targets(), ["/v0.10/submission_id", "/v0.10/delete"]);
    assert_eq!(script.body(1)["submission_id"], "drawn");

    let script = Scripted::json([json!({"code": "Accepted"})]);
    data.submission_id = Some("mine".to_owned());
    client(&script).submit_delete(&data).await.unwrap();
    assert_eq!(script.targets(), ["/v0.10/delete"]);
    assert_eq!(script.body(0)["submission_id"], "mine");
}

#[tokio::test]
async fn one_submission_has_one_id_however_often_it_is_sent() {
    let script = Scripted::answers([
        json_answer(200, &json!({"value": "drawn"})),
        json_answer(500, &json!({"code": "Unknown"})),
        json_answer(503, &json!({"code": "ServiceUnavailable"})),
        json_answer(200, &json!({"code": "Accepted"})),
    ]);
    let (client, _) = with_clock(&script);
    client.submit_transfer(TransferData::new("a", "b")).await.unwrap();
    assert_eq!(script.targets()[0], "/v0.10/submission_id");
    assert_eq!(script.requests().len(), 4);
    for attempt in 1..4 {
        assert_eq!(script.body(attempt)["submission_id"], "drawn");
    }
}

#[tokio::test]
async fn a_submission_without_an_id_is_sent_once() {
    let tunnel = json!({"data": {"attributes": {"submission_id": null}}});
    let submissions = [
        (
            "submit_transfer",
            json!({"data": {"DATA": [{}], "submission_id": null}}),
        ),
        (
            "submit_delete",
            json!({"data": {"DATA": [{}]}, "additional_fields": {"submission_id": null}}),
        ),
        ("create_tunnel", json!({"data": tunnel})),
    ];
    for (name, params) in submissions {
        let script = Scripted::answers([
            json_answer(500, &json!({"code": "Unknown"})),
            json_answer(200, &json!({"code": "Accepted"})),
        ]);
        let (client, _) = with_clock(&script);
        let error = client.call(name, &params.to_string()).await.unwrap_err();
        assert_eq!(script.requests().len(), 1, "{name}: {error}");
    }
}

#[test]
fn an_update_tells_a_field_to_clear_from_one_to_keep() {
    use globus_sdk::models::Field;
    let mut update = EndpointUpdate {
        display_name: Some("new".to_owned()),
        description: Field::Null,
        ..EndpointUpdate::default()
    };
    update.extra.set("later", json!({"deep": null}));
    let expected = json!({"display_name": "new", "description": null, "later": {"deep": null}});
    assert_eq!(serde_json::to_value(&update).unwrap(), expected);
}

// Filters

#[tokio::test]
async fn filters_are_texts_maps_and_alternatives() {
    let script = Scripted::json([json!({"DATA": [], "total": 0})]);
    let client = client(&script);
    let unfinished = TransferFilter::new("status", ["ACTIVE", "INACTIVE"]).and("type", ["TRANSFER"]);
    client.task_list().filter(&unfinished).await.unwrap();
    client.task_list().filter("label:x").await.unwrap();
    client
        .task_list()
        .filter(json!({"label": "x", "type": ["DELETE"]}))
        .await
        .unwrap();
    let either = TransferFilter::new("name", ["~*.txt"]).or(TransferFilter::new("type", ["dir"]));
    client.operation_ls("e").filter(either).await.unwrap();
    let sent: Vec<Vec<(String, String)>> = script
        .requests()
        .iter()
        .map(|request| {
            url::form_urlencoded::parse(request.uri().query().unwrap().as_bytes())
                .into_owned()
                .collect()
        })
        .collect();
    let filter = |text: &str| ("filter".to_owned(), text.to_owned());
    assert_eq!(sent[0], [filter("status:ACTIVE,INACTIVE/type:TRANSFER")]);
    assert_eq!(sent[1], [filter("label:x")]);
    assert_eq!(sent[2], [filter("label:x/type:DELETE")]);
    assert_eq!(sent[3], [filter("name:~*.txt"), filter("type:dir")]);
}

#[tokio::test]
async fn a_value_that_would_be_read_as_two_conditions_is_refused() {
    let script = Scripted::json([json!({"DATA": []})]);
    let client = client(&script);
    for (field, value, separated) in [
        ("label", "a/b", "conditions"),
        ("label", "a,b", "values"),
        ("a:b", "c", "field"),
    ] {
        let message = refused(client.task_list().filter(TransferFilter::new(field, [value])).await);
        assert!(message.contains(separated), "{message}");
    }
    assert!(script.requests().is_empty());
}

// Listings

#[tokio::test]
async fn a_listing_has_the_folder_beside_its_entries_and_can_be_walked_again() {
    let script = Scripted::json([json!({
        "DATA_TYPE": "file_list", "endpoint": "e", "path": "/~/", "absolute_path": "/home/u/", "rename_supported": true,
        "DATA": [{"name": "a", "type": "file", "size": 4}, {"name": "b", "type": "dir", "new": [1]}, {"type": "socket"}],
    })]);
    let listing = client(&script).operation_ls("e").path("~").await.unwrap();
    assert_eq!(listing.endpoint().unwrap(), "e");
    assert_eq!(listing.path().as_deref(), Some("/~/"));
    assert_eq!(listing.absolute_path().as_deref(), Some("/home/u/"));
    assert_eq!(
        (listing.rename_supported(), listing.symlink_supported()),
        (Some(true), None)
    );
    for _ in 0..2 {
        let names: Vec<_> = listing.iter().filter_map(|entry| entry.name.as_deref()).collect();
        assert_eq!(names, ["a", "b"]);
    }
    assert_eq!(listing.items[1].extra.get("new").unwrap().get(), "[1]");
    assert_eq!(listing.items[2].file_type, Some(FileType::Other("socket".to_owned())));
}

#[tokio::test]
async fn skipped_errors_come_from_all_pages() {
    let page = |page: u32| {
        let rows: Vec<_> = (0..100)
            .map(|row| json!({"source_path": format!("/{page}/{row}")}))
            .collect();
        let next = (page < 9).then(|| format!("mark{page}"));
        json!({"DATA": rows, "next_marker": next})
    };
    let script = Scripted::json((0..10).map(page));
    let rows: Vec<_> = client(&script)
        .task_skipped_errors("t")
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(rows.len(), 1000);
    assert_eq!(rows[999].source_path.as_deref(), Some("/9/99"));
    assert_eq!(script.requests().len(), 10);
    assert!(script.targets()[9].ends_with("?marker=mark8"));
}

#[tokio::test]
async fn the_caller_decides_how_many_tasks_a_page_has() {
    let pages = [
        json!({"DATA": rows(0..2), "total": 3}),
        json!({"DATA": rows(2..3), "total": 3}),
    ];
    let script = Scripted::json(pages.clone());
    let tasks: Vec<_> = client(&script)
        .task_list()
        .limit(2)
        .items()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(tasks.len(), 3);
    assert_eq!(
        script.targets(),
        ["/v0.10/task_list?limit=2", "/v0.10/task_list?limit=2&offset=2"]
    );
    // One answer is one page.
    let script = Scripted::json(pages);
    assert_eq!(client(&script).task_list().await.unwrap().len(), 2);
}

#[tokio::test]
async fn tasks_beyond_what_the_service_gives_are_no_silent_end() {
    let script = Scripted::json([json!({"DATA": rows(0..1000), "total": 1500})]);
    let all: Result<Vec<_>, _> = client(&script).task_list().items().try_collect().await;
    let error = all.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    let some: Vec<_> = client(&script)
        .task_list()
        .items()
        .with_truncation()
        .try_collect()
        .await
        .unwrap();
    assert_eq!(some.len(), 1000);
}

#[tokio::test]
async fn a_marker_that_comes_again_is_an_error_and_no_endless_list() {
    let script = Scripted::json([json!({"DATA": rows(0..1), "next_marker": "m"})]);
    let all: Result<Vec<_>, _> = client(&script)
        .task_successful_transfers("t")
        .items()
        .try_collect()
        .await;
    assert_eq!(all.unwrap_err().kind(), ErrorKind::Decode);
    assert_eq!(script.requests().len(), 2);
}

#[test]
fn endpoints_of_all_kinds_are_read() {
    for (text, kind, consent) in [
        ("GCP_mapped_collection", EntityType::GcpMappedCollection, false),
        ("GCSv5_mapped_collection", EntityType::Gcsv5MappedCollection, true),
        ("GCSv5_guest_collection", EntityType::Gcsv5GuestCollection, false),
        ("GCSv4_share", EntityType::Gcsv4Share, false),
        ("GCSv6_host", EntityType::Other("GCSv6_host".to_owned()), false),
    ] {
        let document = json!({"entity_type": text, "high_assurance": false, "new_field": {"a": null}});
        let endpoint: Endpoint = serde_json::from_value(document.clone()).unwrap();
        assert_eq!(endpoint.entity_type, Some(kind));
        assert_eq!(endpoint.needs_data_access(), consent, "{text}");
        assert_eq!(serde_json::to_value(&endpoint).unwrap(), document);
    }
    let assured = json!({"entity_type": "GCSv5_mapped_collection", "high_assurance": true});
    assert!(!serde_json::from_value::<Endpoint>(assured).unwrap().needs_data_access());
    let keyed: Endpoint = serde_json::from_value(json!({"globus_connect_setup_key": "5ecret"})).unwrap();
    assert!(!format!("{keyed:?}").contains("5ecret"));
}

// Waiting

fn task(status: &str) -> Value {
    json!({"task_id": "t", "status": status})
}

#[tokio::test]
async fn a_wait_says_how_it_ended_and_never_calls_a_failure_a_success() {
    let failed = json!({
        "status": "FAILED", "fatal_error": {"code": "FILE_NOT_FOUND", "description": "no such file"},
    });
    let paused = json!({"status": "INACTIVE", "nice_status": "PAUSED_BY_ADMIN"});
    for (last, success, words) in [
        (task("SUCCEEDED"), true, "the task succeeded"),
        (failed, false, "the task failed: no such file"),
        (paused, false, "the task waits for somebody to act: PAUSED_BY_ADMIN"),
        (task("ARCHIVED"), false, "the task has an unknown status: ARCHIVED"),
    ] {
        let script = Scripted::json([task("ACTIVE"), last.clone()]);
        let (client, clock) = with_clock(&script);
        let outcome = client.task_wait("t").await.unwrap();
        assert_eq!((outcome.is_success(), outcome.is_over()), (success, true), "{last}");
        assert_eq!(outcome.to_string(), words);
        assert_eq!(outcome.task().status.as_ref().unwrap().as_str(), last["status"]);
        assert_eq!(clock.sleeps(), [Duration::from_secs(10)]);
    }
}

#[tokio::test]
async fn a_wait_that_runs_out_of_time_is_an_outcome_of_its_own() {
    for (timeout, interval, sleeps) in [
        (25, 10, &[10, 10][..]),
        (10, 10, &[10]),
        (5, 60, &[5]),
        (3, 1, &[1, 1, 1]),
    ] {
        let stuck = json!({"status": "ACTIVE", "nice_status": "PERMISSION_DENIED"});
        let script = Scripted::json([stuck]);
        let (client, clock) = with_clock(&script);
        let outcome = client
            .task_wait("t")
            .timeout(timeout)
            .polling_interval(interval)
            .await
            .unwrap();
        assert!(matches!(&*outcome, TaskOutcome::TimedOut(_)), "{outcome:?}");
        assert_eq!(outcome.to_string(), "the task still goes on: PERMISSION_DENIED");
        let sleeps: Vec<_> = sleeps.iter().copied().map(Duration::from_secs).collect();
        assert_eq!(clock.sleeps(), sleeps);
        assert_eq!(script.requests().len(), sleeps.len() + 1);
    }
}

#[tokio::test]
async fn a_wait_of_no_time_is_refused_without_a_request_or_a_sleep() {
    let script = Scripted::json([task("SUCCEEDED")]);
    let (client, clock) = with_clock(&script);
    let message = refused(client.task_wait("t").timeout(0).await);
    assert!(
        message.contains("`timeout`") && message.contains("at least 1"),
        "{message}"
    );
    assert!(refused(client.task_wait("t").polling_interval(0).await).contains("`polling_interval`"));
    assert!(refused(client.call("task_wait", r#"{"task_id": "t", "timeout": -1}"#).await).contains("`-1`"));
    assert!(script.requests().is_empty() && clock.sleeps().is_empty());
}

#[tokio::test]
async fn by_name_a_wait_answers_only_whether_the_task_goes_on_no_more() {
    for (status, over) in [
        ("SUCCEEDED", true),
        ("FAILED", true),
        ("INACTIVE", true),
        ("ACTIVE", false),
    ] {
        let (client, _) = with_clock(&Scripted::json([task(status)]));
        let answer = client
            .call("task_wait", r#"{"task_id": "t", "timeout": "2"}"#)
            .await
            .unwrap();
        assert_eq!(*answer, json!(over), "{status}");
        assert_eq!(answer.text(), over.to_string());
    }
}

#[tokio::test]
async fn an_error_ends_a_wait() {
    let script = Scripted::answers([
        json_answer(200, &task("ACTIVE")),
        json_answer(404, &json!({"code": "TaskNotFound", "message": "no"})),
    ]);
    let (client, _) = with_clock(&script);
    let error = client.task_wait("t").await.unwrap_err();
    assert_eq!(error.api().unwrap().code(), Some("TaskNotFound"));
}

#[test]
fn waiting_without_async() {
    let script = Scripted::json([task("ACTIVE"), task("SUCCEEDED")]);
    let ambient = Ambient::new(ManualClock::at_unix(START), FixedRandom::new(0.0));
    let builder = blocking::TransferClient::builder().transport(script);
    let client = builder.ambient(ambient).build().unwrap();
    let outcome = client.task_wait("t").send().unwrap().into_inner();
    assert_eq!(outcome.into_task().status, Some(TaskStatus::Succeeded));
}
