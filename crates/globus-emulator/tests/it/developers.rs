//! What developers manage: projects, policies, clients, credentials, scopes; and what logins make of them at once.

use std::time::Duration;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::browser::{Browser, VERIFIER, fields};
use crate::http::{GROUPS, World, basic};
use crate::login::request;

const MANAGE: &str = "urn:globus:auth:scope:auth.globus.org:manage_projects";
const PROJECTS: &str = "/v2/api/projects";

pub(crate) fn manager(world: &World, identity: &str) -> String {
    world.user_token(identity, MANAGE)
}

fn text(document: &Value, pointer: &str) -> String {
    let found = document.pointer(pointer).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no {pointer} in {document}")).to_owned()
}

/// Makes something below Auth's API and gives the answer.
fn made(world: &World, token: &str, path: &str, document: Value) -> Value {
    world.call(token, "POST", path, Some(document)).expect(201)
}

fn client(world: &World, token: &str, more: Value) -> Value {
    let mut wanted = json!({"name": "A client", "project": seed::PROJECT, "client_type": "resource_server"});
    for (key, value) in more.as_object().into_iter().flatten() {
        wanted[key] = value.clone();
    }
    made(world, token, "/v2/api/clients", json!({"client": wanted}))
}

fn scope(world: &World, token: &str, client: &str, suffix: &str, more: Value) -> Value {
    let mut wanted = json!({"name": "Stir", "description": "Stir the pot", "scope_suffix": suffix});
    for (key, value) in more.as_object().into_iter().flatten() {
        wanted[key] = value.clone();
    }
    let path = format!("/v2/api/clients/{client}/scopes");
    made(world, token, &path, json!({"scope": wanted}))
}

#[test]
fn projects_belong_to_their_administrators() {
    let world = World::new();
    let (alice, bob) = (manager(&world, seed::ALICE), manager(&world, seed::BOB));
    let wanted =
        json!({"project": {"display_name": "Mine", "contact_email": "a@example.org", "admin_ids": [seed::ALICE]}});
    let project = made(&world, &alice, PROJECTS, wanted.clone());
    let id = text(&project, "/project/id");
    assert_eq!(project["project"]["project_name"], "Mine");
    assert_eq!(project["project"]["admin_group_ids"], Value::Null);
    assert_eq!(
        project["project"]["admins"]["identities"][0]["username"],
        "researcher@example.org"
    );
    let path = format!("{PROJECTS}/{id}");
    assert_eq!(world.get(&alice, &path).expect(200), project);
    world.get(&bob, &path).refused(403, "FORBIDDEN");
    let listed = world.get(&bob, PROJECTS).expect(200);
    assert_eq!(listed, json!({"projects": []}));
    let listed = world.get(&alice, PROJECTS).expect(200);
    assert!(
        listed["projects"]
            .as_array()
            .is_some_and(|rows| rows.len() == 2 && rows.contains(&project["project"]))
    );
    // The members of a group of administrators are administrators; null empties a list.
    let change =
        json!({"project": {"admin_ids": null, "admin_group_ids": [seed::GROUP_RESEARCH], "display_name": "Ours"}});
    let changed = world.call(&alice, "PUT", &path, Some(change)).expect(200);
    assert_eq!(changed["project"]["admin_ids"], Value::Null);
    assert_eq!(
        changed["project"]["admins"]["groups"][0]["name"],
        "Example Research Group"
    );
    assert_eq!(world.get(&bob, &path).expect(200), changed);
    let nobody = json!({"project": {"admin_group_ids": []}});
    world.call(&bob, "PUT", &path, Some(nobody)).refused(400, "BAD_REQUEST");
    // Not without the scope, and not under another service's token.
    world
        .get(&world.user_token(seed::ALICE, "openid"), &path)
        .refused(403, "FORBIDDEN");
    world
        .get(&world.user_token(seed::ALICE, GROUPS), &path)
        .refused(401, "UNAUTHORIZED");
    world.send("GET", &path, &[], b"").refused(401, "UNAUTHORIZED");
    // What belongs to a project keeps it.
    let made_client = client(&world, &alice, json!({"project": id}));
    world.call(&alice, "DELETE", &path, None).refused(409, "CONFLICT");
    let its_path = format!("/v2/api/clients/{}", text(&made_client, "/client/id"));
    world.call(&bob, "DELETE", &its_path, None).expect(200);
    let gone = world.call(&alice, "DELETE", &path, None).expect(200);
    assert_eq!(gone, changed);
    world.get(&alice, &path).refused(404, "NOT_FOUND");
}

