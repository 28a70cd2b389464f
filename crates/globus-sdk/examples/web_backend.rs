//! A portal: many people log in with their browsers, and the back end keeps everybody's tokens apart.
//!
//! Register a portal at <https://app.globus.org/settings/developers>, with the redirect `http://localhost:8080/callback`,
//! and then:
//!
//! ```sh
//! export GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=...
//! cargo run --example web_backend -- 8080 tokens.json
//! ```
//!
//! Each person's tokens are in a namespace of their own: in a file, for one machine, or in the PostgreSQL database that
//! `PORTAL_DATABASE` names (`postgres://..`), for as many as share it; that takes the feature `postgres`.

#![allow(clippy::print_stdout)] // an example talks to people

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use globus_sdk::app::{GlobusAppConfig, LoginPolicy};
use globus_sdk::scopes::{AuthScopes, GroupsScopes};
use globus_sdk::services::auth::IdTokenDecoder;
use globus_sdk::tokens::{PostgresTokenStorage, TokenGrant};
use globus_sdk::transport::{HttpTransport, Random as _, SystemRandom, Transport};
use globus_sdk::{
    AuthorizationFlow, ConfidentialAppAuthClient, Config, Error, GroupsClient, JsonTokenStorage, TokenStorage, UserApp,
};
use serde_json::json;

struct Portal {
    client: ConfidentialAppAuthClient,
    /// Keeps the issuer's keys, with which ID tokens are verified.
    decoder: IdTokenDecoder,
    tokens: Tokens,
    transport: Arc<dyn Transport>,
    redirect_uri: String,
    /// Logins under way, by the cookie of the browser that began them.
    logins: Mutex<HashMap<String, AuthorizationFlow>>,
    /// Who is logged in, by cookie. A portal on several machines keeps both in its session store.
    sessions: Mutex<HashMap<String, String>>,
}

/// Where the tokens of an identity are.
type Tokens = Box<dyn Fn(&str) -> Arc<dyn TokenStorage> + Send + Sync>;

/// Names of the cookies.
const LOGIN: &str = "portal-login";
const SESSION: &str = "portal-session";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client_id = std::env::var("GLOBUS_CLIENT_ID").map_err(|_| "GLOBUS_CLIENT_ID is not set")?;
    let client_secret = std::env::var("GLOBUS_CLIENT_SECRET").map_err(|_| "GLOBUS_CLIENT_SECRET is not set")?;
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().map_or(Ok(8080), |port| port.parse())?;
    let file = arguments.next().unwrap_or_else(|| "tokens.json".to_owned());

    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    let address = format!("http://localhost:{}", listener.local_addr()?.port());
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(&Config::from_env()?));
    let client = ConfidentialAppAuthClient::with_secret(client_id, client_secret);
    let client = client.transport(transport.clone()).build()?;
    let portal = Portal {
        decoder: IdTokenDecoder::new(&client),
        client,
        tokens: tokens_in(&file).await?,
        transport,
        redirect_uri: format!("{address}/callback"),
        logins: Mutex::default(),
        sessions: Mutex::default(),
    };
    let routes = Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/logout", post(logout))
        .with_state(Arc::new(portal));
    println!("listening on {address}");
    axum::serve(listener, routes).await?;
    Ok(())
}

/// Everybody's tokens in one database, or in one file, each under a namespace of its own.
async fn tokens_in(file: &str) -> globus_sdk::Result<Tokens> {
    if let Ok(database) = std::env::var("PORTAL_DATABASE") {
        let storage = PostgresTokenStorage::connect(&database).await?;
        return Ok(Box::new(move |identity| {
            Arc::new(storage.clone().with_namespace(identity))
        }));
    }
    let storage = JsonTokenStorage::new(file)?;
    Ok(Box::new(move |identity| {
        Arc::new(storage.clone().with_namespace(identity))
    }))
}

/// The groups of whoever is logged in.
async fn home(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let Some(identity) = portal.who(&headers) else {
        return to("/login");
    };
    match portal.groups(&identity).await {
        Ok(names) => Json(json!({"identity": identity, "groups": names})).into_response(),
        // Their refresh token has ended, say, or they withdrew their consent.
        Err(Error::LoginRequired(_)) => to("/login"),
        Err(error) => failed(StatusCode::BAD_GATEWAY, &error),
    }
}

