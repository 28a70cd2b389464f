//! Faults, clock, records, and the routes that control them.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use globus_emulator::{Clock, Emulator, Fault, seed};
use serde_json::{Value, json};

use crate::http::{GROUPS, World, send};

const MINE: &str = "/v2/groups/my_groups";

fn control(world: &World, method: &str, path: &str, body: Value) -> crate::http::Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    world.send(method, &format!("/_emulator/{path}"), &[], body.as_bytes())
}

#[test]
fn faults_strike_whom_they_are_meant_for() {
    let world = World::new();
    let token = world.client_token(GROUPS);
    world.emulator.inject(
        Fault::status(503)
            .method("get")
            .path("/v2/groups/*")
            .header("Retry-After", "1")
            .skip(1)
            .times(2),
    );
    world.get(&token, "/v2/preferences").expect(200);
    world.get(&token, MINE).expect(200);
    for _ in 0..2 {
        let answer = world.get(&token, MINE);
        answer.refused(503, "ServiceUnavailable");
        assert_eq!(answer.header("retry-after"), Some("1"));
    }
    world.get(&token, MINE).expect(200);

    let alice = world.user_token(seed::ALICE, GROUPS);
    world.emulator.inject(
        Fault::status(500)
            .identity(seed::ALICE.parse().expect("an id"))
            .always()
            .body("<h1>no</h1>"),
    );
    world.get(&token, MINE).expect(200);
    for _ in 0..7 {
        let answer = world.get(&alice, MINE);
        assert_eq!(
            (answer.status, answer.body.as_slice()),
            (500, b"<h1>no</h1>".as_slice())
        );
        assert_eq!(answer.header("content-type"), Some("text/html"));
    }
    world.emulator.reset();
    // Also the tokens are gone.
    world.get(&alice, MINE).refused(401, "INVALID_TOKEN");
}

#[test]
fn an_answer_is_lost_before_or_after_it_was_earned() {
    let world = World::new();
    let token = world.client_token(GROUPS);
    let authorization = format!("Bearer {token}");
    let create = || {
        let headers = [("authorization", authorization.as_str())];
        send(
            world.emulator.url(),
            "POST",
            "/v2/groups",
            &headers,
            br#"{"name": "g"}"#,
        )
    };
    let count = || world.get(&token, MINE).expect(200).as_array().map(Vec::len);
    let before = count();
    world.emulator.inject(Fault::reset());
    create().expect_err("no answer");
    assert_eq!(count(), before, "nothing was done");
    world.emulator.inject(Fault::reset().after());
    create().expect_err("no answer");
    assert_eq!(count(), before.map(|n| n + 1), "it was done");
    world.emulator.inject(Fault::truncate());
    create().expect_err("half an answer");
    world.emulator.inject(Fault::status(502).after());
    create().expect("an answer").refused(502, "EndpointError");
    assert_eq!(count(), before.map(|n| n + 3));
}

#[test]
fn slow_answers_come_late() {
    let world = World::new();
    let delay = Duration::from_millis(50);
    world.emulator.inject(Fault::slow(delay).path("/jwk.json"));
    let start = Instant::now();
    world.send("GET", "/jwk.json", &[], b"").expect(200);
    assert!(start.elapsed() >= delay);
}

/// An answer that takes an hour, and others that come meanwhile.
#[test]
fn slow_answers_hold_up_nobody() {
    let world = World::new();
    world
        .emulator
        .inject(Fault::slow(Duration::from_secs(3600)).path("/jwk.json"));
    let host = world.emulator.url().trim_start_matches("http://").trim_end_matches('/');
    let mut slow = TcpStream::connect(host).expect("a connection");
    let request = format!("GET /jwk.json HTTP/1.1\r\nhost: {host}\r\n\r\n");
    slow.write_all(request.as_bytes()).expect("an open connection");
    // A fault is over when it has struck, so the slow answer is under way from here on.
    while control(&world, "GET", "faults", json!(null)).expect(200)["faults"] != json!([]) {
        std::thread::yield_now();
    }
    world
        .send("GET", "/.well-known/openid-configuration", &[], b"")
        .expect(200);
    slow.set_nonblocking(true).expect("an open connection");
    let early = slow.read(&mut [0]).expect_err("no answer yet");
    assert_eq!(early.kind(), ErrorKind::WouldBlock);
}

