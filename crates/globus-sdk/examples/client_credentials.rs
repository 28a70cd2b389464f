//! A program logs in as itself and lists the collections that belong to it.
//!
//! Register a service account at <https://app.globus.org/settings/developers>, and then:
//!
//!     export GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=...
//!     cargo run --example client_credentials
//!
//! Or without an account, on a Globus on this machine:
//!
//!     cargo run -p globus-emulator -- run -- cargo run --example client_credentials
//!
//! Tokens last two days, and programs may run for longer. With `-- 30 86400` this one lists 30 times, a day apart.

#![allow(clippy::print_stdout)] // an example talks to people

use std::time::Duration;

use globus_sdk::scopes::{AuthScopes, TransferScopes};
use globus_sdk::{AccessTokenAuthorizer, ClientCredentialsAuthorizer, ConfidentialAppAuthClient, TransferClient};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client_id = std::env::var("GLOBUS_CLIENT_ID").map_err(|_| "GLOBUS_CLIENT_ID is not set")?;
    let client_secret = std::env::var("GLOBUS_CLIENT_SECRET").map_err(|_| "GLOBUS_CLIENT_SECRET is not set")?;
    let mut arguments = std::env::args().skip(1);
    let times: u32 = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let pause = Duration::from_secs(arguments.next().map_or(Ok(0), |text| text.parse())?);

    // With its id and secret the program gets tokens as itself: no person, no browser.
    let auth = ConfidentialAppAuthClient::new(&client_id, client_secret)?;
    let tokens = auth
        .oauth2_client_credentials_tokens([AuthScopes::OPENID, TransferScopes::ALL])
        .await?;

    // A token is good at one place, its resource server. One answer has the tokens for all of them.
    let by_server = tokens.by_resource_server();
    let auth_token = by_server.get("auth.globus.org").ok_or("no token for Auth")?;
    let transfer_token = by_server
        .get("transfer.api.globus.org")
        .ok_or("no token for Transfer")?;
    println!("The token for Auth allows {}.", auth_token.scope);
    println!(
        "The token for Transfer ends {} seconds after 1970.",
        transfer_token.expires_at_seconds
    );

    // The simplest way to use a token. When it ends, so do the calls.
    let authorizer = AccessTokenAuthorizer::new(transfer_token.access_token.clone());
    let transfer = TransferClient::new(authorizer)?;
    list(&client_id, &transfer).await?;

    // The better way: this one gets its token when it is needed, and the next one when that has ended.
    let authorizer = ClientCredentialsAuthorizer::new(&auth, TransferScopes::ALL);
    let transfer = TransferClient::new(authorizer)?;
    for time in 1..=times {
        list(&client_id, &transfer).await?;
        if time < times {
            println!("Again in {} seconds.", pause.as_secs());
            tokio::time::sleep(pause).await;
        }
    }
    Ok(())
}

async fn list(client_id: &str, transfer: &TransferClient) -> globus_sdk::Result<()> {
    println!("Endpoints Belonging to {client_id}@clients.auth.globus.org:");
    // `items()` reads one page after the other, when it comes to it.
    let mut endpoints = transfer.endpoint_search().filter_scope("my-endpoints").items();
    while let Some(endpoint) = endpoints.next().await {
        let endpoint = endpoint?;
        let (id, name) = (
            endpoint.id.unwrap_or_default(),
            endpoint.display_name.unwrap_or_default(),
        );
        println!("[{id}] {name}");
    }
    Ok(())
}
