//! The grants of the token endpoint that people are behind.

use std::time::Duration;

use globus_emulator::seed;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde_json::{Value, json};

use crate::browser::{VERIFIER, fields};
use crate::http::{Answer, GROUPS, TRANSFER, World, basic};
use crate::login::request;

const NATIVE: &str = seed::NATIVE_CLIENT_ID;
const WEB: (&str, &str) = (seed::WEB_CLIENT_ID, seed::WEB_CLIENT_SECRET);
const RS: (&str, &str) = (seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET);

fn url(world: &World, changes: &[(&str, &str)]) -> String {
    format!(
        "{}{}",
        world.emulator.url().trim_end_matches('/'),
        request(world, changes)
    )
}

fn code(world: &World, changes: &[(&str, &str)]) -> String {
    let there = world.emulator.sign_in(&url(world, changes), "alice").expect("a login");
    there.code().expect("a code")
}

/// A form without other credentials than those in it.
fn form(world: &World, pairs: &[(&str, &str)]) -> Answer {
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    world.send("POST", "/v2/oauth2/token", &form_type, fields(pairs).as_bytes())
}

fn exchange(world: &World, code: &str, changes: &[(&str, &str)]) -> Answer {
    let redirect = format!("{}v2/web/auth-code", world.emulator.url());
    let mut pairs = vec![
        ("client_id", NATIVE),
        ("grant_type", "authorization_code"),
        ("code", code),
        ("code_verifier", VERIFIER),
        ("redirect_uri", redirect.as_str()),
    ];
    for &(name, value) in changes {
        pairs.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            pairs.push((name, value));
        }
    }
    form(world, &pairs)
}

fn refresh(world: &World, token: &str) -> Answer {
    form(
        world,
        &[
            ("refresh_token", token),
            ("grant_type", "refresh_token"),
            ("client_id", NATIVE),
        ],
    )
}

fn text(document: &Value) -> String {
    document
        .as_str()
        .unwrap_or_else(|| panic!("{document} is no text"))
        .to_owned()
}

/// The claims of an identity token, its signature and audience checked against the published key.
fn claims(world: &World, token: &Value, audience: &str) -> Value {
    let keys = world.send("GET", "/jwk.json", &[], b"").expect(200);
    let (n, e) = (text(&keys["keys"][0]["n"]), text(&keys["keys"][0]["e"]));
    let key = DecodingKey::from_rsa_components(&n, &e).expect("a key");
    let mut validation = Validation::new(Algorithm::RS512);
    validation.set_audience(&[audience]);
    validation.set_issuer(&[world.emulator.url().trim_end_matches('/')]);
    jsonwebtoken::decode::<Value>(&text(token), &key, &validation)
        .expect("a sound token")
        .claims
}

