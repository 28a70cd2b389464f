//! Authorizers by hand: access tokens, refresh tokens, and a client's own credentials.
//!
//! ```sh
//! GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=... cargo run --example authorizers
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::io::Write as _;

use globus_sdk::scopes::{AuthScopes, TransferScopes};
use globus_sdk::{
    AccessTokenAuthorizer, AuthClient, ConfidentialAppAuthClient, NativeAppAuthClient, RefreshTokenAuthorizer,
    TransferClient,
};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = NativeAppAuthClient::new(CLIENT_ID)?;
    let scopes = [
        AuthScopes::OPENID,
        AuthScopes::PROFILE,
        AuthScopes::EMAIL,
        TransferScopes::ALL,
    ];
    let flow = client.oauth2_start_flow(scopes).refresh_tokens(true).build()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    print!("Please enter the code here: ");
    std::io::stdout().flush()?;
    let mut code = String::new();
    if std::io::stdin().read_line(&mut code)? == 0 {
        return Err("the input ended where a code was expected".into());
    }
    let tokens = flow.exchange(&client, code.trim()).await?;
    let tokens = tokens.by_resource_server();
    let (auth, transfer) = (
        tokens[AuthScopes::RESOURCE_SERVER],
        tokens[TransferScopes::RESOURCE_SERVER],
    );

    // Access tokens: good for two days, and then no more.
    let auth_client = AuthClient::new(AccessTokenAuthorizer::new(auth.access_token.clone()))?;
    let me = auth_client.userinfo().await?;
    println!("you are {}", me.preferred_username.as_deref().unwrap_or("somebody"));
    let transfer_client = TransferClient::new(AccessTokenAuthorizer::new(transfer.access_token.clone()))?;
    println!(
        "{} endpoints of yours",
        transfer_client
            .endpoint_search()
            .filter_scope("my-endpoints")
            .await?
            .len()
    );

    // Refresh tokens: renewed as long as they are used. Where the service replaces one, keep the new one.
    let refresh_token = transfer.refresh_token.clone().ok_or("no refresh token came")?;
    let renewing = RefreshTokenAuthorizer::with(&client, refresh_token, |settings| {
        settings.on_refresh(|renewal| async move {
            println!(
                "renewed: good until {} (seconds since 1970)",
                renewal.expires_at_seconds()
            );
            Ok(())
        })
    });
    let transfer_client = TransferClient::new(renewing)?;
    println!(
        "{} endpoints of yours",
        transfer_client
            .endpoint_search()
            .filter_scope("my-endpoints")
            .await?
            .len()
    );

    // Basic: a client that keeps a secret identifies itself with every call to Auth.
    let (id, secret) = (
        std::env::var("GLOBUS_CLIENT_ID")?,
        std::env::var("GLOBUS_CLIENT_SECRET")?,
    );
    let program = ConfidentialAppAuthClient::new(id, secret)?;
    let known = program.oauth2_token_introspect(transfer.expose_access_token()).await?;
    println!(
        "the access token is {}",
        if known.active {
            "active"
        } else {
            "not active, or not this program's to see"
        }
    );
    Ok(())
}
