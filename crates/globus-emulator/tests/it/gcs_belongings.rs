//! The managers of Globus Connect Server: what belongs to collections and endpoints, nodes, and documents put anew.

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::gcs::{ENDPOINT, GATEWAY, Manager, ids};
use crate::http::TRANSFER;

const COLLECTION: &str = seed::EXAMPLE_COLLECTION;

fn path(of: &str) -> String {
    format!("/collections/{COLLECTION}/{of}")
}

#[test]
fn an_endpoint_has_one_node_for_its_administrators() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let all = manager.get(&admin, "/nodes").expect(200);
    let id = ids(&all).pop().expect("a node");
    assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
    let one = manager.get(&admin, &format!("/nodes/{id}")).expect(200);
    assert_eq!(one["data"][0], all["data"][0]);
    assert_eq!(one["data"][0]["status"], "active");
    for other in [ENDPOINT, "x"] {
        let other = format!("/nodes/{other}");
        manager.get(&admin, &other).refused(404, "not_found");
    }
    let bob = manager.token(seed::BOB);
    for path in ["/nodes".to_owned(), format!("/nodes/{id}")] {
        manager.get(&bob, &path).refused(403, "permission_denied");
    }
}

#[test]
fn domains_are_read_and_set() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let document = manager.get(&admin, &path("domain")).expect(200);
    let collection = manager.get(&admin, &format!("/collections/{COLLECTION}")).expect(200);
    assert_eq!(document["data"][0]["domain_name"], collection["data"][0]["domain_name"]);

    let domain = |name: &str| Some(json!({"DATA_TYPE": "domain#1.0.0", "domain_name": name}));
    let set = |name: &str| manager.call(&admin, "PUT", "/endpoint/domain", domain(name));
    set("disks.example.org").expect(200);
    let info = manager
        .world
        .send("GET", "/api/info", &[("host", "disks.example.org")], b"")
        .expect(200);
    assert_eq!(info["data"][0]["endpoint_id"], ENDPOINT);
    assert_eq!(
        manager.get(&admin, "/nodes").expect(200)["data"][0]["name"],
        "disks.example.org"
    );
    for wrong in ["", "a..b", "a b", "-/x", "http://x"] {
        set(wrong).refused(422, "unprocessable_entity");
    }
    let taken = document["data"][0]["domain_name"].as_str().expect("a domain");
    set(taken).refused(409, "conflict");
    let bob = manager.token(seed::BOB);
    manager
        .call(&bob, "PUT", "/endpoint/domain", domain("x.example.org"))
        .refused(403, "permission_denied");
    manager.get(&bob, &path("domain")).refused(403, "permission_denied");
}

#[test]
fn collections_change_hands() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let bob = manager.token(seed::BOB);
    let owner = |id: &str| Some(json!({"DATA_TYPE": "owner#1.0.0", "identity_id": id}));
    manager
        .call(&bob, "PUT", &path("owner"), owner(seed::BOB))
        .refused(403, "permission_denied");
    manager
        .call(&admin, "PUT", &path("owner"), owner(GATEWAY))
        .refused(422, "unprocessable_entity");
    for _ in 0..2 {
        manager
            .call(&admin, "PUT", &path("owner"), owner(seed::BOB))
            .expect(200);
    }
    let own = manager
        .get(&bob, "/collections?filter=created_by_me,managed_by_me")
        .expect(200);
    assert_eq!(ids(&own), [COLLECTION]);
    let roles = manager
        .get(&bob, &format!("/roles?collection_id={COLLECTION}&include=all_roles"))
        .expect(200);
    let held = |row: &&Value| row["principal"].as_str().is_some_and(|name| name.ends_with(seed::BOB));
    let held = roles["data"].as_array().expect("rows").iter().filter(held).count();
    assert_eq!(held, 1, "{roles}");

    let named = |name: Value| Some(json!({"DATA_TYPE": "owner_string#1.0.0", "owner_string": name}));
    manager
        .call(&bob, "PUT", &path("owner_string"), named("Bob's lab".into()))
        .expect(200);
    manager
        .call(&bob, "PUT", &path("owner_string"), named(7.into()))
        .refused(422, "unprocessable_entity");
    let transfer = manager.world.user_token(seed::BOB, TRANSFER);
    let shown = manager
        .world
        .get(&transfer, &format!("/v0.10/endpoint/{COLLECTION}"))
        .expect(200);
    assert_eq!(shown["owner_string"], "Bob's lab");
    let document = manager.get(&bob, &format!("/collections/{COLLECTION}")).expect(200);
    assert!(document["data"][0].get("owner_string").is_none(), "{document}");
    assert_eq!(document["data"][0]["identity_id"], seed::BOB);
}

