//! Watching tasks, changing them, and how they end.

use std::time::Duration;

use globus_emulator::{Clock, Fault, seed};
use serde_json::{Value, json};

use crate::http::TRANSFER;
use crate::transfer_desk::{Desk, delete, merged, transfer};

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn one(more: Value) -> Value {
    transfer(&[("/notes.txt", "/copy.txt")], more)
}

/// With a logical clock, how a task looks does not depend on how fast the work is.
#[test]
fn a_task_is_active_until_it_was_seen_or_time_has_passed() {
    let desk = Desk::at(Clock::logical());
    for _ in 0..10 {
        let id = desk.begin(one(json!({})));
        let task = desk.get(&format!("/task/{id}")).expect(200);
        assert_eq!(
            (&task["status"], &task["completion_time"]),
            (&json!("ACTIVE"), &Value::Null)
        );
        assert_eq!((&task["is_ok"], &task["fatal_error"]), (&json!(true), &Value::Null));
        assert_eq!(desk.wait(&id)["status"], "SUCCEEDED");
    }
    let id = desk.begin(one(json!({})));
    desk.world.emulator.advance(Duration::from_secs(1));
    assert_eq!(desk.wait(&id)["request_time"], "2026-01-01T00:00:00+00:00");
    // A list shows it too.
    let id = desk.begin(one(json!({})));
    let row = desk.get(&format!("/task_list?filter=task_id:{id}")).expect(200)["DATA"][0].clone();
    assert_eq!(row["status"], "ACTIVE");
    desk.wait(&id);
}

#[test]
fn a_task_has_all_its_fields() {
    let desk = Desk::at(Clock::logical());
    desk.world.emulator.hold_tasks(true);
    let id = desk.begin(one(
        json!({"label": "x", "encrypt_data": true, "preserve_timestamp": true}),
    ));
    let task = desk.get(&format!("/task/{id}")).expect(200);
    let wanted = json!({
        "DATA_TYPE": "task", "task_id": id, "type": "TRANSFER", "status": "ACTIVE", "is_paused": false, "label": "x",
        "owner_id": seed::CLIENT_ID, "username": task["username"], "command": "API 0.10",
        "request_time": "2026-01-01T00:00:00+00:00", "completion_time": null, "deadline": "2026-01-02T00:00:00+00:00",
        "source_endpoint_id": seed::CLIENT_COLLECTION, "source_endpoint_display_name": "Emulator Program Workspace",
        "source_endpoint": task["source_endpoint"], "destination_endpoint_id": seed::CLIENT_COLLECTION,
        "destination_endpoint_display_name": "Emulator Program Workspace", "destination_endpoint": task["source_endpoint"],
        "sync_level": null, "encrypt_data": true, "verify_checksum": false, "preserve_timestamp": true,
    });
    let more = json!({
        "delete_destination_extra": false, "recursive_symlinks": "ignore", "skip_source_errors": false,
        "fail_on_quota_errors": false, "filter_rules": null, "history_deleted": false, "files": 0, "directories": 0,
        "symlinks": 0, "files_skipped": 0, "files_transferred": 0, "bytes_transferred": 0, "bytes_checksummed": 0,
        "effective_bytes_per_second": 0, "subtasks_total": 1, "subtasks_pending": 1, "subtasks_retrying": 0,
        "subtasks_succeeded": 0, "subtasks_expired": 0, "subtasks_canceled": 0, "subtasks_failed": 0,
        "subtasks_skipped_errors": 0, "faults": 0, "is_ok": true, "nice_status": "Queued",
        "nice_status_short_description": "queued", "nice_status_expires_in": -1, "nice_status_details": null,
        "fatal_error": null, "canceled_by_admin": null, "canceled_by_admin_message": null,
        "key": "active,2026-01-01T00:00:00+00:00",
    });
    assert_eq!(task, merged(wanted, more));
    assert!(
        task["username"]
            .as_str()
            .is_some_and(|name| name.starts_with("u_") && name.len() == 28)
    );
    let few = desk.get(&format!("/task/{id}?fields=status,label")).expect(200);
    assert_eq!(few, json!({"DATA_TYPE": "task", "status": "ACTIVE", "label": "x"}));
    desk.world.emulator.advance(Duration::from_secs(4));
    desk.world.emulator.hold_tasks(false);
    let task = desk.wait(&id);
    assert_eq!(task["completion_time"], "2026-01-01T00:00:04+00:00");
    assert_eq!(
        (&task["bytes_transferred"], &task["effective_bytes_per_second"]),
        (&json!(12), &json!(3))
    );
    assert_eq!(task["key"], "complete,2026-01-01T00:00:04+00:00");
    for key in [
        "is_ok",
        "nice_status",
        "nice_status_expires_in",
        "nice_status_short_description",
        "fatal_error",
    ] {
        assert_eq!(task[key], Value::Null, "{key}");
    }
}

