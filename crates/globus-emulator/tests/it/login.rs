//! Logging in by the pages, and what the login page refuses.

use globus_emulator::{SignInError, seed};
use serde_json::json;

use crate::browser::{Browser, CHALLENGE, fields};
use crate::http::{GROUPS, TRANSFER, World};

const NATIVE: &str = seed::NATIVE_CLIENT_ID;

/// The fields of a request that is in order, with some of them changed or, if empty, left out.
pub(crate) fn request(world: &World, changes: &[(&str, &str)]) -> String {
    let redirect = format!("{}v2/web/auth-code", world.emulator.url());
    let mut pairs = vec![
        ("client_id", NATIVE),
        ("redirect_uri", redirect.as_str()),
        ("response_type", "code"),
        ("scope", GROUPS),
        ("state", "s t&a=te"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for &(name, value) in changes {
        pairs.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            pairs.push((name, value));
        }
    }
    format!("/v2/oauth2/authorize?{}", fields(&pairs))
}

#[test]
fn somebody_signs_in_and_allows_what_is_asked() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    let data = format!(
        "https://auth.globus.org/scopes/{}/data_access",
        seed::TUTORIAL_COLLECTION_1
    );
    let scope = format!("openid {TRANSFER}[*{data}]");
    let path = request(
        &world,
        &[
            ("scope", &scope),
            ("access_type", "offline"),
            ("prefill_named_grant", "my app on <b>host</b>"),
            ("session_message", "\"Hello\" & <welcome>"),
        ],
    );
    let page = browser.get(&path);
    page.shows(200, "Globus SDK Tutorial App")
        .shows(200, "&quot;Hello&quot; &amp; &lt;welcome&gt;");
    page.shows(200, "Alice Researcher")
        .shows(200, "collaborator@example.org");
    assert!(
        !page.text.contains("clients.auth.globus.org"),
        "programs do not sign in here"
    );
    let consent = browser.press(&page, ("identity", seed::ALICE));
    consent.shows(200, "Know who you are").shows(200, "transfer your files");
    consent.shows(200, "files on the collection").shows(200, "if need be");
    consent
        .shows(200, "my app on &lt;b&gt;host&lt;/b&gt;")
        .shows(200, "when you are away");
    let done = browser.press(&consent, ("answer", "allow"));
    assert_eq!(done.parameter("state").as_deref(), Some("s t&a=te"));
    let code = done.parameter("code").expect("a code");
    // The page on which it is read.
    let location = done.location();
    let path = format!("{}?{}", location.path(), location.query().expect("a query"));
    browser.get(&path).shows(200, &code);
    let answer = world.send("GET", &path, &[("accept", "application/json")], b"");
    assert_eq!(answer.expect(200), json!({"code": code, "state": "s t&a=te"}));
    // A page once answered is not answered again.
    browser
        .press(&consent, ("answer", "allow"))
        .shows(400, "answered before");
}

#[test]
fn a_browser_remembers_and_forgets() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    let path = request(&world, &[]);
    let page = browser.get(&path);
    let consent = browser.press(&page, ("identity", seed::BOB));
    browser
        .press(&consent, ("answer", "allow"))
        .parameter("code")
        .expect("a code");
    // The same again takes no page at all, more scopes take the consent page, and other demands another login.
    browser.get(&path).parameter("code").expect("a code");
    browser
        .get(&request(&world, &[("prompt", "none")]))
        .parameter("code")
        .expect("a code");
    browser
        .get(&request(&world, &[("prompt", "consent")]))
        .shows(200, "Allow this?");
    browser
        .get(&request(&world, &[("scope", TRANSFER)]))
        .shows(200, "Allow this?");
    browser
        .get(&request(&world, &[("access_type", "offline")]))
        .shows(200, "Allow this?");
    let refused = browser.get(&request(&world, &[("scope", TRANSFER), ("prompt", "none")]));
    assert_eq!(refused.parameter("error").as_deref(), Some("consent_required"));
    browser
        .get(&request(&world, &[("prompt", "login")]))
        .shows(200, "Sign in");
    browser
        .get(&request(&world, &[("session_required_mfa", "True")]))
        .shows(200, "second factor");
    // Somebody else's browser knows nothing, also with a cookie that it made up.
    let mut other = Browser::new(&world);
    other.get(&path).shows(200, "Sign in");
    let refused = Browser::new(&world).get(&request(&world, &[("prompt", "none")]));
    assert_eq!(refused.parameter("error").as_deref(), Some("login_required"));
    // A page that was shown to one browser is not answered by another.
    let consent = browser.get(&request(&world, &[("scope", TRANSFER)]));
    other.press(&consent, ("answer", "allow")).shows(400, "answered before");
    let page = browser.get("/v2/web/logout?redirect_uri=javascript:alert(1)&redirect_name=back");
    page.shows(200, "signed out");
    assert!(!page.text.contains("javascript"));
    browser
        .get("/v2/web/logout?redirect_uri=https%3A%2F%2Fa.example%2F%3Fb%22&redirect_name=%3Cback%3E")
        .shows(200, "<a href=\"https://a.example/?b&quot;\">&lt;back&gt;</a>");
    browser.get(&path).shows(200, "Sign in");
}

