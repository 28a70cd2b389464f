//! Clients: applications that developers register, and what they belong to.

use globus_emulator::seed;
use serde_json::{Value, json};

use super::{client, made, manager, scope, text};
use crate::browser::{Browser, VERIFIER, fields};
use crate::http::{GROUPS, World, basic};
use crate::login::request;

#[test]
fn a_client_is_made_changed_and_deleted() {
    let world = World::new();
    let (alice, bob) = (manager(&world, seed::ALICE), manager(&world, seed::BOB));
    let made = client(
        &world,
        &alice,
        json!({"visibility": "private", "redirect_uris": ["https://a.example/cb"]}),
    );
    let (id, secret) = (
        text(&made, "/client/id"),
        text(&made, "/included/client_credential/secret"),
    );
    assert_eq!(made["client"]["public_client"], false);
    assert_eq!(made["client"]["grant_types"].as_array().map(Vec::len), Some(4));
    let path = format!("/v2/api/clients/{id}");
    world.get(&bob, &path).refused(403, "FORBIDDEN");
    let bobs = world.get(&bob, "/v2/api/clients").expect(200);
    assert_eq!(bobs, json!({"clients": []}));
    let change = json!({"client": {"visibility": "public", "name": "Renamed", "preselect_idp": "41143743-f3c8-4d60-bbdb-eeecaba85bd9"}});
    world
        .call(&bob, "PUT", &path, Some(change.clone()))
        .refused(403, "FORBIDDEN");
    let changed = world.call(&alice, "PUT", &path, Some(change)).expect(200);
    assert_eq!(world.get(&bob, &path).expect(200), changed);
    assert_eq!(changed["client"]["redirect_uris"], json!(["https://a.example/cb"]));
    let other = json!({"client": {"public_client": true}});
    world
        .call(&alice, "PUT", &path, Some(other))
        .refused(400, "BAD_REQUEST");
    // It is somebody by itself, at once.
    let grant = "grant_type=client_credentials&scope=openid+profile";
    let tokens = world.form((&id, &secret), "/v2/oauth2/token", grant).expect(200);
    let info = world
        .get(&text(&tokens, "/access_token"), "/v2/oauth2/userinfo")
        .expect(200);
    assert_eq!(info["preferred_username"], format!("{id}@clients.auth.globus.org"));
    // It sees itself with its secret; so do those who made it, by a domain name too.
    let own = basic(&id, &secret);
    let seen = world.send("GET", &path, &[("authorization", &own)], b"").expect(200);
    assert_eq!(seen, changed);
    let by_name = world
        .get(&alice, "/v2/api/clients?fqdn=service.example.org")
        .expect(200);
    assert_eq!(by_name["client"]["id"], seed::RESOURCE_SERVER_ID);
    world
        .get(&bob, "/v2/api/clients?fqdn=service.example.org")
        .refused(404, "NOT_FOUND");
    // Another secret, and the first one ends.
    let its = format!("{path}/credentials");
    let second = world
        .call(&alice, "POST", &its, Some(json!({"credential": {"name": "second"}})))
        .expect(201);
    let listed = world.get(&alice, &its).expect(200);
    let rows = listed["credentials"].as_array().expect("a list");
    assert!(
        rows.len() == 2 && rows.iter().all(|row| row["secret"].is_null()),
        "{listed}"
    );
    let first = format!("{its}/{}", text(&made, "/included/client_credential/id"));
    world.call(&bob, "DELETE", &first, None).refused(403, "FORBIDDEN");
    let ended = world.call(&alice, "DELETE", &first, None).expect(200);
    assert_eq!(ended["credential"]["secret"], Value::Null);
    world.call(&alice, "DELETE", &first, None).refused(404, "NOT_FOUND");
    world
        .form((&id, &secret), "/v2/oauth2/token", grant)
        .refused(401, "invalid_client");
    let secret = text(&second, "/credential/secret");
    world.form((&id, &secret), "/v2/oauth2/token", grant).expect(200);
    // With the client goes all that it had.
    world.call(&alice, "DELETE", &path, None).expect(200);
    world.get(&alice, &path).refused(404, "NOT_FOUND");
    world
        .form((&id, &secret), "/v2/oauth2/token", grant)
        .refused(401, "invalid_client");
    world
        .get(&text(&tokens, "/access_token"), "/v2/oauth2/userinfo")
        .refused(401, "UNAUTHORIZED");
    let identity = world.get(&alice, &format!("/v2/api/identities/{id}")).expect(200);
    assert_eq!(identity["identity"]["status"], "closed");
}

