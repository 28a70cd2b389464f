//! The state file: an SQLite database with one table of rows.
//!
//! Changes are written by a thread of their own, in the order in which they were made; those that wait share a
//! transaction. A request is answered once its own are committed, so that an answer outlives the end of the program, however
//! that comes. The file holds tokens and secrets, and is for its owner only.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use rusqlite::{Connection, ErrorCode, params};
use tokio::sync::watch;

use super::table::Written;
use super::{VERSION, document};
use crate::world::Loaded;

/// By which SQLite files of ours are known.
const APPLICATION: i32 = 0x476c_4530;
/// The most batches that share a transaction.
const MOST_SHARED: usize = 1_000;

/// Changed rows by table, `service/table`.
pub(crate) type Changes = Vec<(&'static str, Written)>;

/// What is to be written at a time.
struct Batch {
    number: u64,
    /// Everything that was there is gone.
    anew: bool,
    changes: Changes,
}

/// How far the writing has come.
#[derive(Debug, Clone, Default)]
struct Progress {
    /// The last batch that is committed.
    committed: u64,
    /// The last batch that could not be, and why.
    failed: Option<(u64, String)>,
}

/// A state file at work.
pub(crate) struct Store {
    queue: Mutex<Queue>,
    progress: watch::Receiver<Progress>,
}

struct Queue {
    sent: u64,
    /// Gone once the store is closed.
    batches: Option<Sender<Batch>>,
    writer: Option<JoinHandle<()>>,
}

/// A state file that was opened.
pub(crate) struct Opened {
    connection: Connection,
    /// What was in it, unless it is new.
    pub(crate) rows: Option<Loaded>,
}

/// The folder beside a state file in which the folders of collections are.
pub(crate) fn files_beside(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".files");
    file.with_file_name(name)
}

/// Opens a state file, or makes one.
pub(crate) fn open(file: &Path) -> io::Result<Opened> {
    let wrong = |what: String| io::Error::other(format!("the state file {}: {what}", file.display()));
    let told = |error: rusqlite::Error| {
        wrong(match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another emulator uses it; stop that one or name another file".to_owned()
            }
            Some(ErrorCode::NotADatabase) => "it is something else; name another file".to_owned(),
            Some(ErrorCode::DatabaseCorrupt) => {
                "it is damaged; put a copy in its place, or name another file".to_owned()
            }
            Some(ErrorCode::ReadOnly) => "it cannot be written; name another file".to_owned(),
            _ => error.to_string(),
        })
    };
    make_private(file).map_err(|error| {
        wrong(match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder; make it, or name another file".to_owned(),
            io::ErrorKind::IsADirectory => "it is a folder; name a file in it".to_owned(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                format!("it cannot be written ({error}); name another file")
            }
            _ => error.to_string(),
        })
    })?;
    let is_empty = std::fs::metadata(file).is_ok_and(|found| found.len() == 0);
    let connection = Connection::open(file).map_err(told)?;
    // Nobody else may have it open: the lock is taken by the first statement, and kept. A new file holds nothing yet that
    // anybody was told of: nobody waits until it is on the disk.
    let synchronous = if is_empty { "OFF" } else { "NORMAL" };
    connection
        .execute_batch(&format!(
            "PRAGMA synchronous = {synchronous}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;
             BEGIN IMMEDIATE; COMMIT;",
        ))
        .map_err(told)?;
    let tables: u32 = connection
        .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
        .map_err(told)?;
    if tables == 0 {
        return Ok(Opened { connection, rows: None });
    }
    let number = |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    if number("application_id").map_err(told)? != APPLICATION {
        return Err(wrong(
            "it is a database of something else; name another file".to_owned(),
        ));
    }
    let version = number("user_version").map_err(told)?;
    document::known_version("state file", u32::try_from(version).unwrap_or(0)).map_err(wrong)?;
    let rows = read(&connection).map_err(told)?;
    Ok(Opened {
        connection,
        rows: Some(rows),
    })
}

/// Makes a file that only its owner can read, or makes the one that is there such a file.
fn make_private(file: &Path) -> io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        let opened = options.mode(0o600).open(file)?;
        opened.set_permissions(std::fs::Permissions::from_mode(0o600))
    }
    #[cfg(not(unix))]
    options.open(file).map(drop)
}

fn read(connection: &Connection) -> rusqlite::Result<Loaded> {
    let mut loaded = Loaded::new();
    let mut statement = connection.prepare("SELECT service, key, json FROM rows")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (service, key, json): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (table, key) = key.split_once('/').unwrap_or((key.as_str(), ""));
        let table = loaded.entry(format!("{service}/{table}")).or_default();
        table.push((key.to_owned(), json));
    }
    Ok(loaded)
}

