//! Lists the groups of a person: an app logs in when it has to. The README shows this program.
//!
//! ```sh
//! cargo run --example quickstart_person
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::{GroupsClient, UserApp};

#[tokio::main]
async fn main() -> globus_sdk::Result<()> {
    let app = UserApp::new("my-script", "61338d24-54d5-408f-a10d-66c06b59f6d2")?;
    let groups = GroupsClient::builder().app(&app).build()?;

    for group in groups.get_my_groups().await? {
        println!("{}", group.name.unwrap_or_default());
    }
    Ok(())
}
