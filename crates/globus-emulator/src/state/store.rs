//! The state file: an SQLite database with one table of rows.
//!
//! Changes are written by a thread of their own, in the order in which they were made; those that wait share a
//! transaction. A request is answered once its own are committed, so that an answer outlives the end of the program, however
//! that comes. The file holds tokens and secrets, and is for its owner only.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use tokio::sync::watch;

use super::table::Written;
use super::{VERSION, document};
use crate::world::Loaded;

/// By which SQLite files of ours are known.
const APPLICATION: i32 = 0x476c_4530;
/// The most batches that share a transaction.
const MOST_SHARED: usize = 1_000;
/// Why nothing is kept any more.
const STOPPED: &str = "the emulator has stopped";
/// How long until what could not be written is tried again.
const AGAIN: Duration = Duration::from_millis(200);

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
    let told_io = |error: io::Error| {
        wrong(match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder; make it, or name another file".to_owned(),
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                format!("it cannot be written ({error}); name another file")
            }
            _ => error.to_string(),
        })
    };
    // What is not ours stays as it is: nothing is changed before that is known.
    let is_empty = match std::fs::metadata(file) {
        Ok(found) if found.is_dir() => return Err(wrong("it is a folder; name a file in it".to_owned())),
        Ok(found) if !found.is_file() => {
            return Err(wrong("it is a device or a pipe; name a file".to_owned()));
        }
        Ok(found) => found.len() == 0,
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        Err(error) => return Err(told_io(error)),
    };
    if !is_empty && !is_ours(file).map_err(told)? {
        return Err(wrong(
            "it is a database of something else; name another file".to_owned(),
        ));
    }
    make_private(file).map_err(told_io)?;
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
    let version: i32 = connection
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(told)?;
    document::known_version("state file", u32::try_from(version).unwrap_or(0)).map_err(wrong)?;
    let rows = read(&connection).map_err(told)?;
    Ok(Opened {
        connection,
        rows: Some(rows),
    })
}

/// Whether a database is one of ours, or has nothing in it, as one of ours that was not begun. Looking changes nothing.
fn is_ours(file: &Path) -> rusqlite::Result<bool> {
    let looking = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    looking.execute_batch("PRAGMA locking_mode = EXCLUSIVE;")?;
    let tables: u32 = looking.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    let application: i32 = looking.pragma_query_value(None, "application_id", |row| row.get(0))?;
    Ok(application == APPLICATION || (tables == 0 && application == 0))
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
        let mut connection = self.connection;
        let thread = std::thread::Builder::new().name("globus-state".to_owned());
        let writer = thread.spawn(move || write(|batches| commit(&mut connection, batches), &todo, &told))?;
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
    /// Where nothing has changed since, somebody else may have handed over what the caller did: it waits for that. After the
    /// end nothing is taken, and nothing may be answered: what one sees may not be in the file.
    pub(crate) fn send(&self, changes: Changes, anew: bool) -> Result<Option<u64>, String> {
        let mut queue = self.queue();
        let Queue { sent, batches, .. } = &mut *queue;
        let batches = batches.as_ref().ok_or(STOPPED)?;
        if changes.is_empty() && !anew {
            return Ok((*sent > 0).then_some(*sent));
        }
        *sent += 1;
        let number = *sent;
        batches
            .send(Batch { number, anew, changes })
            .map_err(|_| STOPPED.to_owned())?;
        Ok(Some(number))
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
            .map_err(|_| STOPPED.to_owned())?;
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

/// The life of the thread that writes. What cannot be written is tried again until it can, and once more at the end.
fn write(
    mut commit: impl FnMut(&[Batch]) -> rusqlite::Result<()>,
    todo: &Receiver<Batch>,
    told: &watch::Sender<Progress>,
) {
    let mut batches: Vec<Batch> = Vec::new();
    loop {
        let next = if batches.is_empty() {
            todo.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            todo.recv_timeout(AGAIN)
        };
        let is_end = matches!(next, Err(RecvTimeoutError::Disconnected));
        batches.extend(next);
        batches.extend(todo.try_iter().take(MOST_SHARED));
        if let Some(last) = batches.last().map(|batch| batch.number) {
            match commit(&batches) {
                Ok(()) => {
                    batches.clear();
                    told.send_modify(|progress| {
                        progress.committed = last;
                        progress.failed = None;
                    });
                }
                Err(error) => {
                    let what = format!("the state file cannot be written: {error}");
                    // Of what goes on one is told once.
                    let known = told.borrow().failed.as_ref().is_some_and(|(_, known)| *known == what);
                    if !known {
                        tracing::error!("{what}");
                    }
                    told.send_modify(|progress| progress.failed = Some((last, what)));
                }
            }
        }
        if is_end {
            return;
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// A store whose disk is full for as long as one says, and the numbers of what was written.
    fn store(is_full: &Arc<AtomicBool>) -> (Store, Arc<Mutex<Vec<u64>>>) {
        let written = Arc::new(Mutex::new(Vec::new()));
        let (batches, todo) = mpsc::channel();
        let (told, progress) = watch::channel(Progress::default());
        let (full, kept) = (Arc::clone(is_full), Arc::clone(&written));
        let commit = move |batches: &[Batch]| {
            if full.load(Ordering::SeqCst) {
                return Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(13), None));
            }
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(batches.iter().map(|batch| batch.number));
            Ok(())
        };
        let writer = std::thread::spawn(move || write(commit, &todo, &told));
        let queue = Queue {
            sent: 0,
            batches: Some(batches),
            writer: Some(writer),
        };
        let store = Store {
            queue: Mutex::new(queue),
            progress,
        };
        (store, written)
    }

    fn change() -> Changes {
        vec![("groups/groups", vec![("a".to_owned(), None)])]
    }

    #[tokio::test]
    async fn a_disk_that_has_room_again_is_written_without_being_asked() {
        let is_full = Arc::new(AtomicBool::new(true));
        let (store, written) = store(&is_full);
        let number = store.send(change(), false).expect("a store").expect("a number");
        let refused = store.committed(number).await.expect_err("a full disk");
        assert!(refused.contains("full"), "{refused}");
        is_full.store(false, Ordering::SeqCst);
        // Somebody who reads hands nothing over, and waits for what is on its way.
        let mut progress = store.progress.clone();
        let healed = progress.wait_for(|progress| progress.committed == number);
        let healed = tokio::time::timeout(Duration::from_secs(30), healed).await;
        assert!(healed.is_ok_and(|seen| seen.is_ok()), "nobody tried again");
        let reads = store.send(Vec::new(), false).expect("a store").expect("a number");
        store.committed(reads).await.expect("an answer");
        assert_eq!(*written.lock().expect("numbers"), [number]);
    }

    #[tokio::test]
    async fn what_is_left_at_the_end_is_tried_once_more() {
        let is_full = Arc::new(AtomicBool::new(true));
        let (store, written) = store(&is_full);
        let number = store.send(change(), false).expect("a store").expect("a number");
        store.committed(number).await.expect_err("a full disk");
        is_full.store(false, Ordering::SeqCst);
        store.close();
        assert!(store.send(change(), false).is_err(), "it is closed");
        assert!(store.send(Vec::new(), false).is_err(), "it is closed");
        assert_eq!(*written.lock().expect("numbers"), [number]);
    }
}
