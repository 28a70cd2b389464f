//! Roles and access rules, and what they let people do.

use std::time::Duration;

use globus_emulator::{Clock, Emulator, seed};
use serde_json::{Value, json};

use crate::http::{TRANSFER, World};
use crate::transfer_endpoints::{People, text};

fn shared(people: &People) -> String {
    let document = json!({
        "DATA_TYPE": "shared_endpoint", "host_endpoint": seed::ALICE_COLLECTION, "host_path": "/", "display_name": "Shared",
    });
    text(
        &people
            .call(&people.alice, "POST", "/shared_endpoint", document)
            .expect(201)["id"],
    )
}

fn rule(kind: &str, principal: &str, path: &str, permissions: &str) -> Value {
    json!({
        "DATA_TYPE": "access", "principal_type": kind, "principal": principal, "path": path, "permissions": permissions,
    })
}

#[test]
fn roles_are_given_and_taken() {
    let people = People::new();
    let path = format!("/endpoint/{}", seed::ALICE_COLLECTION);
    let roles = || people.get(&people.alice, &format!("{path}/role_list")).expect(200);
    assert_eq!(roles()["DATA_TYPE"], "role_list");
    let owner = roles()["DATA"][0].clone();
    assert_eq!(
        (&owner["principal"], &owner["role"], &owner["principal_type"]),
        (&json!(seed::ALICE), &json!("administrator"), &json!("identity"))
    );
    let new =
        json!({"DATA_TYPE": "role", "principal_type": "identity", "principal": seed::BOB, "role": "administrator"});
    let made = people
        .call(&people.alice, "POST", &format!("{path}/role"), new.clone())
        .expect(201);
    assert_eq!(
        (&made["DATA_TYPE"], &made["principal"]),
        (&json!("role"), &json!(seed::BOB))
    );
    let one = format!("{path}/role/{}", text(&made["id"]));
    assert_eq!(people.get(&people.bob, &one).expect(200), made);
    // Bob may do as Alice now.
    people
        .call(&people.bob, "PUT", &path, json!({"description": "Bob's words"}))
        .expect(200);
    assert_eq!(
        people.get(&people.bob, &path).expect(200)["my_effective_roles"],
        json!(["activity_monitor", "administrator"])
    );
    people
        .call(&people.alice, "POST", &format!("{path}/role"), new)
        .refused(409, "Exists");
    let deleted = people.call(&people.alice, "DELETE", &one, Value::Null).expect(200);
    assert_eq!(deleted["code"], "Deleted");
    people.get(&people.alice, &one).refused(404, "RoleNotFound");
    people
        .call(&people.bob, "PUT", &path, json!({"description": "x"}))
        .refused(403, "PermissionDenied");
    people
        .get(&people.bob, &format!("{path}/role_list"))
        .refused(403, "PermissionDenied");
    let own = format!("{path}/role/{}", text(&owner["id"]));
    assert_eq!(people.get(&people.alice, &own).expect(200), owner);
    people
        .call(&people.alice, "DELETE", &own, Value::Null)
        .refused(409, "Conflict");
}

#[test]
fn roles_that_cannot_be_given() {
    let people = People::new();
    let add = |id: &str, body: Value| people.call(&people.alice, "POST", &format!("/endpoint/{id}/role"), body);
    for wrong in [
        json!({"principal_type": "identity", "principal": seed::BOB, "role": "owner"}),
        json!({"principal_type": "identity", "principal": seed::GROUP_RESEARCH, "role": "administrator"}),
        json!({"principal_type": "group", "principal": seed::BOB, "role": "administrator"}),
        json!({"principal_type": "anonymous", "principal": "", "role": "administrator"}),
        json!({"principal_type": "identity", "principal": "bob", "role": "administrator"}),
        json!({"principal_type": "identity", "principal": seed::BOB, "role": "administrator", "x": 1}),
        json!({"DATA_TYPE": "access", "principal_type": "identity", "principal": seed::BOB, "role": "administrator"}),
        json!({}),
    ] {
        add(seed::ALICE_COLLECTION, wrong).refused(400, "ClientError.BadRequest");
    }
    let good = json!({"principal_type": "group", "principal": seed::GROUP_RESEARCH, "role": "access_manager"});
    add(seed::ALICE_OFFLINE_COLLECTION, good.clone()).refused(409, "Conflict");
    add(seed::EXAMPLE_GUEST_COLLECTION, good.clone()).refused(409, "NotSupported");
    add(seed::CLIENT_COLLECTION, good.clone()).refused(403, "PermissionDenied");
    add(seed::ALICE_COLLECTION, good).expect(201);
}

