//! Where the files of collections are: a folder of this machine for each, in a temporary one unless the user names it.
//!
//! Files are only ever reached through a [`Dir`], which opens nothing outside of its folder, whatever links are made in it
//! and whenever: each step of a path is checked by the opening itself.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cap_std::ambient_authority;
use cap_std::fs::Dir;
use serde::{Deserialize, Serialize};
use tempfile::TempDir;
use uuid::Uuid;

/// Which folder a collection is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Root {
    /// The collection that has a folder of its own: of a guest collection, its host.
    pub(crate) collection: Uuid,
    /// The folder that the user named for it.
    pub(crate) folder: Option<PathBuf>,
    /// What is in it from the beginning, unless the user named it: texts by path.
    pub(crate) files: Arc<BTreeMap<String, String>>,
    /// Where a guest collection begins, names joined by slashes; else empty.
    pub(crate) below: String,
}

/// The folders of one emulator. Nothing is written before the first file is asked for.
#[derive(Debug)]
pub(crate) struct Storage {
    /// Where the folders are that are to stay.
    lasting: Option<PathBuf>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    temporary: Option<TempDir>,
    filled: BTreeSet<Uuid>,
    closed: bool,
}

impl Storage {
    /// Folders in a folder that stays, or else in a temporary one.
    pub(crate) fn new(lasting: Option<PathBuf>) -> Self {
        Self {
            lasting,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens the folder of a collection.
    pub(crate) fn open(&self, root: &Root) -> io::Result<Dir> {
        let dir = Dir::open_ambient_dir(self.folder(root)?, ambient_authority())?;
        if root.below.is_empty() {
            return Ok(dir);
        }
        if root.folder.is_none() {
            dir.create_dir_all(&root.below)?;
        }
        dir.open_dir(&root.below)
    }

    /// The folder of a collection that has its own.
    fn folder(&self, root: &Root) -> io::Result<PathBuf> {
        if let Some(folder) = &root.folder {
            return Ok(folder.clone());
        }
        let mut state = self.state();
        if state.closed {
            return Err(io::Error::new(io::ErrorKind::NotFound, "the emulator has stopped"));
        }
        let parent = if let Some(folder) = &self.lasting {
            folder.clone()
        } else if let Some(folder) = &state.temporary {
            folder.path().to_owned()
        } else {
            let folder = tempfile::Builder::new().prefix("globus-emulator-").tempdir()?;
            state.temporary.insert(folder).path().to_owned()
        };
        let folder = parent.join(root.collection.to_string());
        if !state.filled.contains(&root.collection) {
            if !folder.is_dir() {
                make(&parent, &folder, &root.files)?;
            }
            state.filled.insert(root.collection);
        }
        Ok(folder)
    }

    /// Where on this machine the files of a collection are.
    pub(crate) fn path(&self, root: &Root) -> io::Result<PathBuf> {
        drop(self.open(root)?);
        let folder = self.folder(root)?;
        Ok(match root.below.as_str() {
            "" => folder,
            below => folder.join(below),
        })
    }

    /// Removes what was made, to make it anew.
    pub(crate) fn reset(&self) {
        let mut state = self.state();
        state.temporary = None;
        state.filled.clear();
        if let Some(folder) = &self.lasting {
            // What is not there need not be removed; what cannot be is found again by whoever looks.
            let _ = std::fs::remove_dir_all(folder);
        }
    }

    /// Removes what was made for a while, and makes nothing more.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        if let Some(folder) = state.temporary.take() {
            // What is still there then is in the folder for temporary files.
            let _ = folder.close();
        }
    }
}

/// Makes a folder with files in it; it is there with all of them, or not at all.
fn make(parent: &Path, folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    std::fs::create_dir_all(parent)?;
    let new = tempfile::Builder::new().prefix(".new-").tempdir_in(parent)?;
    fill(new.path(), files)?;
    std::fs::rename(new.keep(), folder)
}

/// Makes a folder with files in it.
fn fill(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let dir = Dir::open_ambient_dir(folder, ambient_authority())?;
    for (path, text) in files {
        let path = path.trim_matches('/');
        if let Some((parent, _)) = path.rsplit_once('/') {
            dir.create_dir_all(parent)?;
        }
        dir.write(path, text)?;
    }
    Ok(())
}

/// Whether a path was refused for leading out of the collection's folder, and not by the system.
pub(crate) fn is_escape(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::PermissionDenied && error.raw_os_error().is_none()
}
