//! The address of the login page, against the recorded cases.

use globus_sdk::config::Config;
use globus_sdk::error::{ErrorKind, Result};
use globus_sdk::scopes::{Scope, ScopeList};
use globus_sdk::services::auth::{AuthorizationFlow, AuthorizeUrl, StartFlow};
use globus_sdk::{ConfidentialAppAuthClient, NativeAppAuthClient};
use serde_json::Value;

use crate::support::{Rules, vectors};

const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";

/// Scopes as the vectors write them: text, a scope, or a list of either.
fn scopes(value: &Value) -> ScopeList {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    match value {
        Value::Array(items) => items.iter().map(text).collect(),
        Value::Object(entries) => [Scope::parse(&text(&entries["__scope__"])).unwrap()]
            .into_iter()
            .collect(),
        _ => [text(value)].into_iter().collect(),
    }
}

/// Sets what a vector's `start_flow` sets; a state and a verifier where it leaves them to chance.
fn settings(mut start: StartFlow, given: &Value) -> Result<AuthorizationFlow> {
    let text = |name: &str| given[name].as_str();
    start = start.state(text("state").unwrap_or("_default"));
    start = start.verifier(text("verifier").unwrap_or(VERIFIER));
    start = start.refresh_tokens(given["refresh_tokens"] == true);
    if let Some(uri) = text("redirect_uri") {
        start = start.redirect_uri(uri);
    }
    if let Some(name) = text("prefill_named_grant") {
        start = start.prefill_named_grant(name);
    }
    start.build()
}

pub(crate) fn start(vector: &Value) -> Result<AuthorizationFlow> {
    let construct = |index: usize| vector["construct"]["args"][index].as_str().unwrap();
    let (given, config) = (&vector["start_flow"], Config::default());
    macro_rules! built {
        ($builder:expr) => {{
            let mut builder = $builder.config(config);
            if let Some(environment) = vector["construct"]["kwargs"]["environment"].as_str() {
                builder = builder.environment(environment);
            }
            if let Some(url) = vector["construct"]["kwargs"]["base_url"].as_str() {
                builder = builder.base_url(url);
            }
            builder.build()?
        }};
    }
    match vector["client"].as_str().unwrap() {
        "NativeAppAuthClient" => {
            let client = built!(NativeAppAuthClient::builder(construct(0)));
            settings(client.oauth2_start_flow(scopes(&given["args"][0])), &given["kwargs"])
        }
        "ConfidentialAppAuthClient" => {
            let client = built!(ConfidentialAppAuthClient::with_secret(construct(0), construct(1)));
            let redirect_uri = given["args"][0].as_str().unwrap();
            settings(
                client.oauth2_start_flow(redirect_uri, scopes(&given["args"][1])),
                &given["kwargs"],
            )
        }
        other => panic!("unknown client {other}"),
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
        other => vec![other.as_str().unwrap().to_owned()],
    }
}

fn demands(mut url: AuthorizeUrl, kwargs: &Value) -> AuthorizeUrl {
    for (name, value) in kwargs.as_object().unwrap().iter().filter(|(_, value)| !value.is_null()) {
        let text = || value.as_str().unwrap();
        url = match name.as_str() {
            "session_required_identities" => url.session_required_identities(texts(value)),
            "session_required_single_domain" => url.session_required_single_domain(texts(value)),
            "session_required_policies" => url.session_required_policies(texts(value)),
            "session_required_mfa" => url.session_required_mfa(value == true),
            "session_message" => url.session_message(text()),
            "prompt" => url.prompt(text()),
            "query_params" => {
                for (name, value) in value.as_object().unwrap() {
                    url = match value {
                        Value::String(text) => url.query_param(name, text),
                        Value::Number(number) => url.query_param(name, number.to_string()),
                        Value::Bool(true) => url.query_param(name, "True"),
                        Value::Bool(false) => url.query_param(name, "False"),
                        // Not expressible: values are texts.
                        _ => url,
                    };
                }
                url
            }
            other => panic!("unknown argument {other}"),
        };
    }
    url
}

