//! A job for cron: copies a folder, as a program, and says by its exit code how that went.
//!
//! Register a service account at <https://app.globus.org/settings/developers>, give it access to both collections, and let
//! cron run:
//!
//! ```sh
//! GLOBUS_CLIENT_ID=... GLOBUS_CLIENT_SECRET=... cron_client_credentials FROM:/path/ TO:/path/
//! ```
//!
//! It never asks anybody, reads nothing from its input, and keeps its tokens in memory: runs that overlap share no file
//! and wait for no lock. What is there already and has not changed is not copied again.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | the copy is complete |
//! | 1 | Globus refused, or the copy failed |
//! | 2 | the job is set up in a wrong way |
//! | 4 | the program has no access, or its secret is wrong |
//! | 5 | Globus could not be reached, or the copy takes longer than an hour: the next run goes on |

#![allow(clippy::print_stdout, clippy::print_stderr)] // cron mails what is printed

use std::process::ExitCode;

use globus_sdk::app::GlobusAppConfig;
use globus_sdk::services::transfer::{SyncLevel, TaskOutcome, TransferData};
use globus_sdk::{ClientApp, Error, MemoryTokenStorage, TransferClient};

const FROM: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc:/home/share/godata/";
const TO: &str = "31ce9ba0-176d-45a5-add3-f37d233ba47d:/~/nightly/";
/// Seconds to wait for the copy.
const PATIENCE: u64 = 3600;

#[tokio::main]
async fn main() -> ExitCode {
    match copy().await {
        Ok(outcome) => {
            println!("{outcome}");
            match outcome {
                _ if outcome.is_success() => ExitCode::SUCCESS,
                TaskOutcome::TimedOut(_) => ExitCode::from(5),
                _ => ExitCode::from(1),
            }
        }
        Err(error) => {
            eprintln!("{error:?}");
            ExitCode::from(code(&error))
        }
    }
}

async fn copy() -> globus_sdk::Result<TaskOutcome> {
    let variable = |name: &str| std::env::var(name).map_err(|_| Error::usage(format!("{name} is not set")));
    let (client_id, client_secret) = (variable("GLOBUS_CLIENT_ID")?, variable("GLOBUS_CLIENT_SECRET")?);
    let mut arguments = std::env::args().skip(1);
    let from = arguments.next().unwrap_or_else(|| FROM.to_owned());
    let to = arguments.next().unwrap_or_else(|| TO.to_owned());
    let (source, source_path) = place(&from)?;
    let (destination, destination_path) = place(&to)?;

    let app = ClientApp::builder("nightly-copy")
        .client_id(client_id)
        .client_secret(client_secret)
        .config(GlobusAppConfig::new().with_token_storage(MemoryTokenStorage::new()))
        .build()?;
    let transfer = TransferClient::builder().app(&app).build()?;
    // A program consents for itself to what its collections need.
    app.add_data_access_scopes([source, destination]).await?;

    let mut data = TransferData {
        label: Some("nightly copy".to_owned()),
        sync_level: Some(SyncLevel::Checksum),
        ..TransferData::new(source, destination)
    };
    data.add_item(source_path, destination_path, true);
    let submitted = transfer.submit_transfer(&data).await?.into_inner();
    let task_id = submitted.task_id.ok_or_else(|| Error::usage("the task has no id"))?;
    println!("Task ID: {task_id}");
    let wait = transfer.task_wait(&task_id).timeout(PATIENCE).polling_interval(1);
    Ok(wait.await?.into_inner())
}

fn place(text: &str) -> globus_sdk::Result<(&str, &str)> {
    let refused = || Error::validation("a folder", format!("{text:?} is not of the form COLLECTION:PATH"));
    text.split_once(':').ok_or_else(refused)
}

fn code(error: &Error) -> u8 {
    match error {
        Error::Api(api) => match api.http_status().as_u16() {
            401 | 403 => 4,
            429 | 500.. => 5,
            // A wrong secret, as Auth puts it, or an id that is none.
            _ if api.code() == Some("invalid_client") => 4,
            _ => 1,
        },
        Error::Connection(_) | Error::ConnectTimeout(_) | Error::Timeout(_) => 5,
        Error::LoginRequired(_) | Error::Token(_) => 4,
        Error::Usage(_) | Error::Validation(_) | Error::Scope(_) => 2,
        _ => 1,
    }
}
