//! Locks across processes, by files that exist for nothing else.
//!
//! A lock file is never removed: whoever removes one may remove the lock that somebody else is about to take.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::error::{Error, Result, StorageError, StorageProblem};

/// How long to wait between two attempts, at first and at last.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(25));

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Held(Option<File>);

impl Held {
    /// As on a file system without locks.
    #[cfg(test)]
    pub(crate) const fn nothing() -> Self {
        Self(None)
    }

    /// Whether others are really kept out.
    pub(crate) fn excludes(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // Closing would do, but not while a child process that was just started still shares the open file.
        if let Some(file) = &self.0 {
            let _ = file.unlock();
        }
    }
}

/// Takes the lock of the file `path`, which it makes if need be. Where the file system has no locks, what comes back
/// [excludes](Held::excludes) nobody.
pub(crate) fn take(path: &Path, timeout: Duration, cancelled: &Cancelled) -> Result<Held> {
    let failed = |error: io::Error| Error::from(super::access::io_error("lock", path, error));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    let begun = Instant::now();
    let mut pause = PAUSES.0;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(Held(Some(file))),
            Err(TryLockError::Error(error)) if has_no_locks(&error) => return Ok(Held(None)),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
            Err(TryLockError::WouldBlock) if cancelled.is_set() || begun.elapsed() >= timeout => {
                let message = format!("another process has held the lock for {} s", timeout.as_secs());
                return Err(StorageError::new(StorageProblem::Locked, "lock", message)
                    .at(path)
                    .with_hint("find the process that holds the file open, for example with `fuser`, and end it")
                    .into());
            }
            Err(TryLockError::WouldBlock) => {
                std::thread::sleep(pause.min(timeout.saturating_sub(begun.elapsed())));
                pause = (pause * 2).min(PAUSES.1);
            }
        }
    }
}

/// Network file systems answer with "no locks available" where their lock service does not run.
fn has_no_locks(error: &io::Error) -> bool {
    const ENOLCK: i32 = if cfg!(target_vendor = "apple") || cfg!(target_os = "freebsd") {
        77
    } else {
        37
    };
    error.kind() == io::ErrorKind::Unsupported || cfg!(unix) && error.raw_os_error() == Some(ENOLCK)
}

/// Ends a waiting for a lock when it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub(crate) fn watch(&self) -> Cancelled {
        Cancelled(Some(self.0.clone()))
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether nobody waits any more.
#[derive(Debug)]
pub(crate) struct Cancelled(Option<Arc<AtomicBool>>);

impl Cancelled {
    pub(crate) const NEVER: Self = Self(None);

    fn is_set(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
    }
}
