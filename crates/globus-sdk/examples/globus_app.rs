//! Apps: clients that have the tokens they need, and log in when they lack them.
//!
//! ```sh
//! cargo run --example globus_app
//! GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=... cargo run --example globus_app   # also as a program
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::gare::GlobusAuthorizationParameters;
use globus_sdk::scopes::FlowsScopes;
use globus_sdk::{ClientApp, FlowsClient, TransferClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> globus_sdk::Result<()> {
    // A person's app. Its clients tell it which scopes they need.
    let app = UserApp::new("globus-app-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;

    // `app_scopes` registers these instead of the client's default scopes ...
    let flows = FlowsClient::builder()
        .app(&app)
        .app_scopes(FlowsScopes::VIEW_FLOWS)
        .build()?;
    show_requirements(&app, "with app_scopes(view_flows)");

    // ... and `add_app_scope` registers them beside what is there.
    flows.add_app_scope(FlowsScopes::MANAGE_FLOWS)?;
    show_requirements(&app, "and add_app_scope(manage_flows)");

    // The first request that lacks a token logs in, once for all scopes; those after it do not ask again.
    println!("login required: {}", app.login_required().await?);
    let mut listed = flows.list_flows().items();
    while let Some(flow) = listed.next().await {
        let flow = flow?;
        println!(
            "flow {}: {}",
            flow.id.unwrap_or_default(),
            flow.title.unwrap_or_default()
        );
    }
    println!("login required: {}", app.login_required().await?);
    let found = transfer.endpoint_search().filter_scope("my-endpoints").await?;
    println!("{} endpoints of yours", found.len());

    // A login with demands of its own: a message for the person, and a second factor.
    let demands = GlobusAuthorizationParameters::new()
        .with_session_message("Please confirm it is you")
        .with_session_required_mfa(true);
    app.login().auth_params(demands).await?;
    println!("logged in with a second factor");

    // A program's app acts as itself, and never asks anybody.
    if let (Ok(id), Ok(secret)) = (std::env::var("GLOBUS_CLIENT_ID"), std::env::var("GLOBUS_CLIENT_SECRET")) {
        let program = ClientApp::new("globus-app-example", id, secret)?;
        let flows = FlowsClient::builder().app(&program).build()?;
        println!("the program sees {} flows", flows.list_flows().await?.len());
        let transfer = TransferClient::builder().app(&program).build()?;
        let found = transfer.endpoint_search().filter_scope("my-endpoints").await?;
        println!("the program has {} endpoints", found.len());
    }
    Ok(())
}

fn show_requirements(app: &UserApp, when: &str) {
    println!("scopes {when}:");
    for (resource_server, scopes) in app.scope_requirements() {
        for scope in scopes {
            println!("  {resource_server}: {scope}");
        }
    }
}
