//! The shape of the API: what must compile and run before more services are declared.

use std::future::Future;
use std::sync::Arc;

use globus_emulator::Emulator;
use globus_sdk::client::{Async, Blocking, Mode};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::services::{flows, search, transfer};
use globus_sdk::transport::Transport;
use globus_sdk::{
    AccessTokenAuthorizer, AnyClient, AuthClient, AuthLoginClient, ClientCredentialsAuthorizer,
    ConfidentialAppAuthClient, FlowsClient, GCSClient, GroupsClient, NativeAppAuthClient, SearchClient,
    SpecificFlowClient, TransferClient, blocking,
};
use serde_json::{Value, json};

use crate::scripted::Scripted;

fn token() -> AccessTokenAuthorizer {
    AccessTokenAuthorizer::new("TOKEN")
}

fn authorization(script: &Scripted, index: usize) -> Option<String> {
    let requests = script.requests();
    let header = requests[index].headers().get("authorization");
    header.map(|value| value.to_str().expect("ASCII").to_owned())
}

fn require_static<T: Send + Sync + 'static>(value: T) -> T {
    value
}

fn flow_pages() -> Arc<Scripted> {
    Scripted::json([
        json!({"flows": [{"id": "a"}, {"id": "b"}], "has_next_page": true, "marker": "m1"}),
        json!({"flows": [], "has_next_page": true, "marker": "m2"}),
        json!({"flows": [{"id": "c"}], "has_next_page": false}),
    ])
}

#[tokio::test]
async fn items_outlive_the_client_and_run_in_a_task() {
    let script = flow_pages();
    let items = {
        let client = FlowsClient::builder()
            .authorizer(token())
            .transport(script.clone())
            .build()
            .unwrap();
        require_static(client.list_flows().filter_roles([flows::FlowRole::FlowOwner])).items()
    };
    let rows: Vec<flows::Flow> = tokio::spawn(items.try_collect()).await.unwrap().unwrap();
    let ids: Vec<_> = rows.iter().map(|flow| flow.id.as_ref().unwrap().as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        script.targets(),
        [
            "/flows?filter_roles=flow_owner",
            "/flows?filter_roles=flow_owner&marker=m1",
            "/flows?filter_roles=flow_owner&marker=m2"
        ]
    );
}

#[tokio::test]
async fn items_are_a_stream() {
    let client = FlowsClient::builder().transport(flow_pages()).build().unwrap();
    let rows: Vec<_> = futures_util::TryStreamExt::try_collect(client.list_flows().items())
        .await
        .unwrap();
    assert_eq!(rows.len(), 3);
}

#[test]
fn pages_and_items_block() {
    let client = blocking::FlowsClient::builder()
        .transport(flow_pages())
        .build()
        .unwrap();
    let rows: Result<Vec<_>, _> = client.list_flows().items().collect();
    assert_eq!(rows.unwrap().len(), 3);
    let client = blocking::FlowsClient::builder()
        .transport(flow_pages())
        .build()
        .unwrap();
    let sizes: Vec<usize> = client.list_flows().pages().map(|page| page.unwrap().len()).collect();
    assert_eq!(sizes, [2, 0, 1]);
}

#[tokio::test]
async fn scroll_reads_three_pages_with_a_document() {
    let script = Scripted::json([
        json!({"gmeta": [{"subject": "s1"}], "has_next_page": true, "marker": "m1"}),
        json!({"gmeta": [{"subject": "s2"}], "has_next_page": true, "marker": "m2"}),
        json!({"gmeta": [{"subject": "s3"}], "has_next_page": false, "marker": null}),
    ]);
    let client = SearchClient::builder().transport(script.clone()).build().unwrap();
    let query = json!({"q": "*", "marker": "m0", "filters": [{"n": null}]});
    let rows: Vec<search::GMetaResult> = client.scroll("index", &query).items().try_collect().await.unwrap();
    assert_eq!(rows.len(), 3);
    let markers: Vec<Value> = (0..3).map(|index| script.body(index)["marker"].clone()).collect();
    assert_eq!(markers, [json!("m0"), json!("m1"), json!("m2")]);
    assert_eq!(script.body(2)["filters"], json!([{"n": null}]));
}

