//! What is no HTTP, or no JSON that anybody should send: heads, chunks, nesting, numbers.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{GROUPS, TRANSFER, World};

const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all";

/// Sends bytes, perhaps as all that will ever come, and gives the statuses of what comes back until the server closes.
fn statuses(world: &World, bytes: &[u8], are_all: bool) -> Vec<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", world.emulator.port())).expect("a connection");
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .expect("a timeout");
    let _ = stream.write_all(bytes);
    if are_all {
        let _ = stream.shutdown(std::net::Shutdown::Write);
    }
    let mut answer = Vec::new();
    // A reset is an answer too.
    let _ = stream.read_to_end(&mut answer);
    let text = String::from_utf8_lossy(&answer);
    assert!(!text.contains("panicked"), "{text}");
    let lines = text.split("HTTP/1.").skip(1);
    lines.filter_map(|line| line.split(' ').nth(1)?.parse().ok()).collect()
}

#[test]
fn what_is_no_http() {
    let world = World::new();
    let host = format!("host: 127.0.0.1:{}\r\n", world.emulator.port());
    let head = |more: &str| format!("POST /v2/groups HTTP/1.1\r\n{host}{more}\r\n").into_bytes();
    let long = "x".repeat(1_000_000);
    let mut many = String::new();
    for at in 0..2_000 {
        many += &format!("x-{at}: y\r\n");
    }
    let line = |path: &[u8]| {
        [
            b"GET ",
            path,
            b" HTTP/1.1\r\n",
            host.as_bytes(),
            b"connection: close\r\n\r\n",
        ]
        .concat()
    };
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("nothing", Vec::new()),
        ("nonsense", b"\x16\x03\x01\x02\x00\x01\x00\xfc\x03\x03".to_vec()),
        ("an older protocol", b"GET /\r\n".to_vec()),
        ("a later protocol", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec()),
        ("no version", format!("GET /\r\n{host}\r\n").into_bytes()),
        ("a long header", head(&format!("x-long: {long}\r\n"))),
        ("a long token", head(&format!("authorization: Bearer {long}\r\n"))),
        ("many headers", head(&many)),
        ("a header without a name", head(": x\r\n")),
        ("a folded header", head("x: y\r\n z\r\n")),
        (
            "bytes in a header",
            [&head("")[..], b""].concat().replace_end(b"x-bytes: \xff\xfe\r\n\r\n"),
        ),
        ("a negative length", head("content-length: -1\r\n")),
        ("no number as length", head("content-length: ten\r\n")),
        ("a huge length", head("content-length: 99999999999999999999\r\n")),
        ("two lengths", head("content-length: 1\r\ncontent-length: 2\r\n")),
        (
            "length and chunks",
            [
                head("content-length: 3\r\ntransfer-encoding: chunked\r\n"),
                b"0\r\n\r\n".to_vec(),
            ]
            .concat(),
        ),
        (
            "a chunk of no size",
            [
                head("transfer-encoding: chunked\r\n"),
                b"zz\r\nabc\r\n0\r\n\r\n".to_vec(),
            ]
            .concat(),
        ),
        (
            "a huge chunk",
            [
                head("transfer-encoding: chunked\r\n"),
                b"fffffffffffffffff\r\nabc".to_vec(),
            ]
            .concat(),
        ),
        (
            "a chunk that ends",
            [head("transfer-encoding: chunked\r\n"), b"10\r\nabc".to_vec()].concat(),
        ),
        (
            "an unknown encoding",
            [head("transfer-encoding: gzip, x\r\n"), b"abc".to_vec()].concat(),
        ),
        (
            "less than said",
            [head("content-length: 1000\r\n"), b"{".to_vec()].concat(),
        ),
        ("a path of bytes", line(b"/v2/groups/\xff\xfe")),
        ("a path with a blank", line(b"/v2/groups/a b")),
        ("a path without a slash", line(b"v2/groups")),
        ("a path with NUL", line(b"/v2/\x00groups")),
        ("a long path", line(&[b"/", vec![b'a'; 200_000].as_slice()].concat())),
        (
            "another host in the path",
            line(b"http://evil.example/_emulator/snapshot"),
        ),
        (
            "an authority",
            b"CONNECT evil.example:443 HTTP/1.1\r\nhost: evil.example\r\n\r\n".to_vec(),
        ),
        ("a star", line(b"*")),
    ];
    for (what, bytes) in cases {
        let statuses = statuses(&world, &bytes, true);
        let sound = statuses
            .iter()
            .all(|status| (400..=431).contains(status) || *status == 505 || *status == 414);
        assert!(sound || what == "a star", "{what}: {statuses:?}");
        world.send("GET", "/_emulator/health", &[], b"").expect(200);
    }
    // Of two requests in one piece both are answered, and a body is no request.
    let pair = [
        head("content-length: 20\r\n"),
        b"GET / HTTP/1.1\r\n\r\nxx".to_vec(),
        line(b"/jwk.json"),
    ]
    .concat();
    assert_eq!(statuses(&world, &pair, false), [401, 200]);
}

/// Puts bytes in the place of the empty line at the end of a head.
trait ReplaceEnd {
    fn replace_end(self, with: &[u8]) -> Vec<u8>;
}

