//! Trouble that tests ask for: mishaps of files, tasks that stand still or fail, limits.

use std::time::Duration;

use globus_emulator::{Clock, Mishap, seed};
use serde_json::{Value, json};

use crate::transfer_desk::{Desk, delete, transfer};
use crate::transfer_endpoints::text;

fn codes(desk: &Desk, id: &str) -> Vec<String> {
    let events = desk.get(&format!("/task/{id}/event_list?limit=100")).expect(200);
    let rows = events["DATA"].as_array().expect("rows").iter();
    rows.rev().map(|row| text(&row["code"])).collect()
}

#[test]
fn a_mishap_is_a_fault_that_passes() {
    for code in [
        "PERMISSION_DENIED",
        "CONNECT_FAILED",
        "QUOTA_EXCEEDED",
        "VERIFY_CHECKSUM",
    ] {
        let desk = Desk::at(Clock::logical());
        desk.world
            .emulator
            .add_mishap(Mishap::new(code).path("/notes*").details("as wished"));
        let id = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
        let task = desk.until(&id, |task| task["faults"] == 1);
        assert_eq!(
            (&task["status"], &task["nice_status"], &task["is_ok"]),
            (&json!("ACTIVE"), &json!(code), &json!(false))
        );
        desk.world.emulator.advance(Duration::from_secs(30));
        let task = desk.wait(&id);
        assert_eq!(
            (&task["status"], &task["faults"]),
            (&json!("SUCCEEDED"), &json!(1)),
            "{task}"
        );
        assert_eq!(codes(&desk, &id), ["STARTED", code, "PROGRESS", "SUCCEEDED"]);
        let errors = desk
            .get(&format!("/task/{id}/event_list?filter=is_error:1"))
            .expect(200);
        assert_eq!(errors["DATA"][0]["details"], "as wished");
        assert_eq!(desk.read("/copy.txt").as_deref(), Some("Not shared.\n"));
    }
}

#[test]
fn mishaps_at_the_source_are_skipped_or_end_the_task() {
    let desk = Desk::new();
    for name in ["a", "b", "c"] {
        desk.write(&format!("/from/{name}.txt"), name);
    }
    let emulator = &desk.world.emulator;
    emulator.add_mishap(Mishap::new("PERMISSION_DENIED").path("/from/a.txt"));
    emulator.add_mishap(Mishap::new("FILE_NOT_FOUND").path("/from/c.txt"));
    let task = desk.run(transfer(&[("/from/", "/to/")], json!({"skip_source_errors": true})));
    assert_eq!(
        (&task["files_transferred"], &task["subtasks_skipped_errors"]),
        (&json!(1), &json!(2))
    );
    let skipped = desk
        .get(&format!("/task/{}/skipped_errors", text(&task["task_id"])))
        .expect(200);
    let rows = skipped["DATA"].as_array().expect("rows");
    let found: Vec<(String, String)> = rows
        .iter()
        .map(|row| (text(&row["error_code"]), text(&row["source_path"])))
        .collect();
    assert_eq!(
        found,
        [
            ("PERMISSION_DENIED".to_owned(), "/from/a.txt".to_owned()),
            ("FILE_NOT_FOUND".to_owned(), "/from/c.txt".to_owned()),
        ]
    );
    emulator.add_mishap(Mishap::new("FILE_NOT_FOUND").path("/from/*"));
    assert_eq!(
        desk.fail(transfer(&[("/from/a.txt", "/x")], json!({}))),
        "FILE_NOT_FOUND"
    );
    emulator.add_mishap(
        Mishap::new("ENDPOINT_ERROR")
            .fatal()
            .collection(seed::CLIENT_COLLECTION),
    );
    assert_eq!(
        desk.fail(delete(&["/to"], json!({"recursive": true}))),
        "ENDPOINT_ERROR"
    );
    assert!(desk.path("/to/b.txt").exists());
    emulator.add_mishap(Mishap::new("QUOTA_EXCEEDED").path("/x").always());
    let full = transfer(&[("/from/a.txt", "/x")], json!({"fail_on_quota_errors": true}));
    assert_eq!(desk.fail(full), "QUOTA_EXCEEDED");
    emulator.clear_mishaps();
    desk.run(transfer(&[("/from/a.txt", "/x")], json!({})));
}