#[test]
fn rules_let_people_in_below_their_paths() {
    let people = People::new();
    let id = shared(&people);
    let folder = people.world.emulator.folder(seed::ALICE_COLLECTION).expect("a folder");
    std::fs::create_dir_all(folder.join("open/deep")).expect("folders");
    std::fs::create_dir_all(folder.join("openly")).expect("folders");
    let ls = |token: &str, path: &str| people.get(token, &format!("/operation/endpoint/{id}/ls?path={path}"));
    let mkdir = |token: &str, path: &str| {
        let body = json!({"DATA_TYPE": "mkdir", "path": path});
        people.call(token, "POST", &format!("/operation/endpoint/{id}/mkdir"), body)
    };
    ls(&people.bob, "/open/").refused(403, "PermissionDenied");
    let rules = format!("/endpoint/{id}/access");
    let made = people
        .call(
            &people.alice,
            "POST",
            &rules,
            rule("identity", seed::BOB, "/open/", "r"),
        )
        .expect(201);
    assert_eq!(
        (&made["DATA_TYPE"], &made["code"], &made["message"]),
        (
            &json!("access_create_result"),
            &json!("Created"),
            &json!("Access rule created successfully.")
        )
    );
    ls(&people.bob, "/open/").expect(200);
    ls(&people.bob, "/open/deep/").expect(200);
    ls(&people.bob, "/openly/").refused(403, "EndpointPermissionDenied");
    ls(&people.bob, "/").refused(403, "EndpointPermissionDenied");
    mkdir(&people.bob, "/open/new").refused(403, "EndpointPermissionDenied");
    let submit = |from: &str, to: &str| {
        let document = json!({
            "DATA_TYPE": "transfer", "submission_id": uuid::Uuid::new_v4(), "source_endpoint": id,
            "destination_endpoint": id,
            "DATA": [{"DATA_TYPE": "transfer_item", "source_path": from, "destination_path": to}],
        });
        people.call(&people.bob, "POST", "/transfer", document)
    };
    submit("/open/x", "/open/y").refused(403, "PermissionDenied");
    let one = format!("{rules}/{}", text(&made["access_id"]));
    let answer = people
        .call(&people.alice, "PUT", &one, json!({"permissions": "rw"}))
        .expect(200);
    assert!(
        text(&answer["message"]).ends_with("permissions updated successfully"),
        "{answer}"
    );
    mkdir(&people.bob, "/open/new").expect(200);
    submit("/open/x", "/open/y").expect(202);
    submit("/openly/x", "/open/y").refused(403, "PermissionDenied");
    let again = people.call(
        &people.alice,
        "POST",
        &rules,
        rule("identity", seed::BOB, "/open/", "r"),
    );
    again.refused(409, "Exists");
    assert!(text(&again.json()["message"]).contains(&text(&made["access_id"])));
    let answer = people.call(&people.alice, "DELETE", &one, Value::Null).expect(200);
    assert_eq!(answer["code"], "Deleted");
    people.get(&people.alice, &one).refused(404, "AccessRuleNotFound");
    ls(&people.bob, "/open/").refused(403, "PermissionDenied");
    // A group, and everybody.
    people
        .call(
            &people.alice,
            "POST",
            &rules,
            rule("group", seed::GROUP_RESEARCH, "/", "r"),
        )
        .expect(201);
    ls(&people.bob, "/").expect(200);
    ls(&people.program, "/").refused(403, "PermissionDenied");
    people
        .call(
            &people.alice,
            "POST",
            &rules,
            rule("all_authenticated_users", "", "/", "rw"),
        )
        .expect(201);
    mkdir(&people.program, "/by program").expect(200);
}

