//! Sessions, consents and requirements: the control routes about people, and what they change.

use globus_emulator::{Clock, Emulator, Requirement, seed};
use serde_json::{Value, json};

use crate::http::{Answer, GROUPS, TRANSFER, World, url_encode};
use crate::login::request;

const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/view_flows";

fn control(world: &World, method: &str, path: &str, body: Value) -> Answer {
    world.send(method, &format!("/_emulator/{path}"), &[], body.to_string().as_bytes())
}

/// Logs Alice in and gives the access token, of a scope of one resource server.
fn log_in(world: &World, changes: &[(&str, &str)]) -> String {
    let url = format!(
        "{}{}",
        world.emulator.url().trim_end_matches('/'),
        request(world, changes)
    );
    let there = world.emulator.sign_in(&url, "alice").expect("a login");
    let code = there.code().expect("a code");
    let redirect = url_encode(&format!("{}v2/web/auth-code", world.emulator.url()));
    let form = format!(
        "client_id={}&grant_type=authorization_code&code={code}&code_verifier={}&redirect_uri={redirect}",
        seed::NATIVE_CLIENT_ID,
        crate::browser::VERIFIER,
    );
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let document = world
        .send("POST", "/v2/oauth2/token", &form_type, form.as_bytes())
        .expect(200);
    document["access_token"].as_str().expect("a token").to_owned()
}

#[test]
fn a_requirement_lasts_until_a_login_meets_it() {
    let cases: [(Requirement, &[(&str, &str)], &str); 6] = [
        (
            Requirement::new().mfa(),
            &[("session_required_mfa", "True")],
            "session_required_mfa",
        ),
        (
            Requirement::new().policy("6b5b8a0e-0000-4000-8000-000000000001"),
            &[("session_required_policies", "6b5b8a0e-0000-4000-8000-000000000001")],
            "session_required_policies",
        ),
        (
            Requirement::new().session_identity("researcher@globusid.org"),
            &[("session_required_identities", seed::ALICE_LINKED)],
            "session_required_identities",
        ),
        (
            Requirement::new().domain("globusid.org"),
            &[("session_required_single_domain", "globusid.org")],
            "session_required_single_domain",
        ),
        (Requirement::new().fresh_login(), &[("prompt", "login")], "prompt"),
        (
            Requirement::new().scope(TRANSFER),
            &[("scope", TRANSFER)],
            "required_scopes",
        ),
    ];
    for (requirement, changes, member) in cases {
        // With a clock that stands still: later is a matter of order.
        let world = World {
            emulator: Emulator::builder()
                .clock(Clock::logical())
                .start_now()
                .expect("an emulator"),
        };
        let token = log_in(&world, &[]);
        let bobs = world.user_token("bob", GROUPS);
        world.get(&token, "/v2/groups/my_groups").expect(200);
        let requirement = requirement.path("/v2/groups/*").user("alice").message("once more");
        world.emulator.require(requirement).expect("a requirement");
        for _ in 0..2 {
            let document = world.get(&token, "/v2/groups/my_groups").expect(403);
            let parameters = &document["authorization_parameters"];
            assert_eq!(parameters["session_message"], "once more", "{document}");
            assert!(parameters.get(member).is_some(), "{document}");
        }
        world.get(&bobs, "/v2/groups/my_groups").expect(200);
        world.get(&token, "/v2/preferences").expect(200);
        // Signing in just so does not help.
        log_in(&world, &[]);
        world.get(&token, "/v2/groups/my_groups").expect(403);
        log_in(&world, changes);
        world.get(&token, "/v2/groups/my_groups").expect(200);
    }
}

