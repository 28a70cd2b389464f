//! Tokens of programs, what they are worth, and who is who.

use std::time::Duration;

use globus_emulator::seed;
use serde_json::{Value, json};

use crate::http::{GROUPS, TRANSFER, World, basic};

const RS: (&str, &str) = (seed::RESOURCE_SERVER_ID, seed::RESOURCE_SERVER_SECRET);
const CLIENT: (&str, &str) = (seed::CLIENT_ID, seed::CLIENT_SECRET);

#[test]
fn a_program_gets_one_token_for_each_resource_server() {
    let world = World::new();
    let scope = format!("{TRANSFER} openid {GROUPS} profile {GROUPS}[*{TRANSFER}]");
    let answer = world.tokens(&scope);
    let document = answer.expect(200);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(document["resource_server"], "auth.globus.org");
    assert_eq!(document["scope"], "openid profile");
    assert_eq!(document["expires_in"], 172_800);
    assert_eq!(document["token_type"], "Bearer");
    assert!(document.get("refresh_token").is_none() && document.get("id_token").is_none());
    let others = document["other_tokens"].as_array().expect("a list");
    let servers: Vec<&str> = others
        .iter()
        .filter_map(|row| row["resource_server"].as_str())
        .collect();
    assert_eq!(servers, ["transfer.api.globus.org", "groups.api.globus.org"]);
    assert_eq!(others[1]["scope"], GROUPS);
    assert!(others.iter().all(|row| row.get("other_tokens").is_none()));
    assert_eq!(world.tokens(TRANSFER).expect(200)["other_tokens"], json!([]));
}

#[test]
fn credentials_may_stand_in_the_form() {
    let world = World::new();
    let form_type = [("content-type", "application/x-www-form-urlencoded")];
    let secret = crate::http::url_encode(seed::CLIENT_SECRET);
    let body = format!(
        "grant_type=client_credentials&scope=openid&client_id={}&client_secret={secret}",
        seed::CLIENT_ID
    );
    world
        .send("POST", "/v2/oauth2/token", &form_type, body.as_bytes())
        .expect(200);
    let wrong = body.replace(&secret, "no");
    world
        .send("POST", "/v2/oauth2/token", &form_type, wrong.as_bytes())
        .refused(401, "invalid_client");
}

#[test]
fn bad_grants_are_refused() {
    let world = World::new();
    let token = |client, form: &str| world.form(client, "/v2/oauth2/token", form);
    token((seed::CLIENT_ID, "wrong"), "grant_type=client_credentials&scope=openid").refused(401, "invalid_client");
    token(("nobody", "wrong"), "grant_type=client_credentials&scope=openid").refused(401, "invalid_client");
    token(CLIENT, "grant_type=client_credentials&scope=nonsense").refused(400, "invalid_scope");
    token(CLIENT, "grant_type=client_credentials&scope=openid%5Bnonsense%5D").refused(400, "invalid_scope");
    token(CLIENT, "grant_type=client_credentials&scope=openid%5B").refused(400, "invalid_scope");
    token(CLIENT, "grant_type=client_credentials").refused(400, "invalid_request");
    token(CLIENT, "grant_type=client_credentials&scope=+").refused(400, "invalid_request");
    token(CLIENT, "scope=openid").refused(400, "invalid_request");
    token(CLIENT, "grant_type=password&scope=openid").refused(400, "unsupported_grant_type");
    token(CLIENT, "grant_type=refresh_token&refresh_token=x").refused(401, "invalid_grant");
    let form_type = ("content-type", "application/x-www-form-urlencoded");
    let public = format!(
        "grant_type=client_credentials&scope=openid&client_id={}",
        seed::NATIVE_CLIENT_ID
    );
    world
        .send("POST", "/v2/oauth2/token", &[form_type], public.as_bytes())
        .refused(400, "unauthorized_client");
    let nobody = b"grant_type=client_credentials&scope=openid";
    world
        .send("POST", "/v2/oauth2/token", &[form_type], nobody)
        .refused(401, "UNAUTHORIZED");
    // A guest collection and one of high assurance have no data_access scope.
    let guest = format!(
        "grant_type=client_credentials&scope=https%3A%2F%2Fauth.globus.org%2Fscopes%2F{}%2Fdata_access",
        seed::CLIENT_GUEST_COLLECTION
    );
    token(CLIENT, &guest).refused(400, "invalid_scope");
    token(
        CLIENT,
        &guest.replace(seed::CLIENT_GUEST_COLLECTION, seed::TUTORIAL_COLLECTION_1),
    )
    .expect(200);
}