#[tokio::test]
async fn update_client_has_pointers_nulls_and_absence() {
    let script = Scripted::json([json!({})]);
    let client = AuthClient::builder().transport(script.clone()).build().unwrap();
    client
        .update_client("id")
        .name("n")
        .terms_and_conditions_null()
        .privacy_policy_null()
        .preselect_idp("idp")
        .with_field("extra", json!([1]))
        .await
        .unwrap();
    let links = json!({"terms_and_conditions": null, "privacy_policy": null});
    assert_eq!(
        script.body(0),
        json!({"client": {"name": "n", "links": links, "preselect_idp": "idp", "extra": [1]}})
    );
    let refused = client
        .update_client("id")
        .terms_and_conditions("t")
        .privacy_policy_null()
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("terms_and_conditions"), "{refused}");
    assert_eq!(script.requests().len(), 1);
}

#[tokio::test]
async fn a_submission_id_is_drawn_unless_the_document_has_one() {
    let script = Scripted::json([json!({"value": "drawn"}), json!({"code": "Accepted", "task_id": "t"})]);
    let client = TransferClient::builder().transport(script.clone()).build().unwrap();
    let mut data = transfer::TransferData::new("src", "dst");
    data.add_item("/a", "/b", true);
    let before = data.clone();
    let result = client.submit_transfer(&data).await.unwrap();
    assert_eq!(result.task_id.as_ref().unwrap(), "t");
    assert_eq!(data, before, "the caller's document stays as it was");
    assert_eq!(script.targets(), ["/v0.10/submission_id", "/v0.10/transfer"]);
    assert_eq!(script.body(1)["submission_id"], "drawn");
    assert_eq!(script.body(1)["DATA"][0]["recursive"], true);

    for given in [json!("mine"), Value::Null] {
        let script = Scripted::json([json!({})]);
        let client = TransferClient::builder().transport(script.clone()).build().unwrap();
        client
            .submit_transfer(json!({"DATA": [], "submission_id": given}))
            .await
            .unwrap();
        assert_eq!(script.body(0), json!({"DATA": [], "submission_id": given}));
    }
}

