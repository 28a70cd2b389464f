//! Asks for the consents that the data of two collections needs, in one login with everything else.
//!
//! Data on a mapped collection needs a consent of its own, `data_access`, unless the collection is of high assurance.
//! Whoever does not know what a collection is reads it first:
//!
//! ```sh
//! cargo run --example detect_data_access -- COLLECTION COLLECTION
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::{TransferClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
const TUTORIAL: [&str; 2] = [
    "6c54cade-bde5-45c1-bdea-f4bd71dba2cc",
    "31ce9ba0-176d-45a5-add3-f37d233ba47d",
];

#[tokio::main]
async fn main() -> globus_sdk::Result<()> {
    let mut collections: Vec<String> = std::env::args().skip(1).collect();
    if collections.is_empty() {
        collections = TUTORIAL.map(str::to_owned).to_vec();
    }
    let app = UserApp::new("detect-data-access-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;

    let mut mapped = Vec::new();
    for id in &collections {
        let needs = transfer.get_endpoint(id).await?.needs_data_access();
        println!("{id} {} data_access", if needs { "needs" } else { "does not need" });
        if needs {
            mapped.push(id);
        }
    }
    transfer.add_app_data_access_scope(mapped)?;
    println!("login required: {}", app.login_required().await?);

    // The next request asks once, for all that was gathered.
    for id in &collections {
        println!("{id}: {} entries", transfer.operation_ls(id).path("/").await?.len());
    }
    Ok(())
}
