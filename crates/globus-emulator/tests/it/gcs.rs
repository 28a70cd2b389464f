//! The managers of Globus Connect Server: documents, roles, and what Transfer finds of what they made.

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{Answer, TRANSFER, World};

pub(crate) const ENDPOINT: &str = seed::EXAMPLE_ENDPOINT;
pub(crate) const GATEWAY: &str = seed::EXAMPLE_STORAGE_GATEWAY;
const POSIX: &str = "145812c8-decc-41f1-83cf-bb2a85a2a70b";

fn scope() -> String {
    format!("urn:globus:auth:scope:{ENDPOINT}:manage_collections")
}

fn data_access(collection: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/data_access")
}

/// The manager of the example endpoint, and a token for it.
pub(crate) struct Manager {
    pub(crate) world: World,
}

impl Manager {
    pub(crate) fn new() -> Self {
        Self { world: World::new() }
    }

    pub(crate) fn token(&self, who: &str) -> String {
        self.world.user_token(who, &scope())
    }

    /// A token whose consents reach to the data of a collection.
    pub(crate) fn deep_token(&self, who: &str, collection: &str) -> String {
        self.world
            .user_token(who, &format!("{}[*{}]", scope(), data_access(collection)))
    }

    pub(crate) fn call(&self, token: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.world.call(token, method, &format!("/{ENDPOINT}/api{path}"), body)
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Answer {
        self.call(token, "GET", path, None)
    }

    /// The first document of an answer.
    #[track_caller]
    pub(crate) fn made(&self, token: &str, path: &str, body: Value) -> Value {
        let answer = self.call(token, "POST", path, Some(body));
        assert!(matches!(answer.status, 200 | 201), "{answer:?}");
        let document = answer.json();
        assert_eq!(document["http_response_code"], answer.status);
        document["data"][0].clone()
    }

    pub(crate) fn credential(&self, token: &str) -> Value {
        let body = json!({"DATA_TYPE": "user_credential#1.0.0", "storage_gateway_id": GATEWAY});
        self.made(token, "/user_credentials", body)
    }

    pub(crate) fn guest(&self, token: &str, credential: &Value, more: Value) -> Answer {
        let mut body = json!({
            "DATA_TYPE": "collection#1.0.0", "collection_type": "guest", "display_name": "Shared",
            "mapped_collection_id": seed::EXAMPLE_COLLECTION, "user_credential_id": credential["id"],
            "collection_base_path": "/shared/",
        });
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        self.call(token, "POST", "/collections", Some(body))
    }
}

pub(crate) fn ids(document: &Value) -> Vec<String> {
    let rows = document["data"].as_array().expect("rows");
    rows.iter()
        .map(|row| row["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[test]
fn everybody_may_know_whose_server_it_is() {
    let manager = Manager::new();
    let document = manager
        .world
        .send("GET", &format!("/{ENDPOINT}/api/info"), &[], b"")
        .expect(200);
    assert_eq!(document["data"][0]["DATA_TYPE"], "info#1.0.0");
    assert_eq!(document["data"][0]["client_id"], ENDPOINT);
    assert_eq!(document["data"][1]["id"], POSIX);
    // Without an address of its own, the host's name or the token tells which.
    manager
        .world
        .send("GET", "/api/info", &[], b"")
        .refused(404, "not_found");
    let named = manager
        .world
        .send("GET", "/api/info", &[("host", "data.example.org")], b"")
        .expect(200);
    assert_eq!(named["data"][0]["endpoint_id"], ENDPOINT);
    let token = manager.token(seed::ADMIN);
    let document = manager.world.get(&token, "/api/endpoint").expect(200);
    assert_eq!(document["data"][0]["id"], ENDPOINT);
    let url = format!("{}{ENDPOINT}", manager.world.emulator.secure_url());
    assert_eq!(document["data"][0]["gcs_manager_url"], url);
    let transfer = manager.world.user_token(seed::ADMIN, TRANSFER);
    for id in [ENDPOINT, seed::EXAMPLE_COLLECTION, seed::EXAMPLE_GUEST_COLLECTION] {
        let document = manager.world.get(&transfer, &format!("/v0.10/endpoint/{id}"));
        if id != seed::EXAMPLE_GUEST_COLLECTION {
            assert_eq!(document.expect(200)["gcs_manager_url"], url);
        }
    }
}

#[test]
fn tokens_and_scopes_are_checked() {
    let manager = Manager::new();
    let paths = [
        "/endpoint",
        "/collections",
        "/storage_gateways",
        "/roles",
        "/user_credentials",
    ];
    for path in paths {
        let bare = manager.world.send("GET", &format!("/{ENDPOINT}/api{path}"), &[], b"");
        bare.refused(401, "unauthorized");
        manager.get("x", path).refused(401, "unauthorized");
        let other = manager.world.user_token(seed::ADMIN, TRANSFER);
        manager.get(&other, path).refused(401, "unauthorized");
        let of_collection = manager
            .world
            .user_token(seed::ADMIN, &data_access(seed::EXAMPLE_COLLECTION));
        manager.get(&of_collection, path).refused(401, "unauthorized");
    }
    let nobody = "00000000-0000-4000-8000-000000000000";
    let token = manager.token(seed::ADMIN);
    let gone = manager.world.get(&token, &format!("/{nobody}/api/endpoint"));
    assert_eq!(gone.status, 404, "{gone:?}");
    let no_endpoint = manager
        .world
        .get(&token, &format!("/{}/api/endpoint", seed::EXAMPLE_COLLECTION));
    assert_eq!(no_endpoint.status, 401, "a path on a collection: {no_endpoint:?}");
}

#[test]
fn an_endpoint_is_changed_by_its_administrators() {
    let manager = Manager::new();
    let (admin, alice) = (manager.token(seed::ADMIN), manager.token(seed::ALICE));
    let change = json!({
        "DATA_TYPE": "endpoint#1.1.0", "description": "Disks", "keywords": ["a", "b"], "allow_udt": true,
        "gridftp_control_channel_port": null, "organization": "Example",
    });
    manager
        .call(&alice, "PATCH", "/endpoint", Some(change.clone()))
        .refused(403, "permission_denied");
    let answer = manager
        .call(&admin, "PATCH", "/endpoint", Some(change.clone()))
        .expect(200);
    assert_eq!(answer["data"], json!([]));
    assert_eq!(answer["message"], format!("Updated endpoint {ENDPOINT}"));
    let answer = manager
        .call(&admin, "PATCH", "/endpoint?include=endpoint", Some(change))
        .expect(200);
    assert_eq!(answer["data"], manager.get(&alice, "/endpoint").expect(200)["data"]);
    let row = &answer["data"][0];
    assert_eq!(
        (&row["description"], &row["keywords"], &row["allow_udt"]),
        (&json!("Disks"), &json!(["a", "b"]), &json!(true))
    );
    for (change, field) in [
        (json!({"DATA_TYPE": "endpoint#1.0.0", "public": "yes"}), "public"),
        (
            json!({"DATA_TYPE": "endpoint#1.0.0", "network_use": "much"}),
            "network_use",
        ),
        (
            json!({"DATA_TYPE": "endpoint#1.0.0", "network_use": "custom"}),
            "max_concurrency",
        ),
        (json!({"DATA_TYPE": "endpoint#1.0.0", "colour": "red"}), "colour"),
        (json!({"DATA_TYPE": "collection#1.0.0"}), "DATA_TYPE"),
        (json!({}), "DATA_TYPE"),
        (
            json!({"DATA_TYPE": "endpoint#1.0.0", "display_name": " "}),
            "display_name",
        ),
    ] {
        let answer = manager.call(&admin, "PATCH", "/endpoint", Some(change));
        answer.refused(422, "unprocessable_entity");
        assert_eq!(answer.json()["detail"]["DATA_TYPE"], "invalid_input#1.0.0");
        assert!(
            answer.json()["detail"]["errors"][0]
                .as_str()
                .is_some_and(|text| text.starts_with(field)),
            "{answer:?}"
        );
        assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
    }
    let path = format!("/{ENDPOINT}/api/endpoint");
    let authorization = format!("Bearer {admin}");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "text/plain"),
    ];
    manager
        .world
        .send("PATCH", &path, &headers, b"{}")
        .refused(415, "unsupported_media_type");
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    manager
        .world
        .send("PATCH", &path, &headers, b"{")
        .refused(400, "bad_request");
    // Its owner and its subscription have paths of their own.
    let owner = json!({"DATA_TYPE": "owner#1.0.0", "identity_id": seed::ALICE});
    manager
        .call(&alice, "PUT", "/endpoint/owner", Some(owner.clone()))
        .refused(403, "permission_denied");
    manager.call(&admin, "PUT", "/endpoint/owner", Some(owner)).expect(200);
    let roles = manager.get(&alice, "/roles").expect(200);
    let held: Vec<&Value> = roles["data"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| &row["role"])
        .collect();
    assert!(
        held.contains(&&json!("owner")) && held.contains(&&json!("administrator")),
        "{roles}"
    );
    let name = json!({"DATA_TYPE": "owner_string#1.0.0", "owner_string": "The lab"});
    manager
        .call(&admin, "PUT", "/endpoint/owner_string", Some(name))
        .expect(200);
    let transfer = manager.world.user_token(seed::BOB, TRANSFER);
    let document = manager
        .world
        .get(&transfer, &format!("/v0.10/endpoint/{}", seed::EXAMPLE_COLLECTION))
        .expect(200);
    assert_eq!(document["owner_string"], "The lab");
    let none = json!({"DATA_TYPE": "endpoint_subscription#1.0.0", "subscription_id": null});
    manager
        .call(&admin, "PUT", "/endpoint/subscription_id", Some(none))
        .expect(200);
    assert_eq!(
        manager.get(&admin, "/endpoint").expect(200)["data"][0]["subscription_id"],
        Value::Null
    );
    manager
        .call(&admin, "PUT", "/endpoint/domain", Some(json!({})))
        .refused(422, "unprocessable_entity");
}

#[test]
fn a_guest_collection_is_made_used_and_deleted() {
    let manager = Manager::new();
    let world = &manager.world;
    let alice = manager.token(seed::ALICE);
    let credential = manager.credential(&alice);
    assert_eq!(credential["username"], "researcher");
    assert_eq!(
        credential["policies"]["DATA_TYPE"],
        "posix_user_credential_policies#1.0.0"
    );
    // Her consent to manage does not reach to the data.
    let refused = manager.guest(&alice, &credential, json!({}));
    refused.refused(403, "permission_denied");
    let detail = &refused.json()["detail"];
    assert_eq!(detail["DATA_TYPE"], "missing_required_scopes#1.0.0");
    let wanted = format!("{}[*{}]", scope(), data_access(seed::EXAMPLE_COLLECTION));
    assert_eq!(detail["required_scopes"], json!([wanted]));
    assert_eq!(
        refused.json()["authorization_parameters"]["required_scopes"],
        json!([wanted])
    );

    let deep = manager.deep_token(seed::ALICE, seed::EXAMPLE_COLLECTION);
    let more = json!({"description": "Mine", "keywords": ["one", "two"], "user_message": "Hello", "public": false});
    let answer = manager.guest(&deep, &credential, more).expect(201);
    let made = &answer["data"][0];
    let id = made["id"].as_str().expect("an id");
    assert_eq!(answer["message"], format!("Created Collection {id}"));
    assert_eq!(
        manager.get(&alice, &format!("/collections/{id}")).expect(200)["data"][0],
        *made
    );
    assert_eq!(made["storage_gateway_id"], GATEWAY);
    assert_eq!(made["identity_id"], seed::ALICE);
    assert_eq!(made["https_url"], format!("{}{id}", world.emulator.secure_url()));
    // Transfer has it at once.
    let transfer = world.user_token(seed::ALICE, TRANSFER);
    let endpoint = world.get(&transfer, &format!("/v0.10/endpoint/{id}")).expect(200);
    assert_eq!(endpoint["entity_type"], "GCSv5_guest_collection");
    assert_eq!(endpoint["host_endpoint_id"], seed::EXAMPLE_COLLECTION);
    assert_eq!(
        (&endpoint["description"], &endpoint["user_message"]),
        (&json!("Mine"), &json!("Hello"))
    );
    assert_eq!(endpoint["my_effective_roles"], json!(["administrator"]));
    assert_eq!(endpoint["https_server"], made["https_url"]);
    let listing = world
        .get(&transfer, &format!("/v0.10/operation/endpoint/{id}/ls?path=/"))
        .expect(200);
    assert_eq!(listing["DATA"][0]["name"], "readme.txt");
    let bob = world.user_token(seed::BOB, TRANSFER);
    world
        .get(&bob, &format!("/v0.10/endpoint/{id}"))
        .refused(403, "PermissionDenied");
    manager
        .get(&manager.token(seed::BOB), &format!("/collections/{id}"))
        .refused(404, "not_found");

    let change =
        json!({"DATA_TYPE": "collection#1.0.0", "collection_type": "guest", "public": true, "description": null});
    let changed = manager
        .call(&alice, "PATCH", &format!("/collections/{id}"), Some(change.clone()))
        .expect(200);
    assert_eq!(
        (&changed["data"][0]["public"], &changed["data"][0]["description"]),
        (&json!(true), &Value::Null)
    );
    let bobs = manager.token(seed::BOB);
    manager
        .call(&bobs, "PATCH", &format!("/collections/{id}"), Some(change))
        .refused(403, "permission_denied");
    let path = format!("/user_credentials/{}", credential["id"].as_str().expect("an id"));
    let conflict = manager.call(&alice, "DELETE", &path, None);
    conflict.refused(409, "conflict");
    assert_eq!(conflict.json()["detail"]["resources"], json!([id]));
    manager
        .call(&bobs, "DELETE", &format!("/collections/{id}"), None)
        .refused(403, "permission_denied");
    manager
        .call(&alice, "DELETE", &format!("/collections/{id}"), None)
        .expect(200);
    manager
        .get(&alice, &format!("/collections/{id}"))
        .refused(404, "not_found");
    world
        .get(&transfer, &format!("/v0.10/endpoint/{id}"))
        .refused(404, "EndpointDeleted");
    manager.call(&alice, "DELETE", &path, None).expect(200);
    manager.get(&alice, &path).refused(404, "not_found");
}

#[test]
fn guest_collections_need_what_they_are_made_of() {
    let manager = Manager::new();
    let (alice, bob) = (
        manager.deep_token(seed::ALICE, seed::EXAMPLE_COLLECTION),
        manager.deep_token(seed::BOB, seed::EXAMPLE_COLLECTION),
    );
    let admin = manager.token(seed::ADMIN);
    let credential = manager.credential(&alice);
    let others = manager.guest(&bob, &credential, json!({}));
    others.refused(422, "unprocessable_entity");
    assert_eq!(others.json()["detail"]["DATA_TYPE"], "credential_not_found#1.0.0");
    for more in [
        json!({"collection_base_path": "/../x"}),
        json!({"collection_base_path": "x"}),
        json!({"storage_gateway_id": GATEWAY}),
        json!({"display_name": "a\nb"}),
        json!({"collection_base_path": null}),
        json!({"keywords": "a"}),
        json!({"user_credential_id": "x"}),
    ] {
        manager
            .guest(&alice, &credential, more.clone())
            .refused(422, "unprocessable_entity");
    }
    let nobody = json!({"mapped_collection_id": "00000000-0000-4000-8000-000000000000"});
    manager.guest(&alice, &credential, nobody).refused(404, "not_found");
    let change = |change: Value| {
        let mut body = json!({"DATA_TYPE": "collection#1.0.0", "collection_type": "mapped"});
        body.as_object_mut()
            .expect("an object")
            .extend(change.as_object().expect("an object").clone());
        let path = format!("/collections/{}", seed::EXAMPLE_COLLECTION);
        manager.call(&admin, "PATCH", &path, Some(body)).expect(200);
    };
    change(json!({"sharing_users_deny": ["researcher"]}));
    manager
        .guest(&alice, &credential, json!({}))
        .refused(403, "permission_denied");
    change(json!({"sharing_users_deny": null, "sharing_users_allow": ["collaborator"]}));
    manager
        .guest(&alice, &credential, json!({}))
        .refused(403, "permission_denied");
    change(json!({"sharing_users_allow": null, "allow_guest_collections": false}));
    manager
        .guest(&alice, &credential, json!({}))
        .refused(403, "permission_denied");
    change(json!({"allow_guest_collections": true}));
    let home = manager
        .guest(&alice, &credential, json!({"collection_base_path": "/~/results"}))
        .expect(201);
    assert_eq!(home["data"][0]["collection_base_path"], "/home/researcher/results/");
    // Who has no identity of an allowed domain gets no credential.
    let limit = json!({"DATA_TYPE": "storage_gateway#1.0.0", "allowed_domains": ["globus.org"]});
    manager
        .call(&admin, "PATCH", &format!("/storage_gateways/{GATEWAY}"), Some(limit))
        .expect(200);
    let body = json!({"DATA_TYPE": "user_credential#1.0.0", "storage_gateway_id": GATEWAY});
    let refused = manager.call(&bob, "POST", "/user_credentials", Some(body));
    refused.refused(403, "permission_denied");
    assert_eq!(refused.json()["detail"]["allowed_domains"], json!(["globus.org"]));
}

#[test]
fn mapped_collections_are_made_by_administrators() {
    let manager = Manager::new();
    let (admin, alice) = (manager.token(seed::ADMIN), manager.token(seed::ALICE));
    let gateway = json!({
        "DATA_TYPE": "storage_gateway#1.0.0", "display_name": "Archive", "connector_id": POSIX,
        "users_deny": ["root"], "policies": {"DATA_TYPE": "posix_storage_policies#1.0.0", "groups_allow": ["staff"]},
        "high_assurance": true, "authentication_timeout_mins": 30,
    });
    manager
        .call(&alice, "POST", "/storage_gateways", Some(gateway.clone()))
        .refused(403, "permission_denied");
    let made = manager.made(&admin, "/storage_gateways", gateway);
    let gateway = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(made["users_deny"], json!(["root"]));
    let path = format!("/storage_gateways/{gateway}");
    assert_eq!(
        manager.get(&alice, &path).expect(200)["data"][0]["users_deny"],
        Value::Null
    );
    manager
        .get(&alice, &format!("{path}?include=private_policies"))
        .refused(403, "permission_denied");
    assert_eq!(
        manager
            .get(&admin, &format!("{path}?include=private_policies"))
            .expect(200)["data"][0],
        made
    );

    let mut body = json!({
        "DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "display_name": "Cold", "public": true,
        "storage_gateway_id": gateway, "collection_base_path": "/cold", "delete_protected": true,
    });
    manager
        .call(&alice, "POST", "/collections", Some(body.clone()))
        .refused(403, "permission_denied");
    let made = manager.made(&admin, "/collections", body.clone());
    let id = made["id"].as_str().expect("an id").to_owned();
    assert_eq!(
        (&made["high_assurance"], &made["authentication_timeout_mins"]),
        (&json!(true), &json!(30))
    );
    assert_eq!(
        (&made["collection_base_path"], &made["root_path"]),
        (&json!("/cold/"), &json!("/cold/"))
    );
    let transfer = manager.world.user_token(seed::ALICE, TRANSFER);
    let found = manager
        .world
        .get(&transfer, "/v0.10/endpoint_search?filter_fulltext=cold")
        .expect(200);
    assert_eq!(found["DATA"][0]["id"], *id);
    manager
        .world
        .get(&transfer, &format!("/v0.10/operation/endpoint/{id}/mkdir"))
        .refused(405, "MethodNotAllowed");
    let listing = manager
        .world
        .get(&transfer, &format!("/v0.10/operation/endpoint/{id}/ls?path=/"))
        .expect(200);
    assert_eq!(listing["total"], 1, "the home folder");

    manager.call(&admin, "DELETE", &path, None).refused(409, "conflict");
    let own = format!("/collections/{id}");
    manager.call(&admin, "DELETE", &own, None).refused(409, "conflict");
    let free = json!({"DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "delete_protected": false});
    manager.call(&admin, "PATCH", &own, Some(free)).expect(200);
    for moved in [
        json!({"storage_gateway_id": GATEWAY}),
        json!({"collection_type": "guest"}),
    ] {
        let mut body = json!({"DATA_TYPE": "collection#1.0.0"});
        body.as_object_mut()
            .expect("an object")
            .extend(moved.as_object().expect("an object").clone());
        manager
            .call(&admin, "PATCH", &own, Some(body))
            .refused(422, "unprocessable_entity");
    }
    manager.call(&admin, "DELETE", &own, None).expect(200);
    let gone = manager.call(&admin, "DELETE", &path, None).expect(200);
    assert_eq!(gone["data"], json!([{}]));
    body["storage_gateway_id"] = gateway.into();
    manager
        .call(&admin, "POST", "/collections", Some(body))
        .refused(422, "unprocessable_entity");
    // Guest collections want a subscription.
    let none = json!({"DATA_TYPE": "endpoint#1.0.0", "subscription_id": null});
    manager.call(&admin, "PATCH", "/endpoint", Some(none)).expect(200);
    let share = json!({"DATA_TYPE": "collection#1.0.0", "allow_guest_collections": true});
    let own = format!("/collections/{}", made_without(&manager, &admin));
    let refused = manager.call(&admin, "PATCH", &own, Some(share));
    refused.refused(403, "permission_denied");
    assert_eq!(refused.json()["detail"]["DATA_TYPE"], "subscription_required#1.0.0");
}

/// A mapped collection with nothing but what it must have.
fn made_without(manager: &Manager, admin: &str) -> String {
    let body = json!({
        "DATA_TYPE": "collection#1.0.0", "collection_type": "mapped", "display_name": "Plain",
        "storage_gateway_id": GATEWAY, "collection_base_path": "/",
    });
    let made = manager.made(admin, "/collections", body);
    made["id"].as_str().expect("an id").to_owned()
}
