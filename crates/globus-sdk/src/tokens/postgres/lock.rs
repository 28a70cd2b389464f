//! Locks that the database keeps: they end with the transaction that took them, at the latest with its connection.

use std::sync::Arc;
use std::time::{Duration, Instant};

use deadpool_postgres::Object;
use tokio::sync::OwnedMutexGuard;
use tokio_postgres::types::Type;

use super::Shared;
use super::connect::{failed, is_gone, lock_client};
use crate::error::Result;

/// How long a connection has to let go of its lock, before it is closed.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(10);

/// A lock of the database, let go when this is dropped.
pub(super) struct Held {
    /// Only `None` once it is dropped.
    connection: Option<Object>,
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
    /// A transaction that does nothing holds back nothing, so that it may be idle as long as a renewal takes.
    async fn wait(&self, key: &str, timeout: Duration) -> Result<(), tokio_postgres::Error> {
        let Some(connection) = &self.connection else {
            return Ok(());
        };
        let begin = format!(
            "BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0; \
             SET LOCAL lock_timeout = {}",
            timeout.as_millis().clamp(1, 1_000_000_000)
        );
        connection.batch_execute(&begin).await?;
        // Named after the table: it is the same one for all that find it, whatever their `search_path` is.
        let sql =
            "SELECT 1 FROM pg_advisory_xact_lock(hashtextextended($1, 'globus_sdk_tokens'::regclass::oid::bigint))";
        connection.query_typed(sql, &[(&key, Type::TEXT)]).await.map(drop)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let (Some(connection), in_process) = (self.connection.take(), self.in_process.take()) else {
            return;
        };
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
