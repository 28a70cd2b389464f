//! Compute beyond the recorded calls: documents in all their forms.

use globus_sdk::models::{ComputeTaskId, FunctionId, Model};
use globus_sdk::services::compute::*;
use globus_sdk::{AnyClient, ComputeClientV2, ComputeClientV3};
use serde::Serialize;
use serde_json::{Value, json};

use crate::scripted::Scripted;

/// Reads a document, writes it as it came, and knows all of its fields.
fn kept<T: Model + Serialize>(document: &Value) -> T {
    let read: T = serde_json::from_str(&document.to_string()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), *document);
    read
}

#[tokio::test]
async fn versions_come_as_text_or_as_document() {
    let script = Scripted::json([json!("1.23.0"), json!({"api": "1.23.0", "min_ep_version": "1.0.0a0"})]);
    let client = ComputeClientV2::builder().transport(script.clone()).build().unwrap();
    assert_eq!(*client.get_version().await.unwrap(), TextOr::Text("1.23.0".into()));
    let all = client.get_version().service(VersionService::All).await.unwrap();
    let TextOr::Document(versions) = &*all else {
        panic!("{all:?}")
    };
    assert_eq!(versions.min_ep_version.as_deref(), Some("1.0.0a0"));
    assert_eq!(script.targets(), ["/v2/version", "/v2/version?service=all"]);
    kept::<VersionAnswer>(&json!({"api": "1", "min_sdk_version": "a", "git_sha": "b", "later": [1]}));
    assert!(serde_json::from_str::<VersionAnswer>("7").is_err());
}

#[test]
fn moments_come_as_text_or_as_number() {
    let lock = kept::<EndpointLock>(&json!({"endpoint_id": "e", "lock_expiration_timestamp": "2021-07-01T00:00:00.0"}));
    assert_eq!(lock.lock_expiration_timestamp.unwrap().seconds(), None);
    let lock = kept::<EndpointLock>(&json!({"lock_expiration_timestamp": 1_687_531_403.5}));
    assert_eq!(lock.lock_expiration_timestamp.unwrap().seconds(), Some(1_687_531_403.5));
    for (text, seconds) in [
        ("\"1677183605.25\"", Some(1_677_183_605.25)),
        ("7", Some(7.0)),
        ("\"nan\"", None),
    ] {
        assert_eq!(
            serde_json::from_str::<Moment>(text).unwrap().seconds(),
            seconds,
            "{text}"
        );
    }
    assert!(serde_json::from_str::<Moment>("[]").is_err());
}

#[test]
fn recorded_documents_are_typed() {
    let endpoint = kept::<Endpoint>(&json!({
        "uuid": "e", "name": "my-endpoint", "display_name": "My Endpoint", "multi_user": false, "public": false,
        "endpoint_config": "engine: {}", "user_config_template": "", "user_config_schema": {}, "description": "d",
        "hostname": "h", "local_user": "user1", "ip_address": "140.221.112.13", "endpoint_version": "2.31.0",
        "sdk_version": "2.31.0", "subscription_uuid": "s",
    }));
    assert!(endpoint.extra.is_empty());
    // The service's own example has an object here.
    kept::<Endpoint>(&json!({"user_config_template": {}}));
    let status = kept::<EndpointStatus>(&json!({
        "status": "online",
        "details": {"total_workers": 1, "idle_workers": 0, "pending_tasks": 0, "outstanding_tasks": 0, "managers": 1},
    }));
    assert_eq!(status.status, Some(EndpointState::Online));
    assert!(status.details.unwrap().extra.is_empty());
    let function = kept::<Function>(&json!({
        "function_uuid": "f", "function_name": "howdy_world", "function_code": "410\n10\n04\n:gASV", "description": "d",
        "metadata": {"python_version": "3.12.6", "sdk_version": "2.28.1"},
    }));
    assert!(function.extra.is_empty() && function.metadata.unwrap().extra.is_empty());
    let task = json!({
        "task_id": "t", "status": "success", "result": "10000", "completion_t": "1677183605.212898",
        "details": {
            "os": "Linux", "python_version": "3.10.4", "dill_version": "0.3.5.1", "globus_compute_sdk_version": "2.3.2",
            "task_transitions": {"execution-start": 1_692_742_841.5, "execution-end": 1_692_742_846.25},
        },
    });
    let batch = kept::<TaskBatch>(&json!({"response": "batch", "results": {"t": task}}));
    let results = batch.results.unwrap();
    let task = results[&ComputeTaskId::from("t")].as_ref().unwrap();
    assert!(task.status.as_ref().unwrap().is_final() && task.extra.is_empty());
    let waiting = kept::<Task>(&json!({"task_id": "t", "status": "waiting-for-ep", "result": null}));
    assert_eq!(waiting.status, Some(TaskStatus::WaitingForEp));
    kept::<Task>(&json!({"status": "dreaming"}));
    kept::<TaskGroup>(&json!({
        "taskgroup_id": "g", "create_websockets_queue": true,
        "tasks": [{"id": "t", "created_at": "2021-05-05T15:00:00.000000"}],
    }));
    kept::<EndpointAllowlist>(&json!({"endpoint_id": "e", "restricted": true, "functions": ["f", "g"]}));
    kept::<ResultCode>(&json!({"result": 302}));
    kept::<RegisteredFunction>(&json!({"function_uuid": "f", "ha_warning": "w"}));
    let answer = kept::<BatchSubmitResponseV2>(&json!({
        "response": "batch", "task_group_id": "g",
        "results": [{"status": "success", "task_uuid": "t", "http_status_code": 200, "reason": null}, "not taken"],
    }));
    let results = answer.results.unwrap();
    assert!(matches!(&results[0], TextOr::Document(task) if task.http_status_code == Some(200)));
    assert_eq!(results[1], TextOr::Text("not taken".into()));
    let answer = kept::<BatchSubmitResponseV3>(
        &json!({"request_id": "r", "task_group_id": "g", "endpoint_id": "e", "tasks": {"f": ["t", "u"]}}),
    );
    let tasks = &answer.tasks.unwrap()[&FunctionId::from("f")];
    assert_eq!(tasks.as_deref(), Some(["t".into(), "u".into()].as_slice()));
    kept::<EndpointRegistration>(&json!({
        "endpoint_name": "n", "endpoint_uuid": "e", "display_name": "d", "version": "2.2.0", "multi_user": false,
        "allowed_functions": ["f"], "authentication_policy": "p", "high_assurance": false, "subscription_uuid": "s",
        "admins": ["i"], "public": true, "metadata": {"endpoint_config": "", "user_config_template": "", "hostname": "h"},
    }));
}

