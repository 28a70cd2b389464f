//! Lists the groups of a program: its app acts as itself. The README shows this program.
//!
//! ```sh
//! GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=... cargo run --example quickstart_program
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::{ClientApp, GroupsClient};

#[tokio::main]
async fn main() -> globus_sdk::Result<()> {
    let id = std::env::var("GLOBUS_CLIENT_ID").unwrap_or_default();
    let secret = std::env::var("GLOBUS_CLIENT_SECRET").unwrap_or_default();

    let app = ClientApp::new("my-service", id, secret)?;
    let groups = GroupsClient::builder().app(&app).build()?;

    for group in groups.get_my_groups().await? {
        println!("{}", group.name.unwrap_or_default());
    }
    Ok(())
}
