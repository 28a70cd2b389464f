//! A program, without any person, lists a folder of a collection.
//!
//! Register a service account at <https://app.globus.org/settings/developers>, give it access to the collection, and then:
//!
//! ```sh
//! export GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=...
//! cargo run --example client_app_listing -- COLLECTION /path/
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::{ClientApp, TransferClient};

const TUTORIAL: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client_id = std::env::var("GLOBUS_CLIENT_ID").map_err(|_| "GLOBUS_CLIENT_ID is not set")?;
    let client_secret = std::env::var("GLOBUS_CLIENT_SECRET").map_err(|_| "GLOBUS_CLIENT_SECRET is not set")?;
    let mut arguments = std::env::args().skip(1);
    let collection = arguments.next().unwrap_or_else(|| TUTORIAL.to_owned());
    let path = arguments.next().unwrap_or_else(|| "/home/share/godata/".to_owned());

    let app = ClientApp::new("client-app-listing-example", client_id, client_secret)?;
    let transfer = TransferClient::builder().app(&app).build()?;
    // A program consents for itself; it only has to say so.
    if transfer.get_endpoint(&collection).await?.needs_data_access() {
        transfer.add_app_data_access_scope(&collection)?;
    }

    for entry in transfer
        .operation_ls(&collection)
        .path(path)
        .orderby(["name ASC"])
        .await?
    {
        println!(
            "{:>12} {}",
            entry.size.unwrap_or_default(),
            entry.name.unwrap_or_default()
        );
    }
    Ok(())
}