#[test]
fn rules_are_listed_with_those_of_roles() {
    let people = People::new();
    let id = shared(&people);
    let rules = format!("/endpoint/{id}/access");
    people
        .call(&people.alice, "POST", &rules, rule("anonymous", "", "/", "r"))
        .expect(201);
    let list = people
        .get(&people.alice, &format!("/endpoint/{id}/access_list"))
        .expect(200);
    assert_eq!(
        (&list["DATA_TYPE"], &list["length"]),
        (&json!("access_list"), &json!(2))
    );
    let (own, given) = (&list["DATA"][0], &list["DATA"][1]);
    assert_eq!(
        (&own["id"], &own["role_type"], &own["permissions"]),
        (&Value::Null, &json!("administrator"), &json!("rw"))
    );
    assert_eq!(
        (&given["principal_type"], &given["role_id"]),
        (&json!("anonymous"), &Value::Null)
    );
    for wrong in [
        rule("identity", seed::BOB, "/open", "r"),
        rule("identity", seed::BOB, "open/", "r"),
        rule("identity", seed::BOB, "/../", "r"),
        rule("identity", seed::BOB, "/", "w"),
        rule("identity", seed::GROUP_RESEARCH, "/", "r"),
        rule("identity", "bob", "/", "r"),
        rule("anonymous", seed::BOB, "/", "r"),
        rule("everybody", "", "/", "r"),
        json!({"principal_type": "anonymous", "path": "/", "permissions": "r"}),
        crate::transfer_desk::merged(
            rule("identity", seed::BOB, "/", "r"),
            json!({"notify_message": "Hello"}),
        ),
        crate::transfer_desk::merged(
            rule("identity", seed::BOB, "/", "r"),
            json!({"expiration_date": "2001-01-01"}),
        ),
        crate::transfer_desk::merged(rule("identity", seed::BOB, "/", "r"), json!({"x": 1})),
    ] {
        people
            .call(&people.alice, "POST", &rules, wrong.clone())
            .refused(400, "ClientError.BadRequest");
    }
    let mapped = format!("/endpoint/{}/access_list", seed::ALICE_COLLECTION);
    people.get(&people.alice, &mapped).refused(409, "NotSupported");
    people
        .get(&people.bob, &format!("/endpoint/{id}/access_list"))
        .refused(403, "PermissionDenied");
    // Those of a server's guest collection are set here too.
    let server = format!("/endpoint/{}/access", seed::EXAMPLE_GUEST_COLLECTION);
    let told = json!({"notify_email": "bob@example.org", "notify_message": "Hello"});
    let new = crate::transfer_desk::merged(rule("identity", seed::BOB, "/in/", "rw"), told);
    people.call(&people.alice, "POST", &server, new).expect(201);
}

#[test]
fn rules_run_out() {
    let emulator = Emulator::builder()
        .clock(Clock::logical())
        .start_now()
        .expect("an emulator");
    let people = People::of(World { emulator });
    let id = shared(&people);
    let new = crate::transfer_desk::merged(
        rule("identity", seed::BOB, "/", "r"),
        json!({"expiration_date": "2026-01-01T01:00:00+00:00"}),
    );
    people
        .call(&people.alice, "POST", &format!("/endpoint/{id}/access"), new)
        .expect(201);
    let ls = || people.get(&people.bob, &format!("/operation/endpoint/{id}/ls"));
    ls().expect(200);
    people.world.emulator.advance(Duration::from_secs(3_600));
    ls().refused(403, "PermissionDenied");
}

#[test]
fn access_managers_and_monitors_have_their_own_powers() {
    let people = People::new();
    let id = shared(&people);
    let give = |role: &str| {
        let body = json!({"principal_type": "identity", "principal": seed::BOB, "role": role});
        let made = people.call(&people.alice, "POST", &format!("/endpoint/{id}/role"), body);
        text(&made.expect(201)["id"])
    };
    let take = |role: &str| {
        let path = format!("/endpoint/{id}/role/{role}");
        people.call(&people.alice, "DELETE", &path, Value::Null).expect(200);
    };
    let rules = format!("/endpoint/{id}/access_list");
    let managed = format!("/endpoint_manager/endpoint/{id}");
    let role = give("access_manager");
    people.get(&people.bob, &rules).expect(200);
    people
        .call(
            &people.bob,
            "PUT",
            &format!("/endpoint/{id}"),
            json!({"description": "x"}),
        )
        .refused(403, "PermissionDenied");
    take(&role);
    people.get(&people.bob, &rules).refused(403, "PermissionDenied");
    // Bob monitors Alice's computer, and so what is on it.
    people.get(&people.bob, &managed).expect(200);
    let rule = json!({"endpoint_id": id, "message": "Later"});
    people
        .call(&people.bob, "POST", "/endpoint_manager/pause_rule", rule.clone())
        .refused(403, "PermissionDenied");
    give("activity_manager");
    people
        .call(&people.bob, "POST", "/endpoint_manager/pause_rule", rule)
        .expect(201);
}

#[test]
fn high_assurance_asks_for_a_recent_login() {
    let emulator = Emulator::builder()
        .clock(Clock::logical())
        .start_now()
        .expect("an emulator");
    let world = World { emulator };
    let ls = |token: &str| {
        world.get(
            token,
            &format!("/v0.10/operation/endpoint/{}/ls", seed::HIGH_ASSURANCE_COLLECTION),
        )
    };
    let token = world.user_token(seed::ALICE, TRANSFER);
    ls(&token).expect(200);
    world.emulator.advance(Duration::from_secs(31 * 60));
    let answer = ls(&token);
    answer.refused(403, "AuthPolicyFailed");
    let asked = &answer.json()["authorization_parameters"];
    assert_eq!(asked["session_required_identities"], json!(["researcher@example.org"]));
    assert!(asked["session_message"].is_string());
    ls(&world.user_token(seed::ALICE, TRANSFER)).expect(200);
    // A program has no session that could be too old.
    ls(&world.client_token(TRANSFER)).expect(200);
}