#[test]
fn the_routes_do_what_the_methods_do() {
    let world = World::new();
    let token = world.client_token(GROUPS);
    assert_eq!(
        control(&world, "GET", "health", json!(null)).expect(200)["url"],
        world.emulator.url()
    );
    let fault =
        json!({"path": "/v2/groups/*", "status": 429, "headers": {"retry-after": "0"}, "body": {"code": "slow down"}});
    assert_eq!(
        control(&world, "POST", "faults", fault).expect(200)["faults"][0]["times"],
        1
    );
    world.get(&token, MINE).refused(429, "slow down");
    assert_eq!(
        control(&world, "GET", "faults", json!(null)).expect(200)["faults"],
        json!([])
    );
    control(&world, "POST", "faults", json!({"times": null})).expect(200);
    assert_eq!(
        control(&world, "DELETE", "faults", json!(null)).expect(200)["faults"],
        json!([])
    );
    for bad in [
        json!({"status": 99}),
        json!({"effect": "x"}),
        json!({"x": 1}),
        json!({"headers": {"a b": "c"}}),
        json!([]),
        json!(null),
    ] {
        control(&world, "POST", "faults", bad).expect(400);
    }

    let minted = json!({"identity": "collaborator@example.org", "scopes": [GROUPS]});
    let minted = control(&world, "POST", "tokens", minted).expect(200);
    let bobs = minted["access_token"].as_str().expect("a token");
    assert_eq!(world.get(bobs, MINE).expect(200).as_array().map(Vec::len), Some(2));
    for bad in [
        json!({"identity": "x", "scopes": [GROUPS]}),
        json!({"identity": seed::BOB, "scopes": []}),
        json!({"identity": seed::BOB, "scopes": ["x"]}),
        json!({}),
    ] {
        control(&world, "POST", "tokens", bad).expect(400);
    }
    assert_eq!(
        control(&world, "POST", "tokens/expire", json!({"identity": seed::BOB})).expect(200)["expired"],
        1
    );
    world.get(bobs, MINE).refused(401, "INVALID_TOKEN");
    world.get(&token, MINE).expect(200);
    control(&world, "POST", "clock", json!({"advance": 172_801})).expect(200);
    world.get(&token, MINE).refused(401, "INVALID_TOKEN");
    for bad in [
        json!({"advance": -1}),
        json!({"advance": "1"}),
        json!({"advance": 1e300}),
        json!({}),
    ] {
        control(&world, "POST", "clock", bad).expect(400);
    }
    control(&world, "POST", "reset", json!(null)).expect(200);
    assert_eq!(
        control(&world, "GET", "requests", json!(null)).expect(200)["requests"],
        json!([])
    );
    for (path, document) in [
        ("reset", json!({"sead": {}})),
        ("reset", json!({"seed": {}, "more": 1})),
        ("faults", json!({"times": 0})),
        ("faults", json!({"effect": "slow"})),
    ] {
        control(&world, "POST", path, document).expect(400);
    }
    control(&world, "GET", "nothing", json!(null)).expect(404);
    control(&world, "PUT", "faults", json!(null)).expect(405);
    world.send("POST", "/_emulator/faults", &[], b"{").expect(400);
    // Control routes suffer no faults, and answer to nobody who comes by another name.
    world.emulator.inject(Fault::status(500).always());
    control(&world, "GET", "health", json!(null)).expect(200);
    world
        .send("GET", "/_emulator/health", &[("host", "evil.example.org")], b"")
        .expect(403);
    world
        .send(
            "POST",
            "/_emulator/reset",
            &[("origin", "https://evil.example.org")],
            b"",
        )
        .expect(403);
    world
        .send("GET", "/_emulator/health", &[("origin", "http://localhost:3000")], b"")
        .expect(200);
}

#[test]
fn requests_are_recorded_without_credentials() {
    let world = World::new();
    let token = world.client_token(GROUPS);
    world
        .call(&token, "POST", "/v2/groups?a=b+c", Some(json!({"name": "g"})))
        .expect(201);
    world.get("nonsense", "/nowhere").expect(404);
    let requests = world.emulator.requests();
    let shown: Vec<String> = requests.iter().map(|request| format!("{request:?}")).collect();
    assert_eq!(
        shown,
        [
            "POST /v2/oauth2/token -> 200",
            "POST /v2/groups -> 201",
            "GET /nowhere -> 404"
        ]
    );
    assert_eq!(requests[0].form_value("grant_type"), Some("client_credentials"));
    assert_eq!(requests[0].authorization.as_deref(), Some("basic"));
    assert_eq!(requests[1].query_value("a"), Some("b c"));
    assert_eq!(requests[1].json, Some(json!({"name": "g"})));
    assert_eq!(
        requests[1].identity.map(|id| id.to_string()).as_deref(),
        Some(seed::CLIENT_ID)
    );
    assert_eq!(requests[1].header("content-type"), Some("application/json"));
    let text = control(&world, "GET", "requests", json!(null)).expect(200).to_string();
    assert!(!text.contains(&token) && !text.contains(seed::CLIENT_SECRET));
    world.emulator.clear_requests();
    assert!(world.emulator.requests().is_empty());
}

#[test]
fn a_logical_clock_makes_every_run_the_same() {
    let run = || {
        let world = World {
            emulator: Emulator::builder()
                .clock(Clock::logical())
                .start_now()
                .expect("an emulator"),
        };
        let token = world.client_token(GROUPS);
        let group = world
            .call(&token, "POST", "/v2/groups", Some(json!({"name": "g"})))
            .expect(201);
        (token, group)
    };
    let (first, second) = (run(), run());
    assert_eq!(first, second);
    assert_eq!(
        first.1["my_memberships"][0]["updated"],
        "2026-01-01T00:00:00.000000+00:00"
    );
}
