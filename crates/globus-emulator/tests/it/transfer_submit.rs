//! What is taken on, and what is refused.

use globus_emulator::{Fault, seed};
use serde_json::{Value, json};

use crate::http::TRANSFER;
use crate::transfer_desk::{Desk, delete, item, transfer, with_items};

fn one(more: Value) -> Value {
    transfer(&[("/notes.txt", "/copy.txt")], more)
}

#[test]
fn a_submission_is_taken_on_once() {
    let desk = Desk::new();
    let id = desk.get("/submission_id").expect(200);
    assert_eq!(id["DATA_TYPE"], "submission_id");
    for document in [
        one(json!({"submission_id": id["value"]})),
        delete(
            &["/copy.txt"],
            json!({"submission_id": uuid::Uuid::new_v4(), "ignore_missing": true}),
        ),
    ] {
        let first = desk.submit(document.clone()).expect(202);
        let what = document["DATA_TYPE"].as_str().expect("a type");
        assert_eq!(
            (&first["code"], &first["DATA_TYPE"]),
            (&json!("Accepted"), &json!(format!("{what}_result")))
        );
        let text = format!("The {what} has been accepted and a task has been created and queued for execution");
        assert_eq!(first["message"], text);
        assert_eq!(first["submission_id"], document["submission_id"]);
        assert_eq!(first["task_link"]["resource"], "task");
        let task = desk.wait(first["task_id"].as_str().expect("an id"));
        assert_eq!(task["status"], "SUCCEEDED");
        // Whatever comes under the id.
        for again in [
            document.clone(),
            one(json!({"submission_id": document["submission_id"]})),
        ] {
            let again = desk.submit(again).expect(202);
            assert_eq!(
                (&again["code"], &again["task_id"]),
                (&json!("Duplicate"), &first["task_id"])
            );
        }
    }
    assert_eq!(desk.get("/task_list").expect(200)["total"], 2);
    // The ids of others are their own.
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let theirs = json!({"submission_id": id["value"], "endpoint": seed::ALICE_COLLECTION, "ignore_missing": true});
    let answer = desk
        .world
        .call(&alice, "POST", "/v0.10/delete", Some(delete(&["/x"], theirs)));
    assert_eq!(answer.expect(202)["code"], "Accepted");
}

#[test]
fn an_answer_that_is_lost_costs_nothing() {
    let desk = Desk::new();
    let document = one(json!({}));
    desk.world
        .emulator
        .inject(Fault::status(503).path("/v0.10/transfer").after());
    assert_eq!(desk.submit(document.clone()).status, 503);
    let again = desk.submit(document).expect(202);
    assert_eq!(again["code"], "Duplicate");
    let task = desk.wait(again["task_id"].as_str().expect("an id"));
    assert_eq!(
        (&task["status"], &task["files_transferred"]),
        (&json!("SUCCEEDED"), &json!(1))
    );
}

