//! Submits a transfer, does what the service asks for where it refuses, and submits it again.
//!
//! Here the program does not know that the collections want a consent for data access: the error says so, and carries
//! what the login needs. An app made `with_auto_redrive_gares(true)` does all this by itself.
//!
//! ```sh
//! cargo run --example transfer_auth_params
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::services::transfer::TransferData;
use globus_sdk::{TransferClient, UserApp, gare};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
const SOURCE: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
const DESTINATION: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = UserApp::new("auth-params-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;

    let mut data = TransferData::new(SOURCE, DESTINATION);
    data.add_item("/home/share/godata/file1.txt", "/~/auth-params-example.txt", None);
    let submitted = match transfer.submit_transfer(&data).await {
        Ok(submitted) => submitted,
        Err(error) => {
            // What is not about the login is not for us.
            let Some(demand) = error.api().and_then(gare::to_gare) else {
                return Err(error.into());
            };
            println!("Transfer asks for more: {}", demand.code);
            app.login().auth_params(demand.authorization_parameters).await?;
            transfer.submit_transfer(&data).await?
        }
    };
    println!(
        "Task ID: {}",
        submitted.into_inner().task_id.ok_or("the task has no id")?
    );
    Ok(())
}
