//! The faults that docs/src/faults.md lists, one test each: what a client gets.

use std::time::{Duration, Instant};

use globus_emulator::{ActionFault, Clock, Emulator, Fault, seed};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::browser::{VERIFIER, fields};
use crate::http::{Answer, GROUPS, TRANSFER, World, send};
use crate::login::request;
use crate::transfer_desk::{Desk, transfer};

const MINE: &str = "/v2/groups/my_groups";
const FLOWS: &str = "https://auth.globus.org/scopes/eec9b274-0c81-4334-bdc2-54e90e689b9a/all";

fn control(world: &World, method: &str, path: &str, body: Value) -> Answer {
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    world.send(method, &format!("/_emulator/{path}"), &[], body.as_bytes())
}

fn at_rest() -> World {
    World {
        emulator: Emulator::builder()
            .clock(Clock::logical())
            .start_now()
            .expect("an emulator"),
    }
}

/// A token of each service, with something to ask of it and what it calls a token that has run out.
fn services(world: &World) -> [(String, &'static str, &'static str); 4] {
    [
        (
            world.user_token("alice", "openid"),
            "/v2/oauth2/userinfo",
            "UNAUTHORIZED",
        ),
        (world.user_token("alice", GROUPS), MINE, "INVALID_TOKEN"),
        (
            world.user_token("alice", TRANSFER),
            "/v0.10/task_list",
            "ClientError.AuthenticationFailed",
        ),
        (world.user_token("alice", FLOWS), "/flows", "AUTHENTICATION_ERROR"),
    ]
}

/// The code of an error document, wherever its service writes it.
fn code(document: &Value) -> Option<&str> {
    let found = ["/code", "/errors/0/code", "/error/code", "/error"].map(|pointer| document.pointer(pointer));
    found.into_iter().flatten().find_map(Value::as_str)
}

#[test]
fn f01_an_access_token_has_run_out() {
    let world = World::new();
    for (token, path, wanted) in services(&world) {
        world.emulator.inject(Fault::status(401).path(path));
        let fault = world.get(&token, path).expect(401);
        assert_eq!(code(&fault), Some(wanted), "{fault}");
        world.get(&token, path).expect(200);
        let ended = control(&world, "POST", "tokens/expire", json!({"token": token})).expect(200);
        assert_eq!(ended, json!({"expired": 1}));
        let real = world.get(&token, path).expect(401);
        assert_eq!(code(&real), Some(wanted), "the fault is like the real thing: {real}");
    }
}

#[test]
fn f02_tokens_are_revoked_at_the_service() {
    let world = World::new();
    let token = world.user_token("alice", GROUPS);
    let bobs = world.user_token("bob", GROUPS);
    let revoked = control(&world, "POST", "tokens/revoke", json!({"identity": "alice"})).expect(200);
    assert_eq!(revoked, json!({"revoked": 1}));
    world.get(&token, MINE).refused(401, "INVALID_TOKEN");
    world.get(&bobs, MINE).expect(200);
    let client = (seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET);
    let seen = world.form(client, "/v2/oauth2/token/introspect", &format!("token={token}"));
    assert_eq!(seen.expect(200), json!({"active": false}));
    control(&world, "POST", "tokens/revoke", json!({"identity": "nobody"})).expect(400);
}

#[test]
fn f03_a_refresh_token_is_dead() {
    let world = World::new();
    let minted = json!({"identity": "alice", "scopes": [GROUPS], "refresh": true});
    let minted = control(&world, "POST", "tokens", minted).expect(200);
    let refresh = minted["refresh_token"].as_str().expect("a token").to_owned();
    let ask = || {
        let form = fields(&[
            ("grant_type", "refresh_token"),
            ("client_id", seed::NATIVE_CLIENT_ID),
            ("refresh_token", &refresh),
        ]);
        let kind = ("content-type", "application/x-www-form-urlencoded");
        world.send("POST", "/v2/oauth2/token", &[kind], form.as_bytes())
    };
    // Of one application only.
    let native = seed::NATIVE_CLIENT_ID.parse().expect("an id");
    world.emulator.inject(Fault::status(401).client(native));
    world.tokens(GROUPS).expect(200);
    ask().refused(401, "invalid_grant");
    ask().expect(200);
    control(&world, "POST", "tokens/expire", json!({"token": refresh})).expect(200);
    ask().refused(401, "invalid_grant");
}

