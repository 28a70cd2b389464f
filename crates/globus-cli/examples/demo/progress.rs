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
    let bar = ProgressBar::new(bytes);
    let template = "  {bar:30} {bytes} of {total_bytes}, {msg} files, {bytes_per_sec}, {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    let (started, mut shown) = (Instant::now(), None);
    let _quiet = stage.narrator.quiet();
    loop {
        let task = transfer.get_task(task_id).await?.into_inner();
        let copied = task.bytes_transferred.unwrap_or_default();
        let done = task.files_transferred.unwrap_or_default();
        bar.set_position(copied);
        bar.set_message(format!("{done} of {files}"));
        if bar.is_hidden() && shown != Some(done) {
            shown = Some(done);
            line(copied, bytes, done, files, started.elapsed());
        }
        if task.status != Some(TaskStatus::Active) {
            bar.finish();
            return Ok(task.into());
        }
        tokio::time::sleep(INTERVAL).await;
    }
}

/// What the bar shows, as a line.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate"
)]
fn line(copied: u64, bytes: u64, done: u64, files: usize, elapsed: Duration) {
    let rate = copied as f64 / elapsed.as_secs_f64().max(0.001);
    let left = bytes.saturating_sub(copied) as f64 / rate.max(1.0);
    let pace = if copied == 0 || copied >= bytes {
        String::new()
    } else {
        format!(", {}/s, {left:.1} s left", HumanBytes(rate as u64))
    };
    say!(
        "  {} of {}, {done} of {files} files{pace}",
        HumanBytes(copied),
        HumanBytes(bytes)
    );
}
