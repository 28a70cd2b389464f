//! What services need: who calls, with what rights, and tokens to go on with.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use globus_emulator::seed::{ALICE, ALICE_LINKED, RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET};
use globus_emulator::{Emulator, Fault};
use globus_sdk::resource_server::{
    Authenticator, Caller, DependentTokenCache, IntrospectionCache, Refusal, Requirements,
};
use globus_sdk::scopes::{GroupsScopes, TransferScopes};
use globus_sdk::transport::{Ambient, Clock as _, ManualClock, SystemRandom};
use globus_sdk::{ConfidentialAppAuthClient, Config, Error, GroupsClient, TransferClient, gare};
use http::HeaderMap;
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

const NOW: u64 = 1_700_000_000;
const INTROSPECT: &str = "/v2/oauth2/token/introspect";
const TOKEN: &str = "/v2/oauth2/token";
const VIEW: &str = GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS;

fn scope(suffix: &str) -> String {
    format!("https://auth.globus.org/scopes/{RESOURCE_SERVER_ID}/{suffix}")
}

fn config(emulator: &Emulator) -> Config {
    let env = emulator.env();
    let lookup = move |name: &str| env.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    Config::from_lookup(lookup).unwrap()
}

fn client(emulator: &Emulator, clock: &ManualClock) -> ConfidentialAppAuthClient {
    ConfidentialAppAuthClient::with_secret(RESOURCE_SERVER_ID, RESOURCE_SERVER_SECRET)
        .config(config(emulator))
        .ambient(Ambient::new(clock.clone(), SystemRandom))
        .build()
        .unwrap()
}

fn scripted(transport: &Arc<Scripted>, clock: &ManualClock) -> ConfidentialAppAuthClient {
    ConfidentialAppAuthClient::with_secret("service", "secret")
        .transport(transport.clone())
        .ambient(Ambient::new(clock.clone(), SystemRandom))
        .build()
        .unwrap()
}

fn headers(token: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {token}").parse().unwrap());
    headers
}

fn count(emulator: &Emulator, path: &str) -> usize {
    emulator
        .requests()
        .iter()
        .filter(|request| request.path == path)
        .count()
}

fn active(more: &Value) -> Value {
    let mut document = json!({"active": true, "sub": ALICE, "username": "a@one.example", "aud": ["service"],
        "scope": "own", "client_id": "x", "exp": NOW + 1000});
    document
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    document
}

#[tokio::test]
async fn an_answer_is_kept_for_a_while_and_never_beyond_the_token() {
    let clock = ManualClock::at_unix(NOW);
    let answers = [
        active(&json!({})),
        active(&json!({"exp": NOW + 90})),
        json!({"active": false}),
        json!({"active": false}),
    ];
    let transport = Scripted::json(answers);
    let cache = IntrospectionCache::new(&scripted(&transport, &clock));
    let token = SecretString::from("a-token");
    let mut asked = Vec::new();
    // Kept for 60 seconds; then until the token ends; then, as a bad one, for 10.
    for (wait, good) in [
        (0, true),
        (59, true),
        (1, true),
        (29, true),
        (1, false),
        (9, false),
        (1, false),
    ] {
        clock.advance(Duration::from_secs(wait));
        assert_eq!(cache.introspect(&token).await.unwrap().active, good, "after {asked:?}");
        asked.push(transport.requests().len());
    }
    assert_eq!(asked, [1, 1, 2, 2, 3, 3, 4]);
    assert!(!format!("{cache:?}").contains("a-token"));
}

#[tokio::test]
async fn a_token_that_ends_meanwhile_is_not_active() {
    let clock = ManualClock::at_unix(NOW);
    // Auth's clock is behind: it calls a token active whose time is up.
    let transport = Scripted::json([active(&json!({"exp": NOW - 1}))]);
    let cache = IntrospectionCache::new(&scripted(&transport, &clock));
    assert!(!cache.introspect(&SecretString::from("t")).await.unwrap().active);
}

