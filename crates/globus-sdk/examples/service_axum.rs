//! A service: it asks Globus who calls, and calls Globus Groups in the caller's name.
//!
//! Register a service (resource server) at <https://app.globus.org/settings/developers>, give it a scope `all`, and then:
//!
//! ```sh
//! export GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=...
//! cargo run --example service_axum --features tower -- 127.0.0.1:8080
//! ```
//!
//! `GET /groups` needs the scope, `GET /vault` a second factor within the last hour as well, and `GET /archive`, if
//! `GLOBUS_POLICY` names an authentication policy, a login that meets that. Whoever lacks something is told what, in the form
//! from which Globus SDKs log in and try again.

#![allow(clippy::print_stdout)] // an example talks to people

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use globus_sdk::resource_server::{AuthenticateLayer, Authenticator, Caller, Refusal, Requirements};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::transport::{HttpTransport, Transport};
use globus_sdk::{ConfidentialAppAuthClient, Config, GroupsClient};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client_id = std::env::var("GLOBUS_CLIENT_ID").map_err(|_| "GLOBUS_CLIENT_ID is not set")?;
    let client_secret = std::env::var("GLOBUS_CLIENT_SECRET").map_err(|_| "GLOBUS_CLIENT_SECRET is not set")?;
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8080".to_owned());

    // One HTTP client for all that the service sends: requests share its connections.
    let transport: Arc<dyn Transport> = Arc::new(HttpTransport::new(&Config::from_env()?));
    let client = ConfidentialAppAuthClient::with_secret(&client_id, client_secret);
    let client = client.transport(transport.clone()).build()?;

    // The service's own scope, and below it what it needs to call Groups. A login for the one asks for the other.
    let scope = format!(
        "https://auth.globus.org/scopes/{client_id}/all[{}]",
        GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS
    );
    let usual = Authenticator::new(&client, Requirements::scopes(&scope)?);
    let hour = Duration::from_secs(3600);
    let careful = Requirements::scopes(&scope)?.with_mfa().with_max_age(hour);
    let careful = usual.with_requirements(careful.with_message("The vault opens with a second factor"));

    let vault = Router::new()
        .route("/vault", get(open))
        .layer(AuthenticateLayer::new(careful));
    let mut service = Router::new()
        .route("/groups", get(groups))
        .layer(AuthenticateLayer::new(usual.clone()))
        .merge(vault);
    if let Ok(policy) = std::env::var("GLOBUS_POLICY") {
        let lawful = usual.with_requirements(Requirements::scopes(&scope)?.with_policies(policy)?);
        let archive = Router::new()
            .route("/archive", get(open))
            .layer(AuthenticateLayer::new(lawful));
        service = service.merge(archive);
    }
    let service = service.with_state(transport);
    let listener = tokio::net::TcpListener::bind(address).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, service).await?;
    Ok(())
}

/// The caller's groups, as Groups tells them to the caller.
async fn groups(State(transport): State<Arc<dyn Transport>>, Extension(caller): Extension<Caller>) -> Response {
    match names(&caller, transport).await {
        Ok(names) => Json(json!({"user": caller.username(), "groups": names})).into_response(),
        // What lacks is a consent, perhaps: the caller is told which. Anything else is not theirs to mend.
        Err(error) => caller.refusal(&error).map_or_else(
            || {
                let document = json!({"code": "Downstream", "message": "Groups could not be asked"});
                (StatusCode::BAD_GATEWAY, Json(document)).into_response()
            },
            Refusal::into_response,
        ),
    }
}

async fn names(caller: &Caller, transport: Arc<dyn Transport>) -> globus_sdk::Result<Vec<String>> {
    let authorizer = caller.authorizer(GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS)?;
    let groups = GroupsClient::builder().authorizer(authorizer).transport(transport);
    let mine = groups.build()?.get_my_groups().await?.into_inner();
    Ok(mine.into_iter().filter_map(|group| group.name).collect())
}

async fn open(Extension(caller): Extension<Caller>) -> Json<serde_json::Value> {
    Json(json!({"open": true, "user": caller.username()}))
}