/// What services ask for: which policies the session behind a token meets.
#[test]
fn introspection_evaluates_policies() {
    let world = World::new();
    let mut seen = Vec::new();
    let mut evaluate = |token: &str, policies: &str| {
        let form = format!("token={token}&authentication_policies={policies}");
        let document = world.form(RS, "/v2/oauth2/token/introspect", &form).expect(200);
        seen.push(document["policy_evaluations"].clone());
        document["policy_evaluations"][seed::POLICY]["evaluation"].clone()
    };
    let own = format!("https://auth.globus.org/scopes/{}/all", seed::RESOURCE_SERVER_ID);
    let token = |who: &str| world.emulator.mint_token(who, &[&own]).expect("a token");
    let (alice, linked, program) = (
        token(seed::ALICE),
        token(seed::ALICE_LINKED),
        token(seed::RESOURCE_SERVER_ID),
    );
    let unknown = "00000000-0000-4000-8000-000000000000";
    let list = format!("{},{unknown},nonsense", seed::POLICY.to_uppercase());
    assert_eq!(evaluate(&alice, &list), true, "of the domain, a moment ago");
    assert_eq!(evaluate(&linked, &list), false, "of another domain");
    assert_eq!(evaluate(&program, &list), false, "without a session");
    world.emulator.advance(Duration::from_secs(1801));
    assert_eq!(evaluate(&alice, seed::POLICY), false, "too long ago");
    assert_eq!(evaluate(&alice, ""), Value::Null);
    assert_eq!(
        seen[0],
        json!({seed::POLICY: {"evaluation": true}, unknown: {"evaluation": false}}),
        "each under its id, and nothing of what is none"
    );
}

#[test]
fn tokens_are_introspected_by_whom_they_concern() {
    let world = World::new();
    let token = world.client_token(GROUPS);
    let form = format!("token={token}&include=session_info%2Cidentity_set%2Cidentity_set_detail");
    let document = world.form(CLIENT, "/v2/oauth2/token/introspect", &form).expect(200);
    assert_eq!(document["active"], true);
    assert_eq!(document["scope"], GROUPS);
    assert_eq!(document["sub"], seed::CLIENT_ID);
    assert_eq!(
        document["username"],
        format!("{}@clients.auth.globus.org", seed::CLIENT_ID)
    );
    assert_eq!(
        document["exp"]
            .as_i64()
            .zip(document["iat"].as_i64())
            .map(|(exp, iat)| exp - iat),
        Some(172_800)
    );
    assert_eq!(document["session_info"]["authentications"], json!({}));
    assert_eq!(document["identity_set"], json!([seed::CLIENT_ID]));
    assert_eq!(document["identity_set_detail"][0]["sub"], seed::CLIENT_ID);
    // Another client learns nothing.
    assert_eq!(
        world.form(RS, "/v2/oauth2/token/introspect", &form).expect(200),
        json!({"active": false})
    );
    // The resource server learns of the tokens that are for it.
    let mine = format!("https://auth.globus.org/scopes/{}/all", seed::RESOURCE_SERVER_ID);
    let alices = world.user_token("researcher@example.org", &mine);
    let document = world
        .form(RS, "/v2/oauth2/token/introspect", &format!("token={alices}"))
        .expect(200);
    assert_eq!(
        (document["active"].as_bool(), &document["username"]),
        (Some(true), &json!("researcher@example.org"))
    );
    assert!(document.get("identity_set").is_none());
    assert_eq!(
        world.form(RS, "/v2/oauth2/token/introspect", "token=x").expect(200),
        json!({"active": false})
    );
    world
        .form(RS, "/v2/oauth2/token/introspect", "")
        .refused(400, "invalid_request");
    world
        .form((RS.0, "no"), "/v2/oauth2/token/introspect", "token=x")
        .refused(401, "invalid_client");
    world
        .send("POST", "/v2/oauth2/token/introspect", &[], b"")
        .refused(401, "UNAUTHORIZED");
}