#[test]
fn a_task_can_be_canceled_until_it_ends() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let id = desk.begin(one(json!({})));
    let cancel = || desk.call("POST", &format!("/task/{id}/cancel"), None).expect(200);
    let answer = cancel();
    assert_eq!(
        (&answer["DATA_TYPE"], &answer["code"]),
        (&json!("result"), &json!("Canceled"))
    );
    assert_eq!(answer["message"], "The task has been cancelled successfully.");
    assert_eq!(answer["resource"], format!("/task/{id}/cancel"));
    let task = desk.get(&format!("/task/{id}")).expect(200);
    assert_eq!(
        (&task["status"], &task["fatal_error"]["code"]),
        (&json!("FAILED"), &json!("CANCELED"))
    );
    assert_eq!(
        (&task["subtasks_canceled"], &task["subtasks_pending"]),
        (&json!(1), &json!(0))
    );
    assert!(task["completion_time"].is_string());
    let events = desk.get(&format!("/task/{id}/event_list")).expect(200);
    assert_eq!(events["DATA"][0]["code"], "CANCELED");
    assert_eq!(cancel()["code"], "TaskComplete");
    desk.world.emulator.hold_tasks(false);
    desk.run(delete(&["/x"], json!({"ignore_missing": true})));
    assert!(
        !desk.path("/copy.txt").exists(),
        "nothing is done for a task that was canceled"
    );
}

/// A task of a gigabyte is canceled while it copies.
#[test]
fn what_was_begun_stops_when_canceled() {
    let desk = Desk::new();
    let file = std::fs::File::create(desk.path("/huge")).expect("a file");
    file.set_len(64 << 30).expect("a sparse file");
    let id = desk.begin(transfer(&[("/huge", "/copy")], json!({})));
    desk.until(&id, |task| task["bytes_transferred"] != 0);
    desk.call("POST", &format!("/task/{id}/cancel"), None).expect(200);
    let task = desk.wait(&id);
    assert_eq!(task["fatal_error"]["code"], "CANCELED");
    // The next task is begun by whoever is free; dropping the emulator waits for the rest.
    desk.run(one(json!({})));
    drop(desk);
}