#[test]
fn f04_a_consent_to_data_is_missing() {
    let world = World::new();
    let token = world.user_token("alice", TRANSFER);
    let ls = format!("/v0.10/operation/endpoint/{}/ls", seed::ALICE_COLLECTION);
    world.get(&token, &ls).expect(200);
    let scope = "urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/x/data_access]";
    let fault = Fault::status(403)
        .code("ConsentRequired")
        .set("/required_scopes", json!([scope]));
    world.emulator.inject(fault.path("*/ls"));
    let refused = world.get(&token, &ls).expect(403);
    assert_eq!(
        (code(&refused), &refused["required_scopes"]),
        (Some("ConsentRequired"), &json!([scope]))
    );
    // A collection that asks for it does so without a fault.
    let tutorial = format!("/v0.10/operation/endpoint/{}/ls", seed::TUTORIAL_COLLECTION_1);
    world.get(&token, &tutorial).refused(403, "ConsentRequired");
}

#[test]
fn f05_a_session_falls_short() {
    let world = World::new();
    let token = world.user_token("alice", TRANSFER);
    let body = json!({"path": "/v0.10/*", "identity": "alice", "session_required_mfa": true});
    control(&world, "POST", "requirements", body).expect(200);
    let refused = world.get(&token, "/v0.10/task_list").expect(403);
    assert_eq!(refused["code"], "AuthPolicyFailed");
    assert_eq!(refused["authorization_parameters"]["session_required_mfa"], true);
}

#[test]
fn f06_permission_is_denied() {
    let world = World::new();
    let wanted = ["FORBIDDEN", "FORBIDDEN", "PermissionDenied", "FORBIDDEN"];
    for ((token, path, _), wanted) in services(&world).into_iter().zip(wanted) {
        world.emulator.inject(Fault::status(403));
        assert_eq!(code(&world.get(&token, path).expect(403)), Some(wanted));
        world
            .emulator
            .inject(Fault::status(403).code("EndpointPermissionDenied").message("No."));
        let refused = world.get(&token, path).expect(403);
        assert_eq!(code(&refused), Some("EndpointPermissionDenied"));
        assert!(refused.to_string().contains("No."), "{refused}");
    }
}

#[test]
fn f07_there_were_too_many_requests() {
    let world = World::new();
    let token = world.user_token("alice", GROUPS);
    world
        .emulator
        .inject(Fault::status(429).header("Retry-After", "1").times(2));
    for _ in 0..2 {
        let answer = world.get(&token, MINE);
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("1")));
    }
    world.get(&token, MINE).expect(200);
}

#[test]
fn f08_a_service_is_out() {
    let world = World::new();
    let token = world.user_token("alice", TRANSFER);
    let ask = |fault: Fault| {
        world.emulator.inject(fault);
        world.get(&token, "/v0.10/task_list")
    };
    ask(Fault::status(503)).refused(503, "ServiceUnavailable");
    assert_eq!(
        ask(Fault::status(503).header("retry-after", "2")).header("retry-after"),
        Some("2")
    );
    let nameless = ask(Fault::status(500).remove("/code")).expect(500);
    assert_eq!((nameless.get("code"), nameless.get("message").is_some()), (None, true));
    let page = ask(Fault::status(502).body("<h1>Bad gateway</h1>"));
    assert_eq!((page.status, page.header("content-type")), (502, Some("text/html")));
}

#[test]
fn f09_an_endpoint_is_in_trouble() {
    let world = World::new();
    let token = world.user_token("alice", TRANSFER);
    let ls = format!("/v0.10/operation/endpoint/{}/ls", seed::ALICE_COLLECTION);
    for wanted in [
        "ExternalError.DirListingFailed.GCDisconnected",
        "ExternalError.DirListingFailed.LoginFailed",
        "ExternalError.DirListingFailed.NotDirectory",
        "EndpointError",
        "ExternalError.MkdirFailed.Exists",
    ] {
        world
            .emulator
            .inject(Fault::status(502).path("*/operation/*").code(wanted));
        world.get(&token, &ls).refused(502, wanted);
    }
    // A computer that is switched off says so by itself.
    control(
        &world,
        "POST",
        "collections",
        json!({"id": seed::ALICE_COLLECTION, "connected": false}),
    )
    .expect(200);
    world
        .get(&token, &ls)
        .refused(502, "ExternalError.DirListingFailed.GCDisconnected");
}

#[test]
fn f10_the_connection_is_in_trouble() {
    let world = World::new();
    let token = world.user_token("alice", GROUPS);
    let authorization = format!("Bearer {token}");
    let ask = |fault: Fault| {
        world.emulator.inject(fault);
        send(
            world.emulator.url(),
            "GET",
            MINE,
            &[("authorization", &authorization)],
            b"",
        )
    };
    assert!(ask(Fault::reset()).is_err());
    assert!(ask(Fault::truncate()).is_err(), "less comes than was said");
    let cut = ask(Fault::cut()).expect("an answer that looks whole");
    assert!(serde_json::from_slice::<Value>(&cut.body).is_err(), "{cut:?}");
    let began = Instant::now();
    assert_eq!(
        ask(Fault::slow(Duration::from_millis(300))).expect("an answer").status,
        200
    );
    assert!(began.elapsed() >= Duration::from_millis(300));
}

