//! Locks across processes, by files that exist for nothing else.
//!
//! A lock file is never removed: whoever removes one may remove the lock that somebody else is about to take.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Held(Option<File>);

impl Held {
    /// As on a file system without locks.
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

/// Takes the lock of the file `path`, which it makes if need be; `None` while somebody else has it. Where the file
/// system has no locks, what comes back [excludes](Held::excludes) nobody.
pub(crate) fn attempt(path: &Path) -> io::Result<Option<Held>> {
    let file = open(path)?;
    loop {
        return match file.try_lock() {
            Ok(()) => Ok(Some(Held(Some(file)))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) if has_no_locks(&error) => Ok(Some(Held::nothing())),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(TryLockError::Error(error)) => Err(error),
        };
    }
}

/// Opens a lock file. One that is there can be locked even where nothing can be written.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if is_unwritable(&error) => File::open(path).map_err(|_| error),
        opened => opened,
    }
}

/// Whether the system takes nothing at this place, now or ever.
pub(crate) fn is_unwritable(error: &io::Error) -> bool {
    use io::ErrorKind::{PermissionDenied, QuotaExceeded, ReadOnlyFilesystem, StorageFull};
    matches!(
        error.kind(),
        PermissionDenied | QuotaExceeded | ReadOnlyFilesystem | StorageFull
    )
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
