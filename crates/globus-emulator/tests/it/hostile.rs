//! What nobody should send, on every route.

use globus_emulator::{Emulator, Fault, seed};
use serde_json::{Value, json};

use crate::http::{GROUPS, TRANSFER, World, raw};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "BREW"];

#[test]
fn nonsense_is_refused_and_breaks_nothing() {
    let world = World::new();
    let tokens = [
        format!("Bearer {}", world.user_token(seed::ALICE, GROUPS)),
        format!("Bearer {}", world.user_token(seed::ALICE, TRANSFER)),
        format!("Bearer {}", world.user_token(seed::ALICE, "openid")),
        "Bearer".to_owned(),
        crate::http::basic(seed::CLIENT_ID, seed::CLIENT_SECRET),
        crate::http::basic("\u{0}", "é"),
    ];
    let research = format!("/v2/groups/{}", seed::GROUP_RESEARCH);
    let paths = [
        "/v2/oauth2/token".to_owned(),
        "/v2/oauth2/token/introspect".to_owned(),
        "/v2/oauth2/authorize?client_id=%00&scope=%FF[".to_owned(),
        "/v2/web/auth-code?code=%3Cscript%3E&error=%F0".to_owned(),
        "/v2/web/logout?redirect_uri=%00".to_owned(),
        "/v2/api/clients".to_owned(),
        "/flows?orderby=%00&marker=from-99999999999999999999".to_owned(),
        "/v2/oauth2/token/revoke".to_owned(),
        "/v2/oauth2/token/validate".to_owned(),
        "/v2/api/identities?ids=%00,%FF&usernames=%F0%28".to_owned(),
        "/v2/api/identities/%2e%2e%2f".to_owned(),
        "/v2/groups".to_owned(),
        research.clone(),
        format!("{research}/policies"),
        format!("{research}/membership_fields"),
        format!("{research}/subscription_admin_verified"),
        format!("{research}?include=%00"),
        "/v2/groups/%FF".to_owned(),
        "/v2/groups/..%2F..%2Fetc".to_owned(),
        "/v2/preferences".to_owned(),
        "/v2/subscription_info/%".to_owned(),
        "/v0.10/endpoint_search?filter_scope=my-endpoints&limit=99999999999999999999".to_owned(),
        format!("/v0.10/endpoint_search?filter_fulltext={}", "a+".repeat(2_000)),
        "/v0.10/endpoint/%F0%9F%92%A9".to_owned(),
    ];
    let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
    let wide = format!("{{\"add\": [{}]}}", vec!["{\"identity_id\": 1}"; 2_000].join(","));
    let bodies: [(&str, &[u8]); 8] = [
        ("application/json", b"\xff\xfe"),
        ("application/json", deep.as_bytes()),
        ("application/json", wide.as_bytes()),
        ("application/json", b"{\"name\": \"\\ud800\"}"),
        ("application/json", b"1e999"),
        (
            "application/x-www-form-urlencoded",
            b"grant_type=%FF&scope=%00&token=%F0&include=,,,",
        ),
        (
            "application/x-www-form-urlencoded",
            b"grant_type=client_credentials&scope=[[[[*",
        ),
        ("text/plain", b""),
    ];
    for path in &paths {
        for method in METHODS {
            for (at, token) in tokens.iter().enumerate() {
                let (content_type, body) = bodies[at % bodies.len()];
                let headers = [("authorization", token.as_str()), ("content-type", content_type)];
                let answer = world.send(method, path, &headers, body);
                assert!(
                    (200..500).contains(&answer.status) || answer.status == 501,
                    "{method} {path} {at}: {answer:?}"
                );
                assert!(
                    method == "HEAD"
                        || answer.body.starts_with(b"{")
                        || answer.body.starts_with(b"[")
                        || answer.body.starts_with(b"<!DOCTYPE html>")
                        || answer.status == 400,
                    "{answer:?}"
                );
                let text = String::from_utf8_lossy(&answer.body);
                assert!(!text.contains("<script"), "{text}");
            }
        }
    }
    for (content_type, body) in bodies {
        for path in [&research, "/v2/groups", "/v2/preferences", "/v2/oauth2/token"] {
            let answer = world.send(
                "POST",
                path,
                &[("authorization", &tokens[0]), ("content-type", content_type)],
                body,
            );
            assert!((400..500).contains(&answer.status), "{path} {content_type}: {answer:?}");
        }
    }
    world.send("GET", "/_emulator/health", &[], b"").expect(200);
}