#[tokio::test]
async fn the_cache_is_bounded_and_bad_tokens_do_not_push_out_good_ones() {
    let clock = ManualClock::at_unix(NOW);
    let answers = std::iter::once(active(&json!({}))).chain([json!({"active": false})]);
    let transport = Scripted::json(answers);
    let cache = IntrospectionCache::new(&scripted(&transport, &clock)).with_capacity(10);
    let good = SecretString::from("good");
    cache.introspect(&good).await.unwrap();
    for number in 0..100 {
        let bad = SecretString::from(format!("bad-{number}"));
        assert!(!cache.introspect(&bad).await.unwrap().active);
        assert!(cache.len() <= 10, "{}", cache.len());
    }
    let before = transport.requests().len();
    assert!(cache.introspect(&good).await.unwrap().active);
    assert_eq!(transport.requests().len(), before, "the good one is still known");
}

#[tokio::test]
async fn failures_are_not_kept() {
    let clock = ManualClock::at_unix(NOW);
    let refused = json_answer(400, &json!({"error": "invalid_client"}));
    let fine = json_answer(200, &active(&json!({})));
    let transport = Scripted::answers([refused, fine]);
    let authenticator = Authenticator::new(&scripted(&transport, &clock), Requirements::scopes("own").unwrap());
    let refusal = authenticator.authenticate(&headers("t")).await.unwrap_err();
    assert_eq!((refusal.status().as_u16(), refusal.www_authenticate()), (500, None));
    authenticator.authenticate(&headers("t")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_many_requests_come_auth_is_asked_once() {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::new(SystemTime::now());
    let scope = scope("all");
    let with_groups = format!("{scope}[{VIEW}]");
    let token = emulator.mint_token(ALICE, &[&with_groups]).unwrap();
    let service = client(&emulator, &clock);
    let authenticator = Authenticator::new(&service, Requirements::scopes(scope).unwrap());
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let (authenticator, token) = (authenticator.clone(), token.clone());
            tokio::spawn(async move {
                let caller = authenticator.authenticate(&headers(&token)).await.unwrap();
                caller
                    .dependent_token(VIEW)
                    .await
                    .unwrap()
                    .expose_access_token()
                    .to_owned()
            })
        })
        .collect();
    let mut got = Vec::new();
    for task in tasks {
        got.push(task.await.unwrap());
    }
    got.dedup();
    assert_eq!(
        (got.len(), count(&emulator, INTROSPECT), count(&emulator, TOKEN)),
        (1, 1, 1)
    );
}

async fn refused(authenticator: &Authenticator, headers: &HeaderMap) -> Refusal {
    authenticator.authenticate(headers).await.unwrap_err()
}

#[tokio::test]
async fn only_a_good_token_of_this_service_is_let_through() {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::new(SystemTime::now());
    let (scope, read) = (scope("all"), scope("read"));
    let required = format!("{scope}[{VIEW}]");
    let authenticator = Authenticator::new(&client(&emulator, &clock), Requirements::scopes(&required).unwrap());

    let mut several = headers("one");
    several.append("authorization", "Bearer two".parse().unwrap());
    let mut basic = HeaderMap::new();
    basic.insert("authorization", "Basic Zm9v".parse().unwrap());
    for bad in [
        HeaderMap::new(),
        several,
        basic,
        headers(""),
        headers("sp ace"),
        headers("qu\"ote"),
    ] {
        let refusal = refused(&authenticator, &bad).await;
        assert_eq!(
            (refusal.status().as_u16(), refusal.www_authenticate()),
            (401, Some("Bearer")),
            "{bad:?}"
        );
    }
    assert!(emulator.requests().is_empty(), "what is no token is not asked about");

    let refusal = refused(&authenticator, &headers("unknown")).await;
    assert_eq!(refusal.status(), 401);
    assert!(
        refusal
            .www_authenticate()
            .unwrap()
            .starts_with("Bearer error=\"invalid_token\"")
    );
    assert!(!gare::is_gare(&refusal.document()));

    // One for another service is none here.
    let other = emulator.mint_token(ALICE, &[GroupsScopes::ALL]).unwrap();
    assert_eq!(refused(&authenticator, &headers(&other)).await.status(), 401);

    let token = emulator.mint_token(ALICE, &[&read]).unwrap();
    let refusal = refused(&authenticator, &headers(&token)).await;
    let response: http::Response<bytes::Bytes> = refusal.into_response();
    assert_eq!(response.status(), 403);
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("error=\"insufficient_scope\"") && challenge.contains(&format!("scope=\"{scope}\"")));
    let document: Value = serde_json::from_slice(response.body()).unwrap();
    let demand = gare::to_gare(&document).unwrap();
    assert_eq!(demand.code, "ConsentRequired");
    assert_eq!(demand.authorization_parameters.required_scopes, Some(vec![required]));

    let token = emulator.mint_token(ALICE, &[&scope]).unwrap();
    let caller = authenticator.authenticate(&headers(&token)).await.unwrap();
    assert_eq!(caller.identity_id().as_str(), ALICE);
    assert_eq!(caller.username(), Some("researcher@example.org"));
    assert!(caller.has_identity(ALICE_LINKED) && caller.has_scope(&scope) && !caller.has_scope(&read));
    assert!(caller.expires_at().unwrap() > clock.now());
    assert!(!format!("{caller:?} {authenticator:?}").contains(&token));
}

