//! Every operation by its name, once, against a server that answers.

use std::time::Duration;

use globus_emulator::{Emulator, seed};
use globus_sdk::AnyClient;
use globus_sdk::authorizers::{AccessTokenAuthorizer, BasicAuthorizer};
use globus_sdk::config::Config;
use globus_sdk::operation::{ClientSpec, Operation};
use globus_sdk::services::{CLIENTS, operations};
use serde_json::{Value, json};

use super::models::{Calls, is_composed};
use super::vector;

/// How long an answer may take. None waits for anything; a machine that is busy may.
const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_is_called_by_name_once() {
    let (emulator, calls) = (Emulator::start().await.expect("an emulator"), Calls::load());
    let (mut failures, mut done, mut refused, mut unserved) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for row in operations() {
        emulator.reset();
        let params = arguments(&emulator, row, &calls).await;
        let call = client(&emulator, row.client).call(row.name, &params).without_retries();
        match tokio::time::timeout(PATIENCE, call).await {
            Err(_) => failures.push(format!("{row}: no answer within {PATIENCE:?}")),
            Ok(Ok(answer)) => {
                let (status, body) = (answer.status().as_u16(), answer.json::<Value>().unwrap_or_default());
                // What the emulator answers is written without our types: it must fit them.
                if !is_composed(row)
                    && let Some(prepared) = calls.of(row)
                    && let Err(error) = prepared.answered(status, body).await
                {
                    failures.push(format!("{row}: {error}"));
                }
                done.push(row.key());
            }
            Ok(Err(error)) => match error.api() {
                Some(answer) if answer.code().is_none() => failures.push(format!("{row} {params}: no code: {error}")),
                Some(answer) if answer.http_status().as_u16() == 501 => unserved.push(row.key()),
                Some(answer) if answer.http_status().is_client_error() => refused.push(format!("{row}: {error}")),
                _ => failures.push(format!("{row} {params}: {error}")),
            },
        }
    }
    println!(
        "{} operations answered 2xx, {} 4xx, {} 501",
        done.len(),
        refused.len(),
        unserved.len()
    );
    println!("4xx:\n{}", refused.join("\n"));
    assert!(
        failures.is_empty(),
        "{} operations\n{}",
        failures.len(),
        failures.join("\n")
    );
    let all = done.len() + refused.len() + unserved.len();
    assert_eq!(all, operations().count(), "every operation has one outcome");
    for (key, _) in ARGUMENTS {
        assert!(
            done.iter().any(|done| done == key),
            "{key} is served by the emulator and did not succeed"
        );
    }
}

