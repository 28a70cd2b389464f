//! What managers pause: by rules, and one task at a time.

use globus_emulator::{Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{Answer, TRANSFER};
use crate::transfer_desk::{Desk, delete, merged, transfer};
use crate::transfer_endpoints::text;

fn rule(desk: &Desk, more: Value) -> Value {
    let document = json!({
        "DATA_TYPE": "pause_rule", "message": "Maintenance", "endpoint_id": seed::CLIENT_COLLECTION,
        "identity_id": null, "start_time": null,
    });
    desk.call("POST", "/endpoint_manager/pause_rule", Some(merged(document, more)))
        .expect(201)
}

fn only(names: &[&str]) -> Value {
    let all = [
        "pause_ls",
        "pause_mkdir",
        "pause_symlink",
        "pause_rename",
        "pause_task_delete",
        "pause_task_transfer_write",
        "pause_task_transfer_read",
    ];
    all.iter()
        .map(|name| ((*name).to_owned(), json!(names.contains(name))))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[test]
fn a_rule_lives() {
    let desk = Desk::new();
    let made = rule(&desk, json!({}));
    for (name, value) in [
        ("DATA_TYPE", json!("pause_rule")),
        ("message", json!("Maintenance")),
        ("endpoint_display_name", json!("Emulator Program Workspace")),
        ("identity_id", Value::Null),
        ("start_time", Value::Null),
        ("modified_by_id", json!(seed::CLIENT_ID)),
        ("created_by_host_manager", json!(false)),
        ("editable", json!(true)),
        ("pause_ls", json!(true)),
        ("pause_task_transfer_read", json!(true)),
    ] {
        assert_eq!(made[name], value, "{name}");
    }
    let path = format!("/endpoint_manager/pause_rule/{}", text(&made["id"]));
    assert_eq!(desk.get(&path).expect(200), made);
    let list = desk.get("/endpoint_manager/pause_rule_list").expect(200);
    assert_eq!(
        (&list["DATA_TYPE"], &list["DATA"]),
        (&json!("pause_rule_list"), &json!([made]))
    );
    let limited = desk
        .get(&format!(
            "/endpoint/{}/my_effective_pause_rule_list",
            seed::CLIENT_GUEST_COLLECTION
        ))
        .expect(200);
    assert_eq!(
        limited["DATA"][0]["DATA_TYPE"], "pause_rule_limited",
        "it holds for what is on the collection too"
    );
    for name in ["modified_by_id", "editable", "created_by_host_manager"] {
        assert_eq!(limited["DATA"][0].get(name), None, "{name}");
    }
    let changed = merged(only(&["pause_ls"]), json!({"message": "Later"}));
    let updated = desk.call("PUT", &path, Some(changed)).expect(200);
    assert_eq!(
        (&updated["message"], &updated["pause_mkdir"]),
        (&json!("Later"), &json!(false))
    );
    let filtered = |id: &str| desk.get(&format!("/endpoint_manager/pause_rule_list?filter_endpoint={id}"));
    assert_eq!(filtered(seed::CLIENT_COLLECTION).expect(200)["length"], 1);
    assert_eq!(filtered(seed::CLIENT_GUEST_COLLECTION).expect(200)["length"], 0);
    filtered(seed::ALICE_COLLECTION).refused(403, "PermissionDenied");
    // Others may do nothing with it.
    let stranger = desk.world.user_token(seed::ADMIN, TRANSFER);
    let other = |method: &str, path: &str, body: Option<Value>| {
        desk.world.call(&stranger, method, &format!("/v0.10{path}"), body)
    };
    other("GET", &path, None).refused(403, "PermissionDenied");
    other("PUT", &path, Some(json!({"message": "x"}))).refused(403, "PermissionDenied");
    other("DELETE", &path, None).refused(403, "PermissionDenied");
    assert_eq!(desk.call("DELETE", &path, None).expect(200)["code"], "Deleted");
    desk.get(&path).refused(404, "PauseRuleNotFound");
    for wrong in [
        json!({"endpoint_id": seed::CLIENT_COLLECTION}),
        json!({"message": "x"}),
        json!({"message": "x", "endpoint_id": seed::CLIENT_COLLECTION, "pause_ls": "yes"}),
        json!({"message": "x", "endpoint_id": seed::CLIENT_COLLECTION, "pause_all": true}),
        json!({"message": "x", "endpoint_id": seed::CLIENT_COLLECTION, "start_time": "soon"}),
    ] {
        desk.call("POST", "/endpoint_manager/pause_rule", Some(wrong))
            .refused(400, "ClientError.BadRequest");
    }
}

#[test]
fn a_rule_pauses_what_it_says() {
    let desk = Desk::new();
    let ls = || desk.operate("ls?path=/", None);
    let mkdir = |path: &str| desk.operate("mkdir", Some(json!({"DATA_TYPE": "mkdir", "path": path})));
    let rename = || {
        let body = json!({"DATA_TYPE": "rename", "old_path": "/notes.txt", "new_path": "/n.txt"});
        desk.operate("rename", Some(body))
    };
    let paused = |answer: &Answer| {
        answer.refused(409, "OperationPaused");
        assert!(text(&answer.json()["message"]).ends_with("Maintenance"));
    };
    let made = rule(&desk, only(&["pause_ls", "pause_rename"]));
    paused(&ls());
    paused(&rename());
    mkdir("/one").expect(200);
    desk.run(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let path = format!("/endpoint_manager/pause_rule/{}", text(&made["id"]));
    desk.call("PUT", &path, Some(only(&["pause_mkdir"]))).expect(200);
    ls().expect(200);
    paused(&mkdir("/two"));
    // Somebody else.
    desk.call("DELETE", &path, None).expect(200);
    rule(&desk, json!({"identity_id": seed::ALICE}));
    ls().expect(200);
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let guest = format!("/v0.10/operation/endpoint/{}/ls", seed::CLIENT_GUEST_COLLECTION);
    desk.world.get(&alice, &guest).refused(409, "OperationPaused");
}

#[test]
fn a_rule_stops_tasks_until_it_goes() {
    let desk = Desk::at(Clock::logical());
    let made = rule(&desk, only(&["pause_task_transfer_write"]));
    let id = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let task = desk.get(&format!("/task/{id}")).expect(200);
    for (name, value) in [
        ("status", json!("INACTIVE")),
        ("is_paused", json!(true)),
        ("nice_status", json!("PAUSED")),
        ("completion_time", Value::Null),
        ("deadline", json!("2026-04-01T00:00:00+00:00")),
    ] {
        assert_eq!(task[name], value, "{name}");
    }
    let info = desk.get(&format!("/task/{id}/pause_info")).expect(200);
    assert_eq!(
        (&info["DATA_TYPE"], &info["source_pause_message"]),
        (&json!("pause_info_limited"), &Value::Null)
    );
    assert_eq!(
        (&info["pause_rules"][0]["id"], &info["pause_rules"][0]["message"]),
        (&made["id"], &json!("Maintenance"))
    );
    // Deletes go on.
    desk.run(delete(&["/x"], json!({"ignore_missing": true})));
    let inactive = desk.get("/task_list?filter=status:INACTIVE").expect(200);
    assert_eq!(inactive["DATA"][0]["task_id"], id);
    desk.call(
        "DELETE",
        &format!("/endpoint_manager/pause_rule/{}", text(&made["id"])),
        None,
    )
    .expect(200);
    let task = desk.until(&id, |task| task["status"] == "SUCCEEDED");
    assert_eq!(task["deadline"], "2026-01-04T00:00:00+00:00");
    assert_eq!(desk.read("/copy.txt").as_deref(), Some("Not shared.\n"));
    let events = desk.get(&format!("/task/{id}/event_list")).expect(200);
    let codes: Vec<String> = events["DATA"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| text(&row["code"]))
        .collect();
    assert_eq!(codes, ["SUCCEEDED", "PROGRESS", "STARTED", "UNPAUSED", "PAUSED"]);
    assert_eq!(
        desk.get(&format!("/task/{id}/pause_info")).expect(200)["pause_rules"],
        json!([])
    );
}

/// A task that is stopped in the middle of its work leaves what is left for later. Three are worked on at a time: the
/// fourth begins once the one that is paused has stopped.
#[test]
fn work_stops_in_the_middle() {
    let desk = Desk::new();
    let huge = |name: &str| {
        let file = std::fs::File::create(desk.path(name)).expect("a file");
        file.set_len(64 << 30).expect("a sparse file");
        let copy = format!("{name}.copy");
        let id = desk.begin(transfer(&[(name, &copy), ("/notes.txt", "/after.txt")], json!({})));
        desk.until(&id, |task| task["bytes_transferred"] != 0);
        (file, id)
    };
    let (file, id) = huge("/one");
    let others = [huge("/two").1, huge("/three").1];
    let fourth = desk.begin(transfer(&[("/notes.txt", "/four.txt")], json!({})));
    assert_eq!(
        desk.get(&format!("/task/{fourth}")).expect(200)["nice_status"],
        "Queued"
    );
    desk.call("POST", "/endpoint_manager/admin_pause", Some(ids(&[&id])))
        .expect(200);
    desk.until(&fourth, |task| task["status"] == "SUCCEEDED");
    let task = desk.get(&format!("/task/{id}")).expect(200);
    assert_eq!(
        (&task["status"], &task["faults"]),
        (&json!("INACTIVE"), &json!(0)),
        "to stand still is no fault"
    );
    // What is left is little by now.
    file.set_len(5).expect("a smaller file");
    desk.call("POST", "/endpoint_manager/admin_resume", Some(ids(&[&id])))
        .expect(200);
    let task = desk.wait(&id);
    assert_eq!(task["status"], "SUCCEEDED", "{task}");
    assert_eq!(desk.read("/after.txt").as_deref(), Some("Not shared.\n"));
    assert_eq!(std::fs::metadata(desk.path("/one.copy")).expect("a copy").len(), 5);
    for other in others {
        desk.call("POST", &format!("/task/{other}/cancel"), None).expect(200);
    }
}

fn ids(ids: &[&str]) -> Value {
    json!({"task_id_list": ids, "message": "Too much at once"})
}

#[test]
fn managers_pause_and_resume_tasks() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let guest = json!({
        "DATA_TYPE": "transfer", "submission_id": uuid::Uuid::new_v4(), "source_endpoint": seed::CLIENT_GUEST_COLLECTION,
        "destination_endpoint": seed::ALICE_COLLECTION,
        "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/summary.txt", "destination_path": "/s.txt"}],
    });
    let made = desk
        .world
        .call(&alice, "POST", "/v0.10/transfer", Some(guest))
        .expect(202);
    let id = text(&made["task_id"]);
    let see = |path: &str| desk.world.get(&alice, &format!("/v0.10/task/{id}{path}")).expect(200);
    let paused = desk
        .call("POST", "/endpoint_manager/admin_pause", Some(ids(&[&id])))
        .expect(200);
    assert_eq!(
        (&paused["DATA_TYPE"], &paused["code"]),
        (&json!("result"), &json!("PauseAccepted"))
    );
    assert_eq!(
        (&see("")["is_paused"], &see("")["status"]),
        (&json!(true), &json!("INACTIVE"))
    );
    let info = see("/pause_info");
    assert_eq!(info["source_pause_message_share"], "Too much at once");
    assert_eq!(
        (&info["source_pause_message"], &info["destination_pause_message"]),
        (&Value::Null, &Value::Null)
    );
    // Alice manages the other end only.
    desk.world
        .call(
            &alice,
            "POST",
            "/v0.10/endpoint_manager/admin_resume",
            Some(ids(&[&id])),
        )
        .expect(200);
    assert_eq!(see("")["is_paused"], true);
    let resumed = desk
        .call(
            "POST",
            "/endpoint_manager/admin_resume",
            Some(json!({"task_id_list": [id]})),
        )
        .expect(200);
    assert_eq!(resumed["code"], "ResumeAccepted");
    assert_eq!(
        (&see("")["is_paused"], &see("")["status"]),
        (&json!(false), &json!("ACTIVE"))
    );
    let stranger = desk.world.user_token(seed::ADMIN, TRANSFER);
    for what in ["admin_pause", "admin_resume", "admin_cancel"] {
        let path = format!("/v0.10/endpoint_manager/{what}");
        desk.world
            .call(&stranger, "POST", &path, Some(ids(&[&id])))
            .refused(403, "PermissionDenied");
        let path = format!("/endpoint_manager/{what}");
        desk.call("POST", &path, Some(ids(&[seed::ALICE])))
            .refused(404, "TaskNotFound");
        desk.call("POST", &path, Some(ids(&[])))
            .refused(400, "ClientError.BadRequest");
        desk.call("POST", &path, Some(json!({"message": "x"})))
            .refused(400, "ClientError.BadRequest");
    }
}