#[test]
fn an_inactive_task_waits_for_its_owner() {
    let desk = Desk::at(Clock::logical());
    let emulator = &desk.world.emulator;
    emulator.hold_tasks(true);
    let id = desk.begin(transfer(
        &[("/notes.txt", "/copy.txt")],
        json!({"deadline": "2026-01-01T01:00:00+00:00"}),
    ));
    assert!(emulator.deactivate_task(&id, "AUTH", "consent was taken back"));
    emulator.hold_tasks(false);
    let task = desk.get(&format!("/task/{id}")).expect(200);
    for (name, value) in [
        ("status", json!("INACTIVE")),
        ("is_paused", json!(false)),
        ("is_ok", json!(false)),
        ("nice_status", json!("AUTH")),
        ("nice_status_details", json!("consent was taken back")),
        ("deadline", json!("2026-01-01T01:00:00+00:00")),
    ] {
        assert_eq!(task[name], value, "{name}");
    }
    assert!(emulator.activate_task(&id));
    desk.until(&id, |task| task["status"] == "SUCCEEDED");
    assert!(!emulator.activate_task(&id) && !emulator.fail_task(seed::ALICE, "x", "y") && !emulator.activate_task("x"));
    // Its deadline passes whether it stands still or not.
    emulator.hold_tasks(true);
    let id = desk.begin(transfer(
        &[("/notes.txt", "/copy.txt")],
        json!({"deadline": "2026-01-01T01:00:00+00:00"}),
    ));
    assert!(emulator.deactivate_task(&id, "AUTH", "x"));
    emulator.advance(Duration::from_secs(3_600));
    let task = desk.wait(&id);
    assert_eq!(
        (&task["status"], &task["fatal_error"]["code"]),
        (&json!("FAILED"), &json!("EXPIRED"))
    );
    let id = desk.begin(delete(&["/x"], json!({})));
    assert!(emulator.fail_task(&id, "ENDPOINT_ERROR", "the disk is broken"));
    let task = desk.get(&format!("/task/{id}")).expect(200);
    assert_eq!(
        task["fatal_error"],
        json!({"code": "ENDPOINT_ERROR", "description": "the disk is broken"})
    );
    assert_eq!(codes(&desk, &id), ["ENDPOINT_ERROR"]);
}

#[test]
fn the_control_routes_do_the_same() {
    let desk = Desk::new();
    let control = |method: &str, path: &str, body: Value| {
        let body = Some(body)
            .filter(|body| !body.is_null())
            .map(|body| body.to_string())
            .unwrap_or_default();
        desk.world
            .send(method, &format!("/_emulator/{path}"), &[], body.as_bytes())
    };
    control("POST", "tasks", json!({"hold": true})).expect(200);
    let id = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    control("POST", "tasks", json!({"id": id, "status": "INACTIVE", "code": "AUTH"})).expect(200);
    assert_eq!(desk.get(&format!("/task/{id}")).expect(200)["status"], "INACTIVE");
    control(
        "POST",
        "tasks",
        json!({"id": id, "status": "FAILED", "code": "TIMEOUT", "details": "late"}),
    )
    .expect(200);
    assert_eq!(
        desk.get(&format!("/task/{id}")).expect(200)["fatal_error"]["description"],
        "late"
    );
    for wrong in [
        json!({}),
        json!({"id": id, "status": "ACTIVE"}),
        json!({"id": id, "status": "DONE"}),
        json!({"hold": 1}),
    ] {
        assert_eq!(control("POST", "tasks", wrong).status, 400);
    }
    let list = control("POST", "mishaps", json!({"code": "TIMEOUT", "times": null})).expect(200);
    assert_eq!(list["mishaps"][0]["code"], "TIMEOUT");
    assert_eq!(control("GET", "mishaps", Value::Null).expect(200), list);
    assert_eq!(control("POST", "mishaps", json!({})).status, 400);
    assert_eq!(
        control("DELETE", "mishaps", Value::Null).expect(200)["mishaps"],
        json!([])
    );
    assert_eq!(control("POST", "limits", json!({"transfer": "x"})).status, 400);
    assert_eq!(
        control("POST", "limits", json!({"transfer": 1})).expect(200)["transfer"],
        1
    );
}

#[test]
fn too_many_requests_are_refused_for_a_while() {
    let desk = Desk::at(Clock::logical());
    desk.world.emulator.limit_transfer(Some(2));
    for _ in 0..20 {
        desk.get("/submission_id").expect(200);
    }
    let refused = desk.get("/submission_id");
    refused.refused(429, "TooManyRequests");
    assert_eq!(refused.header("retry-after"), Some("10"));
    let other = desk.world.user_token(seed::ALICE, crate::http::TRANSFER);
    desk.world.get(&other, "/v0.10/submission_id").expect(200);
    desk.world.emulator.advance(Duration::from_secs(10));
    desk.get("/submission_id").expect(200);
    desk.world.emulator.limit_transfer(None);
    for _ in 0..30 {
        desk.get("/submission_id").expect(200);
    }
}
