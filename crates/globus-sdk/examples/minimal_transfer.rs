//! Copies a folder (its path ends with `/`) or a file from one collection to another, and waits until that is done.
//!
//! ```sh
//! cargo run --example minimal_transfer                                  # between the tutorial collections
//! cargo run --example minimal_transfer -- FROM:/path/ TO:/path/          # with collection ids of yours
//! cargo run -p globus-emulator -- run --as alice -- cargo run --example minimal_transfer
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use globus_sdk::services::transfer::TransferData;
use globus_sdk::{TransferClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
const FROM: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc:/home/share/godata/";
const TO: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d:/~/godata/";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let from = arguments.next().unwrap_or_else(|| FROM.to_owned());
    let to = arguments.next().unwrap_or_else(|| TO.to_owned());
    let (source, source_path) = from.split_once(':').ok_or("the source is COLLECTION:PATH")?;
    let (destination, destination_path) = to.split_once(':').ok_or("the destination is COLLECTION:PATH")?;

    let app = UserApp::new("minimal-transfer-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;

    // Data on mapped collections needs a consent of its own; what they are is read from the service.
    let mut mapped = Vec::new();
    for id in [source, destination] {
        if transfer.get_endpoint(id).await?.needs_data_access() {
            mapped.push(id);
        }
    }
    transfer.add_app_data_access_scope(mapped)?;

    let mut data = TransferData::new(source, destination);
    data.add_item(source_path, destination_path, source_path.ends_with('/')); // a folder, or a file
    let submitted = transfer.submit_transfer(&data).await?;
    let task_id = submitted.into_inner().task_id.ok_or("the task has no id")?;
    println!("Task ID: {task_id}");

    let outcome = transfer
        .task_wait(&task_id)
        .timeout(600)
        .polling_interval(1)
        .await?
        .into_inner();
    println!(
        "{outcome}: {} bytes",
        outcome.task().bytes_transferred.unwrap_or_default()
    );
    if outcome.is_success() {
        Ok(())
    } else {
        Err(outcome.to_string().into())
    }
}
