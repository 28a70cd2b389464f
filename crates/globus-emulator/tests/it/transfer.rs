//! Finding and reading endpoints.

use globus_emulator::seed;
use serde_json::Value;

use crate::http::{GROUPS, TRANSFER, World};

fn names(document: &Value) -> Vec<&str> {
    document["DATA"]
        .as_array()
        .expect("rows")
        .iter()
        .filter_map(|row| row["display_name"].as_str())
        .collect()
}

#[test]
fn searches_find_what_their_filters_say() {
    let world = World::new();
    let program = world.client_token(TRANSFER);
    let alice = world.user_token(seed::ALICE, TRANSFER);
    let bob = world.user_token(seed::BOB, TRANSFER);
    let admin = world.user_token(seed::ADMIN, TRANSFER);
    let both = ["Globus Tutorial Collection 1", "Globus Tutorial Collection 2"];
    let own = ["Emulator Program Results", "Emulator Program Workspace"];
    let cases: &[(&str, &str, &[&str])] = &[
        (&program, "filter_scope=my-endpoints", &own),
        (
            &program,
            "filter_scope=my-gcp-endpoints&filter_entity_type=GCP_mapped_collection",
            &own[1..],
        ),
        (&program, "filter_scope=shared-by-me", &own[..1]),
        (&program, "filter_scope=shared-with-me", &[]),
        (&program, "filter_scope=administered-by-me", &own),
        (&program, "filter_scope=recently-used", &[]),
        (&program, "filter_scope=in-use", &[]),
        (
            &alice,
            "filter_scope=my-endpoints",
            &["Alice's Desktop at Home", "Alice's Laptop"],
        ),
        (
            &alice,
            "filter_scope=shared-with-me",
            &["Emulator Program Results", "Example Shared Data"],
        ),
        (&alice, "filter_scope=shared-by-me", &["Example Shared Data"]),
        (&bob, "filter_scope=shared-with-me", &["Example Shared Data"]),
        (&admin, "filter_scope=administered-by-me", &["Example Endpoint"]),
        (&program, "filter_fulltext=tutorial+coll", &both),
        (
            &program,
            "filter_scope=all&filter_fulltext=TUTORIAL&filter_non_functional=0",
            &both,
        ),
        (
            &program,
            "filter_fulltext=tutorial&filter_non_functional=1",
            &["Globus Tutorial Endpoint 1", "Globus Tutorial Endpoint 2"],
        ),
        (&program, "filter_fulltext=utorial", &[]),
        (&program, "filter_fulltext=laptop", &[]),
        (&alice, "filter_fulltext=laptop", &["Alice's Laptop"]),
        (
            &program,
            "filter_fulltext=tutorial&filter_entity_type=GCSv5_mapped_collection,GCP_mapped_collection",
            &both,
        ),
        (
            &alice,
            "filter_owner_id=researcher%40example.org",
            &["Alice's Desktop at Home", "Alice's Laptop"],
        ),
        (&program, "filter_owner_id=nobody%40example.org", &[]),
        (
            &program,
            "filter_host_endpoint=e4d90000-5eed-4000-8000-000000000001",
            &own[..1],
        ),
    ];
    for (token, query, wanted) in cases {
        let document = world.get(token, &format!("/v0.10/endpoint_search?{query}")).expect(200);
        assert_eq!(names(&document), *wanted, "{query}");
        assert_eq!(document["DATA_TYPE"], "endpoint_list");
        assert_eq!(
            (document["limit"].as_u64(), document["has_next_page"].as_bool()),
            (Some(100), Some(false))
        );
    }
}

#[test]
fn pages_follow_each_other() {
    let world = World::new();
    let token = world.client_token(TRANSFER);
    let mut seen = Vec::new();
    for offset in 0.. {
        let path =
            format!("/v0.10/endpoint_search?filter_fulltext=tutorial&limit=1&offset={offset}&fields=display_name,id");
        let document = world.get(&token, &path).expect(200);
        seen.extend(names(&document).into_iter().map(str::to_owned));
        assert_eq!(
            document["DATA"][0].as_object().map(serde_json::Map::len),
            Some(3),
            "the wanted fields and DATA_TYPE"
        );
        if document["has_next_page"] == false {
            break;
        }
    }
    assert_eq!(seen.len(), 4);
    let beyond = world
        .get(
            &token,
            "/v0.10/endpoint_search?filter_fulltext=tutorial&offset=18446744073709551615",
        )
        .expect(200);
    assert_eq!(
        (names(&beyond).len(), beyond["has_next_page"].as_bool()),
        (0, Some(false))
    );
}

#[test]
fn bad_searches_and_tokens_are_refused() {
    let world = World::new();
    let token = world.client_token(TRANSFER);
    for query in [
        "",
        "filter_scope=",
        "filter_scope=mine",
        "filter_scope=my-endpoints&limit=0",
        "filter_scope=my-endpoints&limit=101",
        "filter_scope=my-endpoints&limit=x",
        "filter_scope=my-endpoints&offset=-1",
        "filter_scope=my-endpoints&filter_entity_type=x",
        "filter_scope=my-endpoints&filter_non_functional=x",
        "filter_owner_id=x",
        "filter_host_endpoint=x",
    ] {
        let answer = world.get(&token, &format!("/v0.10/endpoint_search?{query}"));
        answer.refused(400, "ClientError.BadRequest");
        assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
    }
    let path = "/v0.10/endpoint_search?filter_scope=my-endpoints";
    world
        .send("GET", path, &[], b"")
        .refused(401, "ClientError.AuthenticationFailed");
    world.get("x", path).refused(401, "ClientError.AuthenticationFailed");
    world
        .get(&world.client_token(GROUPS), path)
        .refused(401, "ClientError.AuthenticationFailed");
    let less = world.client_token("urn:globus:auth:scope:transfer.api.globus.org:gcp_install");
    world.get(&less, path).refused(403, "PermissionDenied");
}

#[test]
fn an_endpoint_is_read_by_who_may_see_it() {
    let world = World::new();
    let (program, alice) = (world.client_token(TRANSFER), world.user_token(seed::ALICE, TRANSFER));
    let path = |id: &str| format!("/v0.10/endpoint/{id}");
    let document = world.get(&program, &path(seed::TUTORIAL_COLLECTION_1)).expect(200);
    assert_eq!(document["entity_type"], "GCSv5_mapped_collection");
    assert_eq!(document["high_assurance"], false);
    assert_eq!(
        document["gcs_manager_url"]
            .as_str()
            .map(|url| url.starts_with("https://")),
        Some(true)
    );
    let document = world.get(&alice, &path(seed::ALICE_OFFLINE_COLLECTION)).expect(200);
    assert_eq!(
        (document["gcp_connected"].as_bool(), &document["my_effective_roles"][0]),
        (Some(false), &"administrator".into())
    );
    world
        .get(&program, &path(seed::ALICE_COLLECTION))
        .refused(403, "PermissionDenied");
    world.get(&alice, &path(seed::CLIENT_GUEST_COLLECTION)).expect(200);
    world
        .get(&alice, &path(seed::CLIENT_COLLECTION))
        .refused(403, "PermissionDenied");
    for id in ["x", "..%2Fup", "00000000-0000-4000-8000-000000000000"] {
        let answer = world.get(&program, &path(id));
        answer.refused(404, "EndpointNotFound");
        assert_eq!(answer.json()["resource"], format!("/endpoint/{id}"));
        assert_eq!(answer.json()["request_id"].as_str().map(str::len), Some(9));
    }
}