#[test]
fn bodies_without_end_are_not_read() {
    let world = World::new();
    let host = format!("127.0.0.1:{}", world.emulator.port());
    let head =
        format!("POST /v2/groups HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: 20000000\r\n\r\n");
    let request = [head.as_bytes(), &vec![b' '; 11 * 1024 * 1024]].concat();
    // The connection may be gone before the answer is read.
    if let Ok(answer) = raw(&host, &request, false) {
        assert_eq!(answer.status, 413);
    }
    world.send("GET", "/_emulator/health", &[], b"").expect(200);
}

#[test]
fn what_is_not_there_says_so_in_the_words_of_its_service() {
    let world = World::new();
    let one = |method: &str, path: &str, pointer: &str| {
        let answer = world.send(method, path, &[], b"");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let document = answer.json();
        let code = document
            .pointer(pointer)
            .and_then(|code| code.as_str())
            .unwrap_or_default()
            .to_owned();
        (answer.status, code)
    };
    for (method, path, pointer) in [
        ("GET", "/web_inputs", "/error/code"),
        ("GET", "/registered_apis/x", "/error/code"),
        ("POST", "/batch/runs", "/error/code"),
        ("GET", "/v1/index/x/search", "/code"),
        ("GET", "/jobs/", "/error/code"),
        ("POST", "/v2/timer", "/error/code"),
        ("POST", "/v2/submit", "/code"),
        ("POST", "/v3/endpoints", "/code"),
        ("GET", "/api/lan_secrets", "/code"),
    ] {
        assert_eq!(
            one(method, path, pointer),
            (501, "NotEmulated".to_owned()),
            "{method} {path}"
        );
    }
    // Of a service that is not begun nothing is unknown.
    for (path, pointer) in [
        ("/jobs", "/error/code"),
        ("/beta/index", "/code"),
        ("/v2/containers", "/code"),
    ] {
        assert_eq!(one("GET", path, pointer), (501, "NotEmulated".to_owned()), "{path}");
    }
    assert_eq!(
        one("GET", "/v2/nothing", "/errors/0/code"),
        (404, "NotFound".to_owned())
    );
    assert_eq!(one("GET", "/v0.10/nothing", "/code"), (404, "NotFound".to_owned()));
    assert_eq!(one("GET", "/nowhere", "/errors/0/code"), (404, "NotFound".to_owned()));
    assert_eq!(
        one("PATCH", "/v2/groups", "/code"),
        (405, "MethodNotAllowed".to_owned())
    );
    let message = world.send("GET", "/v1/index_list", &[], b"").json()["message"].clone();
    assert_eq!(
        message,
        json!("The emulator does not do search.index_list (GET /v1/index_list) yet")
    );
}

#[test]
fn pages_in_browsers_may_call() {
    let world = World::new();
    let page = ("origin", "http://localhost:3000");
    let answer = world.send(
        "OPTIONS",
        "/v2/groups/my_groups",
        &[page, ("access-control-request-method", "GET")],
        b"",
    );
    assert_eq!((answer.status, answer.body.len()), (204, 0));
    assert_eq!(answer.header("access-control-allow-origin"), Some(page.1));
    let answer = world.send("GET", "/v2/groups/my_groups", &[page], b"");
    assert_eq!(
        (answer.status, answer.header("access-control-allow-origin")),
        (401, Some(page.1))
    );
    assert_eq!(
        world
            .send("GET", "/jwk.json", &[], b"")
            .header("access-control-allow-origin"),
        None
    );
}