#[test]
fn requirements_are_told_in_the_form_of_the_service() {
    let world = World::new();
    let both = json!({"session_required_policies": ["a", "b"], "method": "get"});
    control(&world, "POST", "requirements", both.clone()).expect(200);
    let document = world
        .get(&world.user_token("alice", TRANSFER), "/v0.10/endpoint_search")
        .expect(403);
    assert_eq!(document["code"], "AuthPolicyFailed");
    assert_eq!(document["authorization_parameters"]["session_required_policies"], "a,b");
    let document = world.get(&world.user_token("alice", FLOWS), "/flows").expect(403);
    assert_eq!(document["code"], "AuthenticationPolicyRequired");
    assert_eq!(
        document["authorization_parameters"]["session_required_policies"],
        json!(["a", "b"])
    );
    // A program has no session at all. Expired tokens are told that they are, first.
    world
        .get(&world.client_token(GROUPS), "/v2/groups/my_groups")
        .expect(403);
    let old = world.user_token("alice", GROUPS);
    world.emulator.expire_tokens();
    world.get(&old, "/v2/groups/my_groups").refused(401, "INVALID_TOKEN");
    let listed = control(&world, "GET", "requirements", Value::Null).expect(200);
    assert_eq!(
        listed["requirements"][0]["session_required_policies"],
        json!(["a", "b"])
    );
    control(&world, "DELETE", "requirements", Value::Null).expect(200);
    world
        .get(&world.client_token(GROUPS), "/v2/groups/my_groups")
        .expect(200);
    let scope = json!({"required_scopes": [format!("{TRANSFER}[{GROUPS}]")]});
    control(&world, "POST", "requirements", scope).expect(200);
    let document = world
        .get(&world.user_token("alice", TRANSFER), "/v0.10/endpoint_search")
        .expect(403);
    assert_eq!(document["code"], "ConsentRequired");
    assert_eq!(
        document["required_scopes"],
        document["authorization_parameters"]["required_scopes"]
    );
    for bad in [
        json!({}),
        json!({"path": "/x"}),
        json!({"session_required_mfa": true, "identity": "mallory"}),
        json!({"required_scopes": ["a["]}),
        json!({"x": 1}),
    ] {
        control(&world, "POST", "requirements", bad).expect(400);
    }
    assert!(world.emulator.require(Requirement::new()).is_err());
}

