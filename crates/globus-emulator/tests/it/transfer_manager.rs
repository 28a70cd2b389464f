//! What those see who manage the activity on collections.

use globus_emulator::{Clock, seed};
use serde_json::{Value, json};

use crate::http::{Answer, TRANSFER};
use crate::transfer_desk::{Desk, transfer};
use crate::transfer_endpoints::text;

/// A desk from whose guest collection Alice has transferred a file to her own computer; the id of that task.
fn with_task(clock: Clock) -> (Desk, String, String) {
    let desk = Desk::at(clock);
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let document = json!({
        "DATA_TYPE": "transfer", "submission_id": uuid::Uuid::new_v4(), "source_endpoint": seed::CLIENT_GUEST_COLLECTION,
        "destination_endpoint": seed::ALICE_COLLECTION, "label": "of Alice",
        "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/summary.txt", "destination_path": "/s.txt"}],
    });
    let made = desk
        .world
        .call(&alice, "POST", "/v0.10/transfer", Some(document))
        .expect(202);
    let id = text(&made["task_id"]);
    loop {
        let task = desk.world.get(&alice, &format!("/v0.10/task/{id}")).expect(200);
        if task["status"] == "SUCCEEDED" {
            return (desk, alice, id);
        }
        std::thread::sleep(std::time::Duration::from_millis(3));
    }
}

#[test]
fn endpoints_are_monitored() {
    let desk = Desk::new();
    let list = desk.get("/endpoint_manager/monitored_endpoints").expect(200);
    let names: Vec<String> = list["DATA"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| text(&row["display_name"]))
        .collect();
    assert_eq!(names, ["Emulator Program Workspace", "Emulator Program Results"]);
    assert_eq!(
        (&list["DATA_TYPE"], &list["total"]),
        (&json!("monitored_endpoints"), &json!(2))
    );
    let page = desk
        .get("/endpoint_manager/monitored_endpoints?limit=1&offset=1")
        .expect(200);
    assert_eq!(page["DATA"], json!([list["DATA"][1]]));
    let one = desk
        .get(&format!("/endpoint_manager/endpoint/{}", seed::CLIENT_COLLECTION))
        .expect(200);
    assert_eq!(
        (&one["id"], &one["in_use"]),
        (&json!(seed::CLIENT_COLLECTION), &Value::Null)
    );
    let hosted = |id: &str| desk.get(&format!("/endpoint_manager/endpoint/{id}/hosted_endpoint_list"));
    let guests = hosted(seed::CLIENT_COLLECTION).expect(200);
    assert_eq!(guests["DATA"][0]["id"], seed::CLIENT_GUEST_COLLECTION);
    let guest = hosted(seed::CLIENT_GUEST_COLLECTION);
    guest.refused(409, "Conflict");
    assert!(text(&guest.json()["message"]).contains("not a host endpoint"));
    let rules = |id: &str| desk.get(&format!("/endpoint_manager/endpoint/{id}/access_list"));
    assert_eq!(
        rules(seed::CLIENT_GUEST_COLLECTION).expect(200)["DATA_TYPE"],
        "access_list"
    );
    rules(seed::CLIENT_COLLECTION).refused(409, "NotSupported");
    for path in ["", "/hosted_endpoint_list", "/access_list"] {
        desk.get(&format!("/endpoint_manager/endpoint/{}{path}", seed::ALICE_COLLECTION))
            .refused(403, "PermissionDenied");
        desk.get(&format!("/endpoint_manager/endpoint/{}{path}", seed::ALICE))
            .refused(404, "EndpointNotFound");
    }
    // The administrator of a server's endpoint sees the activity on its collections.
    let admin = desk.world.user_token(seed::ADMIN, TRANSFER);
    let list = desk
        .world
        .get(&admin, "/v0.10/endpoint_manager/monitored_endpoints")
        .expect(200);
    assert_eq!(list["total"], 4);
}

#[test]
fn a_task_of_somebody_else_is_seen() {
    let (desk, _, id) = with_task(Clock::Real);
    let path = format!("/endpoint_manager/task/{id}");
    let task = desk.get(&path).expect(200);
    for (name, value) in [
        ("owner_string", json!("researcher@example.org")),
        ("label", json!("of Alice")),
        ("source_host_endpoint_id", json!(seed::CLIENT_COLLECTION)),
        ("source_host_path", json!("/results/")),
        ("source_local_user", json!("researcher")),
        ("source_local_user_status", json!("OK")),
        ("destination_local_user", Value::Null),
        ("destination_local_user_status", json!("NO_PERMISSION")),
        ("destination_host_endpoint_id", Value::Null),
    ] {
        assert_eq!(task[name], value, "{name}");
    }
    let events = desk
        .get(&format!("{path}/event_list?filter_is_error=0&limit=2"))
        .expect(200);
    assert_eq!((&events["total"], &events["length"]), (&json!(3), &json!(2)));
    assert_eq!(
        desk.get(&format!("{path}/event_list?filter_is_error=1")).expect(200)["total"],
        0
    );
    let done = desk.get(&format!("{path}/successful_transfers")).expect(200);
    assert_eq!(done["DATA"][0]["source_path"], "/summary.txt");
    assert_eq!(
        done["DATA"][0]["destination_path"],
        Value::Null,
        "the other end is Alice's own affair"
    );
    assert_eq!(
        desk.get(&format!("{path}/skipped_errors")).expect(200)["DATA"],
        json!([])
    );
    assert_eq!(
        desk.get(&format!("{path}/pause_info")).expect(200)["pause_rules"],
        json!([])
    );
    let stranger = desk.world.user_token(seed::ADMIN, TRANSFER);
    for more in [
        "",
        "/event_list",
        "/successful_transfers",
        "/skipped_errors",
        "/pause_info",
    ] {
        desk.world
            .get(&stranger, &format!("/v0.10{path}{more}"))
            .refused(403, "PermissionDenied");
        desk.get(&format!("/endpoint_manager/task/{}{more}", seed::ALICE))
            .refused(404, "TaskNotFound");
    }
    // Who submitted it, and manages nothing there, sees it only as its owner.
    desk.get(&format!("/task/{id}")).refused(404, "TaskNotFound");
}