#[test]
fn deadlines_pass() {
    let desk = Desk::at(Clock::logical());
    let emulator = &desk.world.emulator;
    emulator.hold_tasks(true);
    let early = desk.begin(one(json!({"deadline": "2026-01-01 06:00"})));
    let late = desk.begin(one(json!({})));
    let longest = desk.begin(one(json!({})));
    let put = |id: &str, body: Value| desk.call("PUT", &format!("/task/{id}"), Some(body));
    let answer = put(
        &longest,
        json!({"DATA_TYPE": "task", "deadline": "2026-02-01", "label": "later"}),
    )
    .expect(200);
    assert_eq!(answer["code"], "Updated");
    let status = |id: &str| {
        let task = desk.get(&format!("/task/{id}")).expect(200);
        (
            task["status"].as_str().expect("a status").to_owned(),
            task["fatal_error"]["code"].clone(),
        )
    };
    emulator.advance(DAY / 2);
    assert_eq!(status(&early), ("FAILED".to_owned(), json!("EXPIRED")));
    assert_eq!(status(&late), ("ACTIVE".to_owned(), Value::Null));
    let events = desk.get(&format!("/task/{early}/event_list")).expect(200);
    assert_eq!(events["DATA"][0]["code"], "EXPIRED");
    emulator.advance(DAY);
    assert_eq!(status(&late), ("FAILED".to_owned(), json!("EXPIRED")));
    emulator.hold_tasks(false);
    let task = desk.wait(&longest);
    assert_eq!(
        (&task["status"], &task["label"]),
        (&json!("SUCCEEDED"), &json!("later"))
    );
    for (id, body, code) in [
        (&longest, json!({"label": "x"}), (409, "Conflict")),
        (&late, json!({"label": "x"}), (409, "Conflict")),
    ] {
        put(id, body).refused(code.0, code.1);
    }
    let waits = desk.begin(one(json!({})));
    for body in [
        json!({"label": 7}),
        json!({"status": "x"}),
        json!({"deadline": "2020-01-01"}),
        json!([]),
    ] {
        put(&waits, body).refused(400, "ClientError.BadRequest");
    }
}

/// What a link keeps from being done is tried again after a while, and done once the link is gone.
#[cfg(unix)]
#[test]
fn what_fails_is_tried_again() {
    let desk = Desk::at(Clock::logical());
    let outside = tempfile::tempdir().expect("a folder");
    std::os::unix::fs::symlink(outside.path(), desk.path("/way")).expect("a link");
    desk.write("/other", "x");
    let id = desk.begin(transfer(&[("/notes.txt", "/way/copy"), ("/other", "/done")], json!({})));
    let task = desk.until(&id, |task| task["faults"] == 1 && task["files_transferred"] == 1);
    assert_eq!(
        (&task["status"], &task["nice_status"]),
        (&json!("ACTIVE"), &json!("PERMISSION_DENIED"))
    );
    assert_eq!(
        (&task["is_ok"], &task["nice_status_short_description"]),
        (&json!(false), &json!("permission denied"))
    );
    desk.world.emulator.advance(Duration::from_secs(60));
    desk.until(&id, |task| task["faults"] == 2);
    std::fs::remove_file(desk.path("/way")).expect("the link goes");
    desk.world.emulator.advance(Duration::from_secs(60));
    let task = desk.wait(&id);
    assert_eq!((&task["status"], &task["faults"]), (&json!("SUCCEEDED"), &json!(2)));
    assert_eq!(desk.read("/way/copy"), desk.read("/notes.txt"));
    let events = desk
        .get(&format!("/task/{id}/event_list?filter=is_error:1"))
        .expect(200);
    assert_eq!(
        (&events["total"], &events["DATA"][0]["is_error"]),
        (&json!(2), &json!(true))
    );
    // One that never gets through ends at its deadline.
    std::os::unix::fs::symlink(outside.path(), desk.path("/way2")).expect("a link");
    let id = desk.begin(transfer(&[("/notes.txt", "/way2/copy")], json!({})));
    desk.until(&id, |task| task["faults"] == 1);
    desk.world.emulator.advance(DAY);
    let task = desk.wait(&id);
    assert_eq!(
        (&task["fatal_error"]["code"], &task["subtasks_expired"]),
        (&json!("EXPIRED"), &json!(2))
    );
}

