//! What nobody should send, on every route of every service: made from the table of operations, not by hand.

use std::collections::BTreeMap;

use globus_emulator::seed;
use globus_sdk::operation::{Kind, Operation, Param, Place};
use serde_json::{Map, Value, json};

use crate::http::{Answer, World};

/// What stands in the place of an id. None is one, so none may reach anything.
const ODD: [&str; 9] = [
    "%00",
    "..",
    "..%2F..%2Fetc%2Fpasswd",
    "%F0%28",
    "%F0%9F%92%A9",
    "'%20OR%201=1--",
    "null",
    "-1",
    "{group_id}",
];

/// Texts where numbers, ids or lists are wanted.
const QUERIES: [&str; 5] = ["%00", "99999999999999999999999", "-1", "%F0%28%8C%28", ",,,"];

fn path_of(row: &Operation) -> String {
    let below = if row.client.service == Some("globus_connect_server") {
        "/api/"
    } else {
        "/"
    };
    format!("{below}{}", row.path.trim_start_matches('/'))
}

/// The routes, each with the operation that has most to say about what it takes.
fn routes() -> BTreeMap<(String, &'static str), &'static Operation> {
    let mut routes: BTreeMap<_, &'static Operation> = BTreeMap::new();
    let rows = globus_sdk::services::operations().filter(|row| matches!(row.kind, Kind::Request));
    for row in rows.filter(|row| row.client.service.is_some()) {
        let known = routes.entry((path_of(row), row.method.as_str())).or_insert(row);
        if row.params.len() > known.params.len() {
            *known = row;
        }
    }
    routes
}

/// The path with something in the place of each id.
fn filled(path: &str, with: &str) -> String {
    let mut parts = Vec::new();
    for part in path.split('/') {
        parts.push(if part.starts_with('{') { with } else { part });
    }
    parts.join("/")
}

/// An answer that is no accident: the right kind of status, and a document or a page.
#[track_caller]
fn is_sound(answer: &Answer, what: &str) {
    let sound = (200..500).contains(&answer.status) || answer.status == 501;
    assert!(sound, "{what}: {answer:?}");
    let kind = answer.header("content-type").unwrap_or_default();
    let document = kind.starts_with("application/json") || kind.starts_with("application/vnd.api+json");
    // The HTTP library refuses some requests before anybody reads them.
    assert!(
        !document || serde_json::from_slice::<Value>(&answer.body).is_ok(),
        "{what}: {answer:?}"
    );
    assert!(
        document || kind.starts_with("text/") || answer.body.is_empty(),
        "{what}: {answer:?}"
    );
    let text = String::from_utf8_lossy(&answer.body);
    assert!(!text.contains("panicked") && !text.contains("root:"), "{what}: {text}");
}

/// Bodies that are no document of anything.
fn malformed() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        ("application/json", b"{".to_vec()),
        ("application/json", b"\xff\xfe{}".to_vec()),
        ("application/json", b"[]".to_vec()),
        ("application/json", b"\"text\"".to_vec()),
        ("application/json", [vec![b'['; 20_000], vec![b']'; 20_000]].concat()),
        ("text/plain", b"a=b&c".to_vec()),
        ("application/x-www-form-urlencoded", b"%FF=%00&&=&a".to_vec()),
    ]
}

/// A document with a value in every field that the operation knows.
fn document(row: &Operation, value: &Value) -> Value {
    let fields = row
        .params
        .iter()
        .filter(|param| param.place == Place::Body || param.place == Place::Document);
    let mut map: Map<String, Value> = fields.map(|param| (param.wire.to_owned(), value.clone())).collect();
    for name in ["name", "DATA", "DATA_TYPE", "definition", "add", "join"] {
        map.entry(name).or_insert_with(|| value.clone());
    }
    if row.wrap.is_empty() {
        Value::Object(map)
    } else {
        json!({ row.wrap: map })
    }
}

fn wrong_values() -> Vec<Value> {
    vec![
        Value::Null,
        json!(1e300),
        json!(-7),
        json!(true),
        json!(["a", 1, null, {"a": []}]),
        json!({"a": {"b": [{"c": "\u{0}\u{202e}"}]}}),
        json!("\u{0}"),
        json!("x".repeat(100_000)),
    ]
}