#[test]
fn a_client_manages_its_children() {
    let world = World::new();
    let own = basic(seed::CLIENT_ID, seed::CLIENT_SECRET);
    let headers = [("authorization", own.as_str()), ("content-type", "application/json")];
    let call = |method: &str, path: &str, body: &str| world.send(method, path, &headers, body.as_bytes());
    let child = call(
        "POST",
        "/v2/api/clients",
        r#"{"client": {"name": "Child", "public_client": false}}"#,
    )
    .expect(201);
    assert_eq!(child["client"]["parent_client"], seed::CLIENT_ID);
    assert_eq!(
        child["client"]["client_type"],
        "hybrid_confidential_client_resource_server"
    );
    let path = format!("/v2/api/clients/{}", text(&child, "/client/id"));
    let renamed = call("PUT", &path, r#"{"client": {"name": "Kid"}}"#).expect(200);
    assert_eq!(renamed["client"]["name"], "Kid");
    call(
        "POST",
        &format!("{path}/credentials"),
        r#"{"credential": {"name": "c"}}"#,
    )
    .expect(201);
    let scope = r#"{"scope": {"name": "a", "description": "b", "scope_suffix": "play"}}"#;
    call("POST", &format!("{path}/scopes"), scope).expect(201);
    let listed = call("GET", "/v2/api/clients", "").expect(200);
    let names: Vec<&Value> = listed["clients"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| &row["name"])
        .collect();
    assert!(
        names.contains(&&json!("Kid")) && names.contains(&&json!("Emulator Program")),
        "{listed}"
    );
    let itself = format!("/v2/api/clients/{}", seed::CLIENT_ID);
    call("DELETE", &itself, "").refused(409, "CONFLICT");
    call("DELETE", &path, "").expect(200);
    let other = format!("/v2/api/clients/{}", seed::WEB_CLIENT_ID);
    call("DELETE", &other, "").refused(403, "FORBIDDEN");
}

#[test]
fn the_login_page_knows_new_clients_and_scopes_at_once() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let server = text(&client(&world, &alice, json!({})), "/client/id");
    let inner = scope(
        &world,
        &alice,
        &server,
        "inner",
        json!({"name": "Inner", "description": "What lies below"}),
    );
    let need = json!({"scope": inner["scope"]["id"], "optional": false, "requires_refresh_token": false});
    let spare = world
        .get(&alice, &format!("/v2/api/scopes?scope_strings={GROUPS}"))
        .expect(200);
    let spare = json!({"scope": spare["scopes"][0]["id"], "optional": true, "requires_refresh_token": false});
    let outer = scope(
        &world,
        &alice,
        &server,
        "outer_1",
        json!({"dependent_scopes": [need, spare]}),
    );
    let name = text(&outer, "/scope/scope_string");
    assert_eq!(name, format!("https://auth.globus.org/scopes/{server}/outer_1"));
    let app = client(
        &world,
        &alice,
        json!({
            "name": "Brand <new>", "client_type": "public_installed_client", "redirect_uris": ["https://app.example/cb"],
            "links": {"privacy_policy": "https://app.example/privacy", "terms_and_conditions": "https://app.example/terms"},
        }),
    );
    let app = text(&app, "/client/id");
    let path = request(
        &world,
        &[
            ("client_id", &app),
            ("redirect_uri", "https://app.example/cb"),
            ("scope", &name),
        ],
    );
    let mut browser = Browser::new(&world);
    let page = browser.get(&path);
    page.shows(200, "Brand &lt;new&gt;");
    let consent = browser.press(&page, ("identity", seed::ALICE));
    consent
        .shows(200, "Stir: Stir the pot")
        .shows(200, "Inner: What lies below")
        .shows(200, "https://app.example/privacy");
    assert!(
        !consent.text.contains("manage your groups"),
        "an optional scope is there only if somebody asks for it"
    );
    let code = browser
        .press(&consent, ("answer", "allow"))
        .parameter("code")
        .expect("a code");
    let form = fields(&[
        ("client_id", &app),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", "https://app.example/cb"),
    ]);
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let tokens = world
        .send("POST", "/v2/oauth2/token", &form_type, form.as_bytes())
        .expect(200);
    assert_eq!(
        (&tokens["scope"], &tokens["resource_server"]),
        (&json!(name), &json!(server))
    );
    // The service gets what its scope depends on, without having asked the person.
    let credentials = format!("/v2/api/clients/{server}/credentials");
    let secret = made(&world, &alice, &credentials, json!({"credential": {"name": "s"}}));
    let secret = text(&secret, "/credential/secret");
    let token = text(&tokens, "/access_token");
    let grant = format!("grant_type=urn%3Aglobus%3Aauth%3Agrant_type%3Adependent_token&token={token}");
    let dependent = world.form((&server, &secret), "/v2/oauth2/token", &grant).expect(200);
    assert_eq!(dependent[0]["scope"], inner["scope"]["scope_string"]);
    assert_eq!(dependent.as_array().map(Vec::len), Some(1));
    let introspected = |active: bool| {
        let found = world.form(
            (&server, &secret),
            "/v2/oauth2/token/introspect",
            &format!("token={token}"),
        );
        assert_eq!(found.expect(200)["active"], active);
    };
    introspected(true);
    // Another name for a scope holds for what was granted; without the scope nothing does.
    let its = format!("/v2/api/scopes/{}", text(&outer, "/scope/id"));
    let renamed = world
        .call(
            &alice,
            "PUT",
            &its,
            Some(json!({"scope": {"scope_suffix": "stirring"}})),
        )
        .expect(200);
    let found = world.form(
        (&server, &secret),
        "/v2/oauth2/token/introspect",
        &format!("token={token}"),
    );
    assert_eq!(found.expect(200)["scope"], renamed["scope"]["scope_string"]);
    world.call(&alice, "DELETE", &its, None).expect(200);
    introspected(false);
    let refused = browser.get(&path);
    assert_eq!(refused.parameter("error").as_deref(), Some("invalid_scope"));
}

