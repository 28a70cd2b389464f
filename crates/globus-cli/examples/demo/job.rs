//! The main job, as in the example `client_credentials` of the SDK, and what happens when its token ends.

use std::error::Error;
use std::time::Duration;

use globus_emulator::seed::{CLIENT_ID, CLIENT_SECRET};
use globus_sdk::scopes::{AuthScopes, TransferScopes};
use globus_sdk::{AccessTokenAuthorizer, ClientCredentialsAuthorizer, ConfidentialAppAuthClient, TransferClient};

use crate::{Stage, expect, step};

/// Longer than a token lasts.
const THREE_DAYS: Duration = Duration::from_secs(3 * 24 * 3600);

pub(crate) async fn play(stage: &Stage) -> Result<(), Box<dyn Error>> {
    step("A program logs in as itself and gets tokens for Auth and Transfer.");
    let auth: ConfidentialAppAuthClient =
        stage.client(ConfidentialAppAuthClient::with_secret(CLIENT_ID, CLIENT_SECRET))?;
    let tokens = auth
        .oauth2_client_credentials_tokens([AuthScopes::OPENID, TransferScopes::ALL])
        .await?;
    let by_server = tokens.by_resource_server();
    let servers: Vec<&str> = by_server.keys().copied().collect();
    say!("  Tokens for {}", servers.join(" and "));
    let token = by_server
        .get(TransferScopes::RESOURCE_SERVER)
        .ok_or("there is no token for Transfer")?;

    step("With that token it lists what belongs to it.");
    let authorizer = AccessTokenAuthorizer::new(token.access_token.clone());
    let transfer: TransferClient = stage.client(TransferClient::builder().authorizer(authorizer))?;
    let first = list(&transfer).await?;
    expect(first > 0, "the program has endpoints")?;

    step("Once more, with an authorizer that gets its tokens by itself.");
    let authorizer = ClientCredentialsAuthorizer::new(&auth, TransferScopes::ALL);
    let transfer: TransferClient = stage.client(TransferClient::builder().authorizer(authorizer))?;
    expect(list(&transfer).await? == first, "both lists are the same")?;

    step("Three days later, by the clock of this Globus, the token has ended. The same client goes on by itself.");
    stage.emulator.advance(THREE_DAYS);
    expect(list(&transfer).await? == first, "both lists are the same")
}

/// Prints the endpoints of the program and answers how many there are.
async fn list(transfer: &TransferClient) -> globus_sdk::Result<usize> {
    let endpoints = transfer.endpoint_search().filter_scope("my-endpoints").items();
    let endpoints: Vec<_> = endpoints.try_collect().await?;
    say!("  Endpoints Belonging to {CLIENT_ID}@clients.auth.globus.org:");
    let count = endpoints.len();
    for endpoint in endpoints {
        let (id, name) = (
            endpoint.id.unwrap_or_default(),
            endpoint.display_name.unwrap_or_default(),
        );
        say!("  [{id}] {name}");
    }
    Ok(count)
}