#[test]
fn f11_an_answer_is_malformed() {
    let world = World::new();
    let token = world.user_token("alice", GROUPS);
    world.emulator.inject(Fault::edit().content_type("text/html"));
    let answer = world.get(&token, MINE);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html")));
    let both = format!("{GROUPS} {TRANSFER}");
    world
        .emulator
        .inject(Fault::edit().path("/v2/oauth2/token").remove("/other_tokens"));
    let tokens = world.tokens(&both).expect(200);
    assert!(tokens.get("other_tokens").is_none() && tokens.get("access_token").is_some());
    assert!(world.tokens(&both).expect(200).get("other_tokens").is_some());
    let flows = world.user_token("alice", FLOWS);
    world
        .emulator
        .inject(Fault::status(404).path("/flows/*").remove("/error/detail"));
    let refused = world.get(&flows, "/flows/x").expect(404);
    assert!(
        refused["error"].get("detail").is_none() && refused["error"].get("code").is_some(),
        "{refused}"
    );
}

#[test]
fn f14_time_jumps() {
    let world = at_rest();
    let token = world.user_token("alice", GROUPS);
    let clock = |body| control(&world, "POST", "clock", body);
    assert_eq!(
        clock(json!({"advance": 3_600})).expect(200)["time"],
        "2026-01-01T01:00:00.000000+00:00"
    );
    let there = clock(json!({"at": "2026-01-02T23:59:59Z"})).expect(200);
    assert_eq!(there["time"], "2026-01-02T23:59:59.000000+00:00");
    world.get(&token, MINE).expect(200);
    clock(json!({"advance": 1})).expect(200);
    world.get(&token, MINE).refused(401, "INVALID_TOKEN");
    for bad in [
        json!({"at": "2026-01-01T00:00:00Z"}),
        json!({"advance": -1}),
        json!({"advance": 1, "at": "2027-01-01T00:00:00Z"}),
        json!({}),
        json!({"back": 1}),
    ] {
        clock(bad).expect(400);
    }
    // A token that says it lasts longer than it does, and one that has ended before it came.
    world
        .emulator
        .inject(Fault::edit().path("/v2/oauth2/token").set("/expires_in", 1));
    assert_eq!(world.tokens(GROUPS).expect(200)["expires_in"], 1);
    let old = json!({"identity": "alice", "scopes": [GROUPS], "expired": true});
    let old = control(&world, "POST", "tokens", old).expect(200);
    world
        .get(old["access_token"].as_str().expect("a token"), MINE)
        .refused(401, "INVALID_TOKEN");
}

#[test]
fn f15_the_answer_to_a_submission_is_lost() {
    let desk = Desk::at(Clock::logical());
    desk.write("/a.txt", "a");
    desk.world.emulator.hold_tasks(true);
    let document = transfer(&[("/a.txt", "/b.txt")], json!({}));
    desk.world
        .emulator
        .inject(Fault::reset().path("/v0.10/transfer").after());
    let authorization = format!("Bearer {}", desk.token);
    let headers = [
        ("authorization", authorization.as_str()),
        ("content-type", "application/json"),
    ];
    let lost = send(
        desk.world.emulator.url(),
        "POST",
        "/v0.10/transfer",
        &headers,
        document.to_string().as_bytes(),
    );
    assert!(lost.is_err());
    assert_eq!(desk.submit(document).expect(202)["code"], "Duplicate");
    assert_eq!(desk.get("/task_list").expect(200)["total"], 1);
}

#[test]
fn f16_pages_are_stale() {
    let world = World::new();
    let token = world.user_token("alice", TRANSFER);
    let fault = Fault::edit().path("/v0.10/task_list").set("/total", 1_000);
    world.emulator.inject(fault);
    let page = world.get(&token, "/v0.10/task_list").expect(200);
    assert_eq!((&page["total"], &page["DATA"]), (&json!(1_000), &json!([])));
    let flows = world.user_token("alice", FLOWS);
    let fault = Fault::edit()
        .path("/flows")
        .set("/flows", json!([]))
        .set("/has_next_page", true)
        .set("/marker", "x");
    world.emulator.inject(fault.times(3));
    for _ in 0..3 {
        let page = world.get(&flows, "/flows").expect(200);
        assert_eq!(
            (&page["flows"], &page["has_next_page"], &page["marker"]),
            (&json!([]), &json!(true), &json!("x"))
        );
    }
}