#[test]
fn sessions_know_how_somebody_signed_in() {
    let world = World::new();
    let token = log_in(&world, &[("scope", "openid")]);
    let introspect = || {
        let form = format!("token={token}&include=session_info,identity_set_detail");
        let header = crate::http::basic(seed::CLIENT_ID, seed::CLIENT_SECRET);
        let headers = [
            ("authorization", header.as_str()),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        world
            .send("POST", "/v2/oauth2/token/introspect", &headers, form.as_bytes())
            .expect(200)
    };
    assert_eq!(introspect(), json!({"active": false}), "it is not that client's token");
    let alice = world.emulator.as_user("alice");
    let last = |scope: &str| {
        let token = log_in(&world, &[("scope", scope)]);
        world.get(&token, "/v2/oauth2/userinfo").expect(200)["last_authentication"].as_i64()
    };
    let first = last("openid");
    world.emulator.advance(std::time::Duration::from_secs(100));
    // The browser knows her, so nothing was proved anew.
    assert_eq!(last("openid"), first);
    let aged = control(&world, "POST", "sessions", json!({"identity": "alice", "age": 3600})).expect(200);
    assert!(aged["changed"].as_u64() > Some(0));
    assert!(last("openid") < first);
    control(&world, "POST", "sessions", json!({"identity": "mallory"})).expect(400);
    // A second factor that is set by hand is as good as one that was used.
    world.emulator.require(Requirement::new().mfa()).expect("a requirement");
    world.get(&token, "/v2/oauth2/userinfo").expect(403);
    alice.set_mfa(true);
    world.get(&token, "/v2/oauth2/userinfo").expect(200);
    alice.set_mfa(false);
    world.get(&token, "/v2/oauth2/userinfo").expect(403);
}

#[test]
fn consents_are_written_down_and_taken_back() {
    let world = World::new();
    let data = format!(
        "https://auth.globus.org/scopes/{}/data_access",
        seed::TUTORIAL_COLLECTION_1
    );
    let scope = format!("openid {TRANSFER}[*{data}]");
    let token = log_in(&world, &[("scope", &scope), ("access_type", "offline")]);
    let path = format!("/v2/api/identities/{}/consents?all=False", seed::ALICE);
    // As apps ask right after a login, with the only token for Auth that they have.
    let rows = world.get(&token, &path).expect(200)["consents"]
        .as_array()
        .expect("a list")
        .clone();
    let names: Vec<&Value> = rows.iter().map(|row| &row["scope_name"]).collect();
    assert_eq!(names, ["openid", TRANSFER, &data]);
    assert_eq!(rows[2]["dependency_path"], json!([rows[1]["id"], rows[2]["id"]]));
    assert_eq!(
        (&rows[0]["client"], &rows[0]["allows_refresh"]),
        (&json!(seed::NATIVE_CLIENT_ID), &json!(true))
    );
    // Of other clients only with the scope for that.
    let view = "urn:globus:auth:scope:auth.globus.org:view_consents";
    let grant = json!({"identity": "alice", "client": seed::WEB_CLIENT_ID, "scopes": [GROUPS]});
    control(&world, "POST", "consents", grant).expect(200);
    assert_eq!(
        world.get(&token, &path).expect(200)["consents"]
            .as_array()
            .map(Vec::len),
        Some(3)
    );
    let all = path.replace("False", "True");
    world.get(&token, &all).refused(403, "FORBIDDEN");
    let minted = world.emulator.mint_token("alice", &["openid", view]).expect("a token");
    assert_eq!(
        world.get(&minted, &all).expect(200)["consents"]
            .as_array()
            .map(Vec::len),
        Some(5)
    );
    control(
        &world,
        "POST",
        "consents",
        json!({"identity": "alice", "scopes": ["nonsense"]}),
    )
    .expect(400);
    // What is taken back takes the tokens with it.
    assert!(world.emulator.withdraw_consents("alice") >= 5);
    world.get(&token, &path).refused(401, "UNAUTHORIZED");
    assert_eq!(world.emulator.withdraw_consents("alice"), 0);
    assert_eq!(
        control(&world, "DELETE", "consents", json!({})).expect(200)["withdrawn"],
        0
    );
}

#[test]
fn tokens_are_made_to_order() {
    let world = World::new();
    let mint = |body: Value| control(&world, "POST", "tokens", body);
    let tokens = mint(json!({"identity": "bob", "scopes": ["openid", GROUPS], "refresh": true})).expect(200);
    assert_eq!(tokens["resource_server"], "auth.globus.org");
    assert!(tokens["other_tokens"][0]["refresh_token"].is_string());
    let expired = mint(json!({"identity": "bob", "scopes": [GROUPS], "expired": true})).expect(200);
    let token = expired["access_token"].as_str().expect("a token");
    world.get(token, "/v2/groups/my_groups").refused(401, "INVALID_TOKEN");
    let strong = mint(json!({"identity": "bob", "scopes": [GROUPS], "mfa": true})).expect(200);
    world.emulator.require(Requirement::new().mfa()).expect("a requirement");
    world
        .get(
            strong["access_token"].as_str().expect("a token"),
            "/v2/groups/my_groups",
        )
        .expect(200);
    mint(json!({"identity": "bob", "scopes": [GROUPS], "client": seed::BOB})).expect(400);
    let refresh = tokens["refresh_token"].as_str().expect("a token");
    assert_eq!(
        control(&world, "POST", "tokens/expire", json!({"token": refresh})).expect(200)["expired"],
        1
    );
    world.emulator.expire_refresh_tokens();
    assert_eq!(
        control(&world, "POST", "tokens/expire", json!({"refresh": true})).expect(200)["expired"],
        3
    );
}

#[test]
fn more_users_can_be_had() {
    let world = World::new();
    let carol = json!({"username": "carol@example.org", "name": "Carol Newcomer"});
    let made = control(&world, "POST", "users", carol.clone()).expect(200);
    assert_eq!(made["identity"]["username"], "carol@example.org");
    let token = world.emulator.as_user("carol").token(&["openid"]).expect("a token");
    assert_eq!(
        world.get(&token, "/v2/oauth2/userinfo").expect(200)["sub"],
        made["identity"]["id"]
    );
    control(&world, "POST", "users", carol).expect(400);
    control(&world, "POST", "users", json!({"username": "x"})).expect(400);
    let linked = json!({"username": "carol@globusid.org", "linked_to": "carol"});
    control(&world, "POST", "users", linked).expect(200);
    let set = world.get(&token, "/v2/oauth2/userinfo").expect(200)["identity_set"].clone();
    assert_eq!(set.as_array().map(Vec::len), Some(2));
    let nobody = json!({"username": "dave@example.org", "linked_to": "mallory"});
    control(&world, "POST", "users", nobody).expect(400);
    control(&world, "GET", "users", json!({})).expect(405);
}