#[test]
fn lists_of_tasks_are_filtered() {
    let (desk, alice, id) = with_task(Clock::logical());
    desk.world.emulator.hold_tasks(true);
    let own = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let list = |query: &str| desk.get(&format!("/endpoint_manager/task_list?{query}"));
    let found = |query: &str| {
        let list = list(query).expect(200);
        let rows = list["DATA"].as_array().expect("rows").clone();
        rows.iter().map(|row| text(&row["task_id"])).collect::<Vec<_>>()
    };
    let host = format!("filter_endpoint={}", seed::CLIENT_COLLECTION);
    for (query, wanted) in [
        ("filter_status=ACTIVE,INACTIVE".to_owned(), vec![&own]),
        ("filter_status=INACTIVE".to_owned(), vec![]),
        ("filter_status=ACTIVE&filter_is_paused=False".to_owned(), vec![&own]),
        ("filter_status=ACTIVE&filter_is_paused=true".to_owned(), vec![]),
        (host.clone(), vec![&own, &id]),
        (format!("{host}&filter_endpoint_use=source"), vec![&own, &id]),
        (format!("{host}&filter_endpoint_use=destination"), vec![&own]),
        (format!("{host}&filter_owner_id={}", seed::ALICE), vec![&id]),
        (format!("{host}&filter_owner_id={}", seed::ALICE_LINKED), vec![&id]),
        (format!("{host}&filter_min_faults=1"), vec![]),
        (format!("{host}&filter_local_user=researcher"), vec![&id]),
        (
            format!("{host}&filter_completion_time=2026-01-01,2026-01-02"),
            vec![&id],
        ),
        (format!("{host}&filter_completion_time=2026-01-01,"), vec![&own, &id]),
        (format!("{host}&filter_completion_time=,2025-01-01"), vec![]),
        (format!("filter_task_id={id},{own}"), vec![&own, &id]),
    ] {
        assert_eq!(found(&query).iter().collect::<Vec<_>>(), wanted, "{query}");
    }
    // Pages.
    let first = list(&format!("{host}&limit=1")).expect(200);
    assert_eq!(
        (&first["DATA"][0]["task_id"], &first["has_next_page"]),
        (&json!(own), &json!(true))
    );
    let second = list(&format!(
        "{host}&limit=1&last_key={}",
        crate::http::url_encode(&text(&first["last_key"]))
    ))
    .expect(200);
    assert_eq!(
        (&second["DATA"][0]["task_id"], &second["has_next_page"]),
        (&json!(id), &json!(false))
    );
    for wrong in [
        String::new(),
        "filter_status=SUCCEEDED".to_owned(),
        "filter_status=DONE".to_owned(),
        format!("filter_task_id={id}&filter_min_faults=1"),
        "filter_task_id=x".to_owned(),
        "filter_status=ACTIVE&filter_endpoint_use=source".to_owned(),
        format!("{host}&filter_is_paused=1"),
        format!("{host}&filter_completion_time=2026-01-01"),
        format!("{host}&filter_completion_time=,"),
        format!("{host}&filter_endpoint_use=both"),
    ] {
        list(&wrong).refused(400, "BadRequest");
    }
    list(&format!("filter_endpoint={}", seed::ALICE_COLLECTION)).refused(403, "PermissionDenied");
    list(&format!("{host}&filter_owner_id={}", seed::GROUP_OPEN)).refused(404, "UserNotFound");
    let get = |token: &str, query: &str| -> Answer {
        desk.world
            .get(token, &format!("/v0.10/endpoint_manager/task_list?{query}"))
    };
    get(&alice, &format!("filter_task_id={own}")).refused(403, "PermissionDenied");
    // Bob monitors Alice's computer, where her task ended.
    let bob = desk.world.user_token(seed::BOB, TRANSFER);
    let seen = get(&bob, &format!("filter_endpoint={}", seed::ALICE_COLLECTION)).expect(200);
    assert_eq!(seen["DATA"][0]["task_id"], id);
}

#[test]
fn what_was_transferred_is_told_once_a_task_has_ended() {
    let desk = Desk::at(Clock::logical());
    desk.world.emulator.hold_tasks(true);
    let id = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let paths = ["task", "endpoint_manager/task"].map(|above| format!("/{above}/{id}/successful_transfers"));
    for path in &paths {
        desk.get(path).refused(400, "ClientError.BadRequest");
    }
    desk.world.emulator.hold_tasks(false);
    desk.wait(&id);
    for path in &paths {
        assert_eq!(desk.get(path).expect(200)["DATA"][0]["source_path"], "/notes.txt");
    }
    let list = |endpoint: &str| desk.get(&format!("/endpoint_manager/task_list?filter_endpoint={endpoint}"));
    list(seed::ALICE).refused(404, "EndpointNotFound");
    list(seed::ALICE_COLLECTION).refused(403, "PermissionDenied");
    assert_eq!(list(seed::CLIENT_COLLECTION).expect(200)["DATA"][0]["task_id"], id);
}