#[test]
fn subscriptions_vouch_for_collections() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let verified = |value: Value| {
        Some(json!({"DATA_TYPE": "subscription_admin_verified#1.0.0", "subscription_admin_verified": value}))
    };
    let set =
        |token: &str, value: Value| manager.call(token, "PUT", &path("subscription_admin_verified"), verified(value));
    set(&admin, "perhaps".into()).refused(422, "unprocessable_entity");
    set(&admin, Value::Null).refused(422, "unprocessable_entity");
    set(&admin, true.into()).expect(200);
    let document = || manager.get(&admin, &format!("/collections/{COLLECTION}")).expect(200);
    assert_eq!(document()["data"][0]["subscription_admin_verified"], true);
    let bob = manager.token(seed::BOB);
    for value in [true, false] {
        set(&bob, value.into()).refused(403, "permission_denied");
    }
    set(&admin, false.into()).expect(200);
    assert_eq!(document()["data"][0]["subscription_admin_verified"], false);
    // Without a subscription nobody can.
    let none = json!({"DATA_TYPE": "endpoint#1.0.0", "subscription_id": null});
    manager.call(&admin, "PATCH", "/endpoint", Some(none)).expect(200);
    let free = manager.world.call(
        &manager.world.user_token(seed::ADMIN, TRANSFER),
        "GET",
        &format!("/v0.10/endpoint/{COLLECTION}"),
        None,
    );
    if free.expect(200)["subscription_id"].is_null() {
        let refused = set(&admin, true.into());
        refused.refused(403, "permission_denied");
        assert_eq!(refused.json()["detail"]["DATA_TYPE"], "subscription_required#1.0.0");
    }
}

#[test]
fn a_document_takes_the_place_of_another() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let gateway = manager.made(
        &admin,
        "/storage_gateways",
        json!({
            "DATA_TYPE": "storage_gateway#1.0.0", "display_name": "Tapes",
            "connector_id": "145812c8-decc-41f1-83cf-bb2a85a2a70b", "users_deny": ["root"],
            "allowed_domains": ["example.org"],
        }),
    );
    let own = format!("/storage_gateways/{}", gateway["id"].as_str().expect("an id"));
    let put = |document: Value| manager.call(&admin, "PUT", &own, Some(document));
    put(json!({"DATA_TYPE": "storage_gateway#1.0.0", "display_name": "Disks"})).refused(422, "unprocessable_entity");
    let changed = put(json!({
        "DATA_TYPE": "storage_gateway#1.0.0", "display_name": "Disks",
        "connector_id": "145812c8-decc-41f1-83cf-bb2a85a2a70b", "users_allow": ["alice"],
    }))
    .expect(200);
    let changed = &changed["data"][0];
    assert_eq!(
        (&changed["display_name"], &changed["users_allow"]),
        (&json!("Disks"), &json!(["alice"]))
    );
    assert_eq!(
        (changed.get("users_deny"), &changed["allowed_domains"]),
        (None, &json!([]))
    );
    assert_eq!(changed["id"], gateway["id"]);

    let made = manager.made(
        &admin,
        "/collections",
        json!({
            "DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "display_name": "Cold",
            "storage_gateway_id": gateway["id"], "collection_base_path": "/", "description": "slow",
            "delete_protected": false, "force_encryption": true, "public": false, "keywords": ["tape"],
        }),
    );
    let own = format!("/collections/{}", made["id"].as_str().expect("an id"));
    let put = |document: Value| manager.call(&admin, "PUT", &own, Some(document));
    put(json!({"DATA_TYPE": "collection#1.0.0", "display_name": "Warm"})).refused(422, "unprocessable_entity");
    put(json!({
        "DATA_TYPE": "collection#1.0.0", "collection_type": "guest", "display_name": "Warm", "collection_base_path": "/",
    }))
    .refused(422, "unprocessable_entity");
    let changed = put(json!({
        "DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "display_name": "Warm",
        "collection_base_path": "/warm/", "organization": "Lab",
    }))
    .expect(200);
    let changed = &changed["data"][0];
    for (name, wanted) in [
        ("id", made["id"].clone()),
        ("display_name", "Warm".into()),
        ("collection_base_path", "/warm/".into()),
        ("organization", "Lab".into()),
        ("description", Value::Null),
        ("force_encryption", false.into()),
        ("public", true.into()),
        ("keywords", json!([])),
        ("delete_protected", true.into()),
        ("storage_gateway_id", gateway["id"].clone()),
        ("domain_name", made["domain_name"].clone()),
    ] {
        assert_eq!(changed[name], wanted, "{name}");
    }
    manager.call(&admin, "DELETE", &own, None).refused(409, "conflict");
    let bob = manager.token(seed::BOB);
    manager
        .call(&bob, "PUT", &own, Some(json!({})))
        .refused(403, "permission_denied");
}

#[test]
fn what_is_not_known_says_so() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    for (method, path) in [
        ("POST", "/collections/batch_delete"),
        ("GET", "/collections/check"),
        ("GET", "/sharing_policies"),
        ("GET", "/stream_gateways"),
        ("GET", "/lan_secrets"),
    ] {
        let answer = manager.call(&admin, method, path, (method == "POST").then(|| json!({})));
        assert_eq!(answer.status, 501, "{path}: {answer:?}");
    }
}
