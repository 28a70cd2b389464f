//! Locks that the database keeps: they end with the transaction that took them, at the latest with its connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::Object;
use tokio::sync::OwnedMutexGuard;
use tokio_postgres::types::Type;

use super::Shared;
use super::connect::{WATCH, cancel, failed, is_gone, lock_client};
use crate::error::Result;

/// How long a connection has to let go of its lock, before it is closed.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a lock may be held, at least: longer than any renewal takes, its repetitions and its storing included. Then
/// the server lets go of it, as whoever holds it hangs.
const LONGEST_HOLD: Duration = Duration::from_secs(15 * 60);

/// A lock of the database, let go when this is dropped.
pub(super) struct Held {
    /// Only `None` once it is dropped.
    connection: Option<Object>,
    /// Whether the server has not answered yet.
    waiting: bool,
    in_process: Option<OwnedMutexGuard<()>>,
    shared: Arc<Shared>,
}

/// Waits for a lock on a connection of its own, which is in no way of those that read and store. `timeout` is for both:
/// the connection and the lock.
pub(super) async fn take(
    shared: Arc<Shared>,
    in_process: OwnedMutexGuard<()>,
    key: String,
    timeout: Duration,
) -> Result<Held> {
    let mut in_process = Some(in_process);
    let begun = Instant::now();
    let mut again = true;
    loop {
        let connection = lock_client(&shared.locks, timeout.saturating_sub(begun.elapsed()), timeout).await?;
        // From here on, whatever happens, dropping it ends the transaction.
        let mut held = Held {
            connection: Some(connection),
            waiting: false,
            in_process: in_process.take(),
            shared: shared.clone(),
        };
        match held.wait(&key, timeout.saturating_sub(begun.elapsed())).await {
            Ok(()) => return Ok(held),
            Err(error) if again && is_gone(&error) => {
                again = false;
                in_process = held.in_process.take();
                held.connection.take().map(Object::take);
            }
            Err(error) => return Err(failed("lock", &error).into()),
        }
    }
}

impl Held {
    async fn wait(&mut self, key: &str, timeout: Duration) -> Result<(), tokio_postgres::Error> {
        let Some(connection) = &self.connection else {
            return Ok(());
        };
        self.waiting = true;
        let taken = Self::ask(connection, key, timeout).await;
        self.waiting = false;
        taken
    }

    async fn ask(connection: &Object, key: &str, timeout: Duration) -> Result<(), tokio_postgres::Error> {
        connection.batch_execute(&begin(timeout)).await?;
        // Named after the table: it is the same one for all that find it, whatever their `search_path` is.
        let sql =
            "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 'globus_sdk_tokens'::regclass::oid::bigint))";
        connection.query_typed(sql, &[(&key, Type::TEXT)]).await.map(drop)
    }
}

/// A transaction that does nothing holds back nothing, so that it may be idle as long as a renewal takes.
fn begin(timeout: Duration) -> String {
    let milliseconds = |time: Duration| time.as_millis().clamp(1, 1_000_000_000);
    format!(
        "BEGIN; SET LOCAL idle_in_transaction_session_timeout = {}; SET LOCAL statement_timeout = 0; \
         SET LOCAL lock_timeout = {}; {WATCH}",
        milliseconds(timeout.max(LONGEST_HOLD)),
        milliseconds(timeout),
    )
}

impl Drop for Held {
    fn drop(&mut self) {
        let (Some(connection), in_process) = (self.connection.take(), self.in_process.take()) else {
            return;
        };
        if self.waiting {
            let (query, tls) = (connection.cancel_token(), self.shared.tls.clone());
            // Closed, it makes room for others at once. The server would go on waiting without looking at it.
            drop(Object::take(connection));
            self.shared.runtime.spawn(async move {
                let _ = tokio::time::timeout(RELEASE_TIMEOUT, cancel(&query, tls)).await;
            });
            return;
        }
        self.shared.runtime.spawn(async move {
            let done = tokio::time::timeout(RELEASE_TIMEOUT, connection.batch_execute("ROLLBACK")).await;
            if !matches!(done, Ok(Ok(()))) {
                // Closing it ends the transaction too.
                drop(Object::take(connection));
            }
            drop(in_process);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_not_held_without_end() {
        for (seconds, idle) in [(1, 900_000), (120, 900_000), (1800, 1_800_000)] {
            let sql = begin(Duration::from_secs(seconds));
            let expected = format!("SET LOCAL idle_in_transaction_session_timeout = {idle};");
            assert!(sql.contains(&expected), "{sql}");
        }
    }
}
