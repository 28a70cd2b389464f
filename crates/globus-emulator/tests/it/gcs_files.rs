//! Files of collections over HTTPS, and the certificate.

use std::fs;

use globus_emulator::seed;
use serde_json::json;

use crate::http::{Answer, TRANSFER, World, raw};

const COLLECTION: &str = seed::TUTORIAL_COLLECTION_1;
const GUEST: &str = seed::EXAMPLE_GUEST_COLLECTION;
const FILE: &str = "/share/godata/file3.txt";

fn scope(collection: &str, suffix: &str) -> String {
    format!("https://auth.globus.org/scopes/{collection}/{suffix}")
}

fn token(world: &World, who: &str, collection: &str) -> String {
    let (https, data) = (scope(collection, "https"), scope(collection, "data_access"));
    let scopes: &[&str] = if collection == GUEST {
        &[&https]
    } else {
        &[&https, &data]
    };
    world.emulator.mint_token(who, scopes).expect("a token")
}

fn send(world: &World, method: &str, path: &str, token: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
    let authorization = format!("Bearer {token}");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend(more);
    world.send(method, path, &headers, body)
}

#[test]
fn files_are_read_whole_and_in_parts() {
    let world = World::new();
    let token = token(&world, seed::ALICE, COLLECTION);
    let path = format!("/{COLLECTION}{FILE}");
    let whole = send(&world, "GET", &path, &token, &[], b"");
    assert_eq!((whole.status, whole.body.as_slice()), (200, b"three\n".as_slice()));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(whole.header("content-length"), Some("6"));
    let etag = whole.header("etag").expect("an etag").to_owned();
    assert!(
        whole.header("last-modified").is_some_and(|time| time.ends_with(" GMT")),
        "{whole:?}"
    );
    let head = send(&world, "HEAD", &path, &token, &[], b"");
    assert_eq!(
        (head.status, head.body.len(), head.header("content-length")),
        (200, 0, Some("6"))
    );
    for (range, status, body, content_range) in [
        ("bytes=1-3", 206, "hre", Some("bytes 1-3/6")),
        ("bytes=4-", 206, "e\n", Some("bytes 4-5/6")),
        ("bytes=-2", 206, "e\n", Some("bytes 4-5/6")),
        ("bytes=0-999", 206, "three\n", Some("bytes 0-5/6")),
        ("bytes=0-0,2-3", 200, "three\n", None),
        ("lines=1-2", 200, "three\n", None),
    ] {
        let answer = send(&world, "GET", &path, &token, &[("range", range)], b"");
        assert_eq!(
            (answer.status, String::from_utf8_lossy(&answer.body).as_ref()),
            (status, body),
            "{range}"
        );
        assert_eq!(answer.header("content-range"), content_range, "{range}");
    }
    let beyond = send(&world, "GET", &path, &token, &[("range", "bytes=6-")], b"");
    beyond.refused(416, "RangeNotSatisfiable");
    assert_eq!(beyond.header("content-range"), Some("bytes */6"));
    for (condition, status) in [(etag.as_str(), 206), ("\"other\"", 200)] {
        let answer = send(
            &world,
            "GET",
            &path,
            &token,
            &[("range", "bytes=0-1"), ("if-range", condition)],
            b"",
        );
        assert_eq!(answer.status, status, "{condition}");
    }
    // More than one piece.
    let folder = world.emulator.folder(COLLECTION).expect("a folder");
    let large: Vec<u8> = (0..1_000_003_u32)
        .map(|at| u8::try_from(at % 251).unwrap_or(0))
        .collect();
    fs::write(folder.join("large file"), &large).expect("a file");
    let path = format!("/{COLLECTION}/large%20file");
    assert!(send(&world, "GET", &path, &token, &[], b"").body == large);
    let part = send(&world, "GET", &path, &token, &[("range", "bytes=250000-900000")], b"");
    assert!(part.body == large[250_000..=900_000]);
    for missing in [
        "/nothing",
        "/",
        "/share",
        "/share/godata/",
        "/share/godata/file3.txt/x",
        "",
    ] {
        let answer = send(&world, "GET", &format!("/{COLLECTION}{missing}"), &token, &[], b"");
        answer.refused(404, "NotFound");
    }
}

