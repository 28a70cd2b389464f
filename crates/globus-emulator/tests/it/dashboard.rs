//! The page at `/`.

use globus_emulator::{Emulator, Seed, seed};
use serde_json::json;

use crate::http::{GROUPS, World};

const EVIL: &str = "<script>alert(1)</script>\"'&";

#[test]
fn it_shows_what_there_is_and_escapes_it() {
    let world = World::new();
    let token = world.user_token("alice", GROUPS);
    let evil = json!({"name": EVIL, "description": EVIL});
    world.call(&token, "POST", "/v2/groups", Some(evil)).expect(201);
    world.send("GET", "/v2/groups/%3Cscript%3E<b>?x=<i>", &[], b"");
    let answer = world.send("GET", "/", &[], b"");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let page = String::from_utf8(answer.body.clone()).expect("text");
    for shown in [
        "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;",
        "researcher@example.org",
        "/v2/groups",
        "Alice",
        seed::GROUP_RESEARCH,
        seed::FLOW_HELLO,
        &format!("<code>{}…</code> access", &token[..6]),
    ] {
        assert!(page.contains(shown), "{shown} is not in {page}");
    }
    assert_eq!(page.matches("<script").count(), 1, "our own script only: {page}");
    assert!(page.contains("<noscript>"), "it says what to do without scripts");
    assert!(
        !page.contains(&token) && !page.contains(&token[..12]),
        "a token is a secret"
    );
    assert!(!page.contains(seed::CLIENT_SECRET));
    // A script runs only with this answer's nonce, and nothing comes from elsewhere.
    let policy = answer.header("content-security-policy").expect("a policy");
    let nonce = policy
        .split("script-src 'nonce-")
        .nth(1)
        .and_then(|rest| rest.split('\'').next())
        .expect("a nonce");
    assert!(
        page.contains(&format!("<script nonce=\"{nonce}\">")) && policy.starts_with("default-src 'none'"),
        "{policy}"
    );
    let again = world.send("GET", "/", &[], b"");
    assert_ne!(
        again.header("content-security-policy"),
        Some(policy),
        "a nonce is used once"
    );
    assert!(answer.header("access-control-allow-origin").is_none());
}

#[test]
fn it_is_for_this_machine_only_and_is_no_record() {
    let world = World::new();
    for host in ["example.org", "localhost.example.org:80"] {
        let answer = world.send("GET", "/", &[("host", host)], b"");
        assert_eq!(answer.status, 403);
        assert!(!String::from_utf8_lossy(&answer.body).contains("researcher"));
    }
    assert_eq!(
        world.send("GET", "/", &[("origin", "http://evil.example")], b"").status,
        403
    );
    assert_eq!(world.send("POST", "/", &[], b"").status, 404);
    let page = world.send("GET", "/", &[("host", "localhost")], b"");
    assert_eq!(page.status, 200);
    assert!(
        world
            .emulator
            .requests()
            .iter()
            .all(|row| row.path != "/" || row.status != 200)
    );
}

#[test]
fn an_empty_world_has_an_empty_page() {
    let emulator = Emulator::builder()
        .seed(Seed::empty())
        .start_now()
        .expect("an emulator");
    let world = World { emulator };
    let page = world.send("GET", "/", &[], b"");
    let page = String::from_utf8(page.body).expect("text");
    assert_eq!(page.matches("<p class=\"empty\">None.</p>").count(), 7, "{page}");
}
