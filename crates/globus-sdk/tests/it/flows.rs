//! Flows and their runs, through the clients.

use std::sync::Arc;

use globus_sdk::services::flows::{FlowRole, RunActivityNotificationPolicy, RunStatus, WebInputRole, WebInputStatus};
use globus_sdk::testing::ResponseRegistry;
use globus_sdk::{FlowsClient, NullAuthorizer, SpecificFlowClient};
use serde_json::{Value, json};

const FLOW: &str = "24bc4997-b483-4c25-a19c-64b0afc00743";

fn registry(operation: &str, case: &str) -> Arc<ResponseRegistry> {
    let responses = ResponseRegistry::new();
    responses.load_response(operation, case).unwrap();
    Arc::new(responses)
}

fn flows(responses: &Arc<ResponseRegistry>) -> FlowsClient {
    let builder = FlowsClient::builder().authorizer(NullAuthorizer);
    builder.transport(responses.clone()).build().unwrap()
}

fn specific(responses: &Arc<ResponseRegistry>) -> SpecificFlowClient {
    let builder = SpecificFlowClient::builder(FLOW).authorizer(NullAuthorizer);
    builder.transport(responses.clone()).build().unwrap()
}

fn queries(responses: &ResponseRegistry) -> Vec<String> {
    let query = |request: &http::Request<_>| request.uri().query().unwrap_or_default().to_owned();
    responses.requests().iter().map(query).collect()
}

fn sent(responses: &ResponseRegistry) -> Value {
    serde_json::from_slice(responses.get_last_request().unwrap().body()).unwrap()
}

/// Page by page, and row by row: each page is asked for with the marker of the one before.
macro_rules! reads_on {
    ($($key:literal: |$flows:ident| $call:expr, pages $rows:expr, asked with $queries:expr;)+) => {$({
        let responses = registry($key, "paginated");
        let $flows = flows(&responses);
        let pages = $call.pages().try_collect().await.unwrap();
        assert_eq!(pages.iter().map(|page| page.len()).collect::<Vec<_>>(), $rows, $key);
        assert_eq!(queries(&responses), $queries, $key);

        let responses = registry($key, "paginated");
        let $flows = flows(&responses);
        let items = $call.items().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!(items.len(), $rows.iter().sum::<usize>(), $key);
        assert_eq!(queries(&responses), $queries, $key);
    })+};
}

#[tokio::test]
async fn lists_go_from_marker_to_marker() {
    let markers = ["", "marker=fake_marker_0", "marker=fake_marker_1"];
    reads_on! {
        "flows.list_flows": |flows| flows.list_flows(), pages [20, 20, 20], asked with markers;
        "flows.list_runs": |flows| flows.list_runs(), pages [20, 20, 20], asked with markers;
        "flows.list_registered_apis": |flows| flows.list_registered_apis(), pages [10, 10, 5], asked with markers;
        "flows.list_web_inputs": |flows| flows.list_web_inputs(), pages [20, 20, 20], asked with markers;
        "flows.get_run_logs": |flows| flows.get_run_logs("r"), pages [10, 2],
            asked with ["", "marker=fake_run_logs_marker"];
    }
}

#[tokio::test]
async fn filters_stay_from_page_to_page() {
    let responses = registry("flows.list_runs", "paginated");
    let runs = flows(&responses)
        .list_runs()
        .filter_roles([FlowRole::RunOwner, FlowRole::RunManager]);
    let runs = runs.items().try_collect::<Vec<_>>().await.unwrap();
    assert_eq!(runs.len(), 60);
    assert_eq!(
        queries(&responses),
        [
            "filter_roles=run_owner%2Crun_manager",
            "filter_roles=run_owner%2Crun_manager&marker=fake_marker_0",
            "filter_roles=run_owner%2Crun_manager&marker=fake_marker_1",
        ]
    );
}

#[tokio::test]
async fn runs_have_a_status_and_details() {
    let responses = registry("flows.list_runs", "default");
    let runs = flows(&responses).list_runs().await.unwrap();
    assert_eq!(runs.len(), 1);
    let run = &runs.items[0];
    assert_eq!(run.status, Some(RunStatus::Succeeded));
    let details = run.details.as_ref().unwrap();
    assert_eq!(details.code.as_deref(), Some("FlowSucceeded"));
    let output = details.output.as_ref().unwrap();
    assert_eq!(output["HelloResult"]["details"]["hello"], "foo");
    assert_eq!(run.user_role, Some(FlowRole::RunOwner));
    assert_eq!(RunStatus::from("PAUSED"), RunStatus::Other("PAUSED".to_owned()));
}

