//! Making, changing and deleting collections, and putting them under subscriptions.

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{Answer, TRANSFER, World};
use crate::transfer_desk::{Desk, transfer};

/// A world with tokens of several people.
pub(crate) struct People {
    pub(crate) world: World,
    pub(crate) alice: String,
    pub(crate) bob: String,
    pub(crate) admin: String,
    pub(crate) program: String,
}

impl People {
    pub(crate) fn new() -> Self {
        Self::of(World::new())
    }

    pub(crate) fn of(world: World) -> Self {
        let token = |identity| world.user_token(identity, TRANSFER);
        Self {
            alice: token(seed::ALICE),
            bob: token(seed::BOB),
            admin: token(seed::ADMIN),
            program: world.client_token(TRANSFER),
            world,
        }
    }

    pub(crate) fn call(&self, token: &str, method: &str, path: &str, body: Value) -> Answer {
        let body = Some(body).filter(|body| !body.is_null());
        self.world.call(token, method, &format!("/v0.10{path}"), body)
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, Value::Null)
    }
}

#[track_caller]
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text: {value}")).to_owned()
}

#[test]
fn a_personal_collection_is_made_and_switched_on() {
    let people = People::new();
    let document = json!({"DATA_TYPE": "endpoint", "is_globus_connect": true, "display_name": "New", "public": true});
    let made = people.call(&people.alice, "POST", "/endpoint", document).expect(201);
    assert_eq!(
        (&made["DATA_TYPE"], &made["code"], &made["resource"]),
        (&json!("endpoint_create_result"), &json!("Created"), &json!("/endpoint"))
    );
    let id = text(&made["id"]);
    let path = format!("/endpoint/{id}");
    let found = people.get(&people.alice, &path).expect(200);
    assert_eq!(
        (
            &found["entity_type"],
            &found["owner_id"],
            &found["gcp_connected"],
            &found["shareable"]
        ),
        (
            &json!("GCP_mapped_collection"),
            &json!(seed::ALICE),
            &json!(false),
            &json!(false)
        )
    );
    assert_eq!(found["globus_connect_setup_key"], made["globus_connect_setup_key"]);
    let other = people.get(&people.bob, &path).expect(200);
    assert_eq!(
        other["globus_connect_setup_key"],
        Value::Null,
        "only its owner sets it up"
    );
    let ls = format!("/operation/endpoint/{id}/ls?path=/");
    people
        .get(&people.alice, &ls)
        .refused(502, "ExternalError.DirListingFailed.GCDisconnected");
    assert!(people.world.emulator.connect(&id, true));
    people.get(&people.alice, &ls).expect(200);
    let found = people.get(&people.alice, &path).expect(200);
    assert_eq!(
        (&found["gcp_connected"], &found["globus_connect_setup_key"]),
        (&json!(true), &Value::Null)
    );
    for wrong in [
        json!({"DATA_TYPE": "endpoint", "display_name": "New"}),
        json!({"DATA_TYPE": "endpoint", "is_globus_connect": true}),
        json!({"DATA_TYPE": "endpoint", "is_globus_connect": true, "display_name": " "}),
        json!({"DATA_TYPE": "endpoint", "is_globus_connect": true, "display_name": "x", "owner_id": seed::BOB}),
        json!({"is_globus_connect": true, "display_name": "x", "force_verify": true, "disable_verify": true}),
        json!([]),
    ] {
        people
            .call(&people.alice, "POST", "/endpoint", wrong)
            .refused(400, "ClientError.BadRequest");
    }
}

#[test]
fn a_collection_is_described_anew() {
    let people = People::new();
    let path = format!("/endpoint/{}", seed::ALICE_COLLECTION);
    let change = json!({
        "DATA_TYPE": "endpoint", "display_name": "Desk", "description": "What I work on", "keywords": "a,b",
        "force_encryption": true, "force_verify": true, "user_message": "Hello", "default_directory": "/~/x/",
        "user_message_link": "https://example.org", "disable_anonymous_writes": true,
    });
    let answer = people.call(&people.alice, "PUT", &path, change.clone()).expect(200);
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!("Updated"), &json!("Endpoint updated successfully"))
    );
    let found = people.get(&people.alice, &path).expect(200);
    for (name, value) in change.as_object().expect("fields") {
        assert_eq!(&found[name], value, "{name}");
    }
    people
        .call(&people.alice, "PUT", &path, json!({"description": null}))
        .expect(200);
    assert_eq!(people.get(&people.alice, &path).expect(200)["description"], Value::Null);
    people
        .call(&people.bob, "PUT", &path, json!({"description": "x"}))
        .refused(403, "PermissionDenied");
    people
        .call(
            &people.alice,
            "PUT",
            &path,
            json!({"subscription_admin_verified": true}),
        )
        .refused(400, "ClientError.BadRequest");
    let server = format!("/endpoint/{}", seed::EXAMPLE_GUEST_COLLECTION);
    people
        .call(&people.alice, "PUT", &server, json!({"description": "x"}))
        .refused(409, "NotSupported");
}