#[test]
fn revoked_and_expired_tokens_are_worth_nothing() {
    let world = World::new();
    let inactive = json!({"active": false});
    let first = world.client_token(GROUPS);
    let form = format!("token={first}");
    // Nobody else revokes it, though they are told that it is done.
    assert_eq!(world.form(RS, "/v2/oauth2/token/revoke", &form).expect(200), inactive);
    world.get(&first, "/v2/groups/my_groups").expect(200);
    assert_eq!(
        world.form(CLIENT, "/v2/oauth2/token/validate", &form).expect(200),
        json!({"active": true})
    );
    assert_eq!(
        world.form(CLIENT, "/v2/oauth2/token/revoke", &form).expect(200),
        inactive
    );
    assert_eq!(
        world.form(CLIENT, "/v2/oauth2/token/revoke", &form).expect(200),
        inactive
    );
    assert_eq!(
        world.form(CLIENT, "/v2/oauth2/token/validate", &form).expect(200),
        inactive
    );
    assert_eq!(
        world.form(CLIENT, "/v2/oauth2/token/introspect", &form).expect(200),
        inactive
    );
    world.get(&first, "/v2/groups/my_groups").refused(401, "INVALID_TOKEN");
    // A body without a token, from a public client.
    let only_client = format!("client_id={}", seed::NATIVE_CLIENT_ID);
    let form_type = ("content-type", "application/x-www-form-urlencoded");
    let answer = world.send("POST", "/v2/oauth2/token/revoke", &[form_type], only_client.as_bytes());
    assert_eq!(answer.expect(200), inactive);

    let second = world.client_token(GROUPS);
    let transfer = world.client_token(TRANSFER);
    let auth = world.client_token("openid");
    world.emulator.advance(Duration::from_secs(172_799));
    world.get(&second, "/v2/groups/my_groups").expect(200);
    world.emulator.advance(Duration::from_secs(2));
    world.get(&second, "/v2/groups/my_groups").refused(401, "INVALID_TOKEN");
    world
        .get(&transfer, "/v0.10/endpoint_search")
        .refused(401, "ClientError.AuthenticationFailed");
    world.get(&auth, "/v2/oauth2/userinfo").refused(401, "UNAUTHORIZED");
    assert_eq!(
        world
            .form(CLIENT, "/v2/oauth2/token/introspect", &format!("token={second}"))
            .expect(200),
        inactive
    );
}

#[test]
fn userinfo_tells_by_scope() {
    let world = World::new();
    let all = world
        .emulator
        .mint_token(seed::ALICE, &["openid", "profile", "email"])
        .expect("a token");
    let claims = world.get(&all, "/v2/oauth2/userinfo").expect(200);
    assert_eq!(claims["sub"], seed::ALICE);
    assert_eq!(claims["preferred_username"], "researcher@example.org");
    assert_eq!(claims["email"], "researcher@example.org");
    let set: Vec<&Value> = claims["identity_set"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| &row["sub"])
        .collect();
    assert_eq!(set, [seed::ALICE, seed::ALICE_LINKED]);
    let less = world.user_token(seed::ALICE, "openid");
    // OpenID Connect Core 1.0, section 5.3.1: both methods.
    assert_eq!(
        world.call(&all, "POST", "/v2/oauth2/userinfo", None).expect(200),
        claims
    );
    let claims = world.get(&less, "/v2/oauth2/userinfo").expect(200);
    assert!(claims.get("email").is_none() && claims.get("name").is_none());
    let without = world.user_token(seed::ALICE, "email");
    world.get(&without, "/v2/oauth2/userinfo").refused(403, "FORBIDDEN");
    // A token for another service is none for Auth.
    world
        .get(&world.client_token(GROUPS), "/v2/oauth2/userinfo")
        .refused(401, "UNAUTHORIZED");
    world
        .send("GET", "/v2/oauth2/userinfo", &[], b"")
        .refused(401, "UNAUTHORIZED");
}

#[test]
fn metadata_and_keys_fit_together() {
    let world = World::new();
    let document = world
        .send("GET", "/.well-known/openid-configuration", &[], b"")
        .expect(200);
    let url = world.emulator.url();
    assert_eq!(document["issuer"], url.trim_end_matches('/'));
    assert_eq!(document["jwks_uri"], format!("{url}jwk.json"));
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS512"]));
    // Clients send their Basic header here too.
    let header = basic("any", "thing");
    let keys = world
        .send("GET", "/jwk.json", &[("authorization", &header)], b"")
        .expect(200);
    assert_eq!(keys["keys"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&keys["keys"][0]["kty"], &keys["keys"][0]["alg"]),
        (&json!("RSA"), &json!("RS512"))
    );
}