/// Arguments with which an operation that the emulator serves succeeds for Alice. `$task`, `$transfer`, `$run` and `$token`
/// stand for something that is made first; the names of [`NAMES`] for what is seeded.
const ARGUMENTS: &[(&str, &str)] = &[
    ("auth.get_identities", r#"{"usernames": "researcher@example.org"}"#),
    ("auth.userinfo", "{}"),
    ("auth.get_identity_providers", r#"{"domains": "example.org"}"#),
    ("auth.get_consents", r#"{"identity_id": "$alice"}"#),
    ("auth.get_openid_configuration", "{}"),
    ("auth.get_jwk", "{}"),
    ("auth_login.get_openid_configuration", "{}"),
    ("auth_login.get_jwk", "{}"),
    ("native_app_auth.get_openid_configuration", "{}"),
    ("native_app_auth.get_jwk", "{}"),
    ("native_app_auth.oauth2_revoke_token", r#"{"token": "$token"}"#),
    ("confidential_app_auth.get_openid_configuration", "{}"),
    ("confidential_app_auth.get_jwk", "{}"),
    ("confidential_app_auth.oauth2_revoke_token", r#"{"token": "$token"}"#),
    (
        "confidential_app_auth.oauth2_token_introspect",
        r#"{"token": "$token"}"#,
    ),
    (
        "confidential_app_auth.oauth2_client_credentials_tokens",
        r#"{"requested_scopes": ["openid", "email"]}"#,
    ),
    (
        "native_app_auth.create_native_app_instance",
        r#"{"template_id": "95fdeba8-fac2-42bd-a357-e068d82ff78e", "name": "CLI"}"#,
    ),
    ("groups.get_my_groups", "{}"),
    (
        "groups.get_group",
        r#"{"group_id": "$group", "include": "memberships,my_memberships,policies,allowed_actions,child_ids"}"#,
    ),
    (
        "groups.get_group_by_subscription_id",
        r#"{"subscription_id": "$subscription"}"#,
    ),
    (
        "groups.create_group",
        r#"{"data": {"name": "New", "description": "A new group", "parent_id": null}}"#,
    ),
    (
        "groups.update_group",
        r#"{"group_id": "$group", "data": {"name": "Renamed"}}"#,
    ),
    ("groups.delete_group", r#"{"group_id": "$subgroup"}"#),
    ("groups.get_group_policies", r#"{"group_id": "$group"}"#),
    (
        "groups.set_group_policies",
        r#"{"group_id": "$group", "data": {"is_high_assurance": false, "group_visibility": "private",
        "group_members_visibility": "managers", "join_requests": true, "signup_fields": []}}"#,
    ),
    ("groups.get_identity_preferences", "{}"),
    (
        "groups.set_identity_preferences",
        r#"{"data": {"$alice": {"allow_add": false}}}"#,
    ),
    ("groups.get_membership_fields", r#"{"group_id": "$group"}"#),
    (
        "groups.set_membership_fields",
        r#"{"group_id": "$group", "data": {"$alice": {"institution": "Example"}}}"#,
    ),
    (
        "groups.batch_membership_action",
        r#"{"group_id": "$group", "actions": {"remove": [{"identity_id": "$bob"}]}}"#,
    ),
    (
        "groups_manager.create_group",
        r#"{"name": "New", "description": "A new group"}"#,
    ),
    (
        "groups_manager.approve_pending",
        r#"{"group_id": "$group", "identity_id": "$linked"}"#,
    ),
    (
        "groups_manager.change_role",
        r#"{"group_id": "$group", "identity_id": "$bob", "role": "admin"}"#,
    ),
    (
        "groups_manager.remove_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.set_group_policies",
        r#"{"group_id": "$group", "is_high_assurance": false, "group_visibility": "private",
        "group_members_visibility": "managers", "join_requests": true, "signup_fields": []}"#,
    ),
    (
        "groups_manager.accept_invite",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.add_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.decline_invite",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.invite_member",
        r#"{"group_id": "$group", "identity_id": "$bob"}"#,
    ),
    (
        "groups_manager.leave",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.reject_join_request",
        r#"{"group_id": "$group", "identity_id": "$linked"}"#,
    ),
    ("transfer.endpoint_search", r#"{"filter_scope": "my-endpoints"}"#),
    ("transfer.get_endpoint", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.update_endpoint",
        r#"{"endpoint_id": "$collection", "data": {"description": "Laptop"}}"#,
    ),
    ("transfer.delete_endpoint", r#"{"endpoint_id": "$collection"}"#),
    (
        "transfer.operation_ls",
        r#"{"endpoint_id": "$collection", "path": "/"}"#,
    ),
    (
        "transfer.operation_stat",
        r#"{"endpoint_id": "$collection", "path": "/"}"#,
    ),
    (
        "transfer.operation_mkdir",
        r#"{"endpoint_id": "$collection", "path": "/new/"}"#,
    ),
    (
        "transfer.operation_rename",
        r#"{"endpoint_id": "$collection", "oldpath": "/file.txt", "newpath": "/renamed"}"#,
    ),
    ("transfer.get_submission_id", "{}"),
    (
        "transfer.submit_transfer",
        r#"{"data": {"DATA_TYPE": "transfer", "source_endpoint": "$collection", "destination_endpoint":
        "$collection", "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/file.txt", "destination_path": "/copy"}]}}"#,
    ),
    (
        "transfer.submit_delete",
        r#"{"data": {"DATA_TYPE": "delete", "endpoint": "$collection", "ignore_missing": true,
        "DATA": [{"DATA_TYPE": "delete_item", "path": "/a"}]}}"#,
    ),
    ("transfer.get_task", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_list", r#"{"limit": 10}"#),
    (
        "transfer.update_task",
        r#"{"task_id": "$task", "data": {"DATA_TYPE": "task", "label": "Renamed"}}"#,
    ),
    ("transfer.cancel_task", r#"{"task_id": "$task"}"#),
    ("transfer.task_event_list", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_successful_transfers", r#"{"task_id": "$transfer"}"#),
    ("transfer.task_skipped_errors", r#"{"task_id": "$task"}"#),
    ("transfer.task_pause_info", r#"{"task_id": "$task"}"#),
    (
        "transfer.task_wait",
        r#"{"task_id": "$task", "timeout": 1, "polling_interval": 1}"#,
    ),
    ("flows.list_flows", "{}"),
    (
        "flows.create_flow",
        r#"{"title": "One step", "definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}},
        "input_schema": {"type": "object"}}"#,
    ),
    ("flows.get_flow", r#"{"flow_id": "$flow"}"#),
    ("flows.update_flow", r#"{"flow_id": "$flow", "subtitle": "New"}"#),
    ("flows.delete_flow", r#"{"flow_id": "$flow"}"#),
    (
        "flows.validate_flow",
        r#"{"definition": {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true}}}}"#,
    ),
    ("flows.list_runs", "{}"),
    ("flows.get_run", r#"{"run_id": "$run"}"#),
    ("flows.get_run_definition", r#"{"run_id": "$run"}"#),
    ("flows.get_run_logs", r#"{"run_id": "$run"}"#),
    ("flows.update_run", r#"{"run_id": "$run", "label": "Renamed"}"#),
    (
        "specific_flow.run_flow",
        r#"{"body": {"greeting": "hello"}, "label": "A run"}"#,
    ),
    ("specific_flow.validate_run", r#"{"body": {"greeting": "hello"}}"#),
];

/// Arguments with which the emulator may refuse an operation: there is nothing to be done, or a run has not ended yet, or
/// has ended already.
const UNSETTLED: &[(&str, &str)] = &[
    (
        "groups_manager.join",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    (
        "groups_manager.request_join",
        r#"{"group_id": "$group", "identity_id": "$alice"}"#,
    ),
    ("flows.delete_run", r#"{"run_id": "$run"}"#),
    (
        "auth_login.oauth2_exchange_code_for_tokens",
        r#"{"auth_code": "not a code", "flow": $login}"#,
    ),
    (
        "groups.set_subscription_admin_verified",
        r#"{"group_id": "$group", "subscription_id": "$subscription"}"#,
    ),
    ("flows.cancel_run", r#"{"run_id": "$run"}"#),
    ("specific_flow.resume_run", r#"{"run_id": "$run"}"#),
];

/// What stands for the ids of the seeded world.
const NAMES: &[(&str, &str)] = &[
    ("$alice", seed::ALICE),
    ("$linked", seed::ALICE_LINKED),
    ("$bob", seed::BOB),
    ("$group", seed::GROUP_RESEARCH),
    ("$subgroup", seed::GROUP_SUBGROUP),
    ("$subscription", seed::SUBSCRIPTION),
    ("$collection", seed::ALICE_COLLECTION),
    ("$flow", seed::FLOW_HELLO),
];

async fn arguments(emulator: &Emulator, row: &'static Operation, calls: &Calls) -> String {
    let mut given = ARGUMENTS.iter().chain(UNSETTLED);
    let Some((_, text)) = given.find(|(key, _)| *key == row.key()) else {
        return calls.params(row).unwrap_or_else(|| "{}".to_owned());
    };
    let text = seeded(text);
    let folder = emulator.folder(seed::ALICE_COLLECTION).expect("Alice's folder");
    std::fs::write(folder.join("file.txt"), "Some text.\n").expect("a file of Alice's");
    let Some(made) = ["$task", "$transfer", "$run", "$token", "$login"]
        .into_iter()
        .find(|made| text.contains(made))
    else {
        return text;
    };
    let id = match made {
        "$task" => {
            emulator.hold_tasks(true);
            submitted(emulator, "submit_delete").await
        }
        "$transfer" => {
            let id = submitted(emulator, "submit_transfer").await;
            let waiting = client(emulator, spec("transfer"))
                .call("task_wait", &json!({ "task_id": id }).to_string())
                .await;
            waiting.expect("it ends");
            id
        }
        "$run" => {
            let params = json!({ "body": { "greeting": "hello" }, "label": "A run" }).to_string();
            let run = client(emulator, spec("specific_flow")).call("run_flow", &params).await;
            run.expect("a run")["run_id"].as_str().expect("an id").to_owned()
        }
        "$login" => vector::any_login().to_string(),
        _ => emulator.mint_token("alice", &["openid", "email"]).expect("a token"),
    };
    text.replace(made, &id)
}

/// The text with the ids of the seeded world.
fn seeded(text: &str) -> String {
    let replace = |text: String, (name, id): &(&str, &str)| text.replace(&format!("{name}\""), &format!("{id}\""));
    NAMES.iter().fold(text.to_owned(), replace)
}

/// The id of a task that was submitted.
async fn submitted(emulator: &Emulator, operation: &str) -> String {
    let key = format!("transfer.{operation}");
    let (_, params) = ARGUMENTS.iter().find(|(name, _)| *name == key).expect("it is there");
    let answer = client(emulator, spec("transfer"))
        .call(operation, &seeded(params))
        .await;
    answer.expect("a task")["task_id"].as_str().expect("an id").to_owned()
}

fn spec(id: &str) -> &'static ClientSpec {
    CLIENTS.iter().find(|spec| spec.id == id).expect("a client")
}

/// A client of the emulator as Alice, or as the seeded program where a client has credentials of its own.
fn client(emulator: &Emulator, spec: &'static ClientSpec) -> AnyClient {
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let builder = AnyClient::builder(spec.id).expect("a client");
    let mut builder = builder.config(Config::from_lookup(lookup).expect("its addresses"));
    if spec.is_login_client() {
        let native = spec.id == "native_app_auth";
        let id = if native {
            seed::NATIVE_CLIENT_ID
        } else {
            seed::CLIENT_ID
        };
        builder = builder.argument("client_id", id).expect("it takes a client id");
        if !native {
            builder = builder.authorizer(BasicAuthorizer::new(seed::CLIENT_ID, seed::CLIENT_SECRET));
        }
        return builder.build().expect("a client");
    }
    builder = builder
        .argument("flow_id", seed::FLOW_HELLO)
        .expect("a client may take a flow");
    if spec.id == "gcs" {
        builder = builder.base_url(format!("{}api/", emulator.url()));
    }
    let scopes = scopes(spec);
    let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
    // What the emulator has no scopes for it does not serve either.
    let token = emulator.mint_token("alice", &names);
    builder
        .authorizer(AccessTokenAuthorizer::new(token.unwrap_or_else(|_| "none".to_owned())))
        .build()
        .expect("a client")
}

/// All scopes that the operations of a client name, or that of the flow.
fn scopes(spec: &'static ClientSpec) -> Vec<String> {
    if let Some(of) = spec.scopes_of {
        return vec![of(seed::FLOW_HELLO).expect("a scope").to_string()];
    }
    let named = spec.operations().flat_map(|row| row.scopes).chain(spec.default_scopes);
    let mut scopes: Vec<String> = named.map(|scope| (*scope).to_owned()).collect();
    scopes.sort();
    scopes.dedup();
    scopes
}