#[test]
fn a_guest_collection_is_a_folder_of_its_host() {
    let desk = Desk::new();
    desk.write("/shared/a/one.txt", "1");
    desk.write("/private.txt", "2");
    let make = |body: Value| desk.call("POST", "/shared_endpoint", Some(body));
    let document = |more: Value| {
        let document = json!({
            "DATA_TYPE": "shared_endpoint", "host_endpoint": seed::CLIENT_COLLECTION, "host_path": "/shared",
            "display_name": "Shared",
        });
        crate::transfer_desk::merged(document, more)
    };
    let made = make(document(json!({"description": "x"}))).expect(201);
    assert_eq!(
        (&made["globus_connect_setup_key"], &made["resource"]),
        (&Value::Null, &json!("/shared_endpoint"))
    );
    let id = text(&made["id"]);
    let found = desk.get(&format!("/endpoint/{id}")).expect(200);
    assert_eq!(found["entity_type"], "GCP_guest_collection");
    assert_eq!(found["host_endpoint_id"], seed::CLIENT_COLLECTION);
    assert_eq!(
        (&found["host_path"], &found["sharing_target_root_path"]),
        (&json!("/shared/"), &json!("/shared/"))
    );
    assert_eq!(found["acl_editable"], true);
    let listing = desk.get(&format!("/operation/endpoint/{id}/ls")).expect(200);
    assert_eq!(listing["DATA"][0]["name"], "a");
    desk.run(transfer(&[("/a/one.txt", "/copy.txt")], json!({"source_endpoint": id})));
    assert_eq!(desk.read("/copy.txt").as_deref(), Some("1"));
    let host = seed::CLIENT_COLLECTION;
    let mine = desk
        .get(&format!("/endpoint/{host}/my_shared_endpoint_list"))
        .expect(200);
    let mut ids: Vec<String> = mine["DATA"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| text(&row["id"]))
        .collect();
    ids.sort();
    let mut wanted = [id.clone(), seed::CLIENT_GUEST_COLLECTION.to_owned()];
    wanted.sort();
    assert_eq!(
        (ids.as_slice(), &mine["DATA_TYPE"]),
        (wanted.as_slice(), &json!("endpoint_list"))
    );
    // Pages of ids.
    let page = |query: &str| {
        desk.get(&format!("/endpoint/{host}/shared_endpoint_list?{query}"))
            .expect(200)
    };
    let first = page("max_results=1");
    assert_eq!(first["shared_endpoints"], json!([{"id": wanted[0]}]));
    let second = page(&format!("max_results=1&next_token={}", text(&first["next_token"])));
    assert_eq!(
        (&second["shared_endpoints"], &second["next_token"]),
        (&json!([{"id": wanted[1]}]), &Value::Null)
    );
    desk.get(&format!("/endpoint/{host}/shared_endpoint_list?max_results=0"))
        .refused(400, "ClientError.BadRequest");
    // What cannot be shared.
    make(document(json!({"host_path": "/../x"}))).refused(400, "ClientError.BadRequest");
    make(document(json!({"host_path": "absent"}))).refused(400, "ClientError.BadRequest");
    make(document(json!({"display_name": "absent"}))).refused(400, "ClientError.BadRequest");
    make(document(json!({"host_endpoint": seed::CLIENT_ID}))).refused(404, "EndpointNotFound");
    make(document(json!({"host_endpoint": seed::ALICE_COLLECTION}))).refused(403, "PermissionDenied");
    make(document(json!({"host_endpoint": id}))).refused(409, "NotSupported");
    // It goes with its host.
    desk.call("DELETE", &format!("/endpoint/{host}"), None).expect(200);
    desk.get(&format!("/endpoint/{id}")).refused(404, "EndpointDeleted");
}

