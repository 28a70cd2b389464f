//! The answers that users' tests register.

use std::path::Path;
use std::sync::Arc;

use globus_sdk::services::CLIENTS;
use globus_sdk::testing::{RegisteredResponse, ResponseRegistry, cases, construct_error, construct_error_from};
use globus_sdk::{ErrorKind, GroupsClient, NullAuthorizer, blocking};
use serde_json::json;

fn groups(responses: &Arc<ResponseRegistry>) -> GroupsClient {
    let builder = GroupsClient::builder().authorizer(NullAuthorizer);
    builder.transport(responses.clone()).build().unwrap()
}

#[tokio::test]
async fn answers_come_in_turn_and_requests_are_kept() {
    let responses = Arc::new(ResponseRegistry::new());
    assert!(responses.get_last_request().is_none());
    for name in ["one", "two"] {
        let answer = RegisteredResponse::json(200, &json!({ "name": name }));
        responses.register("groups.get_group", answer).unwrap();
    }
    let groups = groups(&responses);
    for expected in ["one", "two", "two"] {
        let group = groups.get_group("g").await.unwrap();
        assert_eq!(group.name.as_deref(), Some(expected));
    }
    assert_eq!(responses.requests().len(), 3);
    let last = responses.get_last_request().unwrap();
    assert_eq!((last.method().as_str(), last.uri().path()), ("GET", "/v2/groups/g"));
}

#[tokio::test]
async fn what_is_not_registered_is_an_error_that_says_so() {
    let responses = Arc::new(ResponseRegistry::new());
    let groups = groups(&responses);
    let error = groups.get_group("g").await.unwrap_err();
    assert!(
        error
            .to_string()
            .contains("no answer is registered for `groups.get_group`"),
        "{error}"
    );
    let error = groups.get("/v2/other").await.unwrap_err();
    assert!(error.to_string().contains("plain requests"), "{error}");

    let error = responses.load_response("groups.get_grup", "default").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    let error = responses.load_response("groups.get_group", "nonsense").unwrap_err();
    assert!(error.to_string().contains("it has default"), "{error}");
}

#[tokio::test]
async fn plain_requests_and_errors_are_answered_too() {
    let responses = Arc::new(ResponseRegistry::new());
    responses.register_plain(RegisteredResponse::new(200, "text/plain", "hello"));
    let refused = RegisteredResponse::json(404, &json!({ "detail": "no such group", "code": "NOT_FOUND" }));
    responses.register("groups.get_group", refused).unwrap();
    let groups = groups(&responses);
    assert_eq!(groups.get("/v2/other").await.unwrap().text(), "hello");
    let error = groups.get_group("g").await.unwrap_err();
    assert_eq!(error.api().unwrap().code(), Some("NOT_FOUND"));
}

#[test]
fn errors_are_constructed_as_each_service_writes_them() {
    let transfer = construct_error(
        "transfer",
        404,
        &json!({ "code": "EndpointNotFound", "message": "none" }),
    );
    assert_eq!(
        (transfer.http_status().as_u16(), transfer.code()),
        (404, Some("EndpointNotFound"))
    );
    let auth = construct_error(
        "auth",
        403,
        &json!({ "errors": [{ "code": "FORBIDDEN", "detail": "no" }] }),
    );
    assert_eq!(auth.code(), Some("FORBIDDEN"));
    let common = construct_error("", 500, &json!({ "foo": "bar" }));
    assert_eq!(common.raw_json(), Some(&json!({ "foo": "bar" })));
    let mut page = RegisteredResponse::new(502, "text/plain; charset=utf-8", "é".as_bytes().to_vec());
    page.headers_mut().insert("x-later", "1".parse().unwrap());
    let plain = construct_error_from("groups", page);
    assert_eq!(
        (plain.http_status().as_u16(), &*plain.text(), plain.raw_json()),
        (502, "é", None)
    );
    assert_eq!(plain.headers()["x-later"], "1");
}

#[test]
fn registries_share_nothing() {
    let (one, other) = (ResponseRegistry::new(), ResponseRegistry::new());
    one.load_response("groups.get_group", "default").unwrap();
    let groups = blocking::GroupsClient::builder().authorizer(NullAuthorizer);
    let (one, other) = (Arc::new(one), Arc::new(other));
    let groups = groups.transport(one.clone()).build().unwrap();
    groups.get_group("g").send().unwrap();
    assert_eq!((one.requests().len(), other.requests().len()), (1, 0));
    assert!(other.get_last_request().is_none());
}

/// The collection is kept beside the crate: every file of it is compiled in, and every answer belongs to an operation.
#[test]
fn the_collection_is_whole() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let below = Path::new(folder).join("written");
    let files = [Path::new(folder), &below].map(|folder| std::fs::read_dir(folder).unwrap());
    let paths = files.into_iter().flatten().map(|file| file.unwrap().path());
    for path in paths.filter(|path| path.is_file()) {
        let client = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let spec = CLIENTS.iter().find(|spec| spec.name == client).expect("a client");
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let key = format!("{}.{}", spec.id, line["operation"].as_str().unwrap());
            let case = line["case"].as_str().unwrap().to_owned();
            assert!(cases(&key).contains(&case), "{key}: {case}");
        }
    }
}
