//! Work that blocks its thread, kept away from the threads that drive futures.

use crate::error::{Result, StorageError, StorageProblem};

/// Runs `work` on a thread that may block, whether or not a tokio runtime is there. When the future is dropped, the
/// work goes on to its end.
pub(super) async fn offload<T, F>(tried: &'static str, work: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce() -> Result<T> + Send + 'static,
{
    let lost = |reason: &str| StorageError::new(StorageProblem::Failed, tried, reason).into();
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        let done = runtime.spawn_blocking(work).await;
        return done.unwrap_or_else(|_| Err(lost("the runtime is shutting down")));
    }
    let (done, result) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("globus-token-storage".to_owned())
        .spawn(move || {
            let _ = done.send(work());
        })
        .map_err(|error| StorageError::io(tried, error))?;
    result
        .await
        .unwrap_or_else(|_| Err(lost("the thread that did the work is gone")))
}