#[test]
fn a_code_becomes_tokens() {
    let world = World::new();
    let scope = format!("{GROUPS} {TRANSFER} openid email profile {GROUPS}");
    let changes = [
        ("scope", scope.as_str()),
        ("access_type", "offline"),
        ("nonce", "n-0S6"),
    ];
    let answer = exchange(&world, &code(&world, &changes), &[]);
    let document = answer.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(document["resource_server"], "auth.globus.org");
    assert_eq!(document["scope"], "openid email profile");
    assert_eq!(
        (&document["expires_in"], &document["token_type"]),
        (&json!(172_800), &json!("Bearer"))
    );
    assert_eq!(document["state"], "s t&a=te");
    let others = document["other_tokens"].as_array().expect("a list");
    let servers: Vec<&Value> = others.iter().map(|row| &row["resource_server"]).collect();
    assert_eq!(servers, ["groups.api.globus.org", "transfer.api.globus.org"]);
    assert!(
        others
            .iter()
            .all(|row| row["refresh_token"].is_string() && row.get("other_tokens").is_none())
    );
    world
        .get(&text(&others[0]["access_token"]), "/v2/groups/my_groups")
        .expect(200);

    let claims = claims(&world, &document["id_token"], NATIVE);
    assert_eq!(
        (&claims["sub"], &claims["nonce"]),
        (&json!(seed::ALICE), &json!("n-0S6"))
    );
    assert_eq!(claims["email"], "researcher@example.org");
    assert_eq!(claims["preferred_username"], "researcher@example.org");
    assert!(claims["last_authentication"].as_i64() <= claims["iat"].as_i64());
    assert_eq!(claims["identity_set"][1]["sub"], seed::ALICE_LINKED);
    let hash = <sha2::Sha512 as sha2::Digest>::digest(text(&document["access_token"]));
    let hash = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, &hash[..32]);
    assert_eq!(claims["at_hash"], hash);
    let info = world
        .get(&text(&document["access_token"]), "/v2/oauth2/userinfo")
        .expect(200);
    assert_eq!(info["last_authentication"], claims["last_authentication"]);
    // Fewer scopes, fewer claims; no openid, no identity token; online, no refresh token.
    let less = exchange(&world, &code(&world, &[("scope", "openid")]), &[]).expect(200);
    assert!(less.get("refresh_token").is_none());
    assert!(self::claims(&world, &less["id_token"], NATIVE).get("email").is_none());
    let none = exchange(&world, &code(&world, &[("state", "")]), &[]).expect(200);
    assert!(none.get("id_token").is_none() && none.get("state").is_none());
    let word = format!("{GROUPS} offline_access");
    let offline = exchange(&world, &code(&world, &[("scope", &word)]), &[]).expect(200);
    assert!(offline["refresh_token"].is_string() && offline["scope"] == GROUPS);
}

#[test]
fn a_code_is_good_once_for_the_one_who_asked() {
    let world = World::new();
    let good = code(&world, &[]);
    let elsewhere = format!("{}v2/web/other", world.emulator.url());
    let short = "x".repeat(42);
    let other = "x".repeat(43);
    for (changes, status, error) in [
        (&[("code", "")][..], 400, "invalid_request"),
        (&[("code", "nonsense")], 401, "invalid_grant"),
        (&[("redirect_uri", "")], 400, "invalid_request"),
        (&[("redirect_uri", elsewhere.as_str())], 401, "invalid_grant"),
        (&[("code_verifier", "")], 401, "invalid_grant"),
        (&[("code_verifier", short.as_str())], 401, "invalid_grant"),
        (&[("code_verifier", other.as_str())], 401, "invalid_grant"),
        (&[("client_id", "")], 400, "invalid_request"),
        (&[("client_id", seed::BROWSER_CLIENT_ID)], 401, "invalid_grant"),
        (&[("client_id", seed::WEB_CLIENT_ID)], 401, "invalid_client"),
    ] {
        exchange(&world, &good, changes).refused(status, error);
    }
    exchange(&world, &good, &[]).expect(200);
    assert_eq!(
        exchange(&world, &good, &[]).expect(401),
        json!({"error": "invalid_grant"})
    );
    let late = code(&world, &[]);
    world.emulator.advance(Duration::from_secs(601));
    exchange(&world, &late, &[]).refused(401, "invalid_grant");
}

