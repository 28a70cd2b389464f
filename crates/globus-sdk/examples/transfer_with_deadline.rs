//! Submits a transfer that is given up unless it ends within an hour.
//!
//! Without a deadline a task that cannot go on, for example because a collection is offline, is tried again for days.
//!
//! ```sh
//! cargo run --example transfer_with_deadline -- 60    # minutes
//! ```

#![allow(clippy::print_stdout)] // an example talks to people

use std::time::{Duration, SystemTime};

use globus_sdk::services::transfer::TransferData;
use globus_sdk::{TransferClient, UserApp};

/// The client of the Globus tutorials. Register one of your own at <https://app.globus.org/settings/developers>.
const CLIENT_ID: &str = "61338d24-54d5-408f-a10d-66c06b59f6d2";
const SOURCE: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";
const DESTINATION: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let minutes: u64 = std::env::args().nth(1).map_or(Ok(60), |text| text.parse())?;
    let app = UserApp::new("deadline-example", CLIENT_ID)?;
    let transfer = TransferClient::builder().app(&app).build()?;
    transfer.add_app_data_access_scope([SOURCE, DESTINATION])?;

    let deadline = SystemTime::now() + Duration::from_secs(60 * minutes);
    let mut data = TransferData::new(SOURCE, DESTINATION);
    data.label = Some("with a deadline".to_owned());
    data.deadline = Some(deadline.into());
    data.add_item("/home/share/godata/file1.txt", "/~/deadline-example.txt", None);
    let submitted = transfer.submit_transfer(&data).await?;
    let task_id = submitted.into_inner().task_id.ok_or("the task has no id")?;
    let task = transfer.get_task(&task_id).await?;
    println!(
        "Task ID: {task_id}, given up at {}",
        task.deadline.as_deref().unwrap_or_default()
    );
    Ok(())
}
