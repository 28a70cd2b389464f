//! Reading and replacing the file. All of it may block.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::format::{Document, Fault};
use super::lock::{self, Cancelled, Held};
use super::{access, beside};
use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::tokens::StorageWarning;
use crate::tokens::warning::Warnings;

/// How long a change waits for those of other processes, each of which takes some milliseconds.
const CHANGE_TIMEOUT: Duration = Duration::from_secs(60);
/// How often, and how long apart, an unreadable file is looked at before it counts as corrupt: a program that does not
/// replace but rewrites it may be doing so.
const LOOKS: (u32, Duration) = (6, Duration::from_millis(20));
/// Length of the random part in the names of new files.
const RANDOM: usize = 8;
/// How many corrupt files are kept.
const KEPT: u32 = 1000;

/// A file of tokens.
#[derive(Debug)]
pub(super) struct TokenFile {
    path: PathBuf,
    /// Held during each change; where the file system has no locks, at least this program does not disturb itself.
    changes: Mutex<()>,
    pub(super) warnings: Warnings,
    #[cfg(test)]
    pub(super) without_locks: bool,
}

impl TokenFile {
    pub(super) fn new(path: &Path) -> Result<Self> {
        // Later changes of the current folder do not move the file.
        let path = std::path::absolute(path).map_err(|error| StorageError::io("find", error).at(path))?;
        Ok(Self {
            path,
            changes: Mutex::default(),
            warnings: Warnings::default(),
            #[cfg(test)]
            without_locks: false,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads what is stored.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Document) -> Result<T>) -> Result<T> {
        let target = self.target();
        let document = match self.load(&target) {
            Err(Unreadable::NotJson(_)) => {
                let _changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
                let _held = self.take(&beside(&target, ".lock"), CHANGE_TIMEOUT, &Cancelled::NEVER)?;
                self.load_or_keep_aside(&target, "read")?
            }
            loaded => loaded.map_err(|unreadable| unreadable.into_error("read", &target))?,
        };
        read(&document).map_err(|error| placed(error, &target))
    }

    /// Changes what is stored. When this comes back, the change is durable.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Document) -> Result<T>) -> Result<T> {
        let target = self.target();
        let _changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = target.parent().unwrap_or(Path::new(""));
        access::make_folders(folder).map_err(|error| access::io_error("write", folder, error))?;
        let held = self.take(&beside(&target, ".lock"), CHANGE_TIMEOUT, &Cancelled::NEVER)?;
        let mut document = self.load_or_keep_aside(&target, "write")?;
        let changed = change(&mut document).map_err(|error| placed(error, &target))?;
        replace(&target, folder, &document.to_text(), held.excludes())
            .map_err(|error| access::io_error("write", &target, error))?;
        Ok(changed)
    }

    /// Takes a lock that is not that of changes.
    pub(super) fn lock(&self, name: &str, timeout: Duration, cancelled: &Cancelled) -> Result<Held> {
        let target = self.target();
        let folder = target.parent().unwrap_or(Path::new(""));
        access::make_folders(folder).map_err(|error| access::io_error("lock", folder, error))?;
        self.take(&beside(&target, &format!(".{name}")), timeout, cancelled)
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

    /// The file itself, where `path` is a link to it: replacing must not replace the link.
    fn target(&self) -> PathBuf {
        let is_link = fs::symlink_metadata(&self.path).is_ok_and(|metadata| metadata.is_symlink());
        if is_link && let Ok(target) = fs::canonicalize(&self.path) {
            return target;
        }
        self.path.clone()
    }

    fn load(&self, target: &Path) -> Result<Document, Unreadable> {
        let metadata = match fs::metadata(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Document::new()),
            Err(error) => return Err(Unreadable::Io(error)),
            Ok(metadata) => metadata,
        };
        if !metadata.is_file() {
            return Err(Unreadable::Format("it is no file".to_owned()));
        }
        access::check(target, &metadata, &self.warnings).map_err(Unreadable::Refused)?;
        let text = match fs::read(target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Document::new()),
            text => text.map_err(Unreadable::Io)?,
        };
        Document::parse(&text).map_err(|fault| match fault {
            Fault::NotJson(error) => Unreadable::NotJson(error),
            Fault::Format(message) => Unreadable::Format(message),
        })
    }

    /// To be called with the lock for changes: what still is not JSON after a while is moved away.
    fn load_or_keep_aside(&self, target: &Path, tried: &'static str) -> Result<Document> {
        let mut looks = 0;
        let error = loop {
            match self.load(target) {
                Ok(document) => return Ok(document),
                Err(Unreadable::NotJson(_)) if looks < LOOKS.0 => {
                    looks += 1;
                    std::thread::sleep(LOOKS.1);
                }
                Err(Unreadable::NotJson(error)) => break error,
                Err(unreadable) => return Err(unreadable.into_error(tried, target)),
            }
        };
        let message = format!("it is corrupt ({error})");
        let corrupt = StorageError::new(StorageProblem::Corrupt, tried, message)
            .at(target)
            .with_source(error);
        Err(match keep_aside(target) {
            Ok(kept) => corrupt
                .kept_at(kept)
                .with_hint("log in again: the next call begins with an empty file"),
            Err(error) => corrupt.with_hint(format!("move the file away; doing so automatically failed: {error}")),
        }
        .into())
    }
}

/// Why the content of a file could not be had.
enum Unreadable {
    Io(io::Error),
    Refused(Error),
    NotJson(serde_json::Error),
    Format(String),
}

impl Unreadable {
    fn into_error(self, tried: &'static str, path: &Path) -> Error {
        match self {
            Self::Io(error) => access::io_error(tried, path, error).into(),
            Self::Refused(error) => error,
            Self::NotJson(error) => StorageError::new(StorageProblem::Corrupt, tried, error.to_string())
                .at(path)
                .into(),
            Self::Format(message) => StorageError::new(StorageProblem::Format, tried, message)
                .at(path)
                .with_hint("check the path: the file was left as it is")
                .into(),
        }
    }
}

/// Adds the file to an error of its content.
fn placed(error: Error, path: &Path) -> Error {
    match error {
        Error::Storage(error) if error.path().is_none() => error.at(path).into(),
        other => other,
    }
}

/// Writes a new file beside the old one and puts it in its place.
fn replace(target: &Path, folder: &Path, text: &str, alone: bool) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let (prefix, suffix) = (format!(".{name}."), ".tmp");
    if alone {
        remove_leftovers(folder, &prefix, suffix);
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix).suffix(suffix).rand_bytes(RANDOM);
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600));
    let mut new = builder.tempfile_in(folder)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(target).map_err(|error| error.error)?;
    access::sync_folder(folder);
    Ok(())
}

/// Removes new files of processes that died before they could use them. Only for whoever holds the lock: everybody who
/// makes such files holds it.
fn remove_leftovers(folder: &Path, prefix: &str, suffix: &str) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix)?.strip_suffix(suffix))
            .unwrap_or_default();
        if random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Renames a corrupt file to the first name that is free.
fn keep_aside(target: &Path) -> io::Result<PathBuf> {
    for number in 1..=KEPT {
        let kept = beside(target, &format!(".corrupt-{number}"));
        // Linking, unlike renaming, never replaces what is there.
        match fs::hard_link(target, &kept) {
            Ok(()) => return fs::remove_file(target).map(|()| kept),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(_) if !kept.exists() => return fs::rename(target, &kept).map(|()| kept),
            Err(_) => {}
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        format!("there are {KEPT} corrupt files already"),
    ))
}
