//! The managers of Globus Connect Server: lists, roles, what is kept, and what nobody should send.

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::gcs::{ENDPOINT, GATEWAY, Manager, ids};
use crate::http::TRANSFER;

#[test]
fn lists_have_pages_and_filters() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let all = manager.get(&admin, "/collections").expect(200);
    assert_eq!(
        ids(&all),
        [
            seed::EXAMPLE_COLLECTION,
            seed::EXAMPLE_GUEST_COLLECTION,
            seed::HIGH_ASSURANCE_COLLECTION
        ]
    );
    assert_eq!((&all["has_next_page"], &all["marker"]), (&json!(false), &json!("")));
    let (mut seen, mut marker) = (Vec::new(), String::new());
    loop {
        let page = manager
            .get(&admin, &format!("/collections?page_size=1&marker={marker}"))
            .expect(200);
        seen.extend(ids(&page));
        marker = page["marker"].as_str().expect("a marker").to_owned();
        if page["has_next_page"] == false {
            break;
        }
    }
    assert_eq!(seen, ids(&all));
    for (query, wanted) in [
        ("filter=guest_collections", 1),
        ("filter=mapped_collections", 2),
        ("filter=managed_by_me", 3),
        ("filter=managed_by_me,guest_collections", 1),
        ("filter=created_by_me", 0),
        ("mapped_collection_id=a1c2f515-254a-48a1-a5de-3ea51d783638", 1),
        ("include=private_policies", 3),
    ] {
        let document = manager.get(&admin, &format!("/collections?{query}")).expect(200);
        assert_eq!(ids(&document).len(), wanted, "{query}");
    }
    for query in [
        "page_size=0",
        "page_size=x",
        "marker=x",
        "filter=x",
        "include=x",
        "mapped_collection_id=x",
    ] {
        manager
            .get(&admin, &format!("/collections?{query}"))
            .refused(400, "bad_request");
    }
    let bob = manager.token(seed::BOB);
    manager
        .get(&bob, "/collections?include=private_policies")
        .refused(403, "permission_denied");
    let public = manager.get(&bob, "/collections?filter=mapped_collections").expect(200);
    assert_eq!(ids(&public).len(), 2);
}

#[test]
fn roles_are_given_and_taken() {
    let manager = Manager::new();
    let (admin, bob) = (manager.token(seed::ADMIN), manager.token(seed::BOB));
    let identity = format!("urn:globus:auth:identity:{}", seed::BOB);
    let role = |principal: &str, role: &str| json!({"DATA_TYPE": "role#1.0.0", "principal": principal, "role": role});
    manager
        .call(&bob, "POST", "/roles", Some(role(&identity, "administrator")))
        .refused(403, "permission_denied");
    assert_eq!(ids(&manager.get(&bob, "/roles").expect(200)).len(), 0);
    manager
        .get(&bob, "/roles?include=all_roles")
        .refused(403, "permission_denied");
    let mut body = role(&identity, "activity_manager");
    body["collection"] = seed::EXAMPLE_COLLECTION.into();
    let made = manager.made(&admin, "/roles", body.clone());
    let id = made["id"].as_str().expect("an id");
    assert_eq!(
        (&made["collection"], &made["principal"]),
        (&json!(seed::EXAMPLE_COLLECTION), &json!(identity))
    );
    assert_eq!(manager.get(&bob, &format!("/roles/{id}")).expect(200)["data"][0], made);
    let again = manager.call(&admin, "POST", "/roles", Some(body));
    again.refused(409, "conflict");
    assert_eq!(again.json()["detail"]["resources"], json!([id]));
    let own = manager
        .get(&bob, &format!("/roles?collection_id={}", seed::EXAMPLE_COLLECTION))
        .expect(200);
    assert_eq!(ids(&own), [id]);
    // Transfer knows of it.
    let transfer = manager.world.user_token(seed::BOB, TRANSFER);
    let document = manager
        .world
        .get(&transfer, &format!("/v0.10/endpoint/{}", seed::EXAMPLE_COLLECTION))
        .expect(200);
    assert_eq!(document["my_effective_roles"], json!(["activity_manager"]));
    manager
        .call(&bob, "DELETE", &format!("/roles/{id}"), None)
        .refused(403, "permission_denied");
    manager
        .call(&admin, "DELETE", &format!("/roles/{id}"), None)
        .expect(200);
    manager.get(&admin, &format!("/roles/{id}")).refused(404, "not_found");
    let group = format!("urn:globus:groups:id:{}", seed::GROUP_OPEN);
    manager.made(&admin, "/roles", role(&group, "administrator"));
    let stranger = "urn:globus:auth:identity:00000000-0000-4000-8000-000000000000";
    for (principal, name) in [
        (stranger, "administrator"),
        ("x", "administrator"),
        (&identity, "owner"),
        (&identity, "x"),
    ] {
        manager
            .call(&admin, "POST", "/roles", Some(role(principal, name)))
            .refused(422, "unprocessable_entity");
    }
}