#[test]
fn a_client_with_a_secret_may_do_without_pkce() {
    let world = World::new();
    let redirect = "http://localhost:8080/back?x=1";
    let plain = [
        ("client_id", WEB.0),
        ("redirect_uri", redirect),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
        ("scope", "openid"),
    ];
    let there = world.emulator.sign_in(&url(&world, &plain), "bob").expect("a login");
    assert!(
        there.redirect().starts_with("http://localhost:8080/back?x=1&code="),
        "{there:?}"
    );
    let good = there.code().expect("a code");
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", good.as_str()),
        ("redirect_uri", redirect),
    ];
    let with = |client: (&str, &str), pairs: &[(&str, &str)]| world.form(client, "/v2/oauth2/token", &fields(pairs));
    with((WEB.0, "wrong"), &pairs).refused(401, "invalid_client");
    with(RS, &pairs).refused(401, "invalid_grant");
    // A verifier to which there is no challenge: somebody took that away.
    let proved = [&pairs[..], &[("code_verifier", VERIFIER)]].concat();
    with(WEB, &proved).refused(401, "invalid_grant");
    let document = with(WEB, &pairs).expect(200);
    assert_eq!(claims(&world, &document["id_token"], WEB.0)["sub"], seed::BOB);
    // With PKCE the verifier is needed, secret or not.
    let mut changes = plain;
    changes[2].1 = crate::browser::CHALLENGE;
    changes[3].1 = "S256";
    let there = world.emulator.sign_in(&url(&world, &changes), "bob").expect("a login");
    let good = there.code().expect("a code");
    let pairs = [
        ("grant_type", "authorization_code"),
        ("code", good.as_str()),
        ("redirect_uri", redirect),
    ];
    with(WEB, &pairs).refused(401, "invalid_grant");
    with(WEB, &[&pairs[..], &[("code_verifier", VERIFIER)]].concat()).expect(200);
}

#[test]
fn a_refresh_token_gives_one_token_again_and_again() {
    let world = World::new();
    let scope = format!("openid {GROUPS}");
    let changes = [("scope", scope.as_str()), ("access_type", "offline")];
    let document = exchange(&world, &code(&world, &changes), &[]).expect(200);
    let token = text(&document["other_tokens"][0]["refresh_token"]);
    for _ in 0..2 {
        let document = refresh(&world, &token).expect(200);
        assert_eq!(
            (&document["scope"], &document["other_tokens"]),
            (&json!(GROUPS), &json!([]))
        );
        assert!(document.get("refresh_token").is_none() && document.get("id_token").is_none());
        world
            .get(&text(&document["access_token"]), "/v2/groups/my_groups")
            .expect(200);
    }
    let with = |pairs: &[(&str, &str)]| {
        let all = [&[("grant_type", "refresh_token")], pairs].concat();
        form(&world, &all)
    };
    with(&[("client_id", NATIVE)]).refused(400, "invalid_request");
    with(&[("refresh_token", &token)]).refused(400, "invalid_request");
    with(&[("refresh_token", &token), ("client_id", seed::BROWSER_CLIENT_ID)]).refused(401, "invalid_grant");
    with(&[("refresh_token", &token), ("client_id", NATIVE), ("scope", TRANSFER)]).refused(400, "invalid_scope");
    let access = text(&document["access_token"]);
    with(&[("refresh_token", &access), ("client_id", NATIVE)]).refused(401, "invalid_grant");
    world
        .form(
            WEB,
            "/v2/oauth2/token",
            &fields(&[("grant_type", "refresh_token"), ("refresh_token", &token)]),
        )
        .refused(401, "invalid_grant");
    // It is valid, and revoked, like any other token.
    let body = fields(&[("token", &token), ("client_id", NATIVE)]);
    let state = |path: &str| {
        let form_type = [("content-type", "application/x-www-form-urlencoded")];
        world.send("POST", path, &form_type, body.as_bytes()).expect(200)["active"] == json!(true)
    };
    assert!(state("/v2/oauth2/token/validate"));
    assert!(!state("/v2/oauth2/token/revoke"));
    assert!(!state("/v2/oauth2/token/validate"));
    refresh(&world, &token).refused(401, "invalid_grant");
    // Half a year without use ends it; use in between does not.
    let document = exchange(&world, &code(&world, &changes), &[]).expect(200);
    let token = text(&document["refresh_token"]);
    let months = |count: u64| Duration::from_secs(count * 30 * 24 * 3600);
    world.emulator.advance(months(5));
    refresh(&world, &token).expect(200);
    world.emulator.advance(months(5));
    refresh(&world, &token).expect(200);
    world.emulator.advance(months(7));
    refresh(&world, &token).refused(401, "invalid_grant");
}