impl Opened {
    /// Begins to write. What a new file is to hold is in it afterwards.
    pub(crate) fn begin(mut self, everything: Option<Changes>) -> io::Result<Store> {
        if let Some(changes) = everything {
            let batch = Batch {
                number: 0,
                anew: true,
                changes,
            };
            commit(&mut self.connection, &[batch]).map_err(io::Error::other)?;
        }
        let settled = self.connection.execute_batch("PRAGMA synchronous = NORMAL;");
        settled.map_err(io::Error::other)?;
        let (batches, todo) = mpsc::channel();
        let (told, progress) = watch::channel(Progress::default());
        let connection = self.connection;
        let thread = std::thread::Builder::new().name("globus-state".to_owned());
        let writer = thread.spawn(move || write(connection, &todo, &told))?;
        Ok(Store {
            queue: Mutex::new(Queue {
                sent: 0,
                batches: Some(batches),
                writer: Some(writer),
            }),
            progress,
        })
    }
}

impl Store {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands changes over, and says by which number one can wait for them. To be called by whoever has the world's lock, so
    /// that their order is that in which they were made.
    ///
    /// Where nothing has changed since, somebody else may have handed over what the caller did: it waits for that.
    pub(crate) fn send(&self, changes: Changes, anew: bool) -> Option<u64> {
        let mut queue = self.queue();
        if changes.is_empty() && !anew {
            return (queue.sent > 0).then_some(queue.sent);
        }
        queue.sent += 1;
        let number = queue.sent;
        let batch = Batch { number, anew, changes };
        // After the end there is nobody to wait for.
        queue.batches.as_ref()?.send(batch).ok()?;
        Some(number)
    }

    /// Waits until changes are committed.
    pub(crate) async fn committed(&self, number: u64) -> Result<(), String> {
        let mut progress = self.progress.clone();
        let has_failed = |progress: &Progress| {
            let failed = progress.failed.as_ref().filter(|(last, _)| *last >= number);
            failed.map(|(_, what)| what.clone())
        };
        let seen = progress
            .wait_for(|progress| progress.committed >= number || has_failed(progress).is_some())
            .await
            .map_err(|_| "the emulator has stopped".to_owned())?;
        match has_failed(&seen) {
            Some(what) if seen.committed < number => Err(what),
            _ => Ok(()),
        }
    }

    /// Waits until all is written, and closes the file.
    pub(crate) fn close(&self) {
        let mut queue = self.queue();
        queue.batches = None;
        let writer = queue.writer.take();
        drop(queue);
        if let Some(writer) = writer {
            // One that panicked has ended too.
            let _ = writer.join();
        }
    }
}

/// The life of the thread that writes.
fn write(mut connection: Connection, todo: &Receiver<Batch>, told: &watch::Sender<Progress>) {
    // What could not be written is tried again with what comes next.
    let mut batches: Vec<Batch> = Vec::new();
    while let Ok(next) = todo.recv() {
        batches.push(next);
        batches.extend(todo.try_iter().take(MOST_SHARED));
        let last = batches.last().map_or(0, |batch| batch.number);
        match commit(&mut connection, &batches) {
            Ok(()) => {
                batches.clear();
                told.send_modify(|progress| progress.committed = last);
            }
            Err(error) => {
                let what = format!("the state file cannot be written: {error}");
                tracing::error!("{what}");
                told.send_modify(|progress| progress.failed = Some((last, what)));
            }
        }
    }
}

fn commit(connection: &mut Connection, batches: &[Batch]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    for batch in batches {
        if batch.anew {
            transaction.execute_batch(
                "DROP TABLE IF EXISTS rows;
                 CREATE TABLE rows (
                     service TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (service, key)
                 ) WITHOUT ROWID;",
            )?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        let mut put = transaction.prepare("INSERT OR REPLACE INTO rows (service, key, json) VALUES (?1, ?2, ?3)")?;
        let mut remove = transaction.prepare("DELETE FROM rows WHERE service = ?1 AND key = ?2")?;
        for (name, rows) in &batch.changes {
            let (service, table) = name.split_once('/').unwrap_or((name, ""));
            for (key, json) in rows {
                let key = format!("{table}/{key}");
                match json {
                    Some(json) => put.execute(params![service, key, json])?,
                    None => remove.execute(params![service, key])?,
                };
            }
        }
    }
    transaction.commit()
}