#[test]
fn recorded_cases() {
    let rules = Rules::load("authorize_url");
    for vector in vectors("authorize_url") {
        let expect = rules.find_all(&vector);
        if expect.contains(&"does-not-compile") {
            continue;
        }
        let flow = start(&vector);
        if vector["result"]["ok"] == false {
            let kind = flow.unwrap_err().kind();
            assert!(matches!(kind, ErrorKind::Usage | ErrorKind::Scope), "{vector}");
            continue;
        }
        let url = demands(flow.unwrap().authorize_url(), &vector["kwargs"]).to_string();
        let parsed = url::Url::parse(&url).unwrap();
        let mut found: Vec<(String, String)> = parsed.query_pairs().into_owned().collect();
        let recorded = vector["result"]["query"].as_array().unwrap();
        let mut wanted: Vec<(String, String)> = recorded
            .iter()
            .map(|pair| {
                (
                    pair[0].as_str().unwrap().to_owned(),
                    pair[1].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let order = |query: &mut Vec<(String, String)>, object: &Value| {
            // Entries of a map have no order here; the recorded one is that of the Python call.
            let free = |key: &str| object.get(key).is_some();
            let fixed = query.iter().position(|(key, _)| free(key)).unwrap_or(query.len());
            query[fixed..].sort();
        };
        order(&mut found, &vector["kwargs"]["query_params"]);
        order(&mut wanted, &vector["kwargs"]["query_params"]);
        for expect in &expect {
            match *expect {
                "portable-form" => wanted.retain(|(_, value)| value != "None" && !value.starts_with("['")),
                "as-the-standards-say" => {
                    let before = found.len();
                    found.retain(|(key, _)| !key.starts_with("code_challenge"));
                    assert_eq!(before - found.len(), 2, "{vector}");
                }
                other => panic!("unknown expectation {other}"),
            }
        }
        assert_eq!(found, wanted, "{vector}");
        let base = |url: &str| url.split('?').next().unwrap().to_owned();
        assert_eq!(base(&url), base(vector["result"]["url"].as_str().unwrap()), "{vector}");
        if expect.is_empty() && vector["kwargs"]["query_params"].is_null() {
            assert_eq!(url, vector["result"]["url"], "the spelling too");
        }
    }
    rules.assert_all_used();
}

#[test]
fn every_login_has_its_own_state_and_verifier() {
    let client = NativeAppAuthClient::builder("c")
        .config(Config::default())
        .build()
        .unwrap();
    let start = client.oauth2_start_flow("openid");
    let (one, other) = (start.clone().build().unwrap(), start.build().unwrap());
    assert_ne!(one.state(), other.state());
    assert!(one.state().len() >= 43);
    let verifier = |flow: &AuthorizationFlow| serde_json::to_value(flow).unwrap()["verifier"].clone();
    assert_ne!(verifier(&one), verifier(&other));
    let url = one.authorize_url().to_string();
    assert!(url.contains(&format!("state={}", one.state())));
    assert!(!url.contains(verifier(&one).as_str().unwrap()));
}

#[test]
fn a_login_survives_a_web_session() {
    let client = NativeAppAuthClient::builder("c")
        .config(Config::default())
        .build()
        .unwrap();
    let flow = client
        .oauth2_start_flow("openid")
        .refresh_tokens(true)
        .prefill_named_grant("me")
        .build()
        .unwrap();
    let kept = serde_json::to_string(&flow).unwrap();
    let back: AuthorizationFlow = serde_json::from_str(&kept).unwrap();
    assert_eq!(back.authorize_url().to_string(), flow.authorize_url().to_string());
    assert_eq!(serde_json::to_string(&back).unwrap(), kept);
    assert_eq!(
        client.oauth2_get_authorize_url(&back).to_string(),
        flow.authorize_url().to_string()
    );
    let verifier = serde_json::to_value(&flow).unwrap()["verifier"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = format!(
        "{flow:?} {:?} {:?}",
        flow.authorize_url(),
        client.oauth2_start_flow("openid")
    );
    assert!(!shown.contains(&verifier) && !shown.contains(flow.state()), "{shown}");
}

#[test]
fn what_a_service_demands_becomes_part_of_the_address() {
    let client = NativeAppAuthClient::builder("c")
        .config(Config::default())
        .build()
        .unwrap();
    let flow = client.oauth2_start_flow("openid").build().unwrap();
    let mut wanted = globus_sdk::error::AuthorizationParameters::default();
    wanted.session_required_policies = Some(vec!["p".to_owned(), "q".to_owned()]);
    wanted.session_required_mfa = Some(true);
    let url = flow.authorize_url().prompt("login").parameters(&wanted).to_string();
    assert!(
        url.ends_with("&session_required_policies=p%2Cq&session_required_mfa=True&prompt=login"),
        "{url}"
    );
}
