//! A thousand tasks that wait for what another process holds, and everything else, which goes on meanwhile.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::Child;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;
use std::time::{Duration, Instant};

use globus_sdk::tokens::TokenStorage;
use tokio::runtime::Runtime;

use super::{NAMES, STORE, command, data, open, say, until_told};
use crate::postgres::PostgresServer;

const TASKS: usize = 1000;
/// Instead of the 512 that a runtime allows by default.
const BLOCKING_THREADS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(60);

/// Not a test of its own: takes locks, says so, and holds them until it is told to end.
#[tokio::test]
#[ignore = "it is run by other tests, as a process of its own"]
async fn holder() {
    let Ok(store) = std::env::var(STORE) else { return };
    let names = std::env::var(NAMES).expect("names of locks");
    let storage = open(&store).await;
    let mut held = Vec::new();
    for name in names.split(',') {
        held.push(storage.lock(name).await.expect("a lock"));
    }
    say("held");
    until_told();
}

/// Not a test of its own: keeps others from changing what is stored, until it is told to end.
#[test]
#[ignore = "it is run by other tests, as a process of its own"]
fn changer() {
    let Ok(store) = std::env::var(STORE) else { return };
    let (kind, place) = store.split_once(' ').expect("a kind and a place");
    if kind == "sqlite" {
        let database = rusqlite::Connection::open(place).expect("a database");
        database.execute_batch("BEGIN IMMEDIATE").expect("a transaction");
        say("held");
        return until_told();
    }
    let file = File::create(format!("{place}.lock")).expect("a file");
    file.lock().expect("a lock");
    say("held");
    until_told();
}

/// Starts one of those above; it holds what it was to take when this comes back.
fn hold(function: &str, store: &str, names: &str) -> Child {
    let mut child = command(&format!("waiting::{function}"), store, names)
        .spawn()
        .expect("a process");
    let mut out = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    while !line.contains("held") {
        line.clear();
        assert_ne!(
            out.read_line(&mut line).expect("text"),
            0,
            "it ended before it held anything"
        );
    }
    // What the harness says at its end needs a reader.
    std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
    child
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(BLOCKING_THREADS)
        .enable_all()
        .build()
        .expect("a runtime")
}

async fn in_time<T>(what: &str, work: impl Future<Output = T>) -> T {
    let done = tokio::time::timeout(PATIENCE, work).await;
    done.unwrap_or_else(|_| panic!("{what} takes too long"))
}

/// Starts the tasks, lets `meanwhile` go on as soon as each has begun to wait, lets go, and waits for all.
async fn thousand<T: Send + 'static, F>(mut holder: Child, wait: impl Fn(usize) -> F, meanwhile: impl Future) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
{
    let begun = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|number| {
            let (mut wait, begun) = (Box::pin(wait(number)), begun.clone());
            tokio::spawn(async move {
                let first = std::future::poll_fn(|context| Poll::Ready(wait.as_mut().poll(context))).await;
                assert!(first.is_pending(), "task {number} does not wait");
                begun.fetch_add(1, Ordering::SeqCst);
                wait.await
            })
        })
        .collect();
    let all_wait = async {
        while begun.load(Ordering::SeqCst) < TASKS {
            tokio::task::yield_now().await;
        }
    };
    in_time("beginning", all_wait).await;
    let free = in_time("other work that blocks", tokio::task::spawn_blocking(|| 7)).await;
    assert_eq!(free.expect("done"), 7);
    in_time("other work on the storage", meanwhile).await;
    assert!(tasks.iter().all(|task| !task.is_finished()));
    writeln!(holder.stdin.take().expect("its input"), "go").expect("a reader");
    let mut done = Vec::new();
    for task in tasks {
        done.push(in_time("the rest", task).await.expect("a task"));
    }
    holder.wait().expect("an end");
    done
}