#[test]
fn a_task_waits_for_a_computer_that_is_switched_off() {
    let desk = Desk::at(Clock::logical());
    let emulator = &desk.world.emulator;
    desk.write("/x", "x");
    emulator.hold_tasks(true);
    let copies = desk.begin(transfer(
        &[("/notes.txt", "/copy.txt"), ("/notes.txt", "/more.txt")],
        json!({}),
    ));
    let deletes = desk.begin(delete(&["/x", "/copy.txt"], json!({"ignore_missing": true})));
    let expires = desk.begin(transfer(
        &[("/notes.txt", "/never.txt")],
        json!({"deadline": "2026-01-01T00:00:30+00:00"}),
    ));
    assert!(emulator.connect(seed::CLIENT_COLLECTION, false));
    emulator.hold_tasks(false);
    for id in [&copies, &deletes, &expires] {
        let task = desk.until(id, |task| task["faults"] == 1);
        assert_eq!(
            (&task["status"], &task["nice_status"], &task["is_ok"]),
            (&json!("ACTIVE"), &json!("GC_NOT_CONNECTED"), &json!(false))
        );
    }
    emulator.advance(Duration::from_secs(60));
    assert_eq!(desk.wait(&expires)["fatal_error"]["code"], "EXPIRED");
    for id in [&copies, &deletes] {
        let task = desk.until(id, |task| task["faults"] == 2);
        assert_eq!(task["status"], "ACTIVE");
    }
    assert!(desk.path("/x").exists() && !desk.path("/copy.txt").exists());
    assert!(emulator.connect(seed::CLIENT_COLLECTION, true));
    emulator.advance(Duration::from_secs(60));
    for id in [&copies, &deletes] {
        let task = desk.wait(id);
        assert_eq!(
            (&task["status"], &task["faults"], &task["subtasks_retrying"]),
            (&json!("SUCCEEDED"), &json!(2), &json!(0))
        );
        let events = desk
            .get(&format!("/task/{id}/event_list?filter=is_error:1"))
            .expect(200);
        assert_eq!(
            (&events["total"], &events["DATA"][0]["code"]),
            (&json!(2), &json!("GC_NOT_CONNECTED"))
        );
    }
    assert_eq!(desk.read("/more.txt"), desk.read("/notes.txt"));
    assert!(!desk.path("/x").exists() && !desk.path("/never.txt").exists());
}

#[test]
fn tasks_are_listed_filtered_and_paged() {
    let desk = Desk::at(Clock::logical());
    let mut ids = Vec::new();
    for (at, label) in ["alpha one", "beta", "Alpha two"].iter().enumerate() {
        ids.push(desk.begin(one(json!({"label": label}))));
        desk.world.emulator.advance(Duration::from_secs(3_600));
        let wait = desk.wait(&ids[at]);
        assert_eq!(wait["status"], "SUCCEEDED");
    }
    ids.push(desk.begin(delete(&["/missing"], json!({}))));
    assert_eq!(desk.wait(&ids[3])["status"], "FAILED");
    desk.world.emulator.hold_tasks(true);
    ids.push(desk.begin(delete(&["/missing"], json!({}))));
    let list = |query: &str| desk.get(&format!("/task_list?{query}"));
    let (all, second) = (vec![4, 3, 2, 1, 0], format!("filter=task_id:{}", ids[1]));
    let both = format!("filter=task_id:{},{}", ids[0], ids[1]);
    for (query, wanted) in [
        ("", all.clone()),
        ("filter=", all.clone()),
        ("orderby=request_time", vec![0, 1, 2, 4, 3]),
        ("orderby=request_time+DESC", vec![4, 3, 2, 1, 0]),
        ("orderby=label+DESC,request_time", vec![1, 0, 2, 4, 3]),
        ("filter=type:DELETE", vec![4, 3]),
        ("filter=type:TRANSFER,DELETE/status:ACTIVE,INACTIVE", vec![4]),
        ("filter=status:FAILED", vec![3]),
        ("filter=label:~alpha*", vec![2, 0]),
        ("filter=label:~ALPHA", vec![2, 0]),
        ("filter=label:%3Dbeta", vec![1]),
        ("filter=label:!beta/type:TRANSFER", vec![2, 0]),
        ("filter=label:!~alpha*/type:TRANSFER", vec![1]),
        ("filter=request_time:2026-01-01T01:00,2026-01-01T02:00", vec![1]),
        ("filter=request_time:2026-01-01+02:00:00,", vec![4, 3, 2]),
        ("filter=completion_time:2020-01-01,2027-01-01/type:DELETE", vec![3]),
        ("filter=status:ACTIVE&filter=status:FAILED", vec![4, 3]),
        (&second, vec![1]),
        (&both, vec![1, 0]),
        ("limit=2", vec![4, 3]),
        ("limit=2&offset=4", vec![0]),
        ("limit=1000&offset=5", vec![]),
    ] {
        let answer = list(query).expect(200);
        let rows = answer["DATA"].as_array().expect("rows");
        let found: Vec<_> = rows
            .iter()
            .filter_map(|row| ids.iter().position(|id| row["task_id"] == **id))
            .collect();
        assert_eq!(found, wanted, "{query}");
        assert_eq!(answer["length"].as_u64(), Some(wanted.len() as u64));
        assert_eq!(answer["DATA_TYPE"], "task_list");
        if query.starts_with("limit") {
            assert_eq!(answer["total"], 5, "{query}");
        }
    }
    let few = list("fields=task_id&limit=1").expect(200);
    assert_eq!(few["DATA"], json!([{"DATA_TYPE": "task", "task_id": ids[4]}]));
    for query in [
        "filter=x:1",
        "filter=status",
        "filter=request_time:never",
        "orderby=x",
        "limit=0",
        "limit=1001",
        "offset=x",
    ] {
        list(query).refused(400, "ClientError.BadRequest");
    }
    let (own, others) = (
        desk.world.user_token(seed::ALICE, TRANSFER),
        format!("/v0.10/task/{}", ids[0]),
    );
    assert_eq!(desk.world.get(&own, "/v0.10/task_list").expect(200)["total"], 0);
    desk.world.get(&own, &others).refused(404, "TaskNotFound");
    desk.world
        .call(&own, "POST", &format!("{others}/cancel"), None)
        .refused(404, "TaskNotFound");
}

