//! Watching a task: a bar on a terminal, a few lines elsewhere.

use std::time::{Duration, Instant};

use globus_sdk::TransferClient;
use globus_sdk::models::TaskId;
use globus_sdk::services::transfer::{TaskOutcome, TaskStatus};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};

use crate::Stage;

/// Between two looks at the task. A real one takes minutes: look every few seconds there.
const INTERVAL: Duration = Duration::from_millis(40);

/// Follows a task to its end.
pub(crate) async fn follow(
    stage: &Stage,
    transfer: &TransferClient,
    task_id: &TaskId,
    bytes: u64,
    files: usize,
) -> globus_sdk::Result<TaskOutcome> {
    let bar = ProgressBar::new(bytes).with_message(format!("0 of {files} files"));
    if let Ok(style) = ProgressStyle::with_template("  {bar:30} {bytes} of {total_bytes}, {msg}") {
        bar.set_style(style);
    }
    let (started, mut shown) = (Instant::now(), None);
    let _quiet = stage.narrator.quiet();
    loop {
        let task = transfer.get_task(task_id).await?.into_inner();
        let copied = task.bytes_transferred.unwrap_or_default();
        let done = task.files_transferred.unwrap_or_default();
        let state = format!("{done} of {files} files{}", pace(copied, bytes, started.elapsed()));
        if bar.is_hidden() && shown != Some(done) {
            shown = Some(done);
            say!("  {} of {}, {state}", HumanBytes(copied), HumanBytes(bytes));
        }
        bar.set_message(state);
        bar.set_position(copied);
        if task.status != Some(TaskStatus::Active) {
            bar.finish();
            return Ok(task.into());
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// Rate so far, and what is left at that rate; nothing before there is one.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate"
)]
fn pace(copied: u64, bytes: u64, elapsed: Duration) -> String {
    if copied == 0 || elapsed < INTERVAL {
        return String::new();
    }
    let rate = copied as f64 / elapsed.as_secs_f64();
    let left = bytes.saturating_sub(copied) as f64 / rate;
    format!(", {}/s, {left:.1} s left", HumanBytes(rate as u64))
}
