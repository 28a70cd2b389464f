//! The debug form of everything public that may hold a token, a secret, a code, a verifier or a state.

use globus_sdk::app::GlobusAppConfig;
use globus_sdk::authorizers::{AccessTokenAuthorizer, BasicAuthorizer};
use globus_sdk::client::ClientBuilder;
use globus_sdk::error::Error;
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::services::auth::{ClientCredentialsAuthorizer, IdTokenDecoder};
use globus_sdk::tokens::{OAuthTokenData, TokenGrant, TokenStorageData};
use globus_sdk::transport::HttpTransport;
use globus_sdk::{
    ClientApp, ConfidentialAppAuthClient, Config, GroupsClient, MemoryTokenStorage, NativeAppAuthClient,
    RefreshTokenAuthorizer, TokenStorage as _, UserApp,
};
use serde_json::json;

use super::Witness;
use crate::scripted::Scripted;

const TOKEN: &str = "hush-token/+";
const REFRESH: &str = "hush-refresh/+";
const ID_TOKEN: &str = "hush-id/+.token.signed";
const SECRET: &str = "hush-secret/+";
const CODE: &str = "hush-code/+";
const VERIFIER: &str = "hush-verifier-hush-verifier-hush-verifier-hush";
const STATE: &str = "hush-state/+";
const PASSWORD: &str = "hush-proxy/+";

fn config() -> Config {
    let proxy = "http://somebody:hush-proxy%2F%2B@proxy.example.org:3128";
    let lookup = move |name: &str| match name {
        "HTTPS_PROXY" | "HTTP_PROXY" | "https_proxy" | "http_proxy" => Some(proxy.to_owned()),
        "GLOBUS_CLIENT_SECRET" | "GLOBUS_CLI_CLIENT_SECRET" => Some(SECRET.to_owned()),
        _ => None,
    };
    Config::from_lookup(lookup).unwrap()
}

/// Somebody who looks out for all of them.
fn witness() -> Witness {
    let witness = Witness::default();
    for secret in [TOKEN, REFRESH, ID_TOKEN, SECRET, CODE, VERIFIER, STATE, PASSWORD] {
        witness.secret(secret);
    }
    witness
}

/// Clients whose grants bring all of them.
fn clients() -> (NativeAppAuthClient, ConfidentialAppAuthClient) {
    let answer = json!({
        "access_token": TOKEN, "refresh_token": REFRESH, "id_token": ID_TOKEN, "state": STATE, "scope": "openid",
        "expires_in": 172_800, "token_type": "Bearer", "resource_server": "auth.globus.org", "other_tokens": []
    });
    let transport = Scripted::json([answer]);
    let native = NativeAppAuthClient::builder("c").config(config());
    let program = ConfidentialAppAuthClient::with_secret("c", SECRET).config(config());
    (
        native.transport(transport.clone()).build().unwrap(),
        program.transport(transport).build().unwrap(),
    )
}

#[tokio::test]
async fn logins_do_not_show_what_they_hold() {
    let (witness, (native, _)) = (witness(), clients());
    let start = native.oauth2_start_flow("openid").state(STATE).verifier(VERIFIER);
    witness.saw(&start);
    let flow = start.build().unwrap();
    let exchange = flow.exchange(&native, CODE);
    let back = flow.exchange_redirect(&native, &format!("/?code=hush-code%2F%2B&state={}", "hush-state%2F%2B"));
    witness.saw(&(
        &flow,
        flow.authorize_url(),
        flow.authorize_url().query_param("more", TOKEN),
    ));
    witness.saw(&(
        &exchange,
        back.unwrap(),
        flow.code_from_redirect("code=hush-code%2F%2B&state=hush-state%2F%2B")
            .unwrap(),
    ));
    let tokens = exchange.await.unwrap();
    assert!(tokens.id_token().is_some() && tokens.state() == Some(STATE));
    let decoder = IdTokenDecoder::new(&native);
    witness.saw(&(&tokens, &*tokens, tokens.tokens(), tokens.by_resource_server()));
    witness.saw(&(tokens.decode_id_token(&native), decoder.decode(ID_TOKEN), &decoder));
    let wrong = tokens.decode_id_token_with(&decoder).await.map(drop);
    witness.failed(&wrong.unwrap_err());

    // A refusal of the login page, and an address that belongs to another login.
    for back in [
        "/?code=hush-code%2F%2B&state=other",
        "/?error=x&state=hush-state%2F%2B",
        "/?state=hush-state%2F%2B",
    ] {
        let error: Error = flow.code_from_redirect(back).unwrap_err();
        witness.failed(&error);
    }
    witness.finds_none();
}

