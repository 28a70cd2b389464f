//! What nobody should send to the doors that ask for no token: the control routes, the dashboard, the token endpoint, the
//! login page.

use globus_emulator::{Emulator, seed};
use serde_json::{Value, json};

use crate::http::{Answer, GROUPS, World, basic, url_encode};

const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "BREW"];
const ROUTES: [&str; 22] = [
    "health",
    "clock",
    "requests",
    "faults",
    "actions",
    "sign-in",
    "tokens",
    "tokens/expire",
    "tokens/revoke",
    "tokens/rotation",
    "sessions",
    "consents",
    "users",
    "collections",
    "tasks",
    "mishaps",
    "limits",
    "requirements",
    "reset",
    "seed",
    "restore",
    "snapshot",
];

/// An answer that is no accident.
#[track_caller]
fn is_sound(answer: &Answer, what: &str) {
    let sound = (200..500).contains(&answer.status) || answer.status == 501;
    let what: String = what.chars().take(300).collect();
    assert!(sound, "{what}: {answer:?}");
    let text = String::from_utf8_lossy(&answer.body);
    for tell in ["panicked", "root:x:", "RUST_BACKTRACE"] {
        assert!(!text.contains(tell), "{what}: {text}");
    }
}

/// Values that no member of a control document has.
fn odd_values() -> Vec<Value> {
    vec![
        json!(1e308),
        json!(-1),
        json!(u64::MAX),
        json!("\u{0}\u{202e}"),
        json!("x".repeat(70_000)),
        json!([[[[1]]]]),
        json!({"a": {"b": []}}),
        json!("../../../etc/passwd"),
        json!(true),
    ]
}