#[test]
fn what_managers_know_is_kept() {
    let manager = Manager::new();
    let deep = manager.deep_token(seed::ALICE, seed::EXAMPLE_COLLECTION);
    let credential = manager.credential(&deep);
    let made = manager
        .guest(&deep, &credential, json!({"user_message": "Kept"}))
        .expect(201);
    let snapshot = manager.world.emulator.snapshot().expect("a snapshot");
    let other = Manager::new();
    other.world.emulator.restore(&snapshot).expect("it is restored");
    let path = format!("/collections/{}", made["data"][0]["id"].as_str().expect("an id"));
    let found = other.get(&deep, &path).expect(200);
    assert_eq!(found["data"][0]["user_message"], "Kept");
    assert_eq!(found["data"][0]["user_credential_id"], credential["id"]);
    let url = found["data"][0]["https_url"].as_str().expect("an address");
    assert!(url.starts_with(other.world.emulator.secure_url()), "{url}");
    other.world.emulator.reset();
    let admin = other.token(seed::ADMIN);
    other.get(&admin, &path).refused(404, "not_found");
}

#[test]
fn managers_stand_what_nobody_should_send() {
    let manager = Manager::new();
    let admin = manager.token(seed::ADMIN);
    let objects = [
        ("/collections", seed::EXAMPLE_COLLECTION),
        ("/storage_gateways", GATEWAY),
        ("/roles", ENDPOINT),
        ("/user_credentials", ENDPOINT),
    ];
    let types = ["endpoint", "collection", "storage_gateway", "role", "user_credential"];
    let values = [
        Value::Null,
        json!(1e300),
        json!(-7),
        json!(["a", 1, null]),
        json!({"a": {"b": "\u{0}"}}),
        json!("\u{0}"),
        json!("x".repeat(100_000)),
    ];
    let fields = [
        "display_name",
        "collection_type",
        "collection_base_path",
        "storage_gateway_id",
        "mapped_collection_id",
        "public",
        "user_credential_id",
        "connector_id",
        "principal",
        "role",
        "collection",
        "keywords",
        "policies",
        "username",
    ];
    let mut sent = 0_usize;
    let mut ask = |method: &str, path: &str, body: &[u8]| {
        sent += 1;
        let authorization = format!("Bearer {admin}");
        let headers = [
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ];
        let answer = manager
            .world
            .send(method, &format!("/{ENDPOINT}/api{path}"), &headers, body);
        assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
        // The HTTP library refuses some requests before anybody reads them.
        let refused_at_once = answer
            .header("content-type")
            .is_some_and(|kind| kind.starts_with("text/plain"));
        assert!(
            refused_at_once || answer.body.is_empty() || answer.json()["code"].is_string(),
            "{method} {path}: {answer:?}"
        );
    };
    for (list, id) in objects {
        for odd in [
            "%00",
            "..",
            "..%2F..%2Fetc",
            "%F0%28",
            "null",
            "-1",
            "'%20OR%201=1",
            &"a".repeat(5_000),
        ] {
            for method in ["GET", "PATCH", "DELETE"] {
                ask(method, &format!("{list}/{odd}"), b"{}");
            }
            ask("GET", &format!("{list}?page_size={odd}&marker={odd}"), b"");
        }
        for (method, path) in [("POST", list.to_owned()), ("PATCH", format!("{list}/{id}"))] {
            for body in [
                b"".as_slice(),
                b"{",
                b"\xff\xfe",
                b"[]",
                b"\"text\"",
                b"1e999",
                b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
            ] {
                ask(method, &path, body);
            }
            for data_type in types {
                for value in &values {
                    let mut body: Value = fields.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
                    body["DATA_TYPE"] = format!("{data_type}#1.0.0").into();
                    ask(method, &path, body.to_string().as_bytes());
                }
            }
        }
    }
    assert!(sent > 400, "{sent}");
    manager.get(&admin, "/endpoint").expect(200);
}
