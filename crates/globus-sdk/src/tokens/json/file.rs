//! Reading and replacing the file. All of it may block.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::format::{Document, Fault};
use crate::error::{Error, Result, StorageError, StorageProblem};
use crate::tokens::files::{
    LOOKS, Place, Unseen, access, folder, kept_aside, make_folder, new_file, placed, remove_leftovers,
};

/// A file of tokens.
#[derive(Debug)]
pub(super) struct TokenFile {
    pub(super) place: Arc<Place>,
    /// Held during each change; where the file system has no locks, at least this program does not disturb itself.
    changes: Mutex<()>,
    /// What processes left that were killed has been looked for: that reads the whole folder.
    cleaned: AtomicBool,
}

impl TokenFile {
    pub(super) fn new(path: &Path) -> Result<Self> {
        Ok(Self {
            place: Arc::new(Place::new(path)?),
            changes: Mutex::default(),
            cleaned: AtomicBool::default(),
        })
    }

    /// Reads what is stored.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Document) -> Result<T>) -> Result<T> {
        let target = self.place.target();
        let document = match self.load(&target) {
            Err(Unreadable::NotJson(_)) => {
                let _changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
                let _held = self.place.lock_for_change(&target, "read")?;
                self.load_or_keep_aside(&target, "read")?
            }
            loaded => loaded.map_err(|unreadable| unreadable.into_error("read", &target))?,
        };
        read(&document).map_err(|error| placed(error, &target))
    }

    /// Changes what is stored. When this comes back, the change is durable.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Document) -> Result<T>) -> Result<T> {
        let target = self.place.target();
        let _changes = self.changes.lock().unwrap_or_else(PoisonError::into_inner);
        make_folder(&target, "write")?;
        let held = self.place.lock_for_change(&target, "write")?;
        let mut document = self.load_or_keep_aside(&target, "write")?;
        let changed = change(&mut document).map_err(|error| placed(error, &target))?;
        if held.excludes() && !self.cleaned.swap(true, Ordering::Relaxed) {
            remove_leftovers(&target);
        }
        replace(&target, &document.to_text()).map_err(|error| access::io_error("write", &target, error))?;
        Ok(changed)
    }

    fn load(&self, target: &Path) -> Result<Document, Unreadable> {
        if self.place.look(target)?.is_none() {
            return Ok(Document::new());
        }
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
        Err(kept_aside(corrupt, target, &[]).into())
    }
}

/// Why the content of a file could not be had.
enum Unreadable {
    Io(io::Error),
    Refused(Error),
    NotJson(serde_json::Error),
    Format(String),
}

impl From<Unseen> for Unreadable {
    fn from(unseen: Unseen) -> Self {
        match unseen {
            Unseen::Io(error) => Self::Io(error),
            Unseen::Refused(error) => Self::Refused(error),
            Unseen::NoFile => Self::Format("it is no file".to_owned()),
        }
    }
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

/// Writes a new file beside the old one and puts it in its place.
fn replace(target: &Path, text: &str) -> io::Result<()> {
    let mut new = new_file(target)?;
    new.write_all(text.as_bytes())?;
    new.as_file().sync_all()?;
    new.persist(target).map_err(|error| error.error)?;
    access::sync_folder(folder(target));
    Ok(())
}
