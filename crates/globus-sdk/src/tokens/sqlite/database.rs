//! The database file: opened, watched, kept aside when it is corrupt. All of it may block.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use crate::error::{Error, Result, StorageError, StorageProblem, quoted};
use crate::tokens::files::lock::Held;
use crate::tokens::files::{
    LOOKS, Place, Unseen, access, folder, kept_aside, make_folder, new_file, placed, remove_leftovers,
};

/// How long a statement waits for other programs that use the database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);
/// What may lie beside a database and belongs to it.
const SIDES: [&str; 3] = ["-journal", "-wal", "-shm"];
/// SQLite's way to files without asking for locks.
const WITHOUT_LOCKS: &str = "unix-none";

/// A database of tokens.
pub(super) struct Database {
    pub(super) place: Arc<Place>,
    /// One for all threads, as nothing is gained by several: changes take turns anyway.
    open: Mutex<Option<Open>>,
}

struct Open {
    connection: Connection,
    file: FileId,
}

/// Tells a file from another one that has taken its place.
#[derive(PartialEq, Eq)]
struct FileId(Option<(u64, u64)>);

/// Why something could not be done with the database.
pub(super) enum Fault {
    Sqlite(rusqlite::Error),
    Other(Error),
}

impl Fault {
    /// Says in which namespace something is not in order.
    pub(super) fn within(self, namespace: &str) -> Self {
        let Self::Other(Error::Storage(error)) = &self else {
            return self;
        };
        let message = format!("{}; it is in the namespace {}", error.message(), quoted(namespace));
        let named = StorageError::new(error.problem(), error.tried(), message);
        match error.hint() {
            Some(hint) => named.with_hint(hint),
            None => named,
        }
        .into()
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<StorageError> for Fault {
    fn from(error: StorageError) -> Self {
        Self::Other(error.into())
    }
}

impl Database {
    pub(super) fn new(path: &Path) -> Result<Self> {
        Ok(Self {
            place: Arc::new(Place::new(path)?),
            open: Mutex::default(),
        })
    }

    /// Does something with the database, which is made and opened if need be. `work` may be done again from the start.
    pub(super) fn with<T>(
        &self,
        tried: &'static str,
        mut work: impl FnMut(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T> {
        let target = self.place.target();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let error = match self.attempt(&target, &mut open, None, &mut work) {
            Ok(done) => return Ok(done),
            Err(Fault::Other(error)) => return Err(placed(error, &target)),
            Err(Fault::Sqlite(error)) if !is_corrupt(&error) => {
                if error.sqlite_error_code() == Some(ErrorCode::ReadOnly) {
                    // It would stay so even where the file can be written meanwhile.
                    *open = None;
                }
                return Err(explained(tried, &target, error).into());
            }
            Err(Fault::Sqlite(_)) => {
                *open = None;
                let held = self.place.lock_for_change(&target, tried)?;
                let mut looks = 0;
                loop {
                    // Another process may have put it aside, or be in the middle of a change that no lock guards.
                    match self.attempt(&target, &mut open, Some(&held), &mut work) {
                        Ok(done) => return Ok(done),
                        Err(Fault::Other(error)) => return Err(placed(error, &target)),
                        Err(Fault::Sqlite(error)) if is_corrupt(&error) => {
                            *open = None;
                            if held.excludes() || looks == LOOKS.0 {
                                break error;
                            }
                            looks += 1;
                            std::thread::sleep(LOOKS.1);
                        }
                        Err(Fault::Sqlite(error)) => return Err(explained(tried, &target, error).into()),
                    }
                }
            }
        };
        let corrupt = StorageError::new(StorageProblem::Corrupt, tried, format!("it is corrupt ({error})"));
        Err(kept_aside(corrupt.at(&target).with_source(error), &target, &SIDES).into())
    }

    fn attempt<T>(
        &self,
        target: &Path,
        open: &mut Option<Open>,
        held: Option<&Held>,
        work: &mut impl FnMut(&mut Connection) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let file = self.look(target)?;
        if open.as_ref().is_none_or(|open| file.as_ref() != Some(&open.file)) {
            *open = None;
            let taken = match held {
                Some(_) => None,
                None => self.lock_for_opening(target, file.is_some())?,
            };
            *open = Some(self.connect(target, held.or(taken.as_ref()))?);
        }
        match open {
            Some(open) => work(&mut open.connection),
            None => Err(StorageError::new(StorageProblem::Failed, "read", "the database is closed").into()),
        }
    }

    /// Where nothing can be written, an existing database can still be read.
    fn lock_for_opening(&self, target: &Path, exists: bool) -> Result<Option<Held>> {
        let taken = make_folder(target, "write").and_then(|()| self.place.lock_for_change(target, "write"));
        match taken {
            Ok(held) => Ok(Some(held)),
            Err(Error::Storage(error)) if exists && error.problem() == StorageProblem::Access => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn connect(&self, target: &Path, held: Option<&Held>) -> Result<Open, Fault> {
        let locks = held.is_none_or(Held::excludes);
        if !target.exists() {
            make(target, locks)?;
        }
        let mut connection = connection(target, locks)?;
        schema::check(&mut connection)?;
        let Some(file) = self.look(target)? else {
            return Err(
                StorageError::new(StorageProblem::Failed, "read", "the file was removed at this moment").into(),
            );
        };
        Ok(Open { connection, file })
    }

    fn look(&self, target: &Path) -> Result<Option<FileId>, Fault> {
        let metadata = self.place.look(target).map_err(|unseen| match unseen {
            Unseen::Io(error) => access::io_error("read", target, error).into(),
            Unseen::Refused(error) => Fault::Other(error),
            Unseen::NoFile => StorageError::new(StorageProblem::Format, "read", "it is no file").into(),
        })?;
        for side in SIDES {
            // They have the permissions of the database when they are made, and that may be long ago.
            let _ = self.place.look(&crate::tokens::files::beside(target, side));
        }
        #[cfg(unix)]
        let id = |metadata: std::fs::Metadata| {
            use std::os::unix::fs::MetadataExt as _;
            Some((metadata.dev(), metadata.ino()))
        };
        // Elsewhere a file that is open cannot be replaced.
        #[cfg(not(unix))]
        let id = |_| None;
        Ok(metadata.map(|metadata| FileId(id(metadata))))
    }
}

/// Reads from a database that belongs to another program, at one point in time. Nothing about it changes: it is neither
/// made, nor closed to others, nor kept aside, and no lock is put beside it.
pub(super) fn read_only<T>(path: &Path, work: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T> {
    let metadata = std::fs::metadata(path).map_err(|error| access::io_error("read", path, error))?;
    access::check_owner(path, &metadata)?;
    let read = || -> Result<T, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; BEGIN")?;
        schema::check_only(&connection)?;
        work(&connection)
    };
    read().map_err(|fault| match fault {
        Fault::Other(error) => placed(error, path),
        Fault::Sqlite(error) if is_corrupt(&error) => {
            let message = format!("it is corrupt, or no database ({error})");
            let corrupt = StorageError::new(StorageProblem::Corrupt, "read", message);
            corrupt
                .at(path)
                .with_hint("check the path: the file was left as it is")
                .with_source(error)
                .into()
        }
        Fault::Sqlite(error) => explained("read", path, error).into(),
    })
}

/// Makes an empty database that appears in its place whole, so that nobody sees it without its tables.
fn make(target: &Path, locks: bool) -> Result<(), Fault> {
    let failed = |error| Fault::from(access::io_error("write", target, error));
    if locks {
        remove_leftovers(target);
    }
    // Closed at once: closing a file lets go of all locks that the process holds on it, also SQLite's.
    let new = new_file(target).map_err(failed)?.into_temp_path();
    schema::create(&mut connection(&new, locks)?)?;
    match new.persist_noclobber(target) {
        Err(error) if !target.exists() => return Err(failed(error.error)),
        _ => access::sync_folder(folder(target)),
    }
    Ok(())
}

fn connection(path: &Path, locks: bool) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if locks || cfg!(not(unix)) {
        Connection::open_with_flags(path, flags)?
    } else {
        Connection::open_with_flags_and_vfs(path, flags, WITHOUT_LOCKS)?
    };
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // What is stored stays even if the power fails, and what is removed is overwritten.
    connection.execute_batch("PRAGMA synchronous = EXTRA; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;")?;
    Ok(connection)
}

fn is_corrupt(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    )
}

/// What SQLite reports, in our words where the reader can do something about it.
fn explained(tried: &'static str, target: &Path, error: rusqlite::Error) -> StorageError {
    let (problem, message, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            StorageProblem::Locked,
            format!("another program has used the database for {} s", BUSY_TIMEOUT.as_secs()),
            Some("find the program that has the file open, for example with `fuser`, and end it"),
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            StorageProblem::Access,
            error.to_string(),
            Some("check the permissions of the file and its folder, and that the disk is not read-only"),
        ),
        Some(ErrorCode::DiskFull) => (
            StorageProblem::Failed,
            "the disk is full".to_owned(),
            Some("make room, or keep the tokens on another disk; what was stored before is still there"),
        ),
        Some(ErrorCode::SystemIoFailure) => (
            StorageProblem::Failed,
            error.to_string(),
            Some("check that the disk works and has room; what was stored before is still there"),
        ),
        Some(_) => (StorageProblem::Failed, error.to_string(), None),
        None => (StorageProblem::Format, error.to_string(), None),
    };
    let explained = StorageError::new(problem, tried, message).at(target).with_source(error);
    match hint {
        Some(hint) => explained.with_hint(hint),
        None => explained,
    }
}