#[test]
fn sharing_needs_a_subscription() {
    let people = People::new();
    let host = seed::ALICE_COLLECTION;
    let subscription = |token: &str, id: Value| {
        let path = format!("/endpoint/{host}/subscription");
        people.call(token, "PUT", &path, json!({"subscription_id": id}))
    };
    let share = || {
        let document = json!({
            "DATA_TYPE": "shared_endpoint", "host_endpoint_id": host, "host_path": "/", "display_name": "Shared",
        });
        people.call(&people.alice, "POST", "/shared_endpoint", document)
    };
    // Its owner may take it away, and only those of the subscription's group may give it.
    let answer = subscription(&people.alice, Value::Null).expect(200);
    assert_eq!(
        (&answer["code"], &answer["message"]),
        (&json!("Updated"), &json!("Endpoint updated successfully"))
    );
    share().refused(409, "NotSupported");
    subscription(&people.bob, json!(seed::SUBSCRIPTION)).refused(403, "PermissionDenied");
    subscription(&people.bob, json!("DEFAULT")).refused(400, "BadRequest");
    subscription(&people.alice, json!(seed::ALICE)).refused(400, "BadRequest");
    subscription(&people.alice, json!("x")).refused(400, "BadRequest");
    subscription(&people.admin, json!("DEFAULT")).expect(200);
    share().expect(201);
    let found = people.get(&people.alice, &format!("/endpoint/{host}")).expect(200);
    assert_eq!(found["subscription_id"], seed::SUBSCRIPTION);
    // Others' collections are theirs to pay for.
    subscription(&people.bob, Value::Null).refused(403, "PermissionDenied");
    subscription(&people.admin, Value::Null).expect(200);
    let unknown = format!("/endpoint/{}/subscription", seed::ALICE);
    people
        .call(&people.alice, "PUT", &unknown, json!({"subscription_id": null}))
        .refused(404, "EndpointNotFound");
}

#[test]
fn an_administrator_of_the_subscription_vouches() {
    let people = People::new();
    let path = format!("/endpoint/{}/subscription_admin_verified", seed::ALICE_COLLECTION);
    let set =
        |token: &str, value: Value| people.call(token, "PUT", &path, json!({"subscription_admin_verified": value}));
    let verified = || {
        let path = format!("/endpoint/{}", seed::ALICE_COLLECTION);
        people.get(&people.alice, &path).expect(200)["subscription_admin_verified"].clone()
    };
    let denied = set(&people.alice, json!(true));
    denied.refused(403, "PermissionDenied");
    assert!(text(&denied.json()["message"]).starts_with("User does not have an admin role on the collection's"));
    set(&people.admin, json!(true)).expect(200);
    assert_eq!(verified(), true);
    set(&people.bob, json!(false)).refused(403, "PermissionDenied");
    set(&people.alice, json!(false)).expect(200);
    assert_eq!(verified(), false);
    set(&people.admin, json!("yes")).refused(400, "BadRequest");
    let headers = [("authorization", format!("Bearer {}", people.admin))];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let garbled = people
        .world
        .send("PUT", &format!("/v0.10{path}"), &headers, b"{\"subscription");
    garbled.refused(400, "BadRequest");
    assert!(text(&garbled.json()["message"]).starts_with("Could not parse JSON: "));
    let bare = format!(
        "/endpoint/{}/subscription_admin_verified",
        seed::ALICE_OFFLINE_COLLECTION
    );
    let answer = people.call(
        &people.admin,
        "PUT",
        &bare,
        json!({"subscription_admin_verified": true}),
    );
    answer.refused(400, "BadRequest");
    let wanted = "The collection must be associated with a subscription to set subscription_admin_verified";
    assert_eq!(answer.json()["message"], wanted);
}

#[test]
fn servers_are_listed() {
    let people = People::new();
    let path = format!("/endpoint/{}", seed::TUTORIAL_COLLECTION_1);
    let list = people.get(&people.alice, &format!("{path}/server_list")).expect(200);
    assert_eq!(list["DATA_TYPE"], "endpoint_server_list");
    let server = &list["DATA"][0];
    assert_eq!((&server["DATA_TYPE"], &server["port"]), (&json!("server"), &json!(443)));
    let one = people
        .get(&people.alice, &format!("{path}/server/{}", server["id"]))
        .expect(200);
    assert_eq!(&one, server);
    people
        .get(&people.alice, &format!("{path}/server/1"))
        .refused(404, "ClientError.NotFound.ServerNotFound");
    people
        .get(
            &people.bob,
            &format!("/endpoint/{}/server_list", seed::CLIENT_COLLECTION),
        )
        .refused(403, "PermissionDenied");
}
