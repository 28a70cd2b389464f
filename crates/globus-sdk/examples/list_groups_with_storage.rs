//! Lists the groups of a person as CSV, and logs in only once: refresh tokens are kept in a file.
//!
//! ```sh
//! cargo run --example list_groups_with_storage
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use globus_sdk::scopes::GroupsScopes;
use globus_sdk::tokens::{TokenGrant, TokenStorageData};
use globus_sdk::{GroupsClient, JsonTokenStorage, NativeAppAuthClient, RefreshTokenAuthorizer, TokenStorage};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[tokio::main]
async fn main() -> Result<()> {
    let client = NativeAppAuthClient::new(CLIENT_ID)?;
    let storage = Arc::new(JsonTokenStorage::new(token_file()?)?);

    // The second run finds tokens here and does not ask.
    let stored = match storage.get_token_data(GroupsScopes::RESOURCE_SERVER).await? {
        Some(stored) => stored,
        None => log_in(&client, &storage).await?,
    };
    let groups = GroupsClient::new(authorizer(&client, &storage, &stored)?)?;

    println!("ID,Name,Roles");
    for group in groups.get_my_groups().await? {
        let memberships = group.my_memberships.unwrap_or_default();
        let roles: Vec<&str> = memberships
            .iter()
            .filter_map(|m| Some(m.role.as_ref()?.as_str()))
            .collect();
        let (id, name) = (group.id.unwrap_or_default(), group.name.unwrap_or_default());
        println!("{id},\"{}\",{}", name.replace('"', "\"\""), roles.join("|"));
    }
    Ok(())
}

fn token_file() -> Result<PathBuf> {
    let home = std::env::home_dir().ok_or("there is no home folder to keep tokens in")?;
    Ok(home.join(".list-my-globus-groups-tokens.json"))
}

/// Logs a person in and stores what that brings.
async fn log_in(client: &NativeAppAuthClient, storage: &JsonTokenStorage) -> Result<TokenStorageData> {
    let flow = client
        .oauth2_start_flow(GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS)
        .refresh_tokens(true)
        .build()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());
    print!("Please enter the code here: ");
    std::io::stdout().flush()?;
    let mut code = String::new();
    if std::io::stdin().read_line(&mut code)? == 0 {
        return Err("the input ended where a code was expected".into());
    }

    let tokens = flow.exchange(client, code.trim()).await?;
    storage
        .store_token_response(TokenGrant::new(tokens.tokens().iter().cloned()))
        .await?;
    let stored = storage.get_token_data(GroupsScopes::RESOURCE_SERVER).await?;
    Ok(stored.ok_or("the login brought no token for Groups")?)
}

/// Renews the access token when it ends, and writes the new one back before it is used.
fn authorizer(
    client: &NativeAppAuthClient,
    storage: &Arc<JsonTokenStorage>,
    stored: &TokenStorageData,
) -> Result<RefreshTokenAuthorizer> {
    let refresh_token = stored
        .refresh_token
        .clone()
        .ok_or("the stored token cannot be renewed")?;
    let expires_at = UNIX_EPOCH + Duration::from_secs(stored.expires_at_seconds.try_into()?);
    let (storage, old) = (storage.clone(), stored.clone());
    Ok(RefreshTokenAuthorizer::with(client, refresh_token, |settings| {
        settings
            .token(stored.access_token.clone(), expires_at)
            .on_refresh(move |renewal| {
                let (storage, mut data) = (storage.clone(), old.clone());
                async move {
                    data.expires_at_seconds = renewal.expires_at_seconds().cast_signed();
                    data.access_token = renewal.access_token;
                    data.refresh_token = renewal.refresh_token.or(data.refresh_token);
                    storage
                        .store_token_data_by_resource_server([(data.resource_server.clone(), data)].into())
                        .await
                }
            })
    }))
}