#[test]
fn documents_are_read_strictly() {
    let desk = Desk::new();
    let long = "x".repeat(129);
    let rule = |more: Value| json!({"filter_rules": [crate::transfer_desk::merged(json!({"DATA_TYPE": "filter_rule", "name": "*"}), more)]});
    let absent = json!("absent");
    let mut bad: Vec<Value> = [
        json!({"submission_id": absent}),
        json!({"submission_id": null}),
        json!({"submission_id": "x"}),
        json!({"submission_id": 7}),
        json!({"source_endpoint": absent}),
        json!({"destination_endpoint": null}),
        json!({"source_endpoint": 7}),
        json!({"DATA": absent}),
        json!({"DATA": {}}),
        json!({"DATA": ["x"]}),
        json!({"label": 7}),
        json!({"label": long}),
        json!({"label": "two\nlines"}),
        json!({"sync_level": 4}),
        json!({"sync_level": "checksum"}),
        json!({"sync_level": -1}),
        json!({"sync_level": 1.5}),
        json!({"verify_checksum": "true"}),
        json!({"preserve_timestamp": 1}),
        json!({"encrypt_data": "no"}),
        json!({"skip_source_errors": []}),
        json!({"fail_on_quota_errors": {}}),
        json!({"delete_destination_extra": "x"}),
        json!({"notify_on_succeeded": "x"}),
        json!({"recursive_symlinks": "drop"}),
        json!({"deadline": "soon"}),
        json!({"deadline": "2001-01-01"}),
        json!({"deadline": 7}),
        json!({"filter_rules": {}}),
        json!({"filter_rules": ["*"]}),
        json!({"perf_cc": 0}),
        json!({"perf_udt": 1}),
        json!({"source_local_user": 7}),
        json!({"source_local_user": "x"}),
        json!({"unknown": null}),
        rule(json!({"name": absent})),
        rule(json!({"name": "a/b"})),
        rule(json!({"method": "drop"})),
        rule(json!({"type": "link"})),
        rule(json!({"DATA_TYPE": "rule"})),
        rule(json!({"unknown": 1})),
    ]
    .into_iter()
    .map(one)
    .collect();
    bad.extend(
        [
            json!({"source_path": absent}),
            json!({"source_path": null}),
            json!({"source_path": 7}),
            json!({"source_path": "relative"}),
            json!({"source_path": ""}),
            json!({"source_path": "/../x"}),
            json!({"destination_path": "/x/../y"}),
            json!({"destination_path": "/x\ny"}),
            json!({"destination_path": "/notes.txt"}),
            json!({"source_path": "/dir", "destination_path": "/dir/below", "recursive": true}),
            json!({"recursive": "yes"}),
            json!({"recursive": true, "external_checksum": "00"}),
            json!({"external_checksum": 7}),
            json!({"checksum_algorithm": "CRC"}),
            json!({"DATA_TYPE": absent}),
            json!({"DATA_TYPE": "item"}),
            json!({"DATA_TYPE": "transfer_symlink_item", "recursive": false}),
            json!({"unknown": 1}),
        ]
        .into_iter()
        .map(|more| with_items(vec![item("/notes.txt", "/copy.txt", more)], json!({}))),
    );
    bad.extend(
        [
            json!({"endpoint": absent}),
            json!({"submission_id": absent}),
            json!({"recursive": "yes"}),
            json!({"ignore_missing": 1}),
            json!({"interpret_globs": 1}),
            json!({"DATA": [{"DATA_TYPE": "delete_item"}]}),
            json!({"DATA": [{"DATA_TYPE": "delete_item", "path": "x"}]}),
            json!({"DATA": [{"DATA_TYPE": "delete_item", "path": "/x", "recursive": true}]}),
            json!({"DATA": [{"path": "/x"}]}),
            json!({"source_endpoint": seed::CLIENT_COLLECTION}),
        ]
        .into_iter()
        .map(|more| delete(&["/copy.txt"], more)),
    );
    for document in bad {
        let answer = desk.submit(document.clone());
        assert_eq!(answer.status, 400, "{document}");
        answer.refused(400, "ClientError.BadRequest");
        let message = answer.json()["message"].clone();
        assert!(message.as_str().is_some_and(|text| text.len() > 10), "{message}");
    }
    for (route, body) in [
        ("/transfer", json!({"DATA_TYPE": "delete"})),
        ("/delete", json!({"DATA_TYPE": "transfer"})),
        ("/transfer", json!({})),
        ("/transfer", json!([])),
        ("/delete", json!("x")),
    ] {
        desk.call("POST", route, Some(body))
            .refused(400, "ClientError.BadRequest");
    }
    let none = desk.submit(with_items(vec![], json!({})));
    none.refused(400, "ClientError.BadRequest.NoTransferItems");
    assert_eq!(none.json()["message"], "A transfer requires at least one item");
    desk.submit(delete(&[], json!({})))
        .refused(400, "ClientError.BadRequest");
    assert_eq!(desk.get("/task_list").expect(200)["total"], 0);
    // What clients send and what means nothing.
    for good in [
        json!({"label": null, "deadline": null, "sync_level": null, "filter_rules": null}),
        json!({"perf_cc": 2, "perf_p": 1, "perf_pp": 4, "perf_udt": true, "store_base_path_info": true}),
        json!({"notify_on_succeeded": false, "notify_on_failed": true, "notify_on_inactive": false}),
        json!({"label": "é".repeat(128), "deadline": "2999-01-01 00:00:00+00:00", "encrypt_data": true}),
    ] {
        desk.run(one(good));
    }
}