impl ReplaceEnd for Vec<u8> {
    fn replace_end(mut self, with: &[u8]) -> Vec<u8> {
        self.truncate(self.len() - 2);
        self.extend_from_slice(with);
        self
    }
}

fn nested(open: &str, inner: &str, close: &str, depth: usize) -> String {
    format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
}

#[test]
fn nesting_numbers_and_names_given_twice() {
    let world = World::new();
    let groups = world.user_token("alice", GROUPS);
    let transfer = world.user_token("alice", TRANSFER);
    let flows = world.user_token("alice", FLOWS);
    let manage = world.user_token("alice", "urn:globus:auth:scope:auth.globus.org:manage_projects");
    let doors = [
        (&groups, "/v2/groups", "name"),
        (&transfer, "/v0.10/transfer", "DATA"),
        (&transfer, "/v0.10/bookmark", "name"),
        (&transfer, "/v2/tunnels", "data"),
        (&flows, "/flows", "definition"),
        (&flows, "/flows/validate", "input_schema"),
        (&manage, "/v2/api/projects", "project"),
    ];
    let values = [
        nested("[", "", "]", 100),
        nested("[", "", "]", 200_000),
        nested("{\"a\":", "1", "}", 120),
        nested("{\"a\":", "1", "}", 100_000),
        "1e400".to_owned(),
        "-1e400".to_owned(),
        "9".repeat(10_000),
        format!("0.{}1", "0".repeat(10_000)),
        "\"\\ud800\"".to_owned(),
        "\"\\u0000\"".to_owned(),
        "NaN".to_owned(),
        "{\"a\": 1, \"a\": 2}".to_owned(),
    ];
    for (token, path, member) in doors {
        for value in &values {
            for body in [
                format!("{{\"{member}\": {value}}}"),
                format!("{{\"{member}\": 1, \"{member}\": {value}, \"{member}\": {value}}}"),
                value.clone(),
            ] {
                let authorization = format!("Bearer {token}");
                let headers = [
                    ("authorization", authorization.as_str()),
                    ("content-type", "application/json"),
                ];
                let answer = world.send("POST", path, &headers, body.as_bytes());
                let shown: String = body.chars().take(80).collect();
                // A name of one odd character is a name.
                let is_name = answer.status == 201 && value.contains("u0000");
                assert!(
                    is_name || (400..500).contains(&answer.status),
                    "{path} {shown}: {answer:?}"
                );
            }
        }
    }
}

/// What is nested inside texts and rules: expressions, choices, schemas, scopes, patterns.
#[test]
fn nesting_in_languages_of_our_own() {
    let world = World::new();
    let flows = world.user_token("alice", FLOWS);
    let validate = |definition: Value, schema: Value| {
        let body = json!({"definition": definition, "input_schema": schema});
        world.call(&flows, "POST", "/flows/validate", Some(body)).status
    };
    let pass = |parameter: &str| json!({"StartAt": "A", "States": {"A": {"Type": "ExpressionEval", "Parameters": {"x.=": parameter}, "End": true}}});
    for text in [
        nested("(", "1", ")", 100_000),
        nested("-", "1", "", 100_000),
        nested("not ", "1", "", 100_000),
        nested("a[", "0", "]", 100_000),
        nested("f(", "0", ")", 100_000),
        "1+".repeat(100_000) + "1",
        "a.".repeat(100_000) + "a",
        "'".repeat(99_999),
        "9".repeat(100_000),
    ] {
        let status = validate(pass(&text), json!({}));
        assert!(matches!(status, 200 | 400 | 422), "{status}");
    }
    let mut rule = json!({"Variable": "$.a", "IsNull": true});
    for _ in 0..30 {
        rule = json!({"And": [{"Not": rule}]});
    }
    rule["Next"] = "A".into();
    let choice = json!({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": [rule]}, "A": {"Type": "Pass", "End": true}}});
    assert!(matches!(validate(choice, json!({})), 200 | 422));
    for schema in [
        json!({"$ref": "#"}),
        json!({"$ref": "http://127.0.0.1:1/x"}),
        json!({"$ref": "file:///etc/passwd"}),
        json!({"allOf": [{"$ref": "#/allOf/0"}]}),
        json!({"pattern": "(a+)+$", "type": "string"}),
        json!({"pattern": "(".repeat(10_000)}),
        json!({"type": 7}),
    ] {
        let status = validate(pass("1"), schema.clone());
        assert!(matches!(status, 200 | 400 | 422), "{schema}: {status}");
    }
    let path = format!("$.{}", "a[0].".repeat(50_000) + "a");
    let deep = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": path, "End": true}}});
    assert!(matches!(validate(deep, json!({})), 200 | 422));
    // Scopes.
    for text in [
        nested("openid[", "", "]", 50_000),
        "*".repeat(100_000),
        nested("[", "", "]", 100_000),
    ] {
        assert!((400..500).contains(&world.tokens(&text).status));
    }
    // Patterns of lists.
    let transfer = world.user_token("alice", TRANSFER);
    let ls = format!(
        "/v0.10/operation/endpoint/{}/ls?path=/&filter=name:~{}b",
        seed::ALICE_COLLECTION,
        "*a".repeat(2_000)
    );
    let began = std::time::Instant::now();
    assert!(world.get(&transfer, &ls).status < 500);
    assert!(began.elapsed() < Duration::from_secs(5));
}
