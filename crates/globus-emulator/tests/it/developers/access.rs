//! Scopes and policies, and the people who allow things.

use std::time::Duration;

use globus_emulator::seed;
use serde_json::{Value, json};

use super::{client, made, manager, scope, text};
use crate::browser::{Browser, VERIFIER, fields};
use crate::http::{GROUPS, World};
use crate::login::request;

#[test]
fn scopes_are_seen_by_whom_they_may_be() {
    let world = World::new();
    let (alice, bob) = (manager(&world, seed::ALICE), manager(&world, seed::BOB));
    let server = text(&client(&world, &alice, json!({})), "/client/id");
    let hidden = scope(&world, &alice, &server, "hidden", json!({}));
    let path = format!("/v2/api/scopes/{}", text(&hidden, "/scope/id"));
    world.get(&bob, &path).refused(403, "FORBIDDEN");
    world
        .call(&bob, "PUT", &path, Some(json!({"scope": {"name": "x"}})))
        .refused(403, "FORBIDDEN");
    let by_id = format!("/v2/api/scopes?ids={}", text(&hidden, "/scope/id"));
    assert_eq!(world.get(&bob, &by_id).expect(200), json!({"scopes": []}));
    let shown = world
        .call(&alice, "PUT", &path, Some(json!({"scope": {"advertised": true}})))
        .expect(200);
    assert_eq!(world.get(&bob, &path).expect(200), shown);
    assert_eq!(world.get(&bob, &by_id).expect(200)["scopes"], json!([shown["scope"]]));
    let mine = world.get(&alice, "/v2/api/scopes").expect(200);
    assert_eq!(
        mine["scopes"].as_array().map(Vec::len),
        Some(3),
        "hers and the seeded two: {mine}"
    );
    let suffixes = json!({"scope": {"name": "a", "description": "b", "scope_suffix": "Not so"}});
    let its = format!("/v2/api/clients/{server}/scopes");
    world
        .call(&alice, "POST", &its, Some(suffixes))
        .refused(400, "BAD_REQUEST");
    let twice = json!({"scope": {"name": "a", "description": "b", "scope_suffix": "hidden"}});
    world.call(&alice, "POST", &its, Some(twice)).refused(409, "CONFLICT");
    let unknown = json!({"scope": {"dependent_scopes": [{"scope": seed::ALICE, "optional": true, "requires_refresh_token": true}]}});
    world
        .call(&alice, "PUT", &path, Some(unknown))
        .refused(400, "BAD_REQUEST");
    // One that depends on itself ends there, and one without refresh tokens gives none.
    let own = json!({"scope": {"allows_refresh_token": false, "dependent_scopes":
        [{"scope": hidden["scope"]["id"], "optional": false, "requires_refresh_token": true}]}});
    world.call(&alice, "PUT", &path, Some(own)).expect(200);
    let name = text(&hidden, "/scope/scope_string");
    let tokens = world
        .emulator
        .as_user("alice")
        .tokens(&[&name, GROUPS])
        .expect("tokens");
    assert!(
        tokens.get("refresh_token").is_none() && tokens["other_tokens"][0]["refresh_token"].is_string(),
        "{tokens}"
    );
}