#[test]
fn some_clients_and_scopes_are_for_some_people() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let globus_id = "41143743-f3c8-4d60-bbdb-eeecaba85bd9";
    let made = client(
        &world,
        &alice,
        json!({"client_type": "public_installed_client", "required_idp": globus_id}),
    );
    let path = request(&world, &[("client_id", &text(&made, "/client/id"))]);
    let page = Browser::new(&world).get(&path);
    page.shows(200, "researcher@example.org");
    assert!(!page.text.contains("collaborator@example.org"), "Bob has no Globus ID");
    let url = format!("{}{}", world.emulator.url().trim_end_matches('/'), path);
    let there = world.emulator.sign_in(&url, "bob").expect("an answer");
    assert_eq!(there.error().as_deref(), Some("access_denied"));
    assert!(
        world
            .emulator
            .sign_in(&url, "alice")
            .expect("an answer")
            .code()
            .is_some()
    );
    let server = text(&client(&world, &alice, json!({})), "/client/id");
    let made = scope(
        &world,
        &alice,
        &server,
        "closed",
        json!({"required_domains": ["globusid.org"]}),
    );
    let name = text(&made, "/scope/scope_string");
    let url = format!(
        "{}{}",
        world.emulator.url().trim_end_matches('/'),
        request(&world, &[("scope", &name)])
    );
    assert_eq!(
        world
            .emulator
            .sign_in(&url, "bob")
            .expect("an answer")
            .error()
            .as_deref(),
        Some("access_denied")
    );
    assert!(
        world
            .emulator
            .sign_in(&url, "alice")
            .expect("an answer")
            .code()
            .is_some()
    );
    world.tokens(&name).refused(400, "invalid_scope");
}
