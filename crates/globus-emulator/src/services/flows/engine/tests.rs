//! Runs under a logical clock.

use std::time::Duration;

use super::*;
use crate::clock::Clock;
use crate::seed::{self, Seed};
use crate::services::flows::definition::Definition;
use crate::services::flows::state::Flow;
use crate::services::flows::validation::{Place, Problems};
use crate::services::transfer::storage::Storage;
use crate::world::Setting;
use uuid::Uuid;

const HELLO: &str = "https://actions.globus.org/hello_world";

fn world() -> World {
    let setting = Setting {
        secure_origin: "https://127.0.0.1:2/".to_owned(),
        authority: Arc::default(),
        origin: "http://127.0.0.1:1/".to_owned(),
        clock: Clock::logical(),
        storage: Arc::new(Storage::new(None)),
    };
    World::new(&setting, &Seed::standard())
}

fn uuid(text: &str) -> Uuid {
    Uuid::parse_str(text).expect("a uuid")
}

/// Begins a run of Alice's of a flow with these states, at `a`.
fn begin(world: &mut World, states: Value, input: Value) -> Uuid {
    let written = json!({"StartAt": "a", "States": states});
    let mut problems = Problems::default();
    let definition = Definition::parse(&written, Place::Root, &mut problems);
    assert_eq!(problems.lines(), [] as [String; 0]);
    let flow = Flow {
        definition: written,
        ..world.flows.flows[&uuid(seed::FLOW_HELLO)].clone()
    };
    let (id, now) = (world.ids.uuid(), world.time.now());
    let mut run = Run::new(id, flow, definition.expect("a definition"), uuid(seed::ALICE), now);
    run.state = input;
    start(&mut run, now);
    world.flows.keep(run);
    id
}

fn pass_time(world: &mut World, seconds: f64) {
    world.time.advance(Duration::from_secs_f64(seconds));
    settle(world, true);
}

/// A run as it is after an hour.
fn after_an_hour(states: Value, input: Value) -> Run {
    let mut world = world();
    let id = begin(&mut world, states, input);
    pass_time(&mut world, 3_600.0);
    world.flows.take(id).expect("the run")
}

fn codes(run: &Run) -> Vec<&str> {
    run.log.iter().map(|entry| entry.code.as_str()).collect()
}

fn output(states: Value, input: Value) -> Value {
    let run = after_an_hour(states, input);
    assert_eq!(run.status, Status::Succeeded, "{:?}", run.log);
    run.state
}

fn error(run: &Run) -> &str {
    assert_eq!(run.status, Status::Failed, "{:?}", run.log);
    let last = run.log.last().expect("an entry");
    assert_eq!(last.code, "FlowFailed");
    last.details["error"]["code"].as_str().expect("a code")
}

/// An action as state `a`.
fn hello(parameters: Value, more: Value) -> Value {
    let mut state = json!({"Type": "Action", "ActionUrl": HELLO, "Parameters": parameters});
    state
        .as_object_mut()
        .expect("an object")
        .extend(more.as_object().expect("an object").clone());
    state
}

#[test]
fn results_go_where_the_state_says() {
    let pass = |more: Value| {
        let mut state = json!({"Type": "Pass", "End": true});
        state
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        json!({"a": state})
    };
    let input = json!({"x": {"y": 1}, "z": 2});
    for (more, wanted) in [
        (json!({}), input.clone()),
        (json!({"InputPath": "$.x"}), json!({"y": 1})),
        (json!({"Parameters": {"got.$": "$.z"}}), json!({"got": 2})),
        (
            json!({"Parameters": {"got.=": "z * 2"}, "ResultPath": "$.x.sum"}),
            json!({"x": {"y": 1, "sum": {"got": 4}}, "z": 2}),
        ),
    ] {
        assert_eq!(output(pass(more), input.clone()), wanted);
    }
    let states = json!({"a": {
        "Type": "ExpressionEval", "Parameters": {"name.=": "x['y'] + z"}, "ResultPath": "$.e", "Next": "b",
    }, "b": {"Type": "Pass", "InputPath": "$.e", "End": true}});
    assert_eq!(output(states, input), json!({"name": 3}));
}

