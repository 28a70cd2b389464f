//! Lists a folder and everything below it, one folder after the other.
//!
//! ```sh
//! cargo run --example recursive_ls -- COLLECTION /path/ 3    # at most three levels deep
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::collections::VecDeque;

use globus_sdk::services::transfer::FileType;
use globus_sdk::{TransferClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
const TUTORIAL: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let collection = arguments.next().unwrap_or_else(|| TUTORIAL.to_owned());
    let top = arguments.next().unwrap_or_else(|| "/home/share/".to_owned());
    let depth: u32 = arguments.next().map_or(Ok(3), |text| text.parse())?;

    let app = UserApp::new("recursive-ls-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;
    if transfer.get_endpoint(&collection).await?.needs_data_access() {
        transfer.add_app_data_access_scope(&collection)?;
    }

    // A queue, so that what is near the top comes first. One request at a time: the service limits how many it takes.
    let mut folders = VecDeque::from([(top.trim_end_matches('/').to_owned(), 1)]);
    while let Some((folder, level)) = folders.pop_front() {
        let listing = transfer.operation_ls(&collection).path(format!("{folder}/")).await?;
        for entry in listing.iter() {
            let path = format!("{folder}/{}", entry.name.as_deref().unwrap_or_default());
            println!("{path}");
            if entry.file_type == Some(FileType::Dir) && level < depth {
                folders.push_back((path, level + 1));
            }
        }
    }
    Ok(())
}
