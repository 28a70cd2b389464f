//! Logs a person in through the browser, which brings the code back by itself; without one, the code is pasted.
//!
//! ```sh
//! cargo run --example local_server_login
//! cargo run -p globus-emulator -- run --as alice -- cargo run --example local_server_login
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::app::GlobusAppConfig;
use globus_sdk::login::LocalServerLoginFlowManager;
use globus_sdk::{GroupsClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";

#[tokio::main]
async fn main() -> globus_sdk::Result<()> {
    let config = GlobusAppConfig::new().with_login_flow_manager(LocalServerLoginFlowManager::new());
    let app = UserApp::builder("local-server-example")
        .client_id(CLIENT_ID)
        .config(config)
        .build()?;
    let groups = GroupsClient::builder().app(&app).build()?;

    // The first request opens the browser; later ones, and later runs, find the tokens in the storage.
    for group in groups.get_my_groups().await? {
        println!("{}", group.name.unwrap_or_default());
    }
    Ok(())
}