#[test]
fn a_run_writes_down_what_it_does_and_when() {
    let states = json!({
        "a": {"Type": "Pass", "Next": "b"},
        "b": hello(json!({"echo_string.$": "$.word", "sleep_time": 5}), json!({"ResultPath": "$.Said", "Next": "c"})),
        "c": {"Type": "Wait", "Seconds": 10, "Next": "d"},
        "d": {"Type": "Choice", "Choices": [{"Variable": "$.word", "StringEquals": "x", "Next": "a"}], "Default": "e"},
        "e": {"Type": "Pass", "InputPath": "$.Said.details", "End": true},
    });
    let run = after_an_hour(states, json!({"word": "hi"}));
    let wanted = [
        ("FlowStarted", 0.0),
        ("PassStarted", 0.01),
        ("PassCompleted", 0.01),
        ("ActionStarted", 0.02),
        ("ActionCompleted", 5.02),
        ("WaitStarted", 5.03),
        ("WaitCompleted", 15.03),
        ("ChoiceStarted", 15.04),
        ("ChoiceCompleted", 15.04),
        ("PassStarted", 15.05),
        ("PassCompleted", 15.05),
        ("FlowSucceeded", 15.05),
    ];
    let got: Vec<(&str, f64)> = run
        .log
        .iter()
        .map(|entry| {
            (
                entry.code.as_str(),
                entry.time.duration_since(run.start_time).as_secs_f64(),
            )
        })
        .collect();
    assert_eq!(got, wanted);
    assert_eq!(run.state, json!({"Hello": "World", "hello": "hi"}));
    assert_eq!(run.completion_time, run.log.last().map(|entry| entry.time));
    let action = &run.log[4].details;
    assert_eq!(
        (&action["state_name"], &action["state_type"]),
        (&json!("b"), &json!("Action"))
    );
    assert_eq!(action["output"]["status"], "SUCCEEDED");
    assert_eq!(
        action["output"]["creator_id"],
        format!("urn:globus:auth:identity:{}", seed::ALICE)
    );
    assert_eq!(
        run.log[3].details["input"],
        json!({"echo_string": "hi", "sleep_time": 5})
    );
}