#[test]
fn who_says_no_sends_the_program_away() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    let page = browser.get(&request(&world, &[]));
    let consent = browser.press(&page, ("identity", seed::ALICE));
    let refused = browser.press(&consent, ("answer", "deny"));
    assert_eq!(refused.parameter("error").as_deref(), Some("access_denied"));
    assert_eq!(refused.parameter("state").as_deref(), Some("s t&a=te"));
    assert_eq!(refused.parameter("code"), None);
    let location = refused.location();
    let path = format!("{}?{}", location.path(), location.query().expect("a query"));
    browser.get(&path).shows(200, "access_denied");
    let answer = world
        .send("GET", &path, &[("accept", "application/json")], b"")
        .expect(200);
    assert_eq!(answer["error"], "access_denied");
    let page = browser.get(&request(&world, &[("prompt", "login")]));
    browser
        .press(&page, ("identity", seed::CLIENT_ID))
        .shows(200, "Choose one of these");
    browser
        .press(&page, ("identity", "nobody"))
        .shows(200, "Choose one of these");
}

#[test]
fn requests_that_are_not_in_order_are_refused() {
    let world = World::new();
    let long = "x".repeat(43);
    // Told to the person, since nobody else can be trusted.
    for (changes, part) in [
        (&[("client_id", "")][..], "names no client"),
        (&[("client_id", "<b>")], "&lt;b&gt;"),
        (&[("client_id", seed::ALICE)], "no client"),
        (&[("redirect_uri", "")], "no redirect_uri"),
        (&[("redirect_uri", "https://evil.example/")], "not registered"),
        (&[("redirect_uri", "javascript:alert(1)")], "not registered"),
        (
            &[("redirect_uri", "http://localhost:1@evil.example/")],
            "not registered",
        ),
    ] {
        Browser::new(&world).get(&request(&world, changes)).shows(400, part);
    }
    // Told to the program.
    for (changes, error) in [
        (&[("response_type", "")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("scope", "")], "invalid_request"),
        (&[("scope", "offline_access")], "invalid_request"),
        (&[("scope", "nonsense")], "invalid_scope"),
        (&[("scope", "openid[")], "invalid_scope"),
        (&[("scope", "openid[nonsense]")], "invalid_scope"),
        (&[("code_challenge", "")], "invalid_request"),
        (&[("code_challenge", "short")], "invalid_request"),
        (
            &[("code_challenge", long.as_str()), ("code_challenge_method", "plain")],
            "invalid_request",
        ),
        (&[("code_challenge_method", "")], "invalid_request"),
        (&[("access_type", "sometimes")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (
            &[("session_required_identities", "nobody@example.org")],
            "invalid_request",
        ),
    ] {
        let path = request(&world, changes);
        let page = Browser::new(&world).get(&path);
        assert_eq!(page.parameter("error").as_deref(), Some(error), "{path}");
        assert_eq!(page.parameter("state").as_deref(), Some("s t&a=te"));
        let url = format!("{}{}", world.emulator.url().trim_end_matches('/'), path);
        let there = world.emulator.sign_in(&url, "alice").expect("an address");
        assert_eq!(there.error().as_deref(), Some(error));
    }
}

#[test]
fn only_identities_that_will_do_are_offered() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    let path = request(&world, &[("session_required_single_domain", "globusid.org")]);
    let page = browser.get(&path);
    page.shows(200, "researcher@globusid.org");
    assert!(!page.text.contains("collaborator@example.org"));
    browser
        .press(&page, ("identity", seed::BOB))
        .shows(200, "Choose one of these");
    browser
        .press(&page, ("identity", seed::ALICE_LINKED))
        .shows(200, "Allow this?");
    // Two identities at once take two logins.
    let both = format!("{},{}", seed::ALICE, seed::ALICE_LINKED);
    let mut browser = Browser::new(&world);
    let page = browser.get(&request(&world, &[("session_required_identities", &both)]));
    let page = browser.press(&page, ("identity", seed::ALICE));
    page.shows(200, "the other identity too");
    browser
        .press(&page, ("identity", seed::ALICE_LINKED))
        .shows(200, "Allow this?");
}

#[test]
fn a_person_is_played_in_the_process() {
    let world = World::new();
    let url = |changes: &[(&str, &str)]| {
        format!(
            "{}{}",
            world.emulator.url().trim_end_matches('/'),
            request(&world, changes)
        )
    };
    for user in ["alice", "Alice", "researcher@example.org", "researcher", seed::ALICE] {
        let there = world.emulator.sign_in(&url(&[]), user).expect("a login");
        assert!(there.shows_code());
        let code = there.code().expect("a code");
        assert_eq!(there.state().as_deref(), Some("s t&a=te"));
        assert!(there.redirect().contains(&code));
        assert!(!format!("{there:?}").contains(&code), "{there:?}");
    }
    let local = url(&[("redirect_uri", "http://localhost:43210")]);
    let there = world.emulator.as_user("bob").sign_in(&local).expect("a login");
    assert!(!there.shows_code() && there.redirect().starts_with("http://localhost:43210/?code="));
    for (address, user, part) in [
        (
            "https://auth.globus.org/v2/oauth2/authorize?a=secret".to_owned(),
            "alice",
            "not the login page",
        ),
        (url(&[]).replace("authorize", "other"), "alice", "not the login page"),
        ("nonsense".to_owned(), "alice", "not the login page"),
        (url(&[]), "mallory", "no user"),
        (url(&[("client_id", seed::BOB)]), "alice", "no client"),
        (
            url(&[("session_required_identities", seed::BOB)]),
            "alice",
            "does not have",
        ),
        (
            url(&[("session_required_single_domain", "nowhere.org")]),
            "alice",
            "does not have",
        ),
    ] {
        let error = world.emulator.sign_in(&address, user).expect_err("a refusal");
        assert!(error.to_string().contains(part), "{error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
    let missing = world.emulator.sign_in(&url(&[]), "mallory");
    assert_eq!(missing, Err(SignInError::NoSuchUser("mallory".to_owned())));
}