#[test]
fn managers_cancel_tasks() {
    let desk = Desk::on(Emulator::builder());
    desk.world.emulator.hold_tasks(true);
    let one = desk.begin(transfer(&[("/notes.txt", "/copy.txt")], json!({})));
    let other = desk.begin(delete(&["/x"], json!({})));
    let answer = desk
        .call("POST", "/endpoint_manager/admin_cancel", Some(ids(&[&one, &other])))
        .expect(200);
    assert_eq!(
        (&answer["DATA_TYPE"], &answer["done"]),
        (&json!("admin_cancel"), &json!(true))
    );
    let path = format!("/endpoint_manager/admin_cancel/{}", text(&answer["id"]));
    assert_eq!(desk.get(&path).expect(200), answer);
    let stranger = desk.world.user_token(seed::ALICE, TRANSFER);
    desk.world
        .get(&stranger, &format!("/v0.10{path}"))
        .refused(404, "NotFound");
    for (id, side) in [(one, "BOTH"), (other, "SOURCE")] {
        let task = desk.get(&format!("/task/{id}")).expect(200);
        assert_eq!(
            (&task["status"], &task["fatal_error"]["code"]),
            (&json!("FAILED"), &json!("CANCELED"))
        );
        assert_eq!(
            (&task["canceled_by_admin"], &task["canceled_by_admin_message"]),
            (&json!(side), &json!("Too much at once"))
        );
    }
    desk.call(
        "POST",
        "/endpoint_manager/admin_cancel",
        Some(json!({"task_id_list": [seed::ALICE]})),
    )
    .refused(400, "ClientError.BadRequest");
}
