//! Where a file of tokens is, whatever its format.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::lock::{self, Cancel, Cancelled, Held};
use super::{CHANGE_TIMEOUT, access, beside, folder, lock_name, target};
use crate::error::{Result, StorageError};
use crate::tokens::keyed_locks::KeyedLocks;
use crate::tokens::offload::offload;
use crate::tokens::warning::{StorageWarning, Warnings};
use crate::tokens::{AppFolder, LockGuard};

/// The place of a file, its locks, and what is odd about it.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    /// Whether the folder is there for nothing but tokens.
    own_folder: bool,
    locks: KeyedLocks,
    pub(crate) warnings: Warnings,
    #[cfg(test)]
    pub(crate) without_locks: bool,
}

impl Place {
    pub(crate) fn new(path: &Path) -> Result<Self> {
        // Later changes of the current folder do not move the file.
        let path = std::path::absolute(path).map_err(|error| StorageError::io("find", error).at(path))?;
        let own_folder = AppFolder::from_env().is_ok_and(|apps| path.starts_with(apps.path()));
        Ok(Self {
            path,
            own_folder,
            locks: KeyedLocks::default(),
            warnings: Warnings::default(),
            #[cfg(test)]
            without_locks: false,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The file itself, where the path is a link to it.
    pub(crate) fn target(&self) -> PathBuf {
        target(&self.path)
    }

    /// What the system tells of the file, if it is there. Refuses the file of another user, and closes it and its
    /// folder where others can reach them.
    pub(crate) fn look(&self, target: &Path) -> Result<Option<fs::Metadata>, Unseen> {
        let metadata = match fs::metadata(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            metadata => metadata.map_err(Unseen::Io)?,
        };
        if !metadata.is_file() {
            return Err(Unseen::NoFile);
        }
        access::check(target, &metadata, &self.warnings).map_err(Unseen::Refused)?;
        access::check_folder(folder(target), self.own_folder, &self.warnings);
        Ok(Some(metadata))
    }

    /// Takes the lock for changes. Where the file system has none, what comes back excludes nobody, and a warning says so.
    pub(crate) fn lock_for_change(&self, target: &Path) -> Result<Held> {
        self.take(&beside(target, ".lock"), CHANGE_TIMEOUT, &Cancelled::NEVER)
    }

    /// Takes the lock for renewing a token, which no change waits for.
    pub(crate) async fn lock(self: &Arc<Self>, namespace: &str, key: &str, timeout: Duration) -> Result<LockGuard> {
        // First among the tasks of this process, so that only one of them occupies a thread with waiting.
        let in_process = self.locks.acquire(namespace, key).await;
        let (place, name) = (self.clone(), lock_name(namespace, key));
        let cancel = Cancel::default();
        let cancelled = cancel.watch();
        let across = offload("lock", move || {
            let target = place.target();
            make_folder(&target, "lock")?;
            place.take(&beside(&target, &name), timeout, &cancelled)
        })
        .await?;
        // In this order: other processes may go on before other tasks may.
        Ok(LockGuard::new((across, in_process)))
    }

    fn take(&self, path: &Path, timeout: Duration, cancelled: &Cancelled) -> Result<Held> {
        #[cfg(test)]
        let held = if self.without_locks {
            Held::nothing()
        } else {
            lock::take(path, timeout, cancelled)?
        };
        #[cfg(not(test))]
        let held = lock::take(path, timeout, cancelled)?;
        if !held.excludes() {
            self.warnings.add(StorageWarning::NoLocks { path: path.to_owned() });
        }
        Ok(held)
    }
}

/// Makes the folder of a file.
pub(crate) fn make_folder(target: &Path, tried: &'static str) -> Result<()> {
    let folder = folder(target);
    Ok(access::make_folders(folder).map_err(|error| access::io_error(tried, folder, error))?)
}

/// Why nothing can be told of a file.
pub(crate) enum Unseen {
    Io(io::Error),
    Refused(crate::error::Error),
    NoFile,
}