#[tokio::test]
async fn run_flow_by_name_knows_its_flow() {
    let script = Scripted::json([json!({"run_id": "r"})]);
    let builder = AnyClient::<Async>::builder("specific_flow")
        .unwrap()
        .argument("flow_id", "f+1")
        .unwrap();
    let client = builder.transport(script.clone()).build().unwrap();
    let answer = client
        .call("specific_flow.run_flow", r#"{"body": {"x": null}, "label": "l"}"#)
        .await
        .unwrap();
    assert_eq!(answer["run_id"], "r");
    assert_eq!(script.targets(), ["/flows/f%2B1/run"]);
    assert_eq!(script.body(0), json!({"body": {"x": null}, "label": "l"}));
    // The typed builder makes the very same request.
    let typed = SpecificFlowClient::builder("f+1")
        .transport(script.clone())
        .build()
        .unwrap();
    let typed = typed.run_flow(json!({"x": null})).label("l").into_request().unwrap();
    let named = client
        .call("run_flow", r#"{"label": "l", "body": {"x": null}}"#)
        .into_request()
        .unwrap();
    let parts = |request: &http::Request<bytes::Bytes>| {
        (
            request.uri().clone(),
            serde_json::from_slice::<Value>(request.body()).unwrap(),
        )
    };
    assert_eq!(parts(&typed), parts(&named));
}

#[tokio::test]
async fn a_gcs_client_asks_for_its_resource_server() {
    let info = json!({"DATA_TYPE": "result#1.0.0", "data": [
        {"DATA_TYPE": "connector#1.0.0", "id": "c"},
        {"DATA_TYPE": "info#1.0.0", "client_id": "endpoint-client", "endpoint_id": "e"},
    ]});
    let script = Scripted::json([info]);
    let client = GCSClient::at("gcs.example.org")
        .authorizer(token())
        .transport(script.clone())
        .build()
        .unwrap();
    assert_eq!(client.get_gcs_info().await.unwrap().endpoint_id.as_ref().unwrap(), "e");
    assert_eq!(client.endpoint_client_id().await.unwrap().as_str(), "endpoint-client");
    assert_eq!(
        authorization(&script, 0),
        None,
        "the description is read without credentials"
    );
}

#[tokio::test]
async fn token_calls_carry_a_secret_or_the_client_id() {
    let tokens = json!({"access_token": "A", "scope": "s", "expires_in": 60, "token_type": "Bearer",
        "resource_server": "rs", "other_tokens": []});
    let script = Scripted::json([tokens]);
    let builder = ConfidentialAppAuthClient::with_secret("id", "sécret").transport(script.clone());
    let confidential = builder.build().unwrap();
    confidential.oauth2_refresh_token("R").await.unwrap();
    let native = NativeAppAuthClient::builder("id")
        .transport(script.clone())
        .build()
        .unwrap();
    native.oauth2_refresh_token("R").await.unwrap();
    let login = AuthLoginClient::builder("id")
        .transport(script.clone())
        .build()
        .unwrap();
    login.oauth2_refresh_token("R").await.unwrap();
    assert_eq!(authorization(&script, 0).as_deref(), Some("Basic aWQ6c8OpY3JldA=="));
    assert_eq!(authorization(&script, 1), None);
    let bodies: Vec<_> = script.requests().iter().map(|request| request.body().clone()).collect();
    assert_eq!(bodies[0], bodies[2]);
    assert!(bodies[1].ends_with(b"&client_id=id"), "{:?}", bodies[1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_works_inside_a_runtime() {
    let emulator = Emulator::start().await.unwrap();
    let groups = move || {
        let program = blocking::ConfidentialAppAuthClient::with_secret(
            globus_emulator::seed::CLIENT_ID,
            globus_emulator::seed::CLIENT_SECRET,
        );
        let program = program.base_url(emulator.url()).build().unwrap();
        let authorizer = ClientCredentialsAuthorizer::new(&program, GroupsScopes::ALL);
        let client = blocking::GroupsClient::builder()
            .base_url(emulator.url())
            .authorizer(authorizer)
            .build()
            .unwrap();
        client.get_my_groups().send().unwrap().len()
    };
    // On a thread of the runtime, and dropped there.
    let inside = groups();
    assert!(inside < 100);
}

#[tokio::test]
async fn a_declared_operation_is_served_by_the_emulator() {
    let emulator = Emulator::start().await.unwrap();
    let program =
        ConfidentialAppAuthClient::with_secret(globus_emulator::seed::CLIENT_ID, globus_emulator::seed::CLIENT_SECRET);
    let program = program.base_url(emulator.url()).build().unwrap();
    let authorizer = ClientCredentialsAuthorizer::new(&program, GroupsScopes::ALL);
    let client = GroupsClient::builder()
        .base_url(emulator.url())
        .authorizer(authorizer)
        .build()
        .unwrap();
    let made = client.create_group(json!({"name": "made by a test"})).await.unwrap();
    let group = client.get_group(made.id.as_ref().unwrap()).await.unwrap();
    assert_eq!(group.name.as_deref(), Some("made by a test"));
}

#[test]
fn builders_futures_and_streams_can_go_anywhere() {
    fn anywhere<T: Send + Sync + 'static>() {}
    fn sendable<T: Send + 'static>(_: &T) {}
    fn both<M: Mode>() {
        anywhere::<flows::FlowsClient<M>>();
        anywhere::<flows::operations::flows::ListFlows<M>>();
        anywhere::<globus_sdk::Pages<flows::Flow, M>>();
    }
    fn awaited<F: IntoFuture>(builder: F) -> impl Future<Output = F::Output> {
        builder.into_future()
    }
    both::<Async>();
    both::<Blocking>();
    let client = FlowsClient::builder()
        .transport(flow_pages() as Arc<dyn Transport>)
        .build()
        .unwrap();
    sendable(&client.list_flows().items());
    sendable(&awaited(client.list_flows()));
}

#[tokio::test]
async fn a_streamed_submission_carries_its_id_too() {
    let script = Scripted::json([json!({"value": "drawn"}), json!({})]);
    let client = TransferClient::builder().transport(script.clone()).build().unwrap();
    client.submit_transfer(json!({"DATA": []})).stream().await.unwrap();
    assert_eq!(script.targets(), ["/v0.10/submission_id", "/v0.10/transfer"]);
    assert_eq!(script.body(1)["submission_id"], "drawn");
    let refused = client.submit_transfer(json!({"DATA": []})).into_request().unwrap_err();
    assert!(refused.to_string().contains("submission_id"), "{refused}");
    let request = client
        .submit_transfer(json!({"DATA": [], "submission_id": "mine"}))
        .into_request()
        .unwrap();
    assert_eq!(request.uri().path(), "/v0.10/transfer");
}

#[tokio::test]
async fn what_is_not_one_request_is_not_taken_for_one() {
    let client = NativeAppAuthClient::builder("id")
        .transport(Scripted::json([json!({})]))
        .build()
        .unwrap();
    assert!(
        client
            .get_jwk()
            .into_request()
            .unwrap_err()
            .to_string()
            .contains("not one request")
    );
    assert!(
        client
            .get_jwk()
            .stream()
            .await
            .unwrap_err()
            .to_string()
            .contains("not one request")
    );
}

#[tokio::test]
async fn a_field_needs_a_body_and_a_path_one_text() {
    let groups = GroupsClient::builder()
        .transport(Scripted::json([json!({})]))
        .build()
        .unwrap();
    let refused = groups.get_group("a").with_field("x", 1).into_request().unwrap_err();
    assert!(refused.to_string().contains("no body"), "{refused}");
    let refused = groups
        .call("get_group", r#"{"group_id": "a", "additional_fields": {"x": 1}}"#)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("no parameter"), "{refused}");
    let refused = groups
        .call("delete_group", r#"{"group_id": ["a", "b"]}"#)
        .await
        .unwrap_err();
    assert!(
        refused.to_string().contains("is a list where a text belongs"),
        "{refused}"
    );
}

#[tokio::test]
async fn what_a_parameter_cannot_take_is_refused_by_name_before_anything_is_sent() {
    for (client, operation, params, wanted) in [
        (
            "groups",
            "create_group",
            r#"{"data": "name"}"#,
            "`data` of `groups.create_group`: is a text where an object belongs",
        ),
        (
            "groups",
            "create_group",
            r#"{"data": [{}]}"#,
            "is a list where an object belongs",
        ),
        (
            "timers",
            "create_timer",
            r#"{"timer": "nightly"}"#,
            "`timer` of `timers.create_timer`: is the text \"nightly\" where an object belongs",
        ),
        (
            "groups_manager",
            "create_group",
            r#"{"name": 5, "description": "d"}"#,
            "`name` of `groups_manager.create_group`: is 5 where a text belongs",
        ),
        (
            "groups_manager",
            "create_group",
            r#"{"name": {"a": 1}, "description": "d"}"#,
            "is an object where a text belongs",
        ),
        (
            "transfer",
            "operation_ls",
            r#"{"endpoint_id": "e", "show_hidden": "maybe"}"#,
            "`show_hidden` of `transfer.operation_ls`: is the text \"maybe\" where true or false belongs",
        ),
        (
            "transfer",
            "operation_ls",
            r#"{"endpoint_id": "e", "limit": "ten"}"#,
            "is the text \"ten\" where a whole number belongs",
        ),
        (
            "transfer",
            "task_list",
            r#"{"limit": 1.5}"#,
            "is 1.5 where a whole number belongs",
        ),
        (
            "auth",
            "get_identities",
            r#"{"usernames": {"a": "b"}}"#,
            "is an object where a list belongs",
        ),
    ] {
        let script = Scripted::json([json!({})]);
        let builder = globus_sdk::AnyClient::<globus_sdk::client::Async>::builder(client).unwrap();
        let client = builder.transport(script.clone()).build().unwrap();
        let refused = client.call(operation, params).await.unwrap_err();
        assert_eq!(refused.kind(), globus_sdk::error::ErrorKind::Validation, "{refused}");
        assert!(refused.to_string().contains(wanted), "{refused}");
        assert!(script.requests().is_empty());
    }
    // A document is looked at in the typed form too, where any JSON may stand for one.
    let groups = GroupsClient::builder()
        .transport(Scripted::json([json!({})]))
        .build()
        .unwrap();
    let refused = groups.create_group(json!(["name"])).await.unwrap_err();
    assert!(
        refused.to_string().contains("is a list where an object belongs"),
        "{refused}"
    );
}

#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_secret() {
    let script = Scripted::json([json!({"access_token": "LEAK"})]);
    let program = ConfidentialAppAuthClient::with_secret("id", "LEAK")
        .transport(script)
        .build()
        .unwrap();
    let answer = program
        .call("oauth2_client_credentials_tokens", r#"{"requested_scopes": "LEAK"}"#)
        .await
        .unwrap();
    let builder = program.oauth2_token_introspect("LEAK").with_header("X-Secret", "LEAK");
    let plain = program.get("/x?secret=LEAK");
    let printed = format!("{program:?} {answer:?} {builder:?} {plain:?}");
    assert!(!printed.contains("LEAK"), "{printed}");
}

#[test]
fn a_base_url_is_an_address_and_nothing_else() {
    for url in [
        "https://x.example/?a=b",
        "https://x.example/#f",
        "https://u:p@x.example/",
        "ftp://x.example/",
        "x",
    ] {
        let refused = GroupsClient::builder().base_url(url).build().unwrap_err();
        assert!(refused.to_string().contains("base_url"), "{url}: {refused}");
    }
}