#[test]
fn steps_happen_at_their_times_however_late_somebody_looks() {
    let states = json!({
        "a": hello(json!({"sleep_time": 30}), json!({"Next": "b"})),
        "b": {"Type": "Wait", "TimestampPath": "$.start_time", "Next": "c"},
        "c": {"Type": "Wait", "Seconds": 60, "End": true},
    });
    let times = |pauses: &[f64]| {
        let mut world = world();
        let id = begin(&mut world, states.clone(), json!({}));
        for pause in pauses {
            pass_time(&mut world, *pause);
        }
        let run = world.flows.run(id).expect("the run");
        assert_eq!(run.status, Status::Succeeded);
        run.log
            .iter()
            .map(|entry| entry.document().to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(times(&[1_000.0]), times(&[10.0, 25.0, 0.5, 60.0, 7.0]));
}

#[test]
fn a_run_is_active_until_its_time_has_come() {
    let mut world = world();
    let id = begin(
        &mut world,
        json!({"a": {"Type": "Wait", "Seconds": 60, "End": true}}),
        json!({}),
    );
    settle(&mut world, true);
    let run = world.flows.run(id).expect("the run");
    assert_eq!(
        (run.status, &run.details["code"]),
        (Status::Active, &json!("FlowStarting"))
    );
    pass_time(&mut world, 30.0);
    let run = world.flows.run(id).expect("the run");
    assert_eq!(
        (run.status, &run.details["code"]),
        (Status::Active, &json!("WaitStarted"))
    );
    pass_time(&mut world, 31.0);
    let run = world.flows.run(id).expect("the run");
    assert_eq!(
        (run.status, &run.details["code"]),
        (Status::Succeeded, &json!("FlowSucceeded"))
    );
}

#[test]
fn waits_follow_what_the_state_says() {
    let wait = |more: Value| {
        let mut state = json!({"Type": "Wait", "End": true});
        state
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        let run = after_an_hour(
            json!({"a": state}),
            json!({"n": 7, "t": "2026-01-01T00:00:42Z", "bad": "x"}),
        );
        let seconds = |time: Timestamp| time.duration_since(run.start_time).as_secs();
        (run.status, run.completion_time.map(seconds))
    };
    for (more, wanted) in [
        (json!({"Seconds": 5}), (Status::Succeeded, Some(5))),
        (json!({"SecondsPath": "$.n"}), (Status::Succeeded, Some(7))),
        (
            json!({"Timestamp": "2026-01-01T00:01:00Z"}),
            (Status::Succeeded, Some(60)),
        ),
        (
            json!({"Timestamp": "2020-01-01T00:01:00Z"}),
            (Status::Succeeded, Some(0)),
        ),
        (json!({"TimestampPath": "$.t"}), (Status::Succeeded, Some(42))),
        (json!({"Seconds": 7200}), (Status::Active, None)),
        (json!({"SecondsPath": "$.bad"}), (Status::Failed, Some(0))),
        (json!({"TimestampPath": "$.missing"}), (Status::Failed, Some(0))),
    ] {
        assert_eq!(wait(more.clone()), wanted, "{more}");
    }
}

#[test]
fn errors_end_a_run_unless_they_are_caught() {
    let fails = json!({"a": {"Type": "Fail", "Error": "TooBad", "Cause": "why"}});
    let run = after_an_hour(fails, json!({}));
    assert_eq!(error(&run), "TooBad");
    assert_eq!(codes(&run), ["FlowStarted", "FailStarted", "FlowFailed"]);
    let chooses = json!({"a": {"Type": "Choice", "Choices": [{"Variable": "$.n", "IsNull": true, "Next": "a"}]}});
    assert_eq!(
        error(&after_an_hour(chooses.clone(), json!({"n": 1}))),
        "States.NoChoiceMatched"
    );
    assert_eq!(error(&after_an_hour(chooses, json!({}))), "States.Runtime");
    let missing = json!({"a": {"Type": "Pass", "InputPath": "$.no", "End": true}});
    assert_eq!(error(&after_an_hour(missing, json!({}))), "States.Runtime");
    for more in [json!({"Parameters": {"x.$": "$.no"}}), json!({"InputPath": "$.no"})] {
        for (kind, url, wanted) in [
            ("Pass", json!({}), vec!["FlowStarted", "PassStarted", "FlowFailed"]),
            (
                "Action",
                json!({"ActionUrl": HELLO}),
                vec!["FlowStarted", "ActionStarted", "ActionFailed", "FlowFailed"],
            ),
        ] {
            let mut state = json!({"Type": kind, "End": true});
            for part in [&more, &url] {
                let part = part.as_object().expect("an object").clone();
                state.as_object_mut().expect("an object").extend(part);
            }
            let run = after_an_hour(json!({"a": state}), json!({}));
            assert_eq!((error(&run), codes(&run)), ("States.Runtime", wanted), "{kind} {more}");
            let last = run.log.last().expect("an entry");
            assert_eq!(last.details["state_name"], "a");
            assert_eq!(last.description, "The Flow Instance failed in state a");
        }
    }
    let circle = json!({"a": {"Type": "Pass", "Next": "a"}});
    assert_eq!(error(&after_an_hour(circle, json!({}))), "States.Runtime");
    let grows = json!({"a": {"Type": "Pass", "Parameters": {"x.$": "$", "y.$": "$"}, "Next": "a"}});
    assert_eq!(error(&after_an_hour(grows, json!({"x": "y"}))), "States.Runtime");

    let bad = json!({"echo_string": 1});
    let alone = json!({"a": hello(bad.clone(), json!({"End": true}))});
    let run = after_an_hour(alone, json!({}));
    assert_eq!(error(&run), "ActionUnableToRun");
    assert_eq!(
        codes(&run),
        ["FlowStarted", "ActionStarted", "ActionFailed", "FlowFailed"]
    );
    let slow = json!({"sleep_time": 60});
    for (parameters, errors, wanted) in [
        (bad.clone(), json!(["ActionUnableToRun"]), "ActionUnableToRun"),
        (bad, json!(["States.ALL"]), "ActionUnableToRun"),
        (slow, json!(["ActionFailedException", "ActionTimeout"]), "ActionTimeout"),
    ] {
        let catch = json!([{"ErrorEquals": errors, "ResultPath": "$.error", "Next": "b"}]);
        let states = json!({
            "a": hello(parameters, json!({"End": true, "WaitTime": 10, "Catch": catch})),
            "b": {"Type": "Pass", "InputPath": "$.error.Error", "End": true},
        });
        assert_eq!(output(states, json!({})), wanted);
    }
    let elsewhere = json!([{"ErrorEquals": ["ActionTimeout"], "Next": "b"}]);
    let states = json!({
        "a": hello(json!({"echo_string": 1}), json!({"End": true, "Catch": elsewhere})),
        "b": {"Type": "Pass", "End": true},
    });
    assert_eq!(error(&after_an_hour(states, json!({}))), "ActionUnableToRun");
}

#[test]
fn roles_and_providers_that_nobody_knows_cannot_run() {
    for more in [
        json!({"RunAs": "Somebody"}),
        json!({"ActionUrl": "https://example.org/action"}),
    ] {
        let mut state = hello(json!({}), json!({"End": true}));
        state
            .as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        assert_eq!(
            error(&after_an_hour(json!({"a": state}), json!({}))),
            "ActionUnableToRun"
        );
    }
    let own = json!({"a": hello(json!({}), json!({"End": true, "RunAs": "Flow"}))});
    let creator = format!("urn:globus:auth:identity:{}", seed::FLOW_HELLO);
    assert_eq!(output(own, json!({}))["creator_id"], creator);
}

#[test]
fn private_parameters_stay_out_of_the_log() {
    let parameters = json!({"echo_string.$": "$.secret", "__Private_Parameters": ["echo_string"]});
    let states = json!({"a": hello(parameters, json!({"ResultPath": "$.said", "End": true}))});
    let run = after_an_hour(states, json!({"secret": "s3cret"}));
    assert_eq!(run.state["said"]["details"]["hello"], "s3cret");
    let entry = run
        .log
        .iter()
        .find(|entry| entry.code == "ActionStarted")
        .expect("an entry");
    assert_eq!(entry.details["input"], json!({}));
}

#[test]
fn a_cancelled_run_is_over() {
    let mut world = world();
    let id = begin(
        &mut world,
        json!({"a": hello(json!({"sleep_time": 60}), json!({"End": true}))}),
        json!({}),
    );
    pass_time(&mut world, 30.0);
    let now = world.time.now();
    let mut run = world.flows.take(id).expect("the run");
    cancel(&mut world, &mut run, now);
    world.flows.keep(run);
    pass_time(&mut world, 3_600.0);
    let run = world.flows.run(id).expect("the run");
    assert_eq!((run.status, run.completion_time), (Status::Failed, Some(now)));
    assert_eq!(codes(run), ["FlowStarted", "ActionStarted", "FlowCanceled"]);
    assert_eq!(run.details["code"], "FlowCanceled");
}