#[test]
fn rotation_replaces_a_refresh_token() {
    let world = World::new();
    let fresh = || {
        let document = world.emulator.as_user("alice").tokens(&[GROUPS]).expect("tokens");
        text(&document["refresh_token"])
    };
    let rotates = |token: &str| {
        let document = refresh(&world, token).expect(200);
        document.get("refresh_token").map(text)
    };
    assert_eq!(rotates(&fresh()), None);
    world.emulator.rotate_refresh_tokens(true);
    let first = fresh();
    let second = rotates(&first).expect("another");
    refresh(&world, &first).refused(401, "invalid_grant");
    let third = rotates(&second).expect("another");
    world.emulator.rotate_refresh_tokens(false);
    assert_eq!(rotates(&third), None);
    // For one client only.
    let rotation = |client: &str, on: bool| {
        let body = json!({"client": client, "on": on}).to_string();
        world
            .send("POST", "/_emulator/tokens/rotation", &[], body.as_bytes())
            .expect(200)
    };
    rotation(seed::WEB_CLIENT_ID, true);
    assert_eq!(rotates(&third), None);
    rotation(NATIVE, true);
    assert!(rotates(&third).is_some());
    assert_eq!(rotation(NATIVE, false)["clients"], json!([seed::WEB_CLIENT_ID]));
}

#[test]
fn a_service_gets_tokens_for_what_lies_below() {
    let world = World::new();
    let own = format!("https://auth.globus.org/scopes/{}/all", seed::RESOURCE_SERVER_ID);
    let data = format!(
        "https://auth.globus.org/scopes/{}/data_access",
        seed::TUTORIAL_COLLECTION_1
    );
    let scope = format!("{own}[{TRANSFER}[*{data}] {GROUPS}]");
    let document = exchange(&world, &code(&world, &[("scope", &scope)]), &[]).expect(200);
    let token = text(&document["access_token"]);
    let dependent = |client, token: &str, more: &[(&str, &str)]| {
        let pairs = [
            ("grant_type", "urn:globus:auth:grant_type:dependent_token"),
            ("token", token),
        ];
        world.form(client, "/v2/oauth2/token", &fields(&[&pairs[..], more].concat()))
    };
    let all = dependent(RS, &token, &[]).expect(200);
    let rows = all.as_array().expect("a list");
    let servers: Vec<&Value> = rows.iter().map(|row| &row["resource_server"]).collect();
    assert_eq!(servers, ["transfer.api.globus.org", "groups.api.globus.org"]);
    assert!(
        rows.iter()
            .all(|row| row.get("other_tokens").is_none() && row.get("refresh_token").is_none())
    );
    // It is Alice to whom they belong.
    let mine = world
        .get(&text(&rows[1]["access_token"]), "/v2/groups/my_groups")
        .expect(200);
    assert!(
        mine.as_array()
            .is_some_and(|rows| rows.iter().any(|row| row["id"] == seed::GROUP_RESEARCH))
    );
    let some = dependent(RS, &token, &[("scope", GROUPS), ("access_type", "offline")]).expect(200);
    assert_eq!(some.as_array().map(Vec::len), Some(1));
    assert!(some[0]["refresh_token"].is_string());
    let missing = dependent(RS, &token, &[("scope", "openid")]).expect(403);
    assert_eq!(missing["error"], "dependent_consent_required");
    assert_eq!(missing["errors"][0]["unapproved_scopes"], json!(["openid"]));
    dependent(RS, &token, &[("scope", "nonsense")]).refused(400, "invalid_scope");
    dependent(RS, "nonsense", &[]).refused(401, "invalid_grant");
    dependent(WEB, &token, &[]).refused(401, "invalid_grant");
    dependent((RS.0, "wrong"), &token, &[]).refused(401, "invalid_client");
    // A token without anything below has nothing to give.
    let bare = world.user_token(seed::BOB, &own);
    assert_eq!(dependent(RS, &bare, &[]).expect(200), json!([]));
    world.emulator.expire_tokens();
    dependent(RS, &token, &[]).refused(401, "invalid_grant");
}