/// Tokens that open all of a service for Alice, as far as the emulator has the scopes.
fn token(world: &World, row: &Operation) -> String {
    let named = row.client.operations().flat_map(|row| row.scopes.iter());
    let mut scopes: Vec<&str> = named.chain(row.client.default_scopes).copied().collect();
    scopes.sort_unstable();
    scopes.dedup();
    let minted = world.emulator.mint_token("alice", &scopes);
    format!("Bearer {}", minted.unwrap_or_else(|_| "none".to_owned()))
}

#[test]
fn every_route_stands_what_nobody_should_send() {
    let world = World::new();
    let mut sent = 0_usize;
    let mut ask = |method: &str, path: &str, token: &str, content_type: &str, body: &[u8]| {
        sent += 1;
        let headers = [("authorization", token), ("content-type", content_type)];
        let answer = world.send(method, path, &headers, body);
        let shown: String = path.chars().take(200).collect();
        is_sound(&answer, &format!("{method} {shown} {content_type}"));
        answer
    };
    let long = "a".repeat(5_000);
    let routes = routes();
    assert!(routes.len() > 150, "{}", routes.len());
    for ((path, method), row) in &routes {
        world.emulator.reset();
        let token = token(&world, row);
        for odd in ODD.into_iter().chain([long.as_str()]).filter(|_| path.contains('{')) {
            let answer = ask(method, &filled(path, odd), &token, "application/json", b"{}");
            assert!(answer.status >= 400, "{method} {path} with {odd}: {answer:?}");
        }
        let at = filled(path, seed::GROUP_RESEARCH);
        if *method != "GET" {
            for (content_type, body) in malformed() {
                ask(method, &at, &token, content_type, &body);
            }
            for value in wrong_values() {
                let document = document(row, &value).to_string();
                ask(method, &at, &token, "application/json", document.as_bytes());
            }
        }
        let queries: Vec<&Param> = row.params.iter().filter(|param| param.place == Place::Query).collect();
        for value in QUERIES {
            let pairs = queries.iter().map(|param| format!("{}={value}", param.wire));
            let query: Vec<String> = pairs.chain(["include".to_owned() + "=" + value]).collect();
            ask(
                method,
                &format!("{at}?{}&{}", query.join("&"), query.join("&")),
                &token,
                "application/json",
                b"{}",
            );
        }
    }
    assert!(sent > 3_000, "{sent}");
    world.send("GET", "/_emulator/health", &[], b"").expect(200);
}

#[test]
fn every_route_wants_the_right_token() {
    let world = World::new();
    let others = world.user_token(seed::ALICE, "urn:globus:auth:scope:nexus.api.globus.org:groups");
    world.emulator.advance(std::time::Duration::from_secs(10));
    let expired = {
        let token = world.user_token(seed::ALICE, crate::http::GROUPS);
        let end = json!({"token": token}).to_string();
        world
            .send("POST", "/_emulator/tokens/expire", &[], end.as_bytes())
            .expect(200);
        token
    };
    let wrong = [
        None,
        Some("Bearer".to_owned()),
        Some("Bearer nonsense".to_owned()),
        Some(format!("Bearer {others}")),
        Some(format!("Bearer {expired}")),
        Some("Digest x".to_owned()),
        Some(crate::http::basic("nobody", "nothing")),
        Some(crate::http::basic(seed::CLIENT_ID, "wrong")),
    ];
    let mut closed = 0_usize;
    for ((path, method), row) in routes() {
        let is_open =
            !row.authorization || row.client.is_login_client() || path == "/jwk.json" || path.contains("well-known");
        if is_open {
            continue;
        }
        let at = filled(&path, seed::GROUP_RESEARCH);
        for authorization in &wrong {
            let headers = authorization.as_deref().map(|value| ("authorization", value));
            let headers: Vec<(&str, &str)> = headers
                .into_iter()
                .chain([("content-type", "application/json")])
                .collect();
            let answer = world.send(method, &at, &headers, br#"{"client": {"name": "x"}}"#);
            is_sound(&answer, &format!("{method} {at}"));
            // Some read the document before they ask who sent it; none does anything for nobody.
            let refused = matches!(answer.status, 400 | 401 | 403 | 422 | 501);
            // Which token a run needs, its flow says.
            let unknown = answer.status == 404 && authorization.as_ref().is_some_and(|value| value.ends_with(&others));
            assert!(refused || unknown, "{method} {at} {authorization:?}: {answer:?}");
            closed += usize::from(answer.status == 401);
        }
    }
    assert!(closed > 300, "{closed}");
}
