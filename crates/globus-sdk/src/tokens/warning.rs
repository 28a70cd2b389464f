//! What a storage can work with, but somebody should know.

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Something about a storage that works, but not as safely as it should.
///
/// Each is also logged once, at level `WARN`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageWarning {
    /// The file system has no locks. A JSON file is still replaced in one step, but of two processes that change it at
    /// the same moment, one may undo what the other did. An SQLite database is written without any lock: two processes
    /// that do so at the same moment can corrupt it, and all its tokens are lost. Let only one process use it.
    #[non_exhaustive]
    NoLocks {
        /// The file that could not be locked.
        path: PathBuf,
    },
    /// Nothing can be written where the file is, not even a lock. Tokens that are renewed are kept in memory, each
    /// process renews its own, and where refresh tokens are good for one use, only the first process can.
    #[non_exhaustive]
    NotWritable {
        /// The file.
        path: PathBuf,
    },
    /// Others than its owner could read or write the file.
    #[non_exhaustive]
    OpenToOthers {
        /// The file.
        path: PathBuf,
        /// Its permission bits as they were, for example `0o644`.
        mode: u32,
        /// Whether it is closed to others now.
        repaired: bool,
    },
    /// Others than its owner can look into the folder, or put files there. A folder below [`AppFolder`] is closed; any
    /// other is left as it is, and is told of only if others can write there.
    ///
    /// [`AppFolder`]: super::AppFolder
    #[non_exhaustive]
    FolderOpenToOthers {
        /// The folder.
        path: PathBuf,
        /// Its permission bits as they were, for example `0o755`.
        mode: u32,
        /// Whether it is closed to others now.
        repaired: bool,
    },
}

impl fmt::Display for StorageWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoLocks { path } => write!(
                f,
                "the file system of `{}` has no locks: two programs that store tokens at once undo each other's changes, and \
                 corrupt an SQLite database; keep stored tokens on another file system, or let only one program use them",
                path.display()
            ),
            Self::NotWritable { path } => write!(
                f,
                "nothing can be written beside `{}`: tokens that are renewed are lost when this program ends; make its folder \
                 writable, or keep stored tokens elsewhere",
                path.display()
            ),
            Self::OpenToOthers { path, mode, repaired } => {
                let now = if *repaired {
                    "they cannot any more"
                } else {
                    "close it with `chmod 600`"
                };
                write!(
                    f,
                    "others could reach `{}` (mode {mode:03o}): {now}; consider its tokens known",
                    path.display()
                )
            }
            Self::FolderOpenToOthers { path, mode, repaired } => {
                let now = if *repaired {
                    "they cannot any more"
                } else {
                    "close it with `chmod go-w`, or keep stored tokens in a folder of their own"
                };
                write!(
                    f,
                    "others could reach the folder `{}` (mode {mode:03o}): {now}",
                    path.display()
                )
            }
        }
    }
}

/// The warnings of a storage, each once.
#[derive(Debug, Default)]
pub(super) struct Warnings(Mutex<Vec<StorageWarning>>);

impl Warnings {
    pub(super) fn add(&self, warning: StorageWarning) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.contains(&warning) {
            tracing::warn!("{warning}");
            known.push(warning);
        }
    }

    pub(super) fn all(&self) -> Vec<StorageWarning> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