#[test]
fn a_template_gives_clients_that_have_secrets() {
    let world = World::new();
    let create = |headers: &[(&str, &str)], client: Value| {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let body = json!({"client": client}).to_string();
        world.send("POST", "/v2/api/clients", &headers, body.as_bytes())
    };
    let template = "95fdeba8-fac2-42bd-a357-e068d82ff78e";
    for template in [template, NATIVE] {
        let made = create(&[], json!({"template_id": template, "name": "Globus CLI"})).expect(201);
        let (id, secret) = (
            text(&made["included"]["client_credential"]["client"]),
            text(&made["included"]["client_credential"]["secret"]),
        );
        assert_eq!(
            (&made["client"]["id"], &made["client"]["parent_client"]),
            (&json!(id), &json!(template))
        );
        assert!(made["client"].get("secret").is_none());
        // It logs a person in on any port of this machine, and the template may end what it has.
        let changes = [
            ("client_id", id.as_str()),
            ("redirect_uri", "http://localhost:5555"),
            ("code_challenge", ""),
            ("code_challenge_method", ""),
        ];
        let good = code(&world, &changes);
        let pairs = [
            ("grant_type", "authorization_code"),
            ("code", good.as_str()),
            ("redirect_uri", "http://localhost:5555"),
        ];
        let document = world
            .form((&id, &secret), "/v2/oauth2/token", &fields(&pairs))
            .expect(200);
        let token = text(&document["access_token"]);
        world.get(&token, "/v2/groups/my_groups").expect(200);
        let body = fields(&[("token", &token), ("client_id", template)]);
        let form_type = [("content-type", "application/x-www-form-urlencoded")];
        world
            .send("POST", "/v2/oauth2/token/revoke", &form_type, body.as_bytes())
            .expect(200);
        world.get(&token, "/v2/groups/my_groups").refused(401, "INVALID_TOKEN");
    }
    let header = basic(WEB.0, WEB.1);
    let child = create(
        &[("authorization", &header)],
        json!({"name": "c", "public_client": true}),
    )
    .expect(201);
    assert_eq!(child["client"]["parent_client"], WEB.0);
    assert_eq!(
        (&child["client"]["public_client"], &child["included"]),
        (&json!(true), &json!({}))
    );
    create(&[("authorization", &header)], json!({"name": "c"})).refused(400, "BAD_REQUEST");
    create(&[("authorization", &header)], json!({"name": "c", "client_type": "x"})).refused(400, "BAD_REQUEST");
    create(&[], json!({"name": "c", "public_client": true})).refused(401, "UNAUTHORIZED");
    create(&[], json!({"template_id": template})).refused(400, "BAD_REQUEST");
    create(&[], json!({"template_id": WEB.0, "name": "c"})).refused(404, "NOT_FOUND");
    create(&[], json!({"template_id": 7, "name": "c"})).refused(400, "BAD_REQUEST");
    let bearer = format!("Bearer {}", world.user_token(seed::ALICE, "openid"));
    create(&[("authorization", &bearer)], json!({"name": "c"})).refused(403, "FORBIDDEN");
}

#[test]
fn a_client_proves_itself_in_one_way() {
    let world = World::new();
    let twice = format!(
        "grant_type=client_credentials&scope={GROUPS}&client_id={}&client_secret={}",
        RS.0, RS.1
    );
    world
        .form(RS, "/v2/oauth2/token", &twice)
        .refused(400, "invalid_request");
    let named = format!("grant_type=client_credentials&scope={GROUPS}&client_id={}", RS.0);
    world.form(RS, "/v2/oauth2/token", &named).expect(200);
}
