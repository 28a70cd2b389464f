//! Bookmarks, in both forms.

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::transfer_endpoints::{People, text};

#[test]
fn a_bookmark_lives() {
    let people = People::new();
    let new = json!({"name": "data", "endpoint_id": seed::TUTORIAL_COLLECTION_1, "path": "/share/godata/"});
    let make = |token: &str, body: Value| people.call(token, "POST", "/bookmark", body);
    let made = make(&people.alice, new.clone()).expect(201);
    assert_eq!(
        (&made["DATA_TYPE"], &made["pinned"]),
        (&json!("bookmark"), &json!(false))
    );
    let path = format!("/bookmark/{}", text(&made["id"]));
    assert_eq!(people.get(&people.alice, &path).expect(200), made);
    people.get(&people.bob, &path).refused(404, "BookmarkNotFound");
    make(&people.alice, new.clone()).refused(409, "Conflict");
    make(&people.bob, new.clone()).expect(201);
    let changed = people
        .call(&people.alice, "PUT", &path, json!({"name": "data 2", "pinned": true}))
        .expect(200);
    assert_eq!((&changed["name"], &changed["pinned"]), (&json!("data 2"), &json!(true)));
    people
        .call(&people.alice, "PUT", &path, json!({"path": "/else/"}))
        .refused(400, "ClientError.BadRequest");
    let list = people.get(&people.alice, "/bookmark_list").expect(200);
    assert_eq!(list, json!({"DATA_TYPE": "bookmark_list", "DATA": [changed]}));
    for wrong in [
        json!({"name": "", "endpoint_id": seed::TUTORIAL_COLLECTION_1, "path": "/"}),
        json!({"name": " x", "endpoint_id": seed::TUTORIAL_COLLECTION_1, "path": "/"}),
        json!({"name": "x".repeat(129), "endpoint_id": seed::TUTORIAL_COLLECTION_1, "path": "/"}),
        json!({"name": "x", "endpoint_id": seed::TUTORIAL_COLLECTION_1, "path": "/file"}),
        json!({"name": "x", "endpoint_id": seed::TUTORIAL_COLLECTION_1}),
        json!({"name": "x", "endpoint_id": "y", "path": "/"}),
    ] {
        make(&people.alice, wrong).refused(400, "ClientError.BadRequest");
    }
    make(
        &people.alice,
        json!({"name": "x", "endpoint_id": seed::ALICE, "path": "/"}),
    )
    .refused(404, "EndpointNotFound");
    let deleted = people.call(&people.alice, "DELETE", &path, Value::Null).expect(200);
    assert_eq!(deleted["code"], "Deleted");
    people.get(&people.alice, &path).refused(404, "BookmarkNotFound");
}

#[test]
fn a_bookmark_is_a_resource() {
    let people = People::new();
    let call = |method: &str, path: &str, body: Value| {
        let body = Some(body).filter(|body| !body.is_null());
        people.world.call(&people.alice, method, path, body)
    };
    let document = |name: &str, path: &str| {
        json!({"data": {
            "type": "Bookmark", "attributes": {"name": name, "path": path},
            "relationships": {"collection": {"data": {"type": "Collection", "id": seed::HIGH_ASSURANCE_COLLECTION}}},
        }})
    };
    let made = call("POST", "/v2/bookmarks", document("public", "/data/")).expect(201);
    assert_eq!(made["meta"]["request_id"].as_str().map(str::len), Some(9));
    let path = format!("/v2/bookmarks/{}", text(&made["data"]["id"]));
    let answer = call("GET", &path, Value::Null);
    assert_eq!(answer.header("content-type"), Some("application/vnd.api+json"));
    let found = answer.expect(200);
    assert_eq!(found["data"], made["data"]);
    assert_eq!(found["included"][0]["attributes"]["high_assurance"], true);
    let change = json!({"data": {"type": "Bookmark", "attributes": {"name": "more", "path": "/more/"}}});
    let changed = call("PATCH", &path, change).expect(200);
    assert_eq!(changed["data"]["attributes"], json!({"name": "more", "path": "/more/"}));
    // Pages.
    for number in 0..4 {
        call("POST", "/v2/bookmarks", document(&format!("n{number}"), "/")).expect(201);
    }
    let (mut next, mut names) = ("/v2/bookmarks?page[limit]=2".to_owned(), Vec::new());
    loop {
        let page = call("GET", &next, Value::Null).expect(200);
        let rows = page["data"].as_array().expect("rows");
        names.extend(rows.iter().map(|row| text(&row["attributes"]["name"])));
        assert_eq!(page["included"].as_array().map(Vec::len), Some(1));
        let Some(link) = page["links"]["next"].as_str() else {
            break;
        };
        let own = people.world.emulator.url().trim_end_matches('/');
        link.strip_prefix(own).expect("ours").clone_into(&mut next);
    }
    assert_eq!(names, ["more", "n0", "n1", "n2", "n3"]);
    // The same bookmarks in the older form.
    assert_eq!(
        people.get(&people.alice, "/bookmark_list").expect(200)["DATA"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    assert_eq!(call("DELETE", &path, Value::Null).expect(200)["data"], Value::Null);
    let gone = call("GET", &path, Value::Null);
    gone.refused(404, "BookmarkNotFound");
    assert_eq!(gone.header("content-type"), Some("application/vnd.api+json"));
    let error = &gone.json()["errors"][0];
    assert_eq!(
        (&error["status"], &error["title"]),
        (&json!("404"), &json!("Not Found"))
    );
    call("POST", "/v2/bookmarks", document("n0", "/")).refused(409, "Conflict");
    for wrong in [
        json!({}),
        json!({"data": {"type": "Tunnel"}}),
        json!({"data": {"type": "Bookmark", "attributes": {"name": "x", "path": "/"}}}),
        json!({"data": {"type": "Bookmark", "attributes": {"name": "x", "path": "/", "y": 1}}}),
        document("x", "no path"),
        document("", "/"),
    ] {
        call("POST", "/v2/bookmarks", wrong).refused(400, "BadRequest");
    }
    call("GET", "/v2/bookmarks?page[limit]=0", Value::Null).refused(400, "BadRequest");
    people
        .world
        .get("x", "/v2/bookmarks")
        .refused(401, "ClientError.AuthenticationFailed");
}
