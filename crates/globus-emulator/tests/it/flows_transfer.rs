//! Flows that move files: their actions are tasks of the emulator's Transfer.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use globus_emulator::{Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{TRANSFER, World};

const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all";
const LAPTOP: &str = seed::ALICE_COLLECTION;

/// A scene with Alice's computer, and a flow of hers.
struct Scene {
    world: World,
    flow: String,
    scope: String,
}

impl Scene {
    fn new(clock: Clock, states: Value) -> Self {
        let emulator = Emulator::builder().clock(clock).start_now().expect("an emulator");
        let world = World { emulator };
        let token = world.user_token("alice", FLOWS);
        let definition = json!({"StartAt": "a", "States": states});
        let body = json!({"title": "T", "definition": definition, "input_schema": {}});
        let made = world.call(&token, "POST", "/flows", Some(body)).expect(201);
        let text = |name: &str| made[name].as_str().expect("a text").to_owned();
        let (flow, scope) = (text("id"), text("globus_auth_scope"));
        Self { world, flow, scope }
    }

    /// A path in Alice's home folder on a collection.
    fn home(&self, collection: &str) -> PathBuf {
        let home = self
            .world
            .emulator
            .folder(collection)
            .expect("a folder")
            .join("home/researcher");
        std::fs::create_dir_all(&home).expect("her home");
        home
    }

    fn start(&self) -> String {
        let token = self.world.user_token("alice", &self.scope);
        let path = format!("/flows/{}/run", self.flow);
        let run = self
            .world
            .call(&token, "POST", &path, Some(json!({"body": {}})))
            .expect(201);
        run["run_id"].as_str().expect("an id").to_owned()
    }

    fn advance(&self, seconds: u64) {
        self.world.emulator.advance(Duration::from_secs(seconds));
    }

    fn run(&self, id: &str) -> Value {
        let token = self.world.user_token("alice", FLOWS);
        self.world.get(&token, &format!("/runs/{id}")).expect(200)
    }

    fn tasks(&self) -> Vec<Value> {
        let token = self.world.user_token("alice", TRANSFER);
        let list = self.world.get(&token, "/v0.10/task_list").expect(200);
        list["DATA"].as_array().expect("a list").clone()
    }
}

fn provider(name: &str, parameters: Value, more: Value) -> Value {
    let url = format!("https://actions.globus.org/transfer/{name}");
    let mut state =
        json!({"Type": "Action", "ActionUrl": url, "Parameters": parameters, "ResultPath": format!("$.{name}")});
    state
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().expect("an object").clone());
    state
}

fn copy(from: &str, to: &str, more: Value) -> Value {
    let items = json!([{"source_path": format!("/~/{from}"), "destination_path": format!("/~/{to}")}]);
    let parameters = json!({
        "source_endpoint_id": LAPTOP, "destination_endpoint_id": LAPTOP, "transfer_items": items, "label": "by a flow",
    });
    provider("transfer", parameters, more)
}

#[test]
fn a_file_goes_through_two_transfers_in_a_moment_of_logical_time() {
    let logs = || {
        let states = json!({
            "a": copy("one", "two", json!({"Next": "b"})),
            "b": copy("two", "three", json!({"End": true})),
        });
        let scene = Scene::new(Clock::logical(), states);
        let home = scene.home(LAPTOP);
        std::fs::write(home.join("one"), "content").expect("a file");
        let id = scene.start();
        scene.advance(3_600);
        let run = scene.run(&id);
        assert_eq!(run["status"], "SUCCEEDED", "{run}");
        assert_eq!(std::fs::read_to_string(home.join("three")).expect("a file"), "content");
        let status = &run["details"]["output"]["transfer"];
        assert_eq!(
            (&status["status"], &status["details"]["status"]),
            (&json!("SUCCEEDED"), &json!("SUCCEEDED"))
        );
        assert_eq!(status["details"]["bytes_transferred"], 7);
        let tasks = scene.tasks();
        assert_eq!(tasks.len(), 2);
        assert!(
            tasks
                .iter()
                .all(|task| task["label"] == "by a flow" && task["status"] == "SUCCEEDED")
        );
        assert_eq!(tasks[0]["task_id"], status["details"]["task_id"]);
        let token = scene.world.user_token("alice", FLOWS);
        let log = scene
            .world
            .get(&token, &format!("/runs/{id}/log?limit=100"))
            .expect(200);
        log.to_string()
    };
    assert_eq!(logs(), logs());
}

