//! What has to be there before an operation can succeed.

use std::time::Duration;

use globus_emulator::{Emulator, seed};
use globus_sdk::operation::Operation;
use serde_json::{Value, json};

use super::super::models::Calls;
use super::super::vector;
use super::arguments::ARGUMENTS;
use super::{client, spec};

/// What stands for the ids of the seeded world.
const NAMES: &[(&str, &str)] = &[
    ("$alice", seed::ALICE),
    ("$linked", seed::ALICE_LINKED),
    ("$bob", seed::BOB),
    ("$group", seed::GROUP_RESEARCH),
    ("$subgroup", seed::GROUP_SUBGROUP),
    ("$subscription", seed::SUBSCRIPTION),
    ("$project", seed::PROJECT),
    ("$policy", seed::POLICY),
    ("$server", seed::RESOURCE_SERVER_ID),
    ("$collection", seed::ALICE_COLLECTION),
    ("$guest", seed::EXAMPLE_GUEST_COLLECTION),
    ("$rule", "acce5500-5eed-4000-8000-000000000001"),
    ("$role", "401e0000-5eed-4000-8000-000000000001"),
    ("$point", seed::STREAM_ACCESS_POINT_1),
    ("$flow", seed::FLOW_HELLO),
    ("$mapped", seed::EXAMPLE_COLLECTION),
    ("$gateway", seed::EXAMPLE_STORAGE_GATEWAY),
];

/// What stands for something that is made first.
const MADE: [&str; 18] = [
    "$task",
    "$transfer",
    "$run",
    "$ended",
    "$token",
    "$login",
    "$host",
    "$bookmark",
    "$pause_rule",
    "$cancellation",
    "$tunnel",
    "$closed",
    "$empty",
    "$credential",
    "$scope",
    "$store",
    "$gcs_role",
    "$keys",
];

/// What an operation is called with, once what it needs has been made.
pub(super) async fn arguments(emulator: &Emulator, row: &'static Operation, calls: &Calls) -> String {
    let Some((_, text)) = ARGUMENTS.iter().find(|(key, _)| *key == row.key()) else {
        return calls.params(row).unwrap_or_else(|| "{}".to_owned());
    };
    let text = seeded(text);
    let folder = emulator.folder(seed::ALICE_COLLECTION).expect("Alice's folder");
    std::fs::write(folder.join("file.txt"), "Some text.\n").expect("a file of Alice's");
    let Some(made) = MADE.into_iter().find(|made| text.contains(made)) else {
        return text;
    };
    let id = match made {
        "$task" => {
            emulator.hold_tasks(true);
            submitted(emulator, "submit_delete").await
        }
        "$transfer" => {
            let id = submitted(emulator, "submit_transfer").await;
            emulator.advance(Duration::from_secs(60));
            let waiting = client(emulator, spec("transfer"), None)
                .call("task_wait", &json!({ "task_id": id }).to_string())
                .await;
            waiting.expect("it ends");
            id
        }
        "$run" | "$ended" => {
            let params = json!({ "body": { "greeting": "hello" }, "label": "A run" }).to_string();
            let run = client(emulator, spec("specific_flow"), None)
                .call("run_flow", &params)
                .await;
            if made == "$ended" {
                emulator.advance(Duration::from_secs(60));
            }
            run.expect("a run")["run_id"].as_str().expect("an id").to_owned()
        }
        "$login" => vector::any_login().to_string(),
        "$empty" => registered(emulator, "create_project", "project").await,
        "$credential" => registered(emulator, "create_client_credential", "credential").await,
        "$scope" => registered(emulator, "create_scope", "scope").await,
        "$store" => managed(emulator, "create_storage_gateway").await,
        "$gcs_role" => managed(emulator, "create_role").await,
        "$keys" => managed(emulator, "create_user_credential").await,
        "$host" => made_by(emulator, "endpoint_server_list", "/DATA/0/id").await,
        "$bookmark" => made_by(emulator, "create_bookmark", "/id").await,
        "$pause_rule" => made_by(emulator, "endpoint_manager_create_pause_rule", "/id").await,
        "$tunnel" | "$closed" => {
            let id = made_by(emulator, "create_tunnel", "/data/id").await;
            if made == "$closed" {
                // It has come to the end of its life.
                emulator.advance(Duration::from_secs(6 * 3_600));
            }
            id
        }
        "$cancellation" => {
            emulator.hold_tasks(true);
            let task = submitted(emulator, "submit_delete").await;
            let params = json!({"task_ids": [task], "message": "Enough"}).to_string();
            let answer = client(emulator, spec("transfer"), None).call("endpoint_manager_cancel_tasks", &params);
            answer.await.expect("a cancellation")["id"]
                .as_str()
                .expect("an id")
                .to_owned()
        }
        _ => emulator.mint_token("alice", &["openid", "email"]).expect("a token"),
    };
    text.replace(made, &id)
}

/// The text with the ids of the seeded world.
fn seeded(text: &str) -> String {
    let replace = |text: String, (name, id): &(&str, &str)| text.replace(&format!("{name}\""), &format!("{id}\""));
    NAMES.iter().fold(text.to_owned(), replace)
}

/// The id of something that Auth made, and that its answer has under a key.
async fn registered(emulator: &Emulator, operation: &str, key: &str) -> String {
    let name = format!("auth.{operation}");
    let (_, params) = ARGUMENTS.iter().find(|(known, _)| *known == name).expect("it is there");
    let answer = client(emulator, spec("auth"), None)
        .call(operation, &seeded(params))
        .await;
    answer.expect("it is made")[key]["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// The id of something that a manager of Globus Connect Server made.
async fn managed(emulator: &Emulator, operation: &str) -> String {
    let key = format!("gcs.{operation}");
    let (_, params) = ARGUMENTS.iter().find(|(name, _)| *name == key).expect("it is there");
    let answer = client(emulator, spec("gcs"), None)
        .call(operation, &seeded(params))
        .await;
    answer.expect("something made")["id"]
        .as_str()
        .expect("an id")
        .to_owned()
}

/// The id in the answer to an operation of Transfer.
async fn made_by(emulator: &Emulator, operation: &str, pointer: &str) -> String {
    let key = format!("transfer.{operation}");
    let (_, params) = ARGUMENTS.iter().find(|(name, _)| *name == key).expect("it is there");
    let answer = client(emulator, spec("transfer"), None)
        .call(operation, &seeded(params))
        .await;
    let document: Value = answer.expect("something made").json().expect("a document");
    match document.pointer(pointer).expect("an id") {
        Value::String(id) => id.clone(),
        number => number.to_string(),
    }
}

/// The id of a task that was submitted.
async fn submitted(emulator: &Emulator, operation: &str) -> String {
    let key = format!("transfer.{operation}");
    let (_, params) = ARGUMENTS.iter().find(|(name, _)| *name == key).expect("it is there");
    let answer = client(emulator, spec("transfer"), None)
        .call(operation, &seeded(params))
        .await;
    answer.expect("a task")["task_id"].as_str().expect("an id").to_owned()
}