#[test]
fn what_happened_is_told() {
    let desk = Desk::new();
    let task = desk.run(one(json!({})));
    let id = task["task_id"].as_str().expect("an id");
    let events = desk.get(&format!("/task/{id}/event_list")).expect(200);
    assert_eq!(
        (&events["DATA_TYPE"], &events["total"], &events["limit"]),
        (&json!("event_list"), &json!(3), &json!(10))
    );
    let rows = events["DATA"].as_array().expect("rows");
    let codes: Vec<_> = rows.iter().filter_map(|row| row["code"].as_str()).collect();
    assert_eq!(codes, ["SUCCEEDED", "PROGRESS", "STARTED"]);
    for row in rows {
        assert_eq!((&row["DATA_TYPE"], &row["is_error"]), (&json!("event"), &json!(false)));
        assert!(row["time"].as_str().is_some_and(|time| time.len() == 25) && row["details"].is_string());
    }
    let page = desk.get(&format!("/task/{id}/event_list?limit=1&offset=2")).expect(200);
    assert_eq!(
        (&page["length"], &page["DATA"][0]["code"]),
        (&json!(1), &json!("STARTED"))
    );
    for query in ["limit=x", "limit=1001", "filter=x:1", "filter=is_error:x"] {
        desk.get(&format!("/task/{id}/event_list?{query}"))
            .refused(400, "ClientError.BadRequest");
    }
    let pause = desk.get(&format!("/task/{id}/pause_info")).expect(200);
    assert_eq!(
        (&pause["DATA_TYPE"], &pause["pause_rules"]),
        (&json!("pause_info_limited"), &json!([]))
    );
    for below in [
        "",
        "/event_list",
        "/successful_transfers",
        "/skipped_errors",
        "/pause_info",
    ] {
        for id in ["x", "00000000-0000-4000-8000-000000000000"] {
            desk.get(&format!("/task/{id}{below}")).refused(404, "TaskNotFound");
        }
        desk.world
            .send("GET", &format!("/v0.10/task/{id}{below}"), &[], b"")
            .refused(401, "ClientError.AuthenticationFailed");
    }
    desk.get(&format!("/task/{id}/skipped_errors?marker=x"))
        .refused(400, "ClientError.BadRequest");
}

