//! Tunnels and stream access points.

use std::time::Duration;

use globus_emulator::{Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{Answer, World};
use crate::transfer_endpoints::{People, text};

fn document(submission: &str, more: Value) -> Value {
    let point = |id: &str| json!({"data": {"type": "StreamAccessPoint", "id": id}});
    json!({"data": {
        "type": "Tunnel",
        "attributes": crate::transfer_desk::merged(json!({"submission_id": submission, "label": "stream"}), more),
        "relationships": {
            "initiator": point(seed::STREAM_ACCESS_POINT_1),
            "listener": point(seed::STREAM_ACCESS_POINT_2),
        },
    }})
}

fn call(people: &People, method: &str, path: &str, body: Value) -> Answer {
    let body = Some(body).filter(|body| !body.is_null());
    people.world.call(&people.alice, method, path, body)
}

fn change(attributes: Value) -> Value {
    json!({"data": {"type": "Tunnel", "attributes": attributes}})
}

#[test]
fn a_tunnel_lives_and_is_stopped() {
    let people = People::new();
    let submission = "292b0054-7084-46eb-83d6-7a6821b1f77e";
    let made = call(
        &people,
        "POST",
        "/v2/tunnels",
        document(submission, json!({"lifetime_mins": 10})),
    )
    .expect(200);
    let attributes = &made["data"]["attributes"];
    assert_eq!(
        (
            &attributes["state"],
            &attributes["lifetime_mins"],
            &attributes["restartable"]
        ),
        (&json!("AWAITING_LISTENER"), &json!(10), &json!(false))
    );
    let relationships = &made["data"]["relationships"];
    assert_eq!(
        relationships["owner"]["data"],
        json!({"type": "Identity", "id": seed::ALICE})
    );
    let again = call(&people, "POST", "/v2/tunnels", document(submission, json!({}))).expect(200);
    assert_eq!(again["data"], made["data"], "one submission makes one tunnel");
    let path = format!("/v2/tunnels/{}", text(&made["data"]["id"]));
    let state = || text(&call(&people, "GET", &path, Value::Null).expect(200)["data"]["attributes"]["state"]);
    let events = || {
        let list = call(&people, "GET", &format!("{path}/events"), Value::Null).expect(200);
        let rows = list["data"].as_array().expect("rows").clone();
        rows.iter()
            .map(|row| text(&row["attributes"]["code"]))
            .collect::<Vec<_>>()
    };
    assert_eq!((state().as_str(), events().len()), ("AWAITING_LISTENER", 0));
    call(&people, "DELETE", &path, Value::Null).refused(409, "Conflict");
    let listens = change(json!({"listener_ip_address": "10.0.0.1", "listener_port": 5000, "label": "new"}));
    let changed = call(&people, "PATCH", &path, listens).expect(200);
    assert_eq!(changed["data"]["attributes"]["label"], "new");
    assert_eq!(
        (state().as_str(), events()),
        ("ACTIVE", vec!["STARTED".to_owned(), "TUNNEL_ACTIVE".to_owned()])
    );
    let stopping = call(&people, "PATCH", &path, change(json!({"state": "STOPPING"}))).expect(200);
    assert_eq!(stopping["data"]["attributes"]["state"], "STOPPING");
    assert_eq!((state().as_str(), events().len()), ("STOPPED", 3));
    assert_eq!(
        call(&people, "DELETE", &path, Value::Null).expect(200)["data"],
        Value::Null
    );
    call(&people, "GET", &path, Value::Null).refused(404, "TunnelNotFound");
    let list = call(&people, "GET", "/v2/tunnels", Value::Null).expect(200);
    assert_eq!((&list["data"], &list["links"]), (&json!([]), &Value::Null));
}

#[test]
fn a_tunnel_ends_with_its_lifetime() {
    let emulator = Emulator::builder()
        .clock(Clock::logical())
        .start_now()
        .expect("an emulator");
    let people = People::of(World { emulator });
    let submission = "292b0054-7084-46eb-83d6-7a6821b1f77e";
    let made = call(
        &people,
        "POST",
        "/v2/tunnels",
        document(submission, json!({"lifetime_mins": 10})),
    )
    .expect(200);
    assert_eq!(made["data"]["attributes"]["created_time"], "2026-01-01T00:00:00.000000");
    people.world.emulator.advance(Duration::from_secs(600));
    let path = format!("/v2/tunnels/{}", text(&made["data"]["id"]));
    let found = call(&people, "GET", &path, Value::Null).expect(200);
    assert_eq!(found["data"]["attributes"]["state"], "STOPPED");
    let other = people.world.get(&people.bob, &path);
    other.refused(404, "TunnelNotFound");
}

#[test]
fn bad_tunnels_are_refused() {
    let people = People::new();
    let submission = "292b0054-7084-46eb-83d6-7a6821b1f77e";
    let mut nowhere = document(submission, json!({}));
    nowhere["data"]["relationships"]["listener"]["data"]["id"] = seed::ALICE.into();
    call(&people, "POST", "/v2/tunnels", nowhere).refused(404, "StreamAccessPointNotFound");
    let mut loose = document(submission, json!({}));
    loose["data"]["relationships"]["listener"] = Value::Null;
    for wrong in [
        loose,
        json!({"data": []}),
        document("x", json!({})),
        document(submission, json!({"submission_id": null})),
        document(submission, json!({"lifetime_mins": 0})),
        document(submission, json!({"lifetime_mins": "long"})),
        document(submission, json!({"restartable": "no"})),
        document(submission, json!({"label": "two\nlines"})),
        document(submission, json!({"state": "ACTIVE"})),
    ] {
        call(&people, "POST", "/v2/tunnels", wrong).refused(400, "BadRequest");
    }
    let made = call(&people, "POST", "/v2/tunnels", document(submission, json!({}))).expect(200);
    let path = format!("/v2/tunnels/{}", text(&made["data"]["id"]));
    for wrong in [
        json!({"state": "ACTIVE"}),
        json!({"listener_port": 70_000}),
        json!({"lifetime_mins": 1}),
    ] {
        call(&people, "PATCH", &path, change(wrong)).refused(400, "BadRequest");
    }
}

#[test]
fn stream_access_points_are_listed() {
    let people = People::new();
    let list = call(&people, "GET", "/v2/stream_access_points", Value::Null).expect(200);
    let rows = list["data"].as_array().expect("rows");
    assert_eq!(rows.len(), 2);
    let path = format!("/v2/stream_access_points/{}", seed::STREAM_ACCESS_POINT_1);
    let one = call(&people, "GET", &path, Value::Null).expect(200);
    assert_eq!(one["data"], rows[0]);
    assert_eq!(
        one["data"]["relationships"]["host_endpoint"]["data"]["type"],
        "Endpoint"
    );
    let gone = format!("/v2/stream_access_points/{}", seed::ALICE);
    call(&people, "GET", &gone, Value::Null).refused(404, "StreamAccessPointNotFound");
}
