//! Where a file of tokens is, whatever its format.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::lock::{self, Held, is_unwritable};
use super::waiting::{Waiting, take_now};
use super::{CHANGE_TIMEOUT, access, beside, folder, lock_name, placed, target};
use crate::error::{Result, StorageError};
use crate::tokens::keyed_locks::KeyedLocks;
use crate::tokens::offload::offload;
use crate::tokens::warning::{StorageWarning, Warnings};
use crate::tokens::{AppFolder, LockGuard, UnsavedTokens};

/// The place of a file, its locks, and what is odd about it.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    /// Whether the folder is there for nothing but tokens.
    own_folder: bool,
    locks: KeyedLocks,
    waiting: Waiting,
    turns: Arc<tokio::sync::Mutex<()>>,
    pub(crate) warnings: Warnings,
    pub(crate) unsaved: UnsavedTokens,
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
            waiting: Waiting::default(),
            turns: Arc::default(),
            warnings: Warnings::default(),
            unsaved: UnsavedTokens::default(),
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

    /// Does what changes the file, or waits for other processes, on a thread that may block. One at a time: however many
    /// want to, they occupy one thread.
    pub(crate) async fn in_turn<T, F>(&self, tried: &'static str, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce() -> Result<T> + Send + 'static,
    {
        let turn = self.turns.clone().lock_owned().await;
        offload(tried, move || {
            let done = work();
            drop(turn);
            done
        })
        .await
    }

    /// Takes the lock for changes. Where the file system has none, what comes back excludes nobody, and a warning says
    /// so. Where nothing can be written, the error says that the file could not be `tried`.
    pub(crate) fn lock_for_change(&self, target: &Path, tried: &'static str) -> Result<Held> {
        let path = beside(target, ".lock");
        let attempt = || {
            self.attempt(&path).map_err(|error| {
                let missing = is_unwritable(&error) && !path.exists();
                let (tried, path) = if missing { (tried, target) } else { ("lock", &*path) };
                access::io_error(tried, path, error).into()
            })
        };
        take_now(attempt, CHANGE_TIMEOUT).map_err(|error| placed(error, &path))
    }

    /// Takes the lock for renewing a token, which no change waits for. Where nothing can be written, not even a file for
    /// the lock, what comes back excludes nobody, and a warning says so: a token can be renewed all the same.
    pub(crate) async fn lock(self: &Arc<Self>, namespace: &str, key: &str, timeout: Duration) -> Result<LockGuard> {
        // First among the tasks of this process, so that only one of them asks for the file.
        let in_process = self.locks.acquire(namespace, key).await;
        let (place, name) = (self.clone(), lock_name(namespace, key));
        let attempt = move || {
            let target = place.target();
            let path = beside(&target, &name);
            let taken = access::make_folders(folder(&target)).and_then(|()| place.attempt(&path));
            taken.or_else(|error| {
                if is_unwritable(&error) && !path.exists() {
                    place.warnings.add(StorageWarning::NotWritable { path: target });
                    return Ok(Some(Held::nothing()));
                }
                Err(access::io_error("lock", &path, error).into())
            })
        };
        let across = self.waiting.take(Box::new(attempt), timeout).await;
        let across = across.map_err(|error| placed(error, &beside(&self.path, &lock_name(namespace, key))))?;
        // In this order: other processes may go on before other tasks may.
        Ok(LockGuard::new((across, in_process)))
    }

    fn attempt(&self, path: &Path) -> io::Result<Option<Held>> {
        #[cfg(test)]
        let taken = if self.without_locks {
            Some(Held::nothing())
        } else {
            lock::attempt(path)?
        };
        #[cfg(not(test))]
        let taken = lock::attempt(path)?;
        if taken.as_ref().is_some_and(|held| !held.excludes()) {
            self.warnings.add(StorageWarning::NoLocks { path: path.to_owned() });
        }
        Ok(taken)
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