#[test]
fn addresses_of_queues_are_not_printed() {
    let url = "amqps://user:sesame@mq.fqdn";
    let registered = kept::<RegisteredEndpoint>(&json!({
        "endpoint_id": "e",
        "task_queue_info": {"connection_url": url, "exchange": "x", "queue": "q"},
        "result_queue_info": {
            "connection_url": url, "exchange": "x", "queue": "q",
            "queue_publish_kwargs": {
                "exchange": "x", "routing_key": "k", "mandatory": true, "properties": {"delivery_mode": 2},
            },
        },
        "warnings": [],
    }));
    let results = kept::<ResultAmqpUrl>(&json!({"queue_prefix": "p", "connection_url": url}));
    for text in [
        format!("{registered:?}"),
        format!("{results:?}"),
        format!("{results:#?}"),
    ] {
        assert!(!text.contains("sesame") && text.contains("***"), "{text}");
    }
}

#[tokio::test]
async fn both_versions_submit() {
    let script = Scripted::json([json!({})]);
    let v2 = ComputeClientV2::builder().transport(script.clone()).build().unwrap();
    let mut batch = BatchSubmitRequestV2::new();
    batch.add_task("f", "e", "args").add_task("f", "e", "more");
    v2.submit(&batch).await.unwrap();
    let v3 = ComputeClientV3::builder().transport(script.clone()).build().unwrap();
    let mut batch = BatchSubmitRequestV3 {
        user_endpoint_config: Some([("min_blocks".to_owned(), json!(0))].into()),
        resource_specification: Some(ResourceSpecification {
            num_nodes: Some(2),
            ..ResourceSpecification::default()
        }),
        ..BatchSubmitRequestV3::new()
    };
    batch.add_task("f", "args").add_task("g", "x").add_task("f", "more");
    v3.submit("e", &batch).await.unwrap();
    assert_eq!(script.targets(), ["/v2/submit", "/v3/endpoints/e/submit"]);
    assert_eq!(
        script.body(0),
        json!({"tasks": [["f", "e", "args"], ["f", "e", "more"]]})
    );
    let expected = json!({
        "tasks": {"f": ["args", "more"], "g": ["x"]},
        "user_endpoint_config": {"min_blocks": 0},
        "resource_specification": {"num_nodes": 2},
    });
    assert_eq!(script.body(1), expected);
    assert_eq!(kept::<BatchSubmitRequestV3>(&expected), batch);
}

#[tokio::test]
async fn endpoints_are_a_list_and_one_task_is_a_list_of_one() {
    let script = Scripted::json([
        json!([{"uuid": "a"}, {"uuid": "b", "owner": "o"}]),
        json!({"results": {}}),
    ]);
    let client = ComputeClientV2::builder().transport(script.clone()).build().unwrap();
    let endpoints = client.get_endpoints().role(EndpointRole::Any).await.unwrap();
    assert_eq!(endpoints.items[1].owner, Some("o".into()));
    let client = AnyClient::builder("compute_v2")
        .unwrap()
        .transport(script.clone())
        .build()
        .unwrap();
    client.call("get_task_batch", r#"{"task_ids": "t"}"#).await.unwrap();
    assert_eq!(script.targets(), ["/v2/endpoints?role=any", "/v2/batch_status"]);
    assert_eq!(script.body(1), json!({"task_ids": ["t"]}));
}
