//! Lists the groups of a person as CSV: log in, paste the code, done. Nothing is stored.
//!
//! ```sh
//! cargo run --example list_groups
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::io::Write as _;

use globus_sdk::scopes::GroupsScopes;
use globus_sdk::{AccessTokenAuthorizer, GroupsClient, NativeAppAuthClient};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // Start a login: it is a value of its own, and the client remembers nothing.
    let client = NativeAppAuthClient::new(CLIENT_ID)?;
    let flow = client
        .oauth2_start_flow(GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS)
        .build()?;
    println!("Please go to this URL and log in:\n\n{}\n", flow.authorize_url());

    print!("Please enter the code here: ");
    std::io::stdout().flush()?;
    let mut code = String::new();
    if std::io::stdin().read_line(&mut code)? == 0 {
        return Err("the input ended where a code was expected".into());
    }

    // Trade the code for tokens, one for each service.
    let tokens = flow.exchange(&client, code.trim()).await?;
    let tokens = tokens.by_resource_server();
    let token = tokens[GroupsScopes::RESOURCE_SERVER];

    let groups = GroupsClient::new(AccessTokenAuthorizer::new(token.access_token.clone()))?;
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