/// What the secrets that everybody can read are good for: not for pages from elsewhere.
#[test]
fn pages_from_elsewhere_get_nothing() {
    let world = World::new();
    let files = format!("/{}/", seed::EXAMPLE_COLLECTION);
    for page in [
        "https://evil.example",
        "http://localhost.evil.example",
        "http://evil.example:9700",
        "http://127.0.0.1@evil.example",
        "null",
        "localhost",
        "",
    ] {
        for (method, path) in [
            ("OPTIONS", "/v2/oauth2/token"),
            ("GET", "/jwk.json"),
            ("GET", "/v0.10/task_list"),
            ("GET", files.as_str()),
            ("OPTIONS", files.as_str()),
        ] {
            let answer = world.send(method, path, &[("origin", page)], b"");
            let allowed = answer.header("access-control-allow-origin");
            assert_eq!(allowed, None, "{page}: {method} {path}");
        }
    }
    let token = world.user_token(seed::ALICE, GROUPS);
    let bearer = format!("Bearer {token}");
    let large = vec![b'x'; 500_000];
    for host in [
        "evil.example",
        "evil.example:9700",
        "localhost.evil.example",
        "0.0.0.0",
        "",
    ] {
        let headers = [("host", host), ("authorization", bearer.as_str())];
        for path in [
            "/v2/groups/my_groups",
            "/jwk.json",
            "/nowhere",
            files.as_str(),
            "/v0.10/task_list",
        ] {
            for (method, body) in [("GET", &b""[..]), ("POST", &large[..])] {
                let answer = world.send(method, path, &headers, body);
                let document = answer.expect(403).to_string();
                assert!(document.contains("--allow-host"), "{host}: {document}");
            }
        }
    }
    for host in ["localhost:1", "127.0.0.1", "[::1]:9700", "LOCALHOST"] {
        let headers = [("host", host), ("authorization", bearer.as_str())];
        world.send("GET", "/v2/groups/my_groups", &headers, b"").expect(200);
    }
}

#[test]
fn hosts_may_be_allowed() {
    let builder = || Emulator::builder().allow_host("app.test");
    let world = World {
        emulator: builder().start_now().expect("an emulator"),
    };
    let page = ("origin", "https://app.test:3000");
    let answer = world.send("GET", "/jwk.json", &[page, ("host", "App.test:9700")], b"");
    answer.expect(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(page.1));
    let answer = world.send("GET", "/jwk.json", &[("origin", "https://my.app.test")], b"");
    assert_eq!(answer.header("access-control-allow-origin"), None);
    world
        .send("GET", "/jwk.json", &[("host", "my.app.test")], b"")
        .expect(403);
    // The control routes are for loopback names all the same.
    world
        .send("GET", "/_emulator/health", &[("host", "app.test")], b"")
        .expect(403);
    let refused = builder().allow_host("http://app.test").start_now();
    let refused = refused.expect_err("an address").to_string();
    assert!(refused.contains("`http://app.test` is no name"), "{refused}");
}

/// A path that cannot be text is answered like any other.
#[test]
fn paths_of_bytes_are_met_by_all_that_meets_others() {
    let world = World::new();
    let page = ("origin", "http://localhost:3000");
    let large = vec![b'x'; 70_000];
    for (path, member) in [
        ("/v2/groups/%ff%fe", "/detail"),
        ("/v0.10/task/%ff", "/message"),
        ("/v2/api/identities/%c3%28", "/error_description"),
        ("/flows/%80", "/error/message"),
        ("/api/collections/%ff", "/message"),
        ("/nowhere/%ff", "/error_description"),
    ] {
        for (method, body) in [("GET", &b""[..]), ("PUT", &large[..])] {
            let answer = world.send(method, path, &[page], body);
            let document = answer.expect(400);
            let said = document.pointer(member).and_then(Value::as_str).unwrap_or_default();
            assert_eq!(said, "The path has bytes that are no UTF-8", "{path}: {document}");
            assert_eq!(answer.header("access-control-allow-origin"), Some(page.1));
        }
        let last = world.emulator.requests().pop().expect("a request");
        assert_eq!((last.path.as_str(), last.status), (path, 400));
    }
    world.emulator.inject(Fault::status(503));
    assert_eq!(world.send("GET", "/v2/groups/%ff", &[], b"").status, 503);
}