#[tokio::test]
async fn a_token_of_the_client_for_another_service_is_not_for_this_one() {
    let clock = ManualClock::at_unix(NOW);
    let transport = Scripted::json([active(&json!({"aud": ["groups.api.globus.org"]}))]);
    let authenticator = Authenticator::new(&scripted(&transport, &clock), Requirements::scopes("own").unwrap());
    let refusal = refused(&authenticator, &headers("t")).await;
    assert_eq!(refusal.status(), 401);
    let named = authenticator.with_audience(["groups.api.globus.org"]);
    assert!(named.authenticate(&headers("t")).await.is_ok());
}

/// What sessions do and do not fulfil.
#[tokio::test]
async fn sessions_are_checked() {
    let at = |name: &str, age: u64, amr: Value| {
        json!({"session_info": {"authentications": {name: {"auth_time": NOW - age, "amr": amr}}},
            "identity_set_detail": [{"sub": ALICE, "username": "a@one.example"}, {"sub": "b", "username": "B@two.example"}]})
    };
    let base = || Requirements::scopes("own").unwrap();
    let hour = Duration::from_secs(3600);
    let none = json!({"session_info": {"authentications": {}}});
    for (requirements, token, lacks) in [
        (base(), none.clone(), None),
        (base().with_mfa(), none.clone(), Some("session_required_mfa")),
        (
            base().with_mfa(),
            at(ALICE, 0, Value::Null),
            Some("session_required_mfa"),
        ),
        (base().with_mfa(), at(ALICE, 0, json!(["pwd", "mfa"])), None),
        (
            base().with_mfa().with_max_age(hour),
            at(ALICE, 3600, json!(["mfa"])),
            Some("prompt"),
        ),
        (
            base().with_mfa().with_max_age(hour),
            at(ALICE, 3599, json!(["mfa"])),
            None,
        ),
        (base().with_max_age(hour), none.clone(), Some("prompt")),
        (
            base().with_identities(["b"]).unwrap(),
            at(ALICE, 0, Value::Null),
            Some("session_required_identities"),
        ),
        (
            base().with_identities(["b@two.example"]).unwrap(),
            at("b", 0, Value::Null),
            None,
        ),
        (
            base().with_domains(["two.example"]).unwrap(),
            at(ALICE, 0, Value::Null),
            Some("session_required_single_domain"),
        ),
        (
            base().with_domains(["x.example", "TWO.example"]).unwrap(),
            at("b", 0, Value::Null),
            None,
        ),
        (
            base().with_domains(["two.example"]).unwrap(),
            none,
            Some("session_required_single_domain"),
        ),
    ] {
        let clock = ManualClock::at_unix(NOW);
        let transport = Scripted::json([active(&token)]);
        let what = format!("{requirements:?} {token}");
        let authenticator = Authenticator::new(&scripted(&transport, &clock), requirements);
        let outcome = authenticator.authenticate(&headers("t")).await;
        match (lacks, outcome) {
            (None, outcome) => drop(outcome.expect(&what)),
            (Some(member), outcome) => {
                let refusal = outcome.expect_err(&what);
                assert_eq!(
                    (refusal.status().as_u16(), refusal.code()),
                    (403, "AuthorizationRequired"),
                    "{what}"
                );
                let document = refusal.document();
                assert!(gare::is_gare(&document), "{document}");
                assert!(
                    document["authorization_parameters"].get(member).is_some(),
                    "{what}: {document}"
                );
                // Tokens of the login that follows must have the scopes, too.
                assert_eq!(document["authorization_parameters"]["required_scopes"], json!(["own"]));
                assert!(document.get("required_scopes").is_none());
            }
        }
    }
}

