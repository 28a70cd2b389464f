//! What is kept of Transfer in a snapshot: collections, roles, rules, bookmarks, pauses, tunnels.

use globus_emulator::{Clock, Emulator, seed};
use serde_json::json;

use crate::http::World;
use crate::transfer_desk::{Desk, transfer};
use crate::transfer_endpoints::text;

#[test]
fn a_snapshot_keeps_what_was_shared_and_paused() {
    let desk = Desk::at(Clock::logical());
    let made = json!({
        "DATA_TYPE": "shared_endpoint", "host_endpoint": seed::CLIENT_COLLECTION, "host_path": "/", "display_name": "Shared",
    });
    let share = text(&desk.call("POST", "/shared_endpoint", Some(made)).expect(201)["id"]);
    let rule = json!({
        "DATA_TYPE": "access", "principal_type": "identity", "principal": seed::BOB, "path": "/", "permissions": "r",
    });
    let rule = desk
        .call("POST", &format!("/endpoint/{share}/access"), Some(rule))
        .expect(201);
    let bookmark = json!({"name": "kept", "endpoint_id": share, "path": "/"});
    desk.call("POST", "/bookmark", Some(bookmark)).expect(201);
    let pause = json!({"message": "Maintenance", "endpoint_id": share});
    desk.call("POST", "/endpoint_manager/pause_rule", Some(pause))
        .expect(201);
    let task = desk.begin(transfer(
        &[("/notes.txt", "/copy.txt")],
        json!({"source_endpoint": share}),
    ));
    let canceled = json!({"task_id_list": [desk.begin(transfer(&[("/notes.txt", "/x")], json!({"source_endpoint": share})))],
        "message": "Enough"});
    let canceled = desk
        .call("POST", "/endpoint_manager/admin_cancel", Some(canceled))
        .expect(200);
    let point = |id: &str| json!({"data": {"type": "StreamAccessPoint", "id": id}});
    let tunnel = json!({"data": {
        "type": "Tunnel", "attributes": {"submission_id": seed::ALICE},
        "relationships": {"initiator": point(seed::STREAM_ACCESS_POINT_1), "listener": point(seed::STREAM_ACCESS_POINT_2)},
    }});
    desk.world
        .call(&desk.token, "POST", "/v2/tunnels", Some(tunnel))
        .expect(200);
    let paths = [
        format!("/v0.10/endpoint/{share}"),
        format!("/v0.10/endpoint/{share}/access/{}", text(&rule["access_id"])),
        format!("/v0.10/endpoint/{}/role_list", seed::ALICE_COLLECTION),
        "/v0.10/bookmark_list".to_owned(),
        "/v0.10/endpoint_manager/pause_rule_list".to_owned(),
        format!("/v0.10/endpoint_manager/admin_cancel/{}", text(&canceled["id"])),
        format!("/v0.10/task/{task}"),
        format!("/v0.10/task/{task}/pause_info"),
        "/v2/tunnels".to_owned(),
        "/v2/stream_access_points".to_owned(),
    ];
    let seen = |world: &World, path: &str| {
        let mut document = world.get(&desk.token, path).json();
        for volatile in ["meta", "request_id"] {
            document.as_object_mut().expect("an object").remove(volatile);
        }
        document
    };
    let snapshot = desk.world.emulator.snapshot().expect("a snapshot");
    let other = World {
        emulator: Emulator::builder()
            .clock(Clock::logical())
            .start_now()
            .expect("an emulator"),
    };
    other.emulator.restore(&snapshot).expect("a snapshot of ours");
    for path in &paths {
        assert_eq!(seen(&other, path), seen(&desk.world, path), "{path}");
    }
    let task = seen(&other, &paths[6]);
    assert_eq!(
        (&task["status"], &task["is_paused"]),
        (&json!("INACTIVE"), &json!(true))
    );
}