#[test]
fn what_a_flow_does_with_folders_it_does_on_the_collection() {
    let at = |path: &str| json!({"endpoint_id": LAPTOP, "path": path});
    let delete = json!({"endpoint_id": LAPTOP, "items": ["/~/made"], "recursive": true});
    let states = json!({
        "a": provider("mkdir", at("/~/made"), json!({"Next": "b"})),
        "b": provider("ls", at("/~/"), json!({"Next": "c"})),
        "c": provider("delete", delete, json!({"Next": "d"})),
        "d": provider("mkdir", at("/~/kept"), json!({"Next": "e"})),
        // It is there already, which ends the action and, as it says so, not the run.
        "e": provider("mkdir", at("/~/kept"), json!({"ExceptionOnActionFailure": false, "Next": "f"})),
        "f": provider("ls", at("/~/made"), json!({
            "End": true, "ResultPath": "$.none",
            "Catch": [{"ErrorEquals": ["ActionFailedException"], "ResultPath": "$.error", "Next": "g"}],
        })),
        "g": {"Type": "Pass", "End": true},
    });
    let scene = Scene::new(Clock::logical(), states);
    let home = scene.home(LAPTOP);
    let id = scene.start();
    scene.advance(60);
    let run = scene.run(&id);
    assert_eq!(run["status"], "SUCCEEDED", "{run}");
    let output = &run["details"]["output"];
    let names: Vec<&str> = output["ls"]["details"]["DATA"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|row| row["name"].as_str())
        .collect();
    assert_eq!(names, ["made"]);
    assert_eq!(output["delete"]["details"]["type"], "DELETE");
    assert_eq!(output["mkdir"]["status"], "FAILED");
    assert_eq!(output["mkdir"]["details"]["code"], "ExternalError.MkdirFailed.Exists");
    assert_eq!(output["error"]["Error"], "ActionFailedException");
    assert!(home.join("kept").is_dir() && !home.join("made").exists());
}

#[test]
fn a_transfer_that_does_not_end_is_given_up() {
    let catch = json!([{"ErrorEquals": ["ActionTimeout"], "ResultPath": "$.error", "Next": "b"}]);
    let states = json!({
        "a": copy("missing", "two", json!({"WaitTime": 5, "Catch": catch, "End": true})),
        "b": {"Type": "Pass", "InputPath": "$.error.Error", "End": true},
    });
    let scene = Scene::new(Clock::logical(), states.clone());
    scene.home(LAPTOP);
    scene.world.emulator.hold_tasks(true);
    let id = scene.start();
    scene.advance(60);
    let run = scene.run(&id);
    assert_eq!(
        (&run["status"], &run["details"]["output"]),
        (&json!("SUCCEEDED"), &json!("ActionTimeout")),
        "{run}"
    );
    let task = &scene.tasks()[0];
    assert_eq!(
        (&task["status"], &task["fatal_error"]["code"]),
        (&json!("FAILED"), &json!("CANCELED"))
    );

    // A run that is cancelled takes its task with it.
    let id = scene.start();
    scene.advance(2);
    assert_eq!(scene.run(&id)["details"]["code"], "ActionStarted");
    let token = scene.world.user_token("alice", FLOWS);
    scene
        .world
        .call(&token, "POST", &format!("/runs/{id}/cancel"), None)
        .expect(202);
    assert!(scene.tasks().iter().all(|task| task["status"] == "FAILED"));
}

#[test]
fn what_transfer_refuses_cannot_run() {
    for (parameters, why) in [
        (json!({"source_endpoint_id": LAPTOP}), "field required"),
        (
            json!({"source_endpoint_id": LAPTOP, "destination_endpoint_id": LAPTOP, "transfer_items": []}),
            "NoTransferItems",
        ),
        (
            json!({
                "source_endpoint": seed::CLIENT_COLLECTION, "destination_endpoint": LAPTOP,
                "DATA": [{"source_path": "/~/a", "destination_path": "/~/b"}],
            }),
            "PermissionDenied",
        ),
    ] {
        let states = json!({"a": provider("transfer", parameters, json!({"End": true}))});
        let scene = Scene::new(Clock::logical(), states);
        let id = scene.start();
        scene.advance(60);
        let run = scene.run(&id);
        assert_eq!(run["status"], "FAILED", "{run}");
        let error = &run["details"]["details"]["error"];
        assert_eq!(error["code"], "ActionUnableToRun");
        assert!(
            error["description"].as_str().is_some_and(|text| text.contains(why)),
            "{error}"
        );
    }
}