const POLICIES: [&str; 2] = [
    "BBBBBBBB-bbbb-4bbb-8bbb-bbbbbbbbbbbb",
    "aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa",
];

#[tokio::test]
async fn policies_are_evaluated_by_auth() {
    let [b, a] = POLICIES.map(str::to_lowercase);
    let evaluated = |one: Value, other: Value| json!({"policy_evaluations": {a.as_str(): {"evaluation": one}, b.as_str(): {"evaluation": other}}});
    for (token, status) in [
        (evaluated(json!(true), json!(true)), 200),
        (evaluated(json!(true), json!(false)), 403),
        // Neither: what Auth does not evaluate lets nobody in, and no login helps.
        (evaluated(json!(true), Value::Null), 500),
        (json!({"policy_evaluations": {a.as_str(): {"evaluation": true}}}), 500),
        (json!({}), 500),
    ] {
        let transport = Scripted::json([active(&token)]);
        let requirements = Requirements::scopes("own").unwrap().with_policies(POLICIES).unwrap();
        let clock = ManualClock::at_unix(NOW);
        let authenticator = Authenticator::new(&scripted(&transport, &clock), requirements);
        let outcome = authenticator.authenticate(&headers("t")).await;
        let form = String::from_utf8(transport.requests()[0].body().to_vec()).unwrap();
        assert!(form.contains(&format!("authentication_policies={a}%2C{b}")), "{form}");
        let Err(refusal) = outcome else {
            assert_eq!(status, 200, "{token}");
            continue;
        };
        let document = refusal.document();
        assert_eq!(
            (refusal.status().as_u16(), gare::is_gare(&document)),
            (status, status == 403),
            "{token}"
        );
        if status == 403 {
            let parameters = &document["authorization_parameters"];
            assert_eq!(parameters["session_required_policies"], json!([a, b]));
            assert_eq!(parameters["required_scopes"], json!(["own"]));
            let challenge = refusal.www_authenticate().unwrap();
            assert!(challenge.contains("insufficient_user_authentication"), "{challenge}");
        }
    }
    let bad = Requirements::scopes("own").unwrap().with_policies(["mfa"]).unwrap_err();
    assert!(bad.to_string().contains("policy_ids[0]"), "{bad}");
}

/// A list from a setting that is not set does not open the door.
#[test]
fn a_requirement_of_nothing_is_refused() {
    let base = || Requirements::scopes("own").unwrap();
    let nothing: [&str; 0] = [];
    for (tried, names) in [
        (base().with_policies(nothing), "no policies"),
        (base().with_domains(nothing), "no domains"),
        (base().with_identities(nothing), "no identities"),
    ] {
        let error = tried.unwrap_err();
        assert_eq!(error.kind(), globus_sdk::error::ErrorKind::Usage);
        assert!(error.to_string().contains(names), "{error}");
    }
}