#[test]
fn what_is_wrong_with_a_document_is_said() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let good = json!({"display_name": "P", "contact_email": "a@b", "admin_ids": [seed::ALICE]});
    for (field, value, said) in [
        ("display_name", json!(" "), "project.display_name must be a text"),
        ("display_name", json!(7), "project.display_name must be a text"),
        ("display_name", Value::Null, "project.display_name is required"),
        (
            "contact_email",
            json!("nobody"),
            "project.contact_email must be an email address",
        ),
        ("admin_ids", json!([]), "must name an administrator"),
        (
            "admin_ids",
            json!(seed::ALICE),
            "project.admin_ids must be a list of UUIDs",
        ),
        (
            "admin_ids",
            json!([seed::CLIENT_COLLECTION]),
            "project.admin_ids names no identity",
        ),
        ("admin_group_ids", json!([seed::ALICE]), "names no group"),
    ] {
        let mut wrong = good.clone();
        wrong[field] = value;
        let answer = world.call(&alice, "POST", PROJECTS, Some(json!({"project": wrong})));
        assert_eq!(answer.header("x-emulator-confidence"), Some("inferred"));
        let document = answer.expect(400);
        assert!(text(&document, "/errors/0/detail").contains(said), "{document}");
    }
    for body in [json!({"project": 1}), json!([]), json!({"policy": {}})] {
        world
            .call(&alice, "POST", PROJECTS, Some(body))
            .refused(400, "BAD_REQUEST");
    }
    for (more, said) in [
        (json!({"client_type": "robot"}), "client.client_type must be one of"),
        (
            json!({"public_client": true}),
            "Exactly one of public_client and client_type",
        ),
        (json!({"name": "two\nlines"}), "client.name must be a text"),
        (json!({"project": seed::ALICE}), "client.project names no project"),
        (
            json!({"redirect_uris": ["https://a/#b"]}),
            "client.redirect_uris must be",
        ),
        (json!({"redirect_uris": ["nothing"]}), "client.redirect_uris must be"),
        (
            json!({"required_idp": seed::ALICE}),
            "client.required_idp names no identity provider",
        ),
        (json!({"links": {"privacy_policy": "https://a"}}), "both pages or none"),
        (
            json!({"links": {"privacy_policy": "javascript:a", "terms_and_conditions": "https://a"}}),
            "addresses of pages",
        ),
    ] {
        let mut wanted = json!({"name": "A", "project": seed::PROJECT, "client_type": "confidential_client"});
        for (key, value) in more.as_object().into_iter().flatten() {
            wanted[key] = value.clone();
        }
        let document = world
            .call(&alice, "POST", "/v2/api/clients", Some(json!({"client": wanted})))
            .expect(400);
        assert!(text(&document, "/errors/0/detail").contains(said), "{document}");
    }
}

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

#[test]
fn what_developers_made_outlives_a_snapshot() {
    let world = World::new();
    let alice = manager(&world, seed::ALICE);
    let made_client = client(&world, &alice, json!({"name": "Kept"}));
    let id = text(&made_client, "/client/id");
    let secret = text(&made_client, "/included/client_credential/secret");
    let made_scope = scope(
        &world,
        &alice,
        &id,
        "kept",
        json!({"required_domains": ["example.org"]}),
    );
    let policy = json!({"policy": {"project_id": seed::PROJECT, "display_name": "Kept", "description": "d"}});
    let policy = made(&world, &alice, "/v2/api/policies", policy);
    let project = json!({"project": {"display_name": "Kept", "contact_email": "a@b", "admin_ids": [seed::ALICE]}});
    let project = made(&world, &alice, PROJECTS, project);
    let snapshot = world.emulator.snapshot().expect("a snapshot");
    let other = World::new();
    other.emulator.restore(&snapshot).expect("the same world");
    for (path, document) in [
        (format!("/v2/api/policies/{}", text(&policy, "/policy/id")), &policy),
        (format!("{PROJECTS}/{}", text(&project, "/project/id")), &project),
        (
            format!("/v2/api/scopes/{}", text(&made_scope, "/scope/id")),
            &made_scope,
        ),
    ] {
        assert_eq!(&other.get(&alice, &path).expect(200), document, "{path}");
    }
    let grant = "grant_type=client_credentials&scope=openid";
    other.form((&id, &secret), "/v2/oauth2/token", grant).expect(200);
    let seen = other.get(&alice, &format!("/v2/api/clients/{id}")).expect(200);
    assert_eq!(seen["client"]["scopes"], json!([made_scope["scope"]["id"]]));
}
