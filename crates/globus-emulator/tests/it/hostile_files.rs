//! What nobody should send to managers and to files over TLS.

use std::fs;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::World;

const COLLECTION: &str = seed::TUTORIAL_COLLECTION_1;
const ENDPOINT: &str = seed::EXAMPLE_ENDPOINT;
const SECRET: &str = "not for anybody here";

/// A client that trusts the emulator's certificate, and reads no meaning into paths.
struct Visitor {
    world: World,
    client: reqwest::Client,
}

struct Seen {
    status: u16,
    text: String,
}

impl Visitor {
    fn new() -> Self {
        let world = World::new();
        let pem = world.emulator.certificate().expect("a certificate");
        let root = reqwest::Certificate::from_pem(pem.as_bytes()).expect("PEM");
        let client = reqwest::Client::builder().tls_certs_only([root]).no_proxy();
        let client = client
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client");
        Self { world, client }
    }

    async fn send(&self, method: &str, path: &str, token: Option<&str>, body: Vec<u8>) -> Seen {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("a method");
        let url = format!("{}{}", self.world.emulator.secure_url(), path.trim_start_matches('/'));
        let mut request = self.client.request(method, &url).body(body);
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let answer = request
            .header("content-type", "application/json")
            .send()
            .await
            .expect("an answer");
        let status = answer.status().as_u16();
        let text = String::from_utf8_lossy(&answer.bytes().await.expect("a body")).into_owned();
        assert!(
            !text.contains("panicked") && !text.contains("root:x:") && !text.contains(SECRET),
            "{url}: {text}"
        );
        Seen { status, text }
    }
}

fn scope(collection: &str, suffix: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/{suffix}")
}

#[cfg(unix)]
#[tokio::test]
async fn files_over_tls() {
    use std::os::unix::fs::symlink;

    let visitor = Visitor::new();
    let mint = |who: &str, collection: &str, suffixes: &[&str]| {
        let scopes: Vec<String> = suffixes.iter().map(|suffix| scope(collection, suffix)).collect();
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        visitor.world.emulator.mint_token(who, &scopes).expect("a token")
    };
    let good = mint("alice", COLLECTION, &["https", "data_access"]);
    let folder = visitor.world.emulator.folder(COLLECTION).expect("a folder");
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.txt"), SECRET).expect("a file");
    for (link, to) in [
        ("out", outside.path()),
        ("up", "..".as_ref()),
        ("root", "/".as_ref()),
        ("loop", "loop".as_ref()),
    ] {
        symlink(to, folder.join(link)).expect("a link");
    }
    fs::create_dir_all(folder.join("a/b")).expect("folders");
    symlink("../../..", folder.join("a/b/far")).expect("a link");
    let above = outside.path().to_string_lossy().into_owned();
    let long = "n".repeat(300);
    let longer = "n/".repeat(3_000);
    let paths = [
        "/out/secret.txt".to_owned(),
        "/out/".to_owned(),
        "/root/etc/passwd".to_owned(),
        "/up/x".to_owned(),
        "/loop".to_owned(),
        "/loop/x".to_owned(),
        "/a/b/far/etc/passwd".to_owned(),
        "/a/b/far%2Fx".to_owned(),
        "/..%2f..%2f..%2fetc%2fpasswd".to_owned(),
        "/a/..%2F..%2F..%2F..%2Fetc/passwd".to_owned(),
        "/%2e%2e%2f%2e%2e%2fetc%2fpasswd".to_owned(),
        "/....//....//etc/passwd".to_owned(),
        "/..%5c..%5cetc%5cpasswd".to_owned(),
        "/%252e%252e%252fetc%252fpasswd".to_owned(),
        "/%c0%ae%c0%ae/etc/passwd".to_owned(),
        "/a%00.txt".to_owned(),
        "/%00".to_owned(),
        "/%FF%FE".to_owned(),
        "/a%0d%0ax: y".to_owned(),
        format!("/{above}/secret.txt"),
        format!("/%2F{}%2Fsecret.txt", above.trim_start_matches('/').replace('/', "%2F")),
        "//etc/passwd".to_owned(),
        "/~root/x".to_owned(),
        format!("/{long}"),
        format!("/{longer}"),
        format!("/a/{long}/b"),
    ];
    for path in &paths {
        for method in ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"] {
            let seen = visitor
                .send(
                    method,
                    &format!("/{COLLECTION}{path}"),
                    Some(&good),
                    b"overwritten".to_vec(),
                )
                .await;
            // A name that is odd but no way out may be written to, as a file of the collection.
            let harmless = method == "PUT" && seen.status == 201;
            assert!(
                harmless || (400..500).contains(&seen.status),
                "{method} {path}: {} {}",
                seen.status,
                seen.text
            );
        }
    }
    assert_eq!(
        fs::read_to_string(outside.path().join("secret.txt")).expect("a file"),
        SECRET
    );
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 1);
    assert_eq!(
        fs::read_dir(folder.parent().expect("above"))
            .expect("a folder")
            .filter(|row| { row.as_ref().is_ok_and(|row| row.file_name() == "x") })
            .count(),
        0
    );
    // Ranges that are none.
    for range in [
        "bytes=9-1",
        "bytes=-",
        "bytes=99999999999999999999-",
        "bytes=0-99999999999999999999",
        "x",
        "bytes=-0",
        "bytes=a-b",
    ] {
        let url = format!(
            "{}{COLLECTION}/share/godata/file1.txt",
            visitor.world.emulator.secure_url()
        );
        let request = visitor
            .client
            .get(url)
            .header("authorization", format!("Bearer {good}"))
            .header("range", range);
        let status = request.send().await.expect("an answer").status().as_u16();
        assert!(matches!(status, 200 | 206 | 416), "{range}: {status}");
    }
    // Tokens that are not for it.
    let others = [
        mint("alice", COLLECTION, &["https"]),
        mint("alice", seed::TUTORIAL_COLLECTION_2, &["https", "data_access"]),
        visitor.world.user_token("alice", crate::http::TRANSFER),
        "nonsense".to_owned(),
        "x".repeat(8_000),
    ];
    for token in others.iter().map(|token| Some(token.as_str())).chain([None]) {
        for method in ["GET", "PUT"] {
            let path = format!("/{COLLECTION}/share/godata/file1.txt");
            let seen = visitor.send(method, &path, token, b"overwritten".to_vec()).await;
            let to_login = seen.status == 302 && token.is_none() && method == "GET";
            assert!(
                to_login || matches!(seen.status, 401 | 403),
                "{method} {token:?}: {}",
                seen.status
            );
        }
    }
    let kept = fs::read_to_string(folder.join("share/godata/file1.txt")).expect("a file");
    assert_eq!(kept, "one\n");
}

