//! Trading codes for tokens.

use std::sync::Arc;

use globus_sdk::config::Config;
use globus_sdk::error::{Error, ErrorKind, LoginErrorKind};
use globus_sdk::services::auth::AuthorizationFlow;
use globus_sdk::transport::{Ambient, FixedRandom, ManualClock};
use globus_sdk::{AccessTokenAuthorizer, AnyClient, ConfidentialAppAuthClient, NativeAppAuthClient, blocking};
use serde_json::{Value, json};

use crate::scripted::{Scripted, json_answer};

const VERIFIER: &str = "vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv";

pub(crate) fn tokens() -> Value {
    json!({
        "access_token": "hush-access", "refresh_token": "hush-refresh", "scope": "openid", "expires_in": 172_800,
        "token_type": "Bearer", "resource_server": "auth.globus.org", "other_tokens": [], "state": "s"
    })
}

fn native(transport: &Arc<Scripted>) -> NativeAppAuthClient {
    NativeAppAuthClient::builder("the-client")
        .config(Config::default())
        .transport(transport.clone())
        .ambient(Ambient::new(ManualClock::at_unix(1_700_000_000), FixedRandom::new(0.0)))
        .build()
        .unwrap()
}

pub(crate) fn form(transport: &Scripted, index: usize) -> Vec<(String, String)> {
    url::form_urlencoded::parse(transport.requests()[index].body())
        .into_owned()
        .collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn started(client: &NativeAppAuthClient) -> AuthorizationFlow {
    client
        .oauth2_start_flow("openid")
        .verifier(VERIFIER)
        .state("s")
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_native_client_trades_a_code() {
    let transport = Scripted::json([tokens()]);
    let client = native(&transport);
    let flow = started(&client);
    let by_flow = flow.exchange(&client, "code/é+ &=").await.unwrap();
    let by_client = client
        .oauth2_exchange_code_for_tokens(&flow, "code/é+ &=")
        .await
        .unwrap();
    assert_eq!(by_flow.tokens()[0].expires_at_seconds, 1_700_172_800);
    assert_eq!(by_client.state(), Some("s"));
    let wanted = pairs(&[
        ("client_id", "the-client"),
        ("grant_type", "authorization_code"),
        ("code", "code/é+ &="),
        ("code_verifier", VERIFIER),
        ("redirect_uri", "https://auth.globus.org/v2/web/auth-code"),
    ]);
    assert_eq!((form(&transport, 0), form(&transport, 1)), (wanted.clone(), wanted));
    assert!(transport.requests()[0].headers().get("authorization").is_none());
}

#[test]
fn a_confidential_client_trades_a_code_and_proves_the_login_too() {
    let transport = Scripted::json([tokens()]);
    let client = blocking::ConfidentialAppAuthClient::with_secret("the-client", "hush-secret")
        .config(Config::default())
        .transport(transport.clone())
        .build()
        .unwrap();
    let flow = client
        .oauth2_start_flow("https://app.example.org/cb", ["openid", "email"])
        .verifier(VERIFIER)
        .build()
        .unwrap();
    let redirect = format!("https://app.example.org/cb?code=hush-code&state={}", flow.state());
    flow.exchange_redirect(&client, &redirect).unwrap().send().unwrap();
    let wanted = pairs(&[
        ("grant_type", "authorization_code"),
        ("code", "hush-code"),
        ("code_verifier", VERIFIER),
        ("redirect_uri", "https://app.example.org/cb"),
    ]);
    assert_eq!(form(&transport, 0), wanted);
    let header = transport.requests()[0].headers()["authorization"].clone();
    assert!(header.to_str().unwrap().starts_with("Basic "));
}

#[tokio::test]
async fn what_belongs_to_another_login_is_refused_before_anything_is_sent() {
    let transport = Scripted::json([tokens()]);
    let client = native(&transport);
    let flow = started(&client);
    let refused = |redirect: &str| match flow.exchange_redirect(&client, redirect).unwrap_err() {
        Error::Login(error) => *error,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        refused("https://x/cb?code=hush-code&state=_default").kind(),
        LoginErrorKind::StateMismatch
    );
    assert_eq!(
        refused("https://x/cb?code=hush-code").kind(),
        LoginErrorKind::StateMismatch
    );
    assert_eq!(refused("?state=s").kind(), LoginErrorKind::NoCode);
    let denied = refused("?error=access_denied&error_description=No&state=s");
    assert_eq!(
        (denied.kind(), denied.code()),
        (LoginErrorKind::Refused, Some("access_denied"))
    );
    let error = Error::from(denied);
    let shown = serde_json::to_value(&error).unwrap();
    assert_eq!(
        (&shown["kind"], &shown["code"], &shown["why"]),
        (&json!("login"), &json!("access_denied"), &json!("refused"))
    );
    assert!(error.hint().is_some() && !error.is_retryable());
    assert!(transport.requests().is_empty());
}

#[tokio::test]
async fn a_used_code_is_a_clear_error() {
    let transport = Scripted::answers([json_answer(401, &json!({"error": "invalid_grant"}))]);
    let client = native(&transport);
    let flow = started(&client);
    let program = ConfidentialAppAuthClient::with_secret("the-client", "hush-secret")
        .config(Config::default())
        .transport(transport.clone())
        .build()
        .unwrap();
    let of_program = program.oauth2_start_flow("https://app.example.org/cb", "openid");
    let of_program = of_program.verifier(VERIFIER).build().unwrap();
    for error in [
        flow.exchange(&client, "hush-code").await.unwrap_err(),
        of_program.exchange(&program, "hush-code").await.unwrap_err(),
    ] {
        assert_eq!((error.code(), error.http_status()), (Some("invalid_grant"), Some(401)));
        assert!(error.hint().unwrap().contains("log in again"));
        let shown = format!("{error} {error:?} {}", serde_json::to_string(&error).unwrap());
        assert!(!shown.contains("hush") && !shown.contains(VERIFIER), "{shown}");
    }
    assert_eq!(transport.requests().len(), 2, "a code is never sent twice");
}

#[test]
fn the_id_of_a_client_is_text_or_a_uuid() {
    let text = "61338d24-54d5-408f-a10d-66c06b59f6d2";
    let id: uuid::Uuid = text.parse().unwrap();
    let native = [
        NativeAppAuthClient::builder(id),
        NativeAppAuthClient::builder(text),
        NativeAppAuthClient::builder(text.to_owned()),
    ];
    for builder in native {
        let client = builder.config(Config::default()).build().unwrap();
        assert_eq!(client.client_id(), text);
        assert_eq!(started(&client).client_id(), text);
    }
    for builder in [
        ConfidentialAppAuthClient::with_secret(id, "s"),
        ConfidentialAppAuthClient::with_secret(text, "s"),
    ] {
        let builder: globus_sdk::client::ClientBuilder<ConfidentialAppAuthClient> = builder;
        assert_eq!(builder.config(Config::default()).build().unwrap().client_id(), text);
    }
}

#[tokio::test]
async fn login_clients_have_their_own_credentials_and_take_no_others() {
    let other = || AccessTokenAuthorizer::new("hush-token");
    let native = NativeAppAuthClient::builder("c").config(Config::default());
    let program = ConfidentialAppAuthClient::with_secret("c", "hush-secret").config(Config::default());
    let by_name = AnyClient::builder("native_app_auth")
        .unwrap()
        .argument("client_id", "c");
    let by_name: globus_sdk::Result<AnyClient> = by_name.unwrap().config(Config::default()).authorizer(other()).build();
    for (error, why) in [
        (
            native.authorizer(other()).build().map(drop).unwrap_err(),
            "without a secret",
        ),
        (
            program.authorizer(other()).build().map(drop).unwrap_err(),
            "its own secret",
        ),
        (by_name.map(drop).unwrap_err(), "without a secret"),
    ] {
        assert_eq!(error.kind(), ErrorKind::Usage);
        let message = error.to_string();
        assert!(message.contains(why) && message.contains("`authorizer`"), "{error}");
    }
}

#[tokio::test]
async fn by_name_a_login_must_be_brought_along() {
    for client in ["auth_login", "native_app_auth", "confidential_app_auth"] {
        let transport = Scripted::json([tokens()]);
        let builder = AnyClient::builder(client).unwrap().argument("client_id", "c").unwrap();
        let client: AnyClient = builder
            .config(Config::default())
            .transport(transport.clone())
            .build()
            .unwrap();
        let error = client
            .call("oauth2_exchange_code_for_tokens", r#"{"auth_code": "hush-code"}"#)
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Usage);
        assert!(error.to_string().contains("oauth2_start_flow"), "{error}");
        assert!(transport.requests().is_empty());
        let flow = serde_json::to_value(started(&native(&transport))).unwrap();
        let params = json!({"flow": flow, "auth_code": "hush-code"}).to_string();
        client.call("oauth2_exchange_code_for_tokens", &params).await.unwrap();
        let broken = client.call(
            "oauth2_exchange_code_for_tokens",
            r#"{"flow": {"verifier": "hush"}, "auth_code": "c"}"#,
        );
        let error = broken.await.unwrap_err();
        assert!(!format!("{error:?}").contains("hush"));
        assert_eq!(transport.requests().len(), 1);
    }
}

#[tokio::test]
async fn builders_show_no_secret() {
    let transport = Scripted::json([tokens()]);
    let client = native(&transport);
    let flow = started(&client);
    let call = flow.exchange(&client, "quiet-code");
    let secret = ConfidentialAppAuthClient::new("c", "quiet-secret").unwrap();
    let shown = format!("{call:?} {secret:?}");
    assert!(!shown.contains("quiet") && !shown.contains(VERIFIER), "{shown}");
    let shown = format!("{:?}", call.await.unwrap());
    assert!(!shown.contains("hush"), "{shown}");
}