#[test]
fn policies_say_how_people_sign_in() {
    let world = World::new();
    let (alice, bob) = (manager(&world, seed::ALICE), manager(&world, seed::BOB));
    let policies = "/v2/api/policies";
    let wanted = json!({"policy": {"project_id": seed::PROJECT, "display_name": "Strict", "description": "A second factor, please",
        "high_assurance": true, "required_mfa": true, "authentication_assurance_timeout": 60,
        "domain_constraints_include": ["globusid.org"]}});
    world
        .call(&bob, "POST", policies, Some(wanted.clone()))
        .refused(403, "FORBIDDEN");
    let policy = made(&world, &alice, policies, wanted);
    let id = text(&policy, "/policy/id");
    let path = format!("{policies}/{id}");
    assert_eq!(world.get(&alice, &path).expect(200), policy);
    world.get(&bob, &path).refused(403, "FORBIDDEN");
    assert_eq!(
        world.get(&alice, policies).expect(200)["policies"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    assert_eq!(world.get(&bob, policies).expect(200), json!({"policies": []}));
    let lax =
        json!({"policy": {"project_id": seed::PROJECT, "display_name": "a", "description": "b", "required_mfa": true}});
    world
        .call(&alice, "POST", policies, Some(lax))
        .refused(400, "BAD_REQUEST");
    let lax = json!({"policy": {"high_assurance": false}});
    world.call(&alice, "PUT", &path, Some(lax)).refused(400, "BAD_REQUEST");
    // The page offers only who may satisfy it, and makes them do so.
    let ask = request(&world, &[("session_required_policies", &id)]);
    let mut browser = Browser::new(&world);
    let page = browser.get(&ask);
    page.shows(200, "Strict: A second factor, please")
        .shows(200, "researcher@globusid.org")
        .shows(200, "second factor");
    assert!(!page.text.contains("researcher@example.org"), "{}", page.text);
    let consent = browser.press(&page, ("identity", seed::ALICE_LINKED));
    browser
        .press(&consent, ("answer", "allow"))
        .parameter("code")
        .expect("a code");
    let silent = request(&world, &[("session_required_policies", &id), ("prompt", "none")]);
    browser.get(&silent).parameter("code").expect("a code");
    world.emulator.advance(Duration::from_secs(61));
    assert_eq!(
        browser.get(&silent).parameter("error").as_deref(),
        Some("login_required")
    );
    // A looser policy is met again.
    let loose = json!({"policy": {"authentication_assurance_timeout": 3600, "domain_constraints_include": null,
        "domain_constraints_exclude": ["example.com"]}});
    let changed = world.call(&alice, "PUT", &path, Some(loose)).expect(200);
    assert_eq!(changed["policy"]["domain_constraints_include"], Value::Null);
    browser.get(&silent).parameter("code").expect("a code");
    assert_eq!(world.call(&alice, "DELETE", &path, None).expect(200), changed);
    world.get(&alice, &path).refused(404, "NOT_FOUND");
}

#[test]
fn people_see_who_they_are_and_take_back_what_they_allowed() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    browser.get("/v2/web/consents").shows(200, "Nobody is signed in");
    browser.get("/v2/web/identities").shows(200, "Nobody is signed in");
    let page = browser.get(&request(&world, &[("access_type", "offline")]));
    let consent = browser.press(&page, ("identity", seed::ALICE_LINKED));
    let code = browser
        .press(&consent, ("answer", "allow"))
        .parameter("code")
        .expect("a code");
    browser
        .get("/v2/web/identities")
        .shows(200, "researcher@globusid.org")
        .shows(200, "researcher@example.org");
    let page = browser.get("/v2/web/consents");
    page.shows(200, "Globus SDK Tutorial App")
        .shows(200, "See and manage your groups");
    browser
        .post("/v2/web/consents", &[("client", "no id")])
        .shows(400, "names no application");
    // Another browser cannot.
    let client = ("client", seed::NATIVE_CLIENT_ID);
    Browser::new(&world)
        .post("/v2/web/consents", &[client])
        .shows(200, "Nobody is signed in");
    browser.get("/v2/web/consents").shows(200, "Globus SDK Tutorial App");
    browser.press(&page, client).shows(200, "Nothing so far");
    // What was about to be fetched has no consent any more, so its tokens hold nothing.
    let form = fields(&[
        ("client_id", seed::NATIVE_CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", &format!("{}v2/web/auth-code", world.emulator.url())),
    ]);
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    world
        .send("POST", "/v2/oauth2/token", &form_type, form.as_bytes())
        .refused(401, "invalid_grant");
}

#[test]
fn an_application_may_fetch_all_that_was_allowed_before() {
    let world = World::new();
    let url = |scope: &str| {
        let path = request(&world, &[("scope", scope)]);
        format!("{}{path}", world.emulator.url().trim_end_matches('/'))
    };
    let redirect = format!("{}v2/web/auth-code", world.emulator.url());
    let fetch = |query: &str| {
        let there = world.emulator.sign_in(&url("openid"), "alice").expect("a login");
        let form = fields(&[
            ("client_id", seed::NATIVE_CLIENT_ID),
            ("grant_type", "authorization_code"),
            ("code", &there.code().expect("a code")),
            ("code_verifier", VERIFIER),
            ("redirect_uri", &redirect),
        ]);
        let form_type = [("content-type", "application/x-www-form-urlencoded")];
        let path = format!("/v2/oauth2/token{query}");
        world.send("POST", &path, &form_type, form.as_bytes()).expect(200)
    };
    world.emulator.sign_in(&url(GROUPS), "alice").expect("a login");
    assert_eq!(fetch("")["other_tokens"], json!([]));
    let all = fetch("?include_consented_scopes=true");
    assert_eq!(all["other_tokens"][0]["scope"], GROUPS);
}