#[test]
fn data_that_asks_for_consent_makes_a_run_wait_for_it() {
    let collection = seed::TUTORIAL_COLLECTION_1;
    let items = json!([{"source_path": "/~/one", "destination_path": "/~/two"}]);
    let parameters =
        json!({"source_endpoint_id": collection, "destination_endpoint_id": LAPTOP, "transfer_items": items});
    for url in [
        "https://actions.globus.org/transfer/transfer",
        "https://transfer.actions.globus.org/transfer",
    ] {
        let states = json!({"a": provider("transfer", parameters.clone(), json!({"End": true, "ActionUrl": url}))});
        let scene = Scene::new(Clock::logical(), states);
        std::fs::write(scene.home(collection).join("one"), "content").expect("a file");
        let id = scene.start();
        scene.advance(60);
        let stalled = scene.run(&id);
        assert_eq!(stalled["status"], "INACTIVE", "{stalled}");
        assert_eq!(stalled["details"]["code"], "ConsentRequired");
        let required = stalled["details"]["required_scope"].as_str().expect("a scope");
        let data_access = format!("https://auth.globus.org/scopes/{collection}/data_access");
        assert!(
            required.starts_with(&scene.scope) && required.contains(&data_access),
            "{required}"
        );
        // Either the scope that the run names, or the one that clients of one flow ask for.
        for scope in [
            required.to_owned(),
            format!("{}[*{TRANSFER}[*{data_access}]]", scene.scope),
        ] {
            let id = scene.start();
            scene.advance(60);
            let token = scene.world.user_token("alice", &scope);
            if scene.run(&id)["status"] == "INACTIVE" {
                scene
                    .world
                    .call(&token, "POST", &format!("/runs/{id}/resume"), None)
                    .expect(200);
                scene.advance(60);
            }
            assert_eq!(scene.run(&id)["status"], "SUCCEEDED", "{scope}");
        }
    }
}

#[test]
fn in_real_time_nobody_has_to_ask() {
    let states = json!({
        "a": copy("one", "two", json!({"Next": "b"})),
        "b": copy("two", "three", json!({"End": true})),
    });
    let scene = Scene::new(Clock::Real, states);
    let home = scene.home(LAPTOP);
    std::fs::write(home.join("one"), "content").expect("a file");
    let id = scene.start();
    let start = Instant::now();
    while std::fs::read_to_string(home.join("three")).ok().as_deref() != Some("content") {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", scene.run(&id));
        std::thread::yield_now();
    }
    while scene.run(&id)["status"] != "SUCCEEDED" {
        assert!(start.elapsed() < Duration::from_secs(60), "{}", scene.run(&id));
    }
}

/// Whoever moves the clock waits for what a flow copies, and nobody else.
#[test]
fn others_are_answered_while_the_clock_makes_up_for_a_copy() {
    let scene = Scene::new(
        Clock::logical(),
        json!({"a": copy("big", "copy", json!({"End": true}))}),
    );
    let big = std::fs::File::create(scene.home(LAPTOP).join("big")).expect("a file");
    // A hole, which takes no room and long enough.
    big.set_len(4_000_000_000).expect("a hole");
    let id = scene.start();
    let token = scene.world.user_token("bob", crate::http::GROUPS);
    std::thread::scope(|scope| {
        let mover = scope.spawn(|| scene.advance(3_600));
        let began = Instant::now();
        while scene.tasks().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(20), "the copy does not begin");
        }
        let began = Instant::now();
        scene.world.get(&token, "/v2/groups/my_groups").expect(200);
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        assert!(!mover.is_finished(), "there was nothing to wait for");
        // Or it would go on for a while.
        let task = scene.tasks()[0]["task_id"].as_str().expect("an id").to_owned();
        let transfer = scene.world.user_token("alice", TRANSFER);
        let path = format!("/v0.10/task/{task}/cancel");
        scene.world.call(&transfer, "POST", &path, None).expect(200);
    });
    assert_eq!(scene.run(&id)["status"], "FAILED");
}