#[tokio::test]
async fn what_is_remembered_of_a_token_is_for_the_policies_asked_of() {
    let clock = ManualClock::at_unix(NOW);
    let policy = POLICIES[1];
    let evaluated = |met: bool| active(&json!({"policy_evaluations": {policy: {"evaluation": met}}}));
    let transport = Scripted::json([active(&json!({})), evaluated(false), evaluated(true)]);
    let usual = Authenticator::new(&scripted(&transport, &clock), Requirements::scopes("own").unwrap());
    let lawful = Requirements::scopes("own").unwrap().with_policies(policy).unwrap();
    let lawful = usual.with_requirements(lawful);
    let mut asked = Vec::new();
    // One that is not met is asked about again after 10 seconds, in which a login may have mended it.
    for (wait, met) in [(0, false), (9, false), (1, true), (59, true)] {
        clock.advance(Duration::from_secs(wait));
        usual.authenticate(&headers("t")).await.unwrap();
        assert_eq!(lawful.authenticate(&headers("t")).await.is_ok(), met, "{asked:?}");
        asked.push(transport.requests().len());
    }
    // In the end, the answer without policies is a minute old.
    assert_eq!(asked, [2, 2, 3, 4]);
}

#[tokio::test]
async fn one_answer_says_all_that_lacks() {
    let clock = ManualClock::at_unix(NOW);
    let transport = Scripted::json([active(&json!({"scope": "other"}))]);
    let requirements = Requirements::scopes("own")
        .unwrap()
        .with_mfa()
        .with_message("Please \"do\"");
    let authenticator = Authenticator::new(&scripted(&transport, &clock), requirements);
    let document = refused(&authenticator, &headers("t")).await.document();
    let parameters = &document["authorization_parameters"];
    assert_eq!(parameters["required_scopes"], json!(["own"]));
    assert_eq!(
        (&parameters["session_required_mfa"], &parameters["session_message"]),
        (&json!(true), &json!("Please \"do\""))
    );
    assert!(matches!(
        Requirements::scopes(""),
        Err(Error::Usage(_) | Error::Scope(_))
    ));
}

async fn caller(emulator: &Emulator, authenticator: &Authenticator, scopes: &str) -> Caller {
    let token = emulator.mint_token(ALICE, &[scopes]).unwrap();
    authenticator.authenticate(&headers(&token)).await.unwrap()
}

#[tokio::test]
async fn dependent_tokens_act_for_the_caller_and_are_renewed() {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::new(SystemTime::now());
    let service = client(&emulator, &clock);
    let authenticator = Authenticator::new(&service, Requirements::scopes(scope("all")).unwrap());
    let caller = caller(&emulator, &authenticator, &format!("{}[{VIEW}]", scope("all"))).await;
    let groups = GroupsClient::builder()
        .config(config(&emulator))
        .authorizer(caller.authorizer(VIEW).unwrap())
        .build()
        .unwrap();
    assert!(
        groups
            .get_my_groups()
            .await
            .unwrap()
            .iter()
            .any(|group| group.name.is_some())
    );
    groups.get_my_groups().await.unwrap();
    assert_eq!(count(&emulator, TOKEN), 1);

    // Refused once, the token is got anew.
    emulator.inject(Fault::status(401).path("/v2/groups/my_groups"));
    groups.get_my_groups().await.unwrap();
    assert_eq!(count(&emulator, TOKEN), 2);

    // Without refresh tokens nothing goes on when the caller's own token has ended.
    emulator.advance(Duration::from_secs(3 * 24 * 3600));
    clock.advance(Duration::from_secs(3 * 24 * 3600));
    assert!(groups.get_my_groups().await.is_err());
}

#[tokio::test]
async fn refresh_tokens_outlast_the_callers_own() {
    let emulator = Emulator::start().await.unwrap();
    emulator.rotate_refresh_tokens(true);
    let clock = ManualClock::new(SystemTime::now());
    let service = client(&emulator, &clock);
    let authenticator = Authenticator::new(&service, Requirements::scopes(scope("all")).unwrap())
        .with_dependent_tokens(DependentTokenCache::new(&service).with_refresh_tokens(true));
    let caller = caller(&emulator, &authenticator, &format!("{}[{VIEW}]", scope("all"))).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        let token = caller.dependent_token(VIEW).await.unwrap();
        seen.push(token.expose_access_token().to_owned());
        let groups = GroupsClient::builder()
            .config(config(&emulator))
            .authorizer(caller.authorizer(VIEW).unwrap());
        groups.build().unwrap().get_my_groups().await.unwrap();
        for _ in 0..2 {
            // Longer than a token, shorter than a refresh token.
            emulator.advance(Duration::from_secs(2 * 24 * 3600));
            clock.advance(Duration::from_secs(2 * 24 * 3600));
        }
    }
    seen.dedup();
    assert_eq!(seen.len(), 3);
}