#[test]
fn identities_are_found_by_name_and_id() {
    let world = World::new();
    let token = world.client_token("openid");
    let names = |document: &Value| -> Vec<String> {
        let rows = document["identities"].as_array().expect("a list").iter();
        rows.map(|row| row["username"].as_str().expect("a name").to_owned())
            .collect()
    };
    let get = |query: &str| world.get(&token, &format!("/v2/api/identities?{query}"));
    let document =
        get("usernames=Researcher@Example.org,nobody@example.org,collaborator@example.org&provision=false").expect(200);
    assert_eq!(names(&document), ["researcher@example.org", "collaborator@example.org"]);
    let document = get(&format!(
        "ids={},{}&include=identity_provider",
        seed::ALICE,
        seed::ALICE_LINKED
    ))
    .expect(200);
    assert_eq!(names(&document), ["researcher@example.org", "researcher@globusid.org"]);
    assert_eq!(
        document["included"]["identity_providers"].as_array().map(Vec::len),
        Some(2)
    );
    let document = get("usernames=new@example.org&provision=true").expect(200);
    assert_eq!(document["identities"][0]["status"], "unused");
    let again = get("usernames=new@example.org&provision=false").expect(200);
    assert_eq!(again["identities"][0]["id"], document["identities"][0]["id"]);
    get("").refused(400, "BAD_REQUEST");
    get("ids=x").refused(400, "BAD_REQUEST");
    get(&format!("ids={}&usernames=a@b", seed::ALICE)).refused(400, "BAD_REQUEST");
    let one = world
        .get(&token, &format!("/v2/api/identities/{}", seed::BOB))
        .expect(200);
    assert_eq!(one["identity"]["username"], "collaborator@example.org");
    let header = basic(seed::CLIENT_ID, seed::CLIENT_SECRET);
    let path = format!("/v2/api/identities?ids={}", seed::BOB);
    world.send("GET", &path, &[("authorization", &header)], b"").expect(200);
    world.send("GET", &path, &[], b"").refused(401, "UNAUTHORIZED");
}

#[test]
fn consents_are_recorded_as_they_are_granted() {
    let world = World::new();
    let data = format!(
        "https://auth.globus.org/scopes/{}/data_access",
        seed::TUTORIAL_COLLECTION_1
    );
    world.tokens(&format!("{TRANSFER}[*{data}]")).expect(200);
    world.tokens(&format!("{TRANSFER}[*{data}]")).expect(200);
    let token = world.client_token("openid");
    let path = format!("/v2/api/identities/{}/consents?all=False", seed::CLIENT_ID);
    let rows = world.get(&token, &path).expect(200)["consents"]
        .as_array()
        .expect("a list")
        .clone();
    let names: Vec<&str> = rows.iter().filter_map(|row| row["scope_name"].as_str()).collect();
    assert_eq!(names, [TRANSFER, data.as_str(), "openid"]);
    assert_eq!(rows[1]["dependency_path"], json!([rows[0]["id"], rows[1]["id"]]));
    assert_eq!(rows[1]["atomically_revocable"], true);
    world
        .get(&token, &path.replace("False", "True"))
        .refused(403, "FORBIDDEN");
    world
        .get(&token, &format!("/v2/api/identities/{}/consents", seed::ALICE))
        .refused(403, "FORBIDDEN");
}

#[test]
fn a_minted_token_is_for_one_service() {
    let world = World::new();
    let transfer = format!(
        "urn:globus:auth:scope:transfer.api.globus.org:all[*https://auth.globus.org/scopes/{}/data_access]",
        seed::TUTORIAL_COLLECTION_2
    );
    let groups = "urn:globus:auth:scope:groups.api.globus.org:all";
    assert!(world.emulator.mint_token("alice", &[&transfer]).is_ok());
    for scopes in [&[transfer.as_str(), groups][..], &[&format!("{transfer} {groups}")]] {
        let refused = world.emulator.mint_token("alice", scopes).unwrap_err();
        assert_eq!(refused, globus_emulator::MintError::NotOneResourceServer);
    }
}
