//! Operations of Transfer that are not one request.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Task, TaskStatus};
use crate::error::{Error, Result};
use crate::operation::{Arg, Call, Caller};
use crate::response::Raw;

/// Asks for a task every so many seconds until it goes on no more or the time is up.
///
/// Typed calls get the task as it was read last, calls by name whether it goes on no more.
pub(crate) fn task_wait(caller: Arc<dyn Caller>, call: Call) -> BoxFuture<'static, Result<Raw>> {
    Box::pin(async move {
        let timeout = seconds(&call, "timeout")?;
        let interval = seconds(&call, "polling_interval")?.min(timeout);
        let start = caller.uptime();
        let mut rounds = 0;
        loop {
            let mut answer = caller.request(call.clone()).await?;
            let task: Task = answer.decode()?;
            let over = task.status.is_some_and(|status| status != TaskStatus::Active);
            rounds += 1;
            let next = Duration::from_secs(interval.saturating_mul(rounds));
            let elapsed = caller.uptime().saturating_sub(start);
            if over || next.as_secs() > timeout || elapsed.as_secs() >= timeout {
                answer.set_by_name(&over)?;
                return Ok(answer);
            }
            // By the clock, so that slow answers do not add up.
            caller.sleep(next.saturating_sub(elapsed)).await;
        }
    })
}

/// A number of seconds, at least one.
fn seconds(call: &Call, name: &str) -> Result<u64> {
    let operation = call.operation();
    let given = match call.arg(name) {
        Some(Arg::Json(raw)) => Some(raw.get().trim_matches('"').to_owned()),
        Some(Arg::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let default = operation.param(name).and_then(|(_, param)| param.default);
    let text = given.as_deref().or(default).unwrap_or_default().trim();
    match text.parse() {
        Ok(seconds) if seconds >= 1 => Ok(seconds),
        _ => Err(Error::usage(format!(
            "`{name}` of `{operation}` is a whole number of seconds, at least 1, not `{}`",
            text.escape_debug()
        ))),
    }
}