#[tokio::test]
async fn clients_apps_and_tokens_do_not_show_what_they_hold() {
    let (witness, (native, program)) = (witness(), clients());
    let builder: ClientBuilder<ConfidentialAppAuthClient> = ConfidentialAppAuthClient::with_secret("c", SECRET);
    witness.saw(&(builder, &native, &program, config(), HttpTransport::new(&config())));

    // Tokens.
    let mut stored = TokenStorageData::new("r", "s", TOKEN, 1);
    stored.refresh_token = Some(REFRESH.into());
    let mut granted = OAuthTokenData::new("r", "s", TOKEN, 1);
    granted.refresh_token = Some(REFRESH.into());
    witness.saw(&(&stored, &granted, TokenGrant::new([granted.clone()])));
    let storage = MemoryTokenStorage::new();
    let all = [("r".to_owned(), stored)].into_iter().collect();
    storage.store_token_data_by_resource_server(all).await.unwrap();
    witness.saw(&(&storage, storage.get_token_data_by_resource_server().await.unwrap()));
    witness.saw(&(
        storage.get_token_data("r").await.unwrap(),
        storage.lock("r").await.unwrap(),
    ));

    // What sends them.
    let renewing = RefreshTokenAuthorizer::new(&native, REFRESH);
    let earning = ClientCredentialsAuthorizer::new(&program, GroupsScopes::ALL);
    witness.saw(&(
        AccessTokenAuthorizer::new(TOKEN),
        BasicAuthorizer::new("c", SECRET),
        renewing,
        earning,
    ));
    let groups = GroupsClient::builder()
        .config(config())
        .authorizer(AccessTokenAuthorizer::new(TOKEN));
    witness.saw(&groups);
    let groups = groups.build().unwrap();
    let authorization = format!("Bearer {TOKEN}");
    let call = groups
        .get_my_groups()
        .with_header("Authorization", authorization.as_str());
    witness.saw(&(
        &groups,
        call,
        groups.get("/x").with_header("Authorization", authorization.as_str()),
    ));
    let form = json!({"grant_type": "refresh_token", "refresh_token": REFRESH});
    witness.saw(&(
        native.oauth2_refresh_token(REFRESH),
        native.oauth2_revoke_token(TOKEN),
        native.oauth2_token(&form),
    ));
    witness.saw(&(
        program.oauth2_token_introspect(TOKEN),
        program.oauth2_get_dependent_tokens(TOKEN),
    ));
    witness.saw(&native.call("oauth2_revoke_token", &json!({"token": TOKEN}).to_string()));

    // Apps.
    let settings = || {
        GlobusAppConfig::new()
            .with_config(config())
            .with_token_storage(MemoryTokenStorage::new())
            .with_login_redirect_uri("http://localhost:8765/")
    };
    let person = UserApp::builder("p")
        .client_id("c")
        .client_secret(SECRET)
        .config(settings());
    let itself = ClientApp::builder("p")
        .client_id("c")
        .client_secret(SECRET)
        .config(settings());
    witness.saw(&(&person, &itself, settings()));
    witness.saw(&(person.build().unwrap(), itself.build().unwrap()));
    witness.finds_none();
}
