//! Nonsense sent to every route of Transfer: it is refused, with an error document, and nothing breaks.

use globus_emulator::seed;
use globus_sdk::operation::Kind;
use serde_json::{Value, json};

use crate::http::{TRANSFER, World};

/// What may stand for an id in a path.
const IDS: [&str; 6] = [
    seed::CLIENT_COLLECTION,
    seed::CLIENT_GUEST_COLLECTION,
    "00000000-0000-4000-8000-000000000000",
    "..%2F..",
    "%00",
    "9999999999999999999999",
];

/// What may be sent as a document: of the wrong type, too much, too deep, and almost right.
fn bodies() -> Vec<Vec<u8>> {
    let deep = format!("{}{}", "[".repeat(5_000), "]".repeat(5_000));
    let id = seed::CLIENT_COLLECTION;
    let documents = [
        Value::Null,
        json!([]),
        json!("text"),
        json!({}),
        json!({"DATA_TYPE": 7, "data": 7, "path": [], "name": {}, "task_id_list": 7}),
        json!({"DATA_TYPE": "access", "principal_type": "identity", "principal": 1, "path": "/\u{0}/", "permissions": "r"}),
        json!({"DATA_TYPE": "role", "principal_type": [], "principal": {}, "role": null}),
        json!({"data": {"type": "Tunnel", "attributes": 7, "relationships": []}}),
        json!({"data": {"type": "Bookmark", "attributes": {"name": "x".repeat(100_000), "path": "/"}}}),
        json!({"message": "x".repeat(100_000), "endpoint_id": id, "identity_id": 7}),
        json!({"task_id_list": [id, 7, null], "message": {}}),
        json!({"subscription_id": {"x": id}}),
        json!({"DATA_TYPE": "shared_endpoint", "host_endpoint": id, "host_path": "/../../etc/", "display_name": "x"}),
    ];
    let documents = documents.iter().map(|document| document.to_string().into_bytes());
    let garbled = [b"".to_vec(), b"{".to_vec(), b"\xff\xfe".to_vec(), deep.into_bytes()];
    documents.chain(garbled).collect()
}

#[test]
fn nonsense_is_refused_everywhere() {
    let world = World::new();
    let token = format!("Bearer {}", world.client_token(TRANSFER));
    let headers = [("authorization", token.as_str()), ("content-type", "application/json")];
    let routes = globus_sdk::services::operations().filter(|row| matches!(row.kind, Kind::Request));
    let routes: Vec<(String, String)> = routes
        .filter(|row| row.client.id.starts_with("transfer"))
        .map(|row| (row.method.as_str().to_owned(), row.path.to_owned()))
        .collect();
    assert!(routes.len() > 70, "{}", routes.len());
    let mut sent = 0;
    for (method, path) in routes {
        let parts: Vec<&str> = path.split('/').collect();
        let ids: &[&str] = if path.contains('{') { &IDS } else { &IDS[..1] };
        for id in ids {
            let path: Vec<&str> = parts
                .iter()
                .map(|part| if part.starts_with('{') { *id } else { *part })
                .collect();
            let path = path.join("/");
            let bodies = if method == "GET" || method == "DELETE" {
                vec![Vec::new()]
            } else {
                bodies()
            };
            for query in [
                "",
                "?limit=-1&offset=x&filter=%00&marker=x&last_key=,&page[limit]=x&path=/../x&orderby=x",
            ] {
                for body in &bodies {
                    if method == "DELETE" && path.ends_with(seed::CLIENT_COLLECTION) {
                        continue;
                    }
                    let answer = world.send(&method, &format!("{path}{query}"), &headers, body);
                    let shown = String::from_utf8_lossy(&answer.body);
                    assert!(
                        answer.status < 500 || answer.status == 502,
                        "{method} {path}{query}: {shown}"
                    );
                    let document: Value = serde_json::from_slice(&answer.body).expect("a document");
                    if answer.status >= 400 {
                        let code = document.get("code").or_else(|| document.pointer("/errors/0/code"));
                        assert!(code.is_some_and(Value::is_string), "{method} {path}: {shown}");
                    }
                    sent += 1;
                }
            }
        }
    }
    assert!(sent > 1_000, "{sent}");
    world.send("GET", "/_emulator/health", &[], b"").expect(200);
}
