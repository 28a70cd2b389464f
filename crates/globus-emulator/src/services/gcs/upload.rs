//! Writing a file: it is there with all of its content or not at all.

use std::io::{self, Write as _};

use cap_std::fs::{Dir, File, OpenOptions};
use uuid::Uuid;

/// A file that is being written, beside the one that it is to become. Unless it is finished, it goes.
pub(crate) struct Upload {
    dir: Dir,
    file: File,
    temporary: String,
    target: String,
    finished: bool,
}

impl Upload {
    /// Begins a file at a path below a folder.
    pub(crate) fn begin(dir: Dir, target: String) -> io::Result<Self> {
        match dir.metadata(&target) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let name = format!(".{}.part", Uuid::new_v4());
        let temporary = match target.rsplit_once('/') {
            Some((parent, _)) => format!("{parent}/{name}"),
            None => name,
        };
        let file = dir.open_with(&temporary, OpenOptions::new().write(true).create_new(true))?;
        Ok(Self {
            dir,
            file,
            temporary,
            target,
            finished: false,
        })
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Puts the file where it belongs; says whether there was none before.
    pub(crate) fn finish(mut self) -> io::Result<bool> {
        let is_new = self.dir.symlink_metadata(&self.target).is_err();
        self.dir.rename(&self.temporary, &self.dir, &self.target)?;
        self.finished = true;
        Ok(is_new)
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if !self.finished {
            // What cannot be removed stays, under a name that says what it is.
            let _ = self.dir.remove_file(&self.temporary);
        }
    }
}