#[test]
fn files_are_written_new_and_again() {
    let world = World::new();
    let token = token(&world, seed::ALICE, COLLECTION);
    let folder = world.emulator.folder(COLLECTION).expect("a folder");
    let path = format!("/{COLLECTION}/share/new.txt");
    let put = |path: &str, body: &[u8]| send(&world, "PUT", path, &token, &[], body);
    assert_eq!(put(&path, b"first").status, 201);
    assert_eq!(fs::read(folder.join("share/new.txt")).expect("a file"), b"first");
    assert_eq!(put(&path, b"second").status, 200);
    assert_eq!(fs::read(folder.join("share/new.txt")).expect("a file"), b"second");
    let large = vec![7_u8; 12 * 1024 * 1024];
    assert_eq!(
        put(&path, &large).status,
        200,
        "more than requests to services may have"
    );
    assert!(fs::read(folder.join("share/new.txt")).expect("a file") == large);
    let home = put(&format!("/{COLLECTION}/~/own.txt"), b"mine");
    assert_eq!(home.status, 201);
    assert!(folder.join("home/researcher/own.txt").is_file());
    put(&format!("/{COLLECTION}/nowhere/new.txt"), b"x").refused(404, "NotFound");
    put(&format!("/{COLLECTION}/share/godata"), b"x").refused(409, "Conflict");
    put(&format!("/{COLLECTION}/share/"), b"x").refused(400, "BadRequest");
    let part = send(&world, "PUT", &path, &token, &[("content-range", "bytes 0-1/9")], b"ab");
    part.refused(400, "BadRequest");
    send(&world, "DELETE", &path, &token, &[], b"").refused(405, "MethodNotAllowed");
    send(&world, "POST", &path, &token, &[], b"x").refused(405, "MethodNotAllowed");
    // What was not sent in full is not there.
    let host = world.emulator.url().trim_start_matches("http://").trim_end_matches('/');
    let request = format!(
        "PUT /{COLLECTION}/share/half.txt HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\ntransfer-encoding: \
         chunked\r\nconnection: close\r\n\r\n5\r\nhello\r\nnonsense\r\n"
    );
    let _ = raw(host, request.as_bytes(), false);
    let names = || {
        let rows = fs::read_dir(folder.join("share")).expect("a folder");
        let mut names: Vec<_> = rows.map(|row| row.expect("a row").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(), ["godata", "new.txt"]);
}

#[test]
fn who_may_read_and_write_is_checked() {
    let world = World::new();
    let path = format!("/{GUEST}/readme.txt");
    let (alice, bob) = (token(&world, seed::ALICE, GUEST), token(&world, seed::BOB, GUEST));
    let admin = token(&world, seed::ADMIN, GUEST);
    assert_eq!(
        send(&world, "GET", &path, &alice, &[], b"").body,
        b"Read by the example research group.\n"
    );
    assert_eq!(
        send(&world, "GET", &path, &bob, &[], b"").status,
        200,
        "a member of the group"
    );
    send(&world, "PUT", &path, &bob, &[], b"x").refused(403, "PermissionDenied");
    send(&world, "GET", &path, &admin, &[], b"").refused(403, "PermissionDenied");
    assert_eq!(
        send(&world, "PUT", &path, &alice, &[], b"new").status,
        200,
        "she administers it"
    );
    // Tokens are for one collection and have its scopes.
    let other = token(&world, seed::ALICE, COLLECTION);
    for wrong in ["x", other.as_str(), world.user_token(seed::ALICE, TRANSFER).as_str()] {
        let answer = send(&world, "GET", &path, wrong, &[], b"");
        answer.refused(401, "AuthenticationFailed");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    let bare = world.user_token(seed::ALICE, &scope(COLLECTION, "https"));
    send(&world, "GET", &format!("/{COLLECTION}{FILE}"), &bare, &[], b"").refused(403, "PermissionDenied");
    // A browser is sent to log in, a program is not.
    let stranger = world.send("GET", &path, &[], b"");
    assert_eq!(stranger.status, 302);
    let login = stranger.header("location").expect("a location");
    assert!(
        login.starts_with(&format!(
            "{}v2/oauth2/authorize?client_id={GUEST}&",
            world.emulator.url()
        )),
        "{login}"
    );
    let script = world.send("GET", &path, &[("x-requested-with", "XMLHttpRequest")], b"");
    script.refused(401, "AuthenticationFailed");
    world.send("PUT", &path, &[], b"x").refused(401, "AuthenticationFailed");
    // Everybody may what a rule says.
    let transfer = world.user_token(seed::ALICE, TRANSFER);
    let rule = json!({
        "DATA_TYPE": "access", "principal_type": "anonymous", "principal": "", "path": "/open/", "permissions": "rw",
    });
    let made = world.call(
        &transfer,
        "POST",
        &format!("/v0.10/endpoint/{GUEST}/access"),
        Some(rule),
    );
    assert_eq!(made.status, 201, "{made:?}");
    let folder = world.emulator.folder(GUEST).expect("a folder");
    fs::create_dir(folder.join("open")).expect("a folder");
    let open = format!("/{GUEST}/open/file.txt");
    assert_eq!(world.send("PUT", &open, &[], b"by anybody").status, 201);
    assert_eq!(world.send("GET", &open, &[], b"").body, b"by anybody");
    assert_eq!(world.send("GET", &path, &[], b"").status, 302);
    let nobody = "00000000-0000-4000-8000-000000000000";
    for id in [nobody, seed::ALICE_COLLECTION, seed::EXAMPLE_ENDPOINT] {
        world
            .send("GET", &format!("/{id}/x"), &[], b"")
            .refused(404, "NotFound");
    }
    // It can be switched off.
    let manage = format!("urn:globus:auth:scope:{}:manage_collections", seed::EXAMPLE_ENDPOINT);
    let manage = world.user_token(seed::ALICE, &manage);
    let off = json!({"DATA_TYPE": "collection#1.1.0", "enable_https": false});
    let manager = format!("/{}/api/collections/{GUEST}", seed::EXAMPLE_ENDPOINT);
    assert_eq!(
        world.call(&manage, "PATCH", &manager, Some(off)).expect(200)["data"][0]["https_url"],
        json!(null)
    );
    send(&world, "GET", &path, &alice, &[], b"").refused(403, "PermissionDenied");
}

#[cfg(unix)]
#[test]
fn no_path_leads_out() {
    use std::os::unix::fs::symlink;

    let world = World::new();
    let token = token(&world, seed::ALICE, COLLECTION);
    let folder = world.emulator.folder(COLLECTION).expect("a folder");
    let outside = tempfile::tempdir().expect("a folder");
    fs::write(outside.path().join("secret.txt"), "secret").expect("a file");
    symlink(outside.path(), folder.join("out")).expect("a link");
    symlink(outside.path().join("secret.txt"), folder.join("file")).expect("a link");
    symlink("/etc/passwd", folder.join("passwd")).expect("a link");
    for path in [
        "/out/secret.txt",
        "/file",
        "/passwd",
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/share/%2e%2e%2f%2e%2e/x",
        "/..%2fx",
        "/%00",
        "/a%0ab",
        "/%FF",
        "//etc/passwd",
        "/share/..%2F..%2F..%2Fetc%2Fpasswd",
    ] {
        for (method, body) in [("GET", b"".as_slice()), ("HEAD", b""), ("PUT", b"overwritten")] {
            let answer = send(&world, method, &format!("/{COLLECTION}{path}"), &token, &[], body);
            let replaces_a_link = method == "PUT" && matches!(path, "/file" | "/passwd");
            if !replaces_a_link {
                assert!((400..500).contains(&answer.status), "{method} {path}: {answer:?}");
            }
            assert!(
                !String::from_utf8_lossy(&answer.body).contains("secret\n"),
                "{method} {path}"
            );
        }
    }
    let kept = fs::read_to_string(outside.path().join("secret.txt")).expect("a file");
    assert_eq!(kept, "secret");
    assert_eq!(fs::read_dir(outside.path()).expect("a folder").count(), 1);
}

#[tokio::test]
async fn the_certificate_vouches_for_this_emulator_alone() {
    let (one, two) = (World::new(), World::new());
    let trusting = |world: &World| {
        let pem = world.emulator.certificate().expect("a certificate");
        let root = reqwest::Certificate::from_pem(pem.as_bytes()).expect("PEM");
        let client = reqwest::Client::builder().tls_certs_only([root]).no_proxy();
        client.build().expect("a client")
    };
    let info = |world: &World| format!("{}{}/api/info", world.emulator.secure_url(), seed::EXAMPLE_ENDPOINT);
    let answer = trusting(&one).get(info(&one)).send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    let by_name = info(&one).replace("127.0.0.1", "localhost");
    assert_eq!(
        trusting(&one).get(by_name).send().await.expect("an answer").status(),
        200
    );
    let wrong = trusting(&one).get(info(&two)).send().await;
    assert!(wrong.is_err_and(|error| error.is_connect()));
    // Who says nothing keeps nobody waiting.
    let address = one
        .emulator
        .secure_url()
        .trim_start_matches("https://")
        .trim_end_matches('/');
    let silent: Vec<_> = (0..40)
        .map(|_| std::net::TcpStream::connect(address).expect("a connection"))
        .collect();
    assert_eq!(
        trusting(&one).get(info(&one)).send().await.expect("an answer").status(),
        200
    );
    drop(silent);
    let env = one.emulator.env();
    let file = env
        .iter()
        .find(|(name, _)| name == "GLOBUS_SDK_VERIFY_SSL")
        .expect("a file");
    let text = fs::read_to_string(&file.1).expect("its content");
    assert_eq!(text, one.emulator.certificate().expect("a certificate"));
    let requests = one.emulator.requests();
    assert_eq!(requests.last().map(|request| request.path.as_str()), Some("/api/info"));
    one.emulator.stop().await;
    assert!(!std::path::Path::new(&file.1).exists());
}