#[test]
fn collections_must_be_there_on_and_open() {
    let desk = Desk::new();
    let nobody = "00000000-0000-4000-8000-000000000000";
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let bob = desk.world.user_token(seed::BOB, TRANSFER);
    let ask = |token: &str, from: &str, to: &str| {
        let document = one(json!({"source_endpoint": from, "destination_endpoint": to}));
        desk.world.call(token, "POST", "/v0.10/transfer", Some(document))
    };
    let (guest, own) = (seed::CLIENT_GUEST_COLLECTION, seed::ALICE_COLLECTION);
    ask(&desk.token, nobody, seed::CLIENT_COLLECTION).refused(404, "EndpointNotFound");
    ask(&desk.token, seed::CLIENT_COLLECTION, "x").refused(404, "EndpointNotFound");
    ask(&desk.token, seed::CLIENT_COLLECTION, own).refused(403, "PermissionDenied");
    let offline = ask(&alice, seed::ALICE_OFFLINE_COLLECTION, own);
    offline.refused(409, "GCDisconnectedException");
    let name = format!("'Alice's Desktop at Home ({})'", seed::ALICE_OFFLINE_COLLECTION);
    assert!(
        offline.json()["message"]
            .as_str()
            .is_some_and(|text| text.contains(&name))
    );
    // The rules of the guest collection let Alice read, and not write.
    ask(&alice, guest, own).expect(202);
    ask(&alice, own, guest).refused(403, "PermissionDenied");
    ask(&bob, guest, own).refused(403, "PermissionDenied");
    let away = delete(&["/summary.txt"], json!({"endpoint": guest}));
    desk.world
        .call(&alice, "POST", "/v0.10/delete", Some(away))
        .refused(403, "PermissionDenied");
    let (first, second) = (seed::TUTORIAL_COLLECTION_1, seed::TUTORIAL_COLLECTION_2);
    let answer = ask(&alice, first, second);
    answer.refused(403, "ConsentRequired");
    let scope = |id| format!("{TRANSFER}[*https://auth.globus.org/scopes/{id}/data_access]");
    assert_eq!(answer.json()["required_scopes"], json!([scope(first), scope(second)]));
    let away = delete(&["/x"], json!({"endpoint": first}));
    desk.world
        .call(&alice, "POST", "/v0.10/delete", Some(away))
        .refused(403, "ConsentRequired");
    // A computer that is switched off while a guest collection is on it.
    assert!(desk.world.emulator.connect(seed::CLIENT_COLLECTION, false));
    ask(&alice, guest, own).refused(409, "GCDisconnectedException");
}

#[test]
fn endpoints_are_changed_and_deleted() {
    let desk = Desk::new();
    let path = |id: &str| format!("/endpoint/{id}");
    let (own, guest) = (path(seed::CLIENT_COLLECTION), path(seed::CLIENT_GUEST_COLLECTION));
    let put = |path: &str, body: Value| desk.call("PUT", path, Some(body));
    let change = json!({"DATA_TYPE": "endpoint", "display_name": "Renamed", "description": null, "public": true});
    let answer = put(&own, change).expect(200);
    assert_eq!(
        (&answer["code"], &answer["DATA_TYPE"]),
        (&json!("Updated"), &json!("result"))
    );
    assert_eq!(answer["message"], "Endpoint updated successfully");
    let document = desk.get(&own).expect(200);
    assert_eq!(
        (&document["display_name"], &document["description"], &document["public"]),
        (&json!("Renamed"), &Value::Null, &json!(true))
    );
    put(&own, json!({"contact_info": "the office"})).expect(200);
    for body in [
        json!({"display_name": null}),
        json!({"public": "yes"}),
        json!({"owner_id": seed::ALICE}),
        json!({"DATA_TYPE": "x"}),
        json!([]),
    ] {
        put(&own, body).refused(400, "ClientError.BadRequest");
    }
    put(&path("x"), json!({})).refused(404, "EndpointNotFound");
    put(&path(seed::TUTORIAL_COLLECTION_1), json!({})).refused(403, "PermissionDenied");
    let alice = desk.world.user_token(seed::ALICE, TRANSFER);
    let shared = format!("/v0.10{}", path(seed::EXAMPLE_GUEST_COLLECTION));
    desk.world
        .call(&alice, "DELETE", &shared, None)
        .refused(409, "NotSupported");
    desk.world
        .call(&alice, "DELETE", &format!("/v0.10{own}"), None)
        .refused(403, "PermissionDenied");
    let answer = desk.call("DELETE", &own, None).expect(200);
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!("Deleted"), &json!("Endpoint deleted successfully"))
    );
    for path in [&own, &guest] {
        desk.get(path).refused(404, "EndpointDeleted");
    }
    desk.operate("ls", None).refused(404, "EndpointDeleted");
    desk.submit(one(json!({}))).refused(404, "EndpointDeleted");
}