/// Begins a login: the browser keeps a cookie, the portal the login's secret.
async fn login(State(portal): State<Arc<Portal>>) -> Response {
    let scopes = [AuthScopes::OPENID, GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS];
    let flow = portal.client.oauth2_start_flow(&portal.redirect_uri, scopes);
    match flow.refresh_tokens(true).build() {
        Ok(flow) => {
            let (url, cookie) = (flow.authorize_url().to_string(), secret());
            locked(&portal.logins).insert(cookie.clone(), flow);
            with_cookie(to(&url), LOGIN, &cookie)
        }
        Err(error) => failed(StatusCode::INTERNAL_SERVER_ERROR, &error),
    }
}

/// Ends a login: it must be the one that this very browser began.
async fn callback(State(portal): State<Arc<Portal>>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let begun = cookie(&headers, LOGIN).and_then(|cookie| locked(&portal.logins).remove(&cookie));
    let Some(flow) = begun else {
        return to("/login");
    };
    match portal.finish(&flow, &query.unwrap_or_default()).await {
        Ok(identity) => {
            let cookie = secret();
            locked(&portal.sessions).insert(cookie.clone(), identity);
            with_cookie(to("/"), SESSION, &cookie)
        }
        Err(error @ Error::Login(_)) => failed(StatusCode::BAD_REQUEST, &error),
        Err(error) => failed(StatusCode::BAD_GATEWAY, &error),
    }
}

/// Forgets the session, and revokes what the portal holds for the person.
async fn logout(State(portal): State<Arc<Portal>>, headers: HeaderMap) -> Response {
    let ended = cookie(&headers, SESSION).and_then(|cookie| locked(&portal.sessions).remove(&cookie));
    let done = match ended {
        Some(identity) => match portal.app(&identity) {
            Ok(app) => app.logout(true).await,
            Err(error) => Err(error),
        },
        None => Ok(()),
    };
    match done {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => failed(StatusCode::BAD_GATEWAY, &error),
    }
}

impl Portal {
    fn who(&self, headers: &HeaderMap) -> Option<String> {
        locked(&self.sessions).get(&cookie(headers, SESSION)?).cloned()
    }

    /// Trades the code for tokens, and keeps them under the identity that Globus vouches for.
    async fn finish(&self, flow: &AuthorizationFlow, query: &str) -> globus_sdk::Result<String> {
        let tokens = flow.exchange_redirect(&self.client, query)?.await?.into_inner();
        let person = tokens.decode_id_token_with(&self.decoder).await?;
        let identity = person.sub.to_string();
        let grant = TokenGrant::from(&tokens).with_identity_id(identity.clone());
        grant.store_in(&*(self.tokens)(&identity)).await?;
        Ok(identity)
    }

    /// The app of one person: it renews their tokens and asks nobody.
    fn app(&self, identity: &str) -> globus_sdk::Result<UserApp> {
        let config = GlobusAppConfig::new()
            .with_token_storage((self.tokens)(identity))
            .with_transport(self.transport.clone())
            .with_login_redirect_uri(&self.redirect_uri)
            .with_login_policy(LoginPolicy::Never);
        UserApp::builder("portal")
            .confidential_login_client(self.client.clone())
            .config(config)
            .build()
    }

    async fn groups(&self, identity: &str) -> globus_sdk::Result<Vec<String>> {
        let groups = GroupsClient::builder().app(&self.app(identity)?).build()?;
        let mine = groups.get_my_groups().await?.into_inner();
        Ok(mine.into_iter().filter_map(|group| group.name).collect())
    }
}

/// What nobody can guess.
fn secret() -> String {
    let mut bytes = [0; 32];
    SystemRandom.bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(COOKIE).iter().filter_map(|header| header.to_str().ok());
    let mut pairs = all.flat_map(|header| header.split(';'));
    pairs.find_map(|pair| Some(pair.trim().strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Behind TLS, add `Secure`.
fn with_cookie(response: Response, name: &str, value: &str) -> Response {
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax");
    ([(SET_COOKIE, cookie)], response).into_response()
}

fn to(address: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, address.to_owned())]).into_response()
}

fn failed(status: StatusCode, error: &Error) -> Response {
    (status, Json(json!({"error": error.to_string()}))).into_response()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