#[test]
fn faults_and_searches_know_tasks() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let found = |scope: &str| {
        let answer = desk.get(&format!("/endpoint_search?filter_scope={scope}")).expect(200);
        answer["DATA"].as_array().expect("rows").len()
    };
    assert_eq!((found("in-use"), found("recently-used")), (0, 0));
    let id = desk.begin(one(json!({})));
    assert_eq!((found("in-use"), found("recently-used")), (1, 1));
    desk.call("POST", &format!("/task/{id}/cancel"), None).expect(200);
    assert_eq!((found("in-use"), found("recently-used")), (0, 1));
    desk.world.emulator.inject(Fault::status(404).path("/v0.10/task/*"));
    desk.get(&format!("/task/{id}")).refused(404, "NotFound");
    desk.get(&format!("/task/{id}")).expect(200);
}

#[test]
fn the_control_routes_hold_tasks_and_switch_computers() {
    let desk = Desk::new();
    let control = |method: &str, path: &str, body: Value| {
        let path = format!("/_emulator/{path}");
        desk.world.send(method, &path, &[], body.to_string().as_bytes())
    };
    control("POST", "tasks", json!({"hold": true})).expect(200);
    let id = desk.begin(one(json!({})));
    control("POST", "tasks", json!({"hold": false})).expect(200);
    assert_eq!(desk.wait(&id)["status"], "SUCCEEDED");
    let rows = control("GET", "collections", json!({})).expect(200);
    let rows = rows["collections"].as_array().expect("rows").clone();
    let own = rows
        .iter()
        .find(|row| row["id"] == seed::CLIENT_COLLECTION)
        .expect("a row");
    assert_eq!((&own["folder"], &own["connected"]), (&json!(desk.folder), &json!(true)));
    control(
        "POST",
        "collections",
        json!({"id": seed::CLIENT_COLLECTION, "connected": false}),
    )
    .expect(200);
    desk.operate("ls", None)
        .refused(502, "ExternalError.DirListingFailed.GCDisconnected");
    for (path, body) in [
        ("collections", json!({"id": "x", "connected": true})),
        ("collections", json!({"id": seed::CLIENT_COLLECTION})),
        ("tasks", json!({"hold": 1})),
    ] {
        assert_eq!(control("POST", path, body).status, 400);
    }
    assert_eq!(control("PUT", "tasks", json!({})).status, 405);
}

#[test]
fn a_task_that_has_ended_is_left_out_of_lists() {
    let desk = Desk::new();
    desk.world.emulator.hold_tasks(true);
    let id = desk.begin(one(json!({})));
    let remove = || desk.call("POST", &format!("/task/{id}/remove"), None);
    remove().refused(409, "Conflict");
    desk.world.emulator.hold_tasks(false);
    desk.wait(&id);
    let listed = || desk.get("/task_list").expect(200)["total"].clone();
    assert_eq!(listed(), 1);
    remove().expect(200);
    assert_eq!(listed(), 0);
}

/// Without a deadline of its own a transfer has a day from when it was begun, and three from when it last got something done.
#[test]
fn deadlines_are_put_off() {
    let desk = Desk::at(Clock::logical());
    desk.write("/b", "b");
    let emulator = &desk.world.emulator;
    emulator.add_mishap(
        globus_emulator::Mishap::new("CONNECT_FAILED")
            .path("/notes.txt")
            .always(),
    );
    let id = desk.begin(transfer(&[("/b", "/b.copy"), ("/notes.txt", "/copy.txt")], json!({})));
    let task = desk.until(&id, |task| task["faults"] != 0);
    assert_eq!(task["deadline"], "2026-01-04T00:00:00+00:00");
    let own = one(json!({"deadline": "2026-01-01T12:00:00+00:00"}));
    let own = desk.begin(own);
    assert_eq!(
        desk.get(&format!("/task/{own}")).expect(200)["deadline"],
        "2026-01-01T12:00:00+00:00"
    );
    emulator.advance(3 * DAY);
    // The token has run out too.
    let token = desk.world.client_token(TRANSFER);
    let task = desk.world.get(&token, &format!("/v0.10/task/{id}")).expect(200);
    assert_eq!(task["fatal_error"]["code"], "EXPIRED");
}