#[tokio::test]
async fn managers_over_tls() {
    let visitor = Visitor::new();
    let manage = format!("urn:globus:auth:scope:{ENDPOINT}:manage_collections");
    let token = visitor.world.user_token(seed::ADMIN, &manage);
    let others = visitor.world.user_token("alice", crate::http::TRANSFER);
    let long = "x".repeat(3_000);
    let odd = [
        "%00",
        "..",
        "..%2F..%2Fetc%2Fpasswd",
        "%F0%28",
        "null",
        "-1",
        "'%20OR%201=1--",
        &long,
    ];
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "{",
        "[]",
        "1",
        "null",
        "\"x\"",
        "{\"DATA_TYPE\": 1}",
        "{\"DATA_TYPE\": \"collection#99.0.0\"}",
        &deep,
    ]
    .iter()
    .map(|text| text.as_bytes().to_vec())
    .collect();
    bodies.push(b"\xff\xfe".to_vec());
    let members = [
        "DATA_TYPE",
        "collection_type",
        "display_name",
        "storage_gateway_id",
        "mapped_collection_id",
        "user_credential_id",
        "collection_base_path",
        "policies",
        "principal",
        "role",
        "collection",
        "connector_id",
        "identity_id",
        "username",
        "subscription_id",
        "sharing_restrict_paths",
        "allowed_domains",
        "authentication_timeout_mins",
    ];
    let values = [
        Value::Null,
        json!(-1),
        json!(1e300),
        json!("\u{0}"),
        json!("../../etc"),
        json!([[1, {"a": null}]]),
        json!({"DATA_TYPE": {"x": 1}}),
        json!("x".repeat(50_000)),
    ];
    for value in &values {
        let document: serde_json::Map<String, Value> =
            members.iter().map(|name| ((*name).to_owned(), value.clone())).collect();
        bodies.push(Value::Object(document.clone()).to_string().into_bytes());
        for kind in ["collection", "storage_gateway", "role", "user_credential", "endpoint"] {
            let mut document = document.clone();
            document.insert("DATA_TYPE".to_owned(), format!("{kind}#1.0.0").into());
            bodies.push(Value::Object(document).to_string().into_bytes());
        }
    }
    let mut sent = 0;
    for route in globus_emulator::routes().iter().filter(|route| route.service == "GCS") {
        let at = |id: &str| {
            let parts = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { id } else { part });
            format!("/{ENDPOINT}{}", parts.collect::<Vec<_>>().join("/"))
        };
        if route.path.contains('{') {
            for id in odd {
                let seen = visitor.send(route.method, &at(id), Some(&token), b"{}".to_vec()).await;
                let sound = (400..500).contains(&seen.status) || seen.status == 501 || id == "..";
                assert!(sound, "{route:?} {id}: {} {}", seen.status, seen.text);
                sent += 1;
            }
        }
        for body in bodies.iter().filter(|_| route.method != "GET") {
            let seen = visitor
                .send(route.method, &at(seed::EXAMPLE_COLLECTION), Some(&token), body.clone())
                .await;
            let shown = String::from_utf8_lossy(&body[..body.len().min(200)]).into_owned();
            assert!(
                seen.status < 500 || seen.status == 501,
                "{route:?} {shown}: {} {}",
                seen.status,
                seen.text
            );
            sent += 1;
        }
        for query in [
            "page_size=-1",
            "page_size=99999999999999999999",
            "marker=%00",
            "include=%FF",
            "filter=%F0%28",
            "mapped_collection_id=x",
        ] {
            let path = format!("{}?{query}", at(seed::EXAMPLE_COLLECTION));
            let seen = visitor.send("GET", &path, Some(&token), Vec::new()).await;
            assert!(
                seen.status < 500 || seen.status == 501,
                "{path}: {} {}",
                seen.status,
                seen.text
            );
        }
        if route.path != "/api/info" {
            for wrong in [None, Some("nonsense"), Some(others.as_str())] {
                let path = at(seed::EXAMPLE_COLLECTION);
                let seen = visitor.send(route.method, &path, wrong, b"{}".to_vec()).await;
                assert!(
                    matches!(seen.status, 400 | 401 | 403 | 501),
                    "{route:?} {wrong:?}: {} {}",
                    seen.status,
                    seen.text
                );
            }
        }
    }
    assert!(sent > 500, "{sent}");
}
