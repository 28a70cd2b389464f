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
use tempfile::TempDir;
use uuid::Uuid;

/// Which folder a collection is.
#[derive(Debug, Clone)]
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
#[derive(Debug, Default)]
pub(crate) struct Storage {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    temporary: Option<TempDir>,
    filled: BTreeSet<Uuid>,
    closed: bool,
}

impl Storage {
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
        let temporary = if let Some(folder) = &state.temporary {
            folder.path().to_owned()
        } else {
            let folder = tempfile::Builder::new().prefix("globus-emulator-").tempdir()?;
            state.temporary.insert(folder).path().to_owned()
        };
        let folder = temporary.join(root.collection.to_string());
        if !state.filled.contains(&root.collection) {
            fill(&folder, &root.files)?;
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

    /// Removes what was made, and makes nothing more.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        if let Some(folder) = state.temporary.take() {
            // What is still there then is in the folder for temporary files.
            let _ = folder.close();
        }
    }
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