#[test]
fn the_control_routes() {
    let world = World::new();
    let members = [
        "advance",
        "at",
        "effect",
        "status",
        "times",
        "path",
        "body",
        "headers",
        "set",
        "remove",
        "delay_ms",
        "becomes",
        "url",
        "identity",
        "scopes",
        "client",
        "token",
        "on",
        "age",
        "username",
        "linked_to",
        "id",
        "connected",
        "hold",
        "code",
        "transfer",
        "seed",
        "session_required_mfa",
        "prompt",
        "groups",
        "endpoints",
        "globus_emulator_snapshot",
    ];
    let deep = format!("{{\"seed\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: Vec<Vec<u8>> = [
        "{",
        "[]",
        "1",
        "null",
        "\"x\"",
        "{\"seed\": null}",
        "{\"a\": 1, \"a\": 2}",
        "{\"advance\": 1e999}",
        "{\"advance\": 99999999999999999999999999}",
        "{\"times\": 1.5, \"times\": -1}",
        &deep,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .chain([b"\xff\xfe".to_vec(), vec![b' '; 300_000]])
    .collect();
    let mut sent = 0;
    for route in ROUTES {
        for method in METHODS {
            for body in &bodies {
                let answer = world.send(method, &format!("/_emulator/{route}"), &[], body);
                is_sound(&answer, &format!("{method} {route} {}", String::from_utf8_lossy(body)));
                sent += 1;
            }
        }
        for value in odd_values() {
            for member in members {
                let body = json!({ member: value }).to_string();
                let answer = world.send("POST", &format!("/_emulator/{route}"), &[], body.as_bytes());
                is_sound(&answer, &format!("POST {route} {body}"));
                // A clock that stands at the end of time is no fault of the routes after it.
                if answer.status == 200 {
                    world.emulator.reset();
                }
                sent += 1;
            }
        }
    }
    assert!(sent > 5_000, "{sent}");
    for path in [
        "../v2/groups",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..",
        "%00",
        "%FF",
        "",
        "a/b/c/d",
        &"x".repeat(5_000),
    ] {
        let answer = world.send("GET", &format!("/_emulator/{path}"), &[], b"");
        is_sound(&answer, path);
        assert!(path.is_empty() || answer.status >= 400, "{path}: {answer:?}");
    }
    for query in [
        "last=-1",
        "last=99999999999999999999",
        "status=%00",
        "method=%FF",
        "path=%2A%2A%2A%2A%2A%2A",
        "x",
    ] {
        is_sound(
            &world.send("GET", &format!("/_emulator/requests?{query}"), &[], b""),
            query,
        );
    }
    // Other names of this machine, and pages from elsewhere, get nothing.
    for (name, value) in [
        ("host", "example.org"),
        ("host", "127.0.0.1.example.org"),
        ("host", "localhost@example.org"),
        ("host", "[::ffff:10.0.0.1]"),
        ("origin", "null"),
        ("origin", "https://evil.example"),
        ("origin", "http://localhost.evil.example"),
    ] {
        for path in ["/_emulator/snapshot", "/"] {
            let answer = world.send("GET", path, &[(name, value)], b"");
            assert_eq!(answer.status, 403, "{name}: {value}: {path}");
            assert!(!String::from_utf8_lossy(&answer.body).contains("researcher"), "{path}");
        }
    }
    world.send("GET", "/_emulator/health", &[], b"").expect(200);
}

#[test]
fn matching_a_pattern_takes_no_longer_than_it_must() {
    let world = World::new();
    let pattern = format!("{}b", "*a".repeat(2_000));
    let fault = json!({"path": pattern, "times": null}).to_string();
    world
        .send("POST", "/_emulator/faults", &[], fault.as_bytes())
        .expect(200);
    let began = std::time::Instant::now();
    let path = format!("/v2/groups/{}", "a".repeat(6_000));
    assert!(world.send("GET", &path, &[], b"").status >= 400);
    assert!(began.elapsed().as_secs() < 5, "{:?}", began.elapsed());
}

#[test]
fn the_dashboard() {
    let emulator = Emulator::builder().start_now().expect("an emulator");
    let world = World { emulator };
    for method in METHODS {
        for path in [
            "/",
            "/?x=%00",
            "/?<script>alert(1)</script>",
            "//",
            "/%2e%2e/",
            "/index.html",
            "/favicon.ico",
        ] {
            let answer = world.send(
                method,
                path,
                &[("cookie", "a=\u{7f}; =; ;;"), ("accept", "text/html;q=x")],
                b"{",
            );
            is_sound(&answer, &format!("{method} {path}"));
            assert!(
                !String::from_utf8_lossy(&answer.body).contains("<script>alert"),
                "{method} {path}"
            );
        }
    }
}

/// Values for the fields of a form.
fn odd_texts() -> Vec<String> {
    vec![
        String::new(),
        "%00".to_owned(),
        "%FF%FE".to_owned(),
        "%E2%80%AE".to_owned(),
        "%0D%0Aset-cookie:%20a=b".to_owned(),
        "%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
        "a".repeat(20_000),
        "%5B".repeat(30_000),
        "openid[".to_owned() + &"openid[".repeat(3_000),
        "..%2F..%2Fetc%2Fpasswd".to_owned(),
        "99999999999999999999999".to_owned(),
        "null".to_owned(),
        seed::ALICE.to_owned(),
        "javascript:alert(1)".to_owned(),
    ]
}

#[test]
fn the_token_endpoint() {
    let world = World::new();
    let ours = basic(seed::CLIENT_ID, seed::CLIENT_SECRET);
    let credentials = [
        ours.as_str(),
        "Basic",
        "Basic !!!!",
        "Basic Zm9v",
        "Basic /////w==",
        "Bearer x",
        "Negotiate x",
    ];
    let grants = [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "urn%3Aglobus%3Aauth%3Agrant_type%3Adependent_token",
        "nonsense",
    ];
    let fields = [
        "code",
        "redirect_uri",
        "code_verifier",
        "refresh_token",
        "token",
        "scope",
        "access_type",
        "client_id",
    ];
    let form = ("content-type", "application/x-www-form-urlencoded");
    for path in ["", "/introspect", "/revoke", "/validate"] {
        let at = format!("/v2/oauth2/token{path}");
        for who in credentials {
            for grant in grants {
                for field in fields {
                    for text in odd_texts() {
                        let body = format!("grant_type={grant}&{field}={text}&{field}={text}");
                        if who != ours && text.len() > 100 {
                            continue;
                        }
                        let answer = world.send("POST", &at, &[("authorization", who), form], body.as_bytes());
                        is_sound(&answer, &format!("{at} {who} {body}"));
                        // Nothing is issued but for a good scope, and no scope here is one.
                        let issued =
                            answer.status == 200 && String::from_utf8_lossy(&answer.body).contains("access_token");
                        assert!(!issued, "{body}");
                        assert!(answer.header("set-cookie").is_none(), "{answer:?}");
                    }
                }
                if !path.is_empty() {
                    break;
                }
            }
        }
        for (kind, body) in [
            ("application/json", "{\"grant_type\": 1}"),
            ("multipart/form-data", "--x"),
            ("", "a=b"),
        ] {
            let answer = world.send(
                "POST",
                &at,
                &[("authorization", &ours), ("content-type", kind)],
                body.as_bytes(),
            );
            is_sound(&answer, &format!("{at} {kind}"));
        }
    }
    world.tokens(GROUPS).expect(200);
}

#[test]
fn the_login_page() {
    let world = World::new();
    let good = [
        ("client_id", seed::WEB_CLIENT_ID.to_owned()),
        ("redirect_uri", url_encode("http://localhost:1/back")),
        ("response_type", "code".to_owned()),
        ("scope", "openid".to_owned()),
        ("state", "s".to_owned()),
        ("code_challenge", "x".to_owned()),
        ("code_challenge_method", "S256".to_owned()),
        ("access_type", "offline".to_owned()),
        ("prompt", "login".to_owned()),
        ("session_required_identities", seed::ALICE.to_owned()),
        ("session_required_policies", seed::POLICY.to_owned()),
        ("session_required_single_domain", "example.org".to_owned()),
        ("session_required_mfa", "True".to_owned()),
        ("session_message", "m".to_owned()),
        ("nonce", "n".to_owned()),
        ("prefill_named_grant", "g".to_owned()),
    ];
    let page = |method: &str, query: &str, body: &str| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("cookie", "globus=%00; x"),
        ];
        let answer = world.send(
            method,
            &format!("/v2/oauth2/authorize?{query}"),
            &headers,
            body.as_bytes(),
        );
        is_sound(&answer, &format!("{method} {query} {body}"));
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        assert!(
            !text.contains("<script>alert") && !text.contains("=\"javascript:"),
            "{query}: {text}"
        );
        let there = answer.header("location").unwrap_or_default();
        assert!(
            there.is_empty() || there.starts_with("http://localhost:1/back?"),
            "{query}: {there}"
        );
        answer
    };
    for (changed, _) in &good {
        for text in odd_texts() {
            if text.len() > 60_000 {
                // More than a request line may have: the HTTP library answers.
                continue;
            }
            let pairs: Vec<String> = good
                .iter()
                .map(|(name, value)| format!("{name}={}", if name == changed { &text } else { value }))
                .collect();
            page("GET", &pairs.join("&"), "");
        }
    }
    let query: Vec<String> = good[..5]
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = query.join("&");
    for text in odd_texts() {
        for body in [
            format!("identity={text}"),
            format!("ticket={text}&answer=allow"),
            format!("answer={text}"),
            text,
        ] {
            page("POST", &query, &body);
        }
    }
    for path in [
        "/v2/web/auth-code",
        "/v2/web/logout",
        "/v2/web/consents",
        "/v2/web/identities",
    ] {
        for name in [
            "code",
            "state",
            "error",
            "error_description",
            "redirect_uri",
            "redirect_name",
            "client_id",
        ] {
            for text in odd_texts().iter().filter(|text| text.len() < 60_000) {
                for method in ["GET", "POST"] {
                    let answer = world.send(method, &format!("{path}?{name}={text}"), &[], b"consent=%00&x");
                    is_sound(&answer, path);
                    let shown = String::from_utf8_lossy(&answer.body).into_owned();
                    assert!(
                        !shown.contains("<script>alert") && !shown.contains("href=\"javascript:"),
                        "{shown}"
                    );
                    assert!(
                        !answer
                            .header("location")
                            .is_some_and(|there| there.starts_with("javascript:"))
                    );
                }
            }
        }
    }
}