/// The tasks want `locks` different locks, all of which another process holds.
fn locks(kind: &str, place: &str, locks: usize) {
    let store = format!("{kind} {place}");
    let names: Vec<String> = (0..locks).map(|number| format!("rs-{number}")).collect();
    runtime().block_on(async {
        let storage = open(&store).await;
        storage.store_token_data_by_resource_server(data("a", 1)).await.expect("stored");
        let holder = hold("holder", &store, &names.join(","));
        let begun = Instant::now();
        let taken: Arc<Vec<AtomicBool>> = Arc::new(names.iter().map(|_| AtomicBool::new(false)).collect());
        let wait = |number: usize| {
            let (storage, taken, number) = (storage.clone(), taken.clone(), number % locks);
            async move {
                let held = storage.lock(&format!("rs-{number}")).await.expect("a lock");
                assert!(!taken[number].swap(true, Ordering::SeqCst), "two have lock {number}");
                tokio::task::yield_now().await;
                taken[number].store(false, Ordering::SeqCst);
                drop(held);
            }
        };
        let meanwhile = async {
            storage.store_token_data_by_resource_server(data("a", 2)).await.expect("stored");
            let found = storage.get_token_data("a").await.expect("read");
            assert_eq!(found.expect("a token").expires_at_seconds, 2);
        };
        assert_eq!(thousand(holder, wait, meanwhile).await.len(), TASKS);
        println!(
            "{kind}: {TASKS} tasks wait for {locks} locks of another process with {BLOCKING_THREADS} threads for blocking: all \
             else goes on, and all get theirs, {:.1} s",
            begun.elapsed().as_secs_f32()
        );
    });
}

#[test]
fn for_locks_of_a_json_file() {
    let folder = tempfile::tempdir().expect("a folder");
    locks("json", &folder.path().join("tokens").display().to_string(), 500);
    private(folder.path(), 500);
}

#[test]
fn for_locks_of_an_sqlite_file() {
    let folder = tempfile::tempdir().expect("a folder");
    locks("sqlite", &folder.path().join("tokens").display().to_string(), 500);
    private(folder.path(), 500);
}

#[test]
fn for_a_lock_of_postgres() {
    let Some(server) = PostgresServer::start() else { return };
    let schema = runtime().block_on(server.schema());
    locks("postgres", &schema, 1);
}

/// Lock files stay, are nobody else's, and tell nothing of what they stand for.
fn private(folder: &Path, locks: usize) {
    let names = super::files(folder);
    let is_lock = |name: &&String| Path::new(name).extension().is_some_and(|extension| extension == "lock");
    let ours: Vec<&String> = names.iter().filter(is_lock).collect();
    assert_eq!(ours.len(), locks + 1, "one for each lock, one for changes");
    assert!(ours.iter().all(|name| !name.contains("rs-")), "{ours:?}");
    #[cfg(unix)]
    for name in &names {
        use std::os::unix::fs::PermissionsExt as _;
        let metadata = std::fs::metadata(folder.join(name)).expect("a file");
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
        assert!(metadata.len() == 0 || *name == "tokens", "{name}");
    }
}

/// The tasks want to store something while another process does, which takes its time.
fn changes(kind: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = format!("{kind} {}", folder.path().join("tokens").display());
    runtime().block_on(async {
        let storage = open(&store).await;
        storage.store_token_data_by_resource_server(data("a", 1)).await.expect("stored");
        let holder = hold("changer", &store, "");
        let begun = Instant::now();
        let wait = |number: usize| {
            let storage = storage.clone();
            async move {
                let name = format!("rs-{}", number % 10);
                storage.store_token_data_by_resource_server(data(&name, 1)).await.expect("stored");
            }
        };
        let meanwhile = async {
            drop(storage.lock("another").await.expect("a lock"));
            if kind == "json" {
                assert!(storage.get_token_data("a").await.expect("read").is_some());
            }
        };
        assert_eq!(thousand(holder, wait, meanwhile).await.len(), TASKS);
        let found = storage.get_token_data_by_resource_server().await.expect("whole");
        assert_eq!(found.len(), 11);
        println!(
            "{kind}: {TASKS} tasks store while another process keeps the file, with {BLOCKING_THREADS} threads for blocking: all \
             else goes on, and all is stored, {:.1} s",
            begun.elapsed().as_secs_f32()
        );
    });
}

#[test]
fn for_changes_of_a_json_file() {
    changes("json");
}

#[test]
fn for_changes_of_an_sqlite_file() {
    changes("sqlite");
}