/// A run of a flow with one action.
fn run(world: &World) -> (String, String) {
    let hello = json!({"Type": "Action", "ActionUrl": "https://actions.globus.org/hello_world",
                       "Parameters": {"echo_string": "x"}, "End": true});
    let definition = json!({"StartAt": "Hello", "States": {"Hello": hello}});
    let flow = json!({"title": "T", "definition": definition, "input_schema": {}});
    let token = world.user_token("alice", FLOWS);
    let flow = world.call(&token, "POST", "/flows", Some(flow)).expect(201)["id"].clone();
    let flow = flow.as_str().expect("an id");
    let scope = format!(
        "https://auth.globus.org/scopes/{flow}/flow_{}_user",
        flow.replace('-', "_")
    );
    let starts = world.user_token("alice", &scope);
    let run = world
        .call(
            &starts,
            "POST",
            &format!("/flows/{flow}/run"),
            Some(json!({"body": {}})),
        )
        .expect(201);
    (starts, run["run_id"].as_str().expect("an id").to_owned())
}

#[test]
fn f17_a_run_gets_stuck() {
    let world = at_rest();
    let token = world.user_token("alice", FLOWS);
    let status = |run: &str| {
        world.emulator.advance(Duration::from_secs(1));
        world.get(&token, &format!("/runs/{run}")).expect(200)["status"].clone()
    };
    let stuck = ActionFault::inactive().state("Hello").details(json!({"code": "Stuck"}));
    world.emulator.inject_action(stuck);
    let (starts, one) = run(&world);
    assert_eq!(status(&one), "INACTIVE");
    let details = world.get(&token, &format!("/runs/{one}")).expect(200)["details"].clone();
    assert_eq!(details["code"], "Stuck", "{details}");
    let resume = format!("/runs/{one}/resume");
    world
        .emulator
        .inject(Fault::status(409).path("/runs/*/resume").code("CONFLICT"));
    let refused = world.call(&starts, "POST", &resume, None).expect(409);
    assert_eq!(code(&refused), Some("CONFLICT"));
    world.call(&starts, "POST", &resume, None).expect(200);
    assert_eq!(status(&one), "SUCCEEDED");

    let waiting = control(
        &world,
        "POST",
        "actions",
        json!({"becomes": "failed", "state": "Hello"}),
    )
    .expect(200);
    assert_eq!(waiting["actions"].as_array().map(Vec::len), Some(1));
    let (_, two) = run(&world);
    assert_eq!(status(&two), "FAILED");

    world.emulator.inject_action(ActionFault::slow(10.0).times(1));
    let (_, three) = run(&world);
    assert_eq!(status(&three), "ACTIVE");
    world.emulator.advance(Duration::from_secs(8));
    assert_eq!(status(&three), "ACTIVE");
    world.emulator.advance(Duration::from_secs(2));
    assert_eq!(status(&three), "SUCCEEDED");

    world.emulator.inject_action(ActionFault::failed().always());
    control(&world, "DELETE", "actions", Value::Null).expect(200);
    let (_, four) = run(&world);
    assert_eq!(status(&four), "SUCCEEDED");
    control(&world, "POST", "actions", json!({"becomes": {"slow": -1}})).expect(400);
}

/// A login as Alice, as far as the identity token.
fn id_token(world: &World) -> String {
    let origin = world.emulator.url().trim_end_matches('/');
    let url = format!("{origin}{}", request(world, &[("scope", "openid")]));
    let there = world.emulator.sign_in(&url, "alice").expect("a login");
    let redirect = format!("{origin}/v2/web/auth-code");
    let form = fields(&[
        ("client_id", seed::NATIVE_CLIENT_ID),
        ("grant_type", "authorization_code"),
        ("code", &there.code().expect("a code")),
        ("code_verifier", VERIFIER),
        ("redirect_uri", &redirect),
    ]);
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let tokens = world
        .send("POST", "/v2/oauth2/token", &[kind], form.as_bytes())
        .expect(200);
    tokens["id_token"].as_str().expect("a token").to_owned()
}