#[tokio::test]
async fn refresh_tokens_are_not_thrown_away_with_what_has_ended() {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::new(SystemTime::now());
    let service = client(&emulator, &clock);
    let tokens = DependentTokenCache::new(&service)
        .with_refresh_tokens(true)
        .with_capacity(3);
    let authenticator =
        Authenticator::new(&service, Requirements::scopes(scope("all")).unwrap()).with_dependent_tokens(tokens);
    let scopes = format!("{}[{VIEW}]", scope("all"));
    let mut callers = Vec::new();
    for _ in 0..3 {
        let caller = caller(&emulator, &authenticator, &scopes).await;
        caller.dependent_token(VIEW).await.unwrap();
        callers.push(caller);
    }
    emulator.advance(Duration::from_secs(4 * 24 * 3600));
    clock.advance(Duration::from_secs(4 * 24 * 3600));
    // One more needs room: the one that was not asked for the longest goes, and no other.
    let last = caller(&emulator, &authenticator, &scopes).await;
    last.dependent_token(VIEW).await.unwrap();
    for still in &callers[1..] {
        still.dependent_token(VIEW).await.unwrap();
    }
    assert!(
        callers[0].dependent_token(VIEW).await.is_err(),
        "its own token has ended"
    );
}

#[tokio::test]
async fn what_services_downstream_want_becomes_an_answer_to_the_caller() {
    let emulator = Emulator::start().await.unwrap();
    let clock = ManualClock::new(SystemTime::now());
    let own = scope("all");
    let authenticator = Authenticator::new(&client(&emulator, &clock), Requirements::scopes(&own).unwrap());

    // Auth: there is no consent for Groups below this service's scope.
    let bare = caller(&emulator, &authenticator, &own).await;
    let error = bare.dependent_token(VIEW).await.unwrap_err();
    let refusal = bare.refusal(&error).unwrap();
    let wanted = |refusal: &Refusal| {
        refusal
            .gare()
            .unwrap()
            .authorization_parameters
            .required_scopes
            .clone()
            .unwrap()
    };
    assert_eq!(
        (refusal.status().as_u16(), wanted(&refusal)),
        (403, vec![format!("{own}[{VIEW}]")])
    );

    // Transfer: there is one for Transfer, and none for the data of the collection.
    let collection = globus_emulator::seed::TUTORIAL_COLLECTION_2;
    let through = caller(&emulator, &authenticator, &format!("{own}[{}]", TransferScopes::ALL)).await;
    let transfer = TransferClient::builder()
        .config(config(&emulator))
        .authorizer(through.authorizer(TransferScopes::ALL).unwrap())
        .build()
        .unwrap();
    let error = transfer.operation_ls(collection).await.unwrap_err();
    let [needed] = &wanted(&through.refusal(&error).unwrap())[..] else {
        panic!("one scope")
    };
    assert!(
        needed.starts_with(&format!("{own}[{}[", TransferScopes::ALL)) && needed.contains("data_access"),
        "{needed}"
    );

    // With that, it works.
    let full = caller(&emulator, &authenticator, needed).await;
    let transfer = TransferClient::builder()
        .config(config(&emulator))
        .authorizer(full.authorizer(TransferScopes::ALL).unwrap());
    transfer.build().unwrap().operation_ls(collection).await.unwrap();

    // What is no demand on the login is none of the caller's business.
    assert!(full.refusal(&Error::usage("something else")).is_none());
    let both = full.dependent_token([TransferScopes::ALL, VIEW]).await;
    assert!(both.is_err());
}