#[tokio::test]
async fn a_policy_of_notifications_is_left_out_empty_or_a_list() {
    let responses = registry("specific_flow.run_flow", "default");
    let flow = specific(&responses);
    flow.run_flow(json!({})).await.unwrap();
    assert_eq!(sent(&responses), json!({ "body": {} }));
    let policies = [
        (RunActivityNotificationPolicy::default(), json!({})),
        (
            RunActivityNotificationPolicy::new([RunStatus::Failed, RunStatus::Inactive]),
            json!({ "status": ["FAILED", "INACTIVE"] }),
        ),
        (
            RunActivityNotificationPolicy::new([] as [RunStatus; 0]),
            json!({ "status": [] }),
        ),
    ];
    for (policy, expected) in policies {
        let run = flow.run_flow(json!({})).activity_notification_policy(&policy);
        run.await.unwrap();
        assert_eq!(
            sent(&responses),
            json!({ "body": {}, "activity_notification_policy": expected })
        );
    }
}

#[tokio::test]
async fn further_fields_win_over_named_ones() {
    let responses = registry("flows.update_run", "default");
    let run = flows(&responses).update_run("r").label("named").tags(["a"]);
    run.with_field("label", json!("further")).await.unwrap();
    assert_eq!(sent(&responses), json!({ "label": "further", "tags": ["a"] }));
}

#[tokio::test]
async fn mistakes_of_a_definition_are_told_one_by_one() {
    let responses = registry("flows.create_flow", "bad_admin_principal_error");
    let error = flows(&responses)
        .create_flow("t", json!({}), json!({}))
        .await
        .unwrap_err();
    let error = error.api().unwrap();
    assert_eq!(error.code(), Some("UNPROCESSABLE_ENTITY"));
    assert_eq!(error.messages().len(), 2);
    assert!(
        error
            .messages()
            .iter()
            .all(|message| message.starts_with("Unrecognized principal string"))
    );

    let responses = registry("flows.validate_flow", "definition_error");
    let error = flows(&responses).validate_flow(json!({})).await.unwrap_err();
    let error = error.api().unwrap();
    assert_eq!(
        (error.http_status().as_u16(), error.code()),
        (422, Some("UNPROCESSABLE_ENTITY"))
    );
    assert_eq!(error.messages().len(), 1);
    assert!(error.messages()[0].starts_with("A state of type 'Action' must be defined"));

    let responses = registry("flows.validate_flow", "default");
    let flow = flows(&responses).validate_flow(json!({})).await.unwrap();
    let scopes = flow.scopes.as_ref().unwrap().user.as_ref().unwrap();
    assert_eq!(scopes, &["urn:globus:auth:scope:transfer.api.globus.org:all"]);
}

#[tokio::test]
async fn an_input_is_checked_with_the_flows_own_client() {
    let responses = registry("specific_flow.validate_run", "invalid_input_payload");
    let flow = specific(&responses);
    let error = flow.validate_run(json!({ "bool": "not-a-boolean" })).await.unwrap_err();
    let error = error.api().unwrap();
    assert_eq!(
        (error.http_status().as_u16(), error.code()),
        (400, Some("FLOW_INPUT_ERROR"))
    );
    assert_eq!(error.messages(), ["'not-a-boolean' is not of type 'boolean'"]);
    let last = responses.get_last_request().unwrap();
    assert_eq!(last.uri().path(), format!("/flows/{FLOW}/validate_run"));
    assert_eq!(flow.resource_server(), Some(FLOW));
}

#[tokio::test]
async fn a_web_input_is_read_and_answered() {
    let responses = registry("flows.get_web_input", "default");
    let flows = flows(&responses);
    let web_input = flows.get_web_input("w").await.unwrap();
    assert_eq!(web_input.status, Some(WebInputStatus::Open));
    assert_eq!(
        web_input.user_roles.as_deref(),
        Some(&[WebInputRole::Viewer, WebInputRole::Respondent][..])
    );
    let approve = &web_input.options.as_ref().unwrap()[0];
    assert_eq!(approve.label.as_deref(), Some("Approve"));

    responses
        .load_response("flows.respond_to_web_input", "default")
        .unwrap();
    let option = approve.option_id.clone().unwrap();
    let receipt = flows.respond_to_web_input("w", json!(option)).await.unwrap();
    assert_eq!(receipt.status.as_deref(), Some("ok"));
    assert_eq!(sent(&responses), json!({ "response": { "value": option } }));

    responses.load_response("flows.respond_to_web_input", "closed").unwrap();
    let error = flows.respond_to_web_input("w", Value::Null).await.unwrap_err();
    assert_eq!(error.api().unwrap().code(), Some("STATE_CONFLICT"));
    assert_eq!(sent(&responses), json!({ "response": { "value": null } }));
}