#[test]
fn f20_identity_tokens_are_not_what_they_should_be() {
    let world = World::new();
    let keys = |world: &World| world.send("GET", "/jwk.json", &[], b"").expect(200)["keys"][0].clone();
    let verify = |token: &str, key: &Value| {
        let public = DecodingKey::from_rsa_components(
            key["n"].as_str().expect("a modulus"),
            key["e"].as_str().expect("an exponent"),
        );
        let mut validation = Validation::new(Algorithm::RS512);
        validation.set_audience(&[seed::NATIVE_CLIENT_ID]);
        let read = jsonwebtoken::decode::<Value>(token, &public.expect("a key"), &validation);
        read.map_err(|error| format!("{:?}", error.kind()))
    };
    let kid = |token: &str| jsonwebtoken::decode_header(token).expect("a header").kid;
    let key = keys(&world);
    verify(&id_token(&world), &key).expect("a token that is in order");

    world.emulator.inject(Fault::wrong_key().path("/v2/oauth2/token"));
    let token = id_token(&world);
    assert_eq!(kid(&token).as_deref(), key["kid"].as_str());
    assert_eq!(verify(&token, &key).expect_err("another key"), "InvalidSignature");

    world.emulator.inject(Fault::wrong_audience().path("/v2/oauth2/token"));
    assert_eq!(
        verify(&id_token(&world), &key).expect_err("another client"),
        "InvalidAudience"
    );

    for path in ["/jwk.json", "/v2/oauth2/token"] {
        world.emulator.inject(Fault::rotated_keys().path(path));
    }
    let (token, new) = (id_token(&world), keys(&world));
    assert_ne!(new["kid"], key["kid"]);
    assert_eq!(kid(&token).as_deref(), new["kid"].as_str());
    verify(&token, &new).expect("the new key fits");
    assert_eq!(
        verify(&token, &key).expect_err("the key that a client has kept"),
        "InvalidSignature"
    );
    verify(&id_token(&world), &keys(&world)).expect("all is well again");
}

#[test]
fn a_fault_has_its_addressees() {
    let world = World::new();
    let (alice, bob) = (world.user_token("alice", GROUPS), world.user_token("bob", GROUPS));
    let ours = world.client_token(GROUPS);
    let add = |body| control(&world, "POST", "faults", body).expect(200);
    add(json!({"method": "GET", "path": "/v2/groups/my*", "identity": "alice", "times": 2, "status": 500}));
    world.get(&bob, MINE).expect(200);
    world.get(&alice, "/v2/preferences").expect(200);
    world.get(&alice, MINE).expect(500);
    world.get(&alice, MINE).expect(500);
    world.get(&alice, MINE).expect(200);
    add(json!({"client": seed::CLIENT_ID, "times": null, "status": 500}));
    world.get(&bob, MINE).expect(200);
    world.get(&ours, MINE).expect(500);
    world.tokens(GROUPS).expect(500);
    control(&world, "DELETE", "faults", Value::Null).expect(200);

    let draw = |seed: u64| -> Vec<u16> {
        add(json!({"probability": 0.5, "seed": seed, "times": null, "status": 500, "path": MINE}));
        let drawn = (0..32).map(|_| world.get(&bob, MINE).status).collect();
        control(&world, "DELETE", "faults", Value::Null).expect(200);
        drawn
    };
    let drawn = draw(1);
    let struck = drawn.iter().filter(|status| **status == 500).count();
    assert!((4..29).contains(&struck), "{drawn:?}");
    assert_eq!(
        (draw(1), draw(1)),
        (drawn.clone(), drawn.clone()),
        "a seed draws the same in every run"
    );
    assert_ne!(draw(2), drawn);
    for bad in [
        json!({"probability": 2}),
        json!({"set": {"total": 1}, "effect": "edit"}),
        json!({"effect": "edit"}),
        json!({"content_type": "a\nb"}),
        json!({"identity": "nobody"}),
    ] {
        control(&world, "POST", "faults", bad).expect(400);
    }
}

#[test]
fn recorded_requests_are_sifted() {
    let world = World::new();
    let (alice, bob) = (world.user_token("alice", GROUPS), world.user_token("bob", GROUPS));
    world.get(&alice, MINE).expect(200);
    world.get(&bob, MINE).expect(200);
    world.get(&bob, "/v2/preferences").expect(200);
    world.get("x", MINE).expect(401);
    let count = |query: &str| {
        let rows = control(&world, "GET", &format!("requests{query}"), Value::Null).expect(200);
        rows["requests"].as_array().expect("rows").len()
    };
    assert_eq!(
        (count(""), count("?path=*my_groups"), count("?identity=bob")),
        (4, 3, 2)
    );
    assert_eq!(
        (count("?status=401"), count("?method=post"), count("?last=3&status=200")),
        (1, 0, 3)
    );
    for bad in ["?identity=nobody", "?status=x", "?colour=red"] {
        control(&world, "GET", &format!("requests{bad}"), Value::Null).expect(400);
    }
}
