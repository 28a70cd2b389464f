//! One storage of tokens, many processes: at once, dying, and in another language.
//!
//! The processes are this test program itself, started again to run [`process`] alone. Each test prints its figure.

#![allow(clippy::print_stdout)] // figures

mod kills;
mod python;
mod waiting;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use globus_sdk::tokens::{
    JsonTokenStorage, PostgresTokenStorage, SQLiteTokenStorage, TokenDataByResourceServer, TokenStorage,
    TokenStorageData,
};

use crate::postgres::PostgresServer;
use crate::python::skipped;

/// What a process is to do, for [`process`]: `json FILE`, `sqlite FILE` or `postgres CONNECTION`.
pub(crate) const STORE: &str = "GLOBUS_TEST_TOKEN_STORE";
const NAMES: &str = "GLOBUS_TEST_TOKEN_NAMES";
const ROUNDS: &str = "GLOBUS_TEST_TOKEN_ROUNDS";
/// Set for a process that is to begin only when it is told to.
const TOLD: &str = "GLOBUS_TEST_TOKEN_TOLD";

pub(crate) async fn open(store: &str) -> Arc<dyn TokenStorage> {
    let (kind, place) = store.split_once(' ').expect("a kind and a place");
    match kind {
        "json" => Arc::new(JsonTokenStorage::new(place).expect("a path")),
        "sqlite" => Arc::new(SQLiteTokenStorage::new(place).expect("a database")),
        "postgres" => Arc::new(PostgresTokenStorage::connect_with(place, 1).await.expect("a database")),
        other => panic!("no storage {other}"),
    }
}

fn data(resource_server: &str, number: i64) -> TokenDataByResourceServer {
    let token = TokenStorageData::new(resource_server, "scope", "x".repeat(500), number);
    [(resource_server.to_owned(), token)].into()
}

/// Tells the test that started this process, which reads what it says line by line.
fn say(text: &str) {
    let mut out = std::io::stdout();
    writeln!(out, "{text}").expect("a reader");
    out.flush().expect("a reader");
}

/// Waits for a line of the test that started this process, or for its end.
fn until_told() {
    std::io::stdin().read_line(&mut String::new()).expect("text");
}

/// Not a test of its own: stores tokens and says so, until it has done its rounds or is killed.
#[tokio::test]
#[ignore = "it is run by the other tests of this file, as a process of its own"]
async fn process() {
    let Ok(store) = std::env::var(STORE) else { return };
    let names = std::env::var(NAMES).expect("names of resource servers");
    let rounds: i64 = std::env::var(ROUNDS).expect("a number").parse().expect("a number");
    let names: Vec<&str> = names.split(',').collect();
    if std::env::var_os(TOLD).is_some() {
        say("ready");
        until_told();
    }
    let storage = open(&store).await;
    let first = storage.get_token_data_by_resource_server().await.expect("whole");
    let own = first.iter().filter(|(name, _)| names.contains(&name.as_str()));
    let first = own.map(|(_, token)| token.expires_at_seconds).max().unwrap_or(0) + 1;
    for (number, name) in (first..first + rounds).zip(names.iter().cycle()) {
        match storage.store_token_data_by_resource_server(data(name, number)).await {
            Ok(()) => say(&format!("stored {number} {name}")),
            Err(error) => {
                say(&format!("error {error}"));
                continue;
            }
        }
        // What others store meanwhile is whole, and what was stored here is there.
        match storage.get_token_data_by_resource_server().await {
            Ok(all) if all.get(*name) != data(name, number).get(*name) => say(&format!("torn {number} {name}")),
            Ok(all) => {
                if let Some((name, _)) = all.iter().find(|(name, token)| token.resource_server != **name) {
                    say(&format!("torn {number} {name}"));
                }
            }
            Err(error) => say(&format!("error {error}")),
        }
    }
}

fn start(store: &str, names: &str, rounds: i64) -> Child {
    command("process", store, names)
        .env(ROUNDS, rounds.to_string())
        .stdin(Stdio::null())
        .spawn()
        .expect("a process")
}

/// A process that runs one of the functions here that are not tests of their own.
fn command(function: &str, store: &str, names: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command
        .args(["--exact", &format!("token_processes::{function}"), "--ignored"])
        .args(["--nocapture", "--test-threads=1"])
        .env(STORE, store)
        .env(NAMES, names)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The number and the name of what a process said it had stored.
fn acknowledged(line: &str) -> Option<(i64, String)> {
    // The harness writes the test's name before the first line.
    let (_, said) = line.split_once("stored ")?;
    let (number, name) = said.trim_end().split_once(' ')?;
    Some((number.parse().ok()?, name.to_owned()))
}

/// Whether to take the time for the full numbers: 8 processes x 200 rounds, 500 kills.
fn full() -> bool {
    std::env::var("STRESS").is_ok_and(|stress| stress == "full")
}

/// Eight processes that nobody prepared anything for, at once.
async fn eight_at_once(what: &str, store: &str) {
    let (processes, rounds) = (8, if full() { 200 } else { 25 });
    let names = |process: i64| -> Vec<String> { (0..8).map(|name| format!("rs-{process}-{name}")).collect() };
    let begun = Instant::now();
    let children: Vec<Child> = (0..processes)
        .map(|process| start(store, &names(process).join(","), rounds))
        .collect();
    let (mut last, mut torn, mut errors) = (BTreeMap::new(), Vec::new(), Vec::new());
    let mut stored = 0;
    for child in children {
        let output = child.wait_with_output().expect("an end");
        let said = String::from_utf8_lossy(&output.stdout);
        if !output.status.success() {
            errors.push(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        for line in said.lines() {
            if let Some((number, name)) = acknowledged(line) {
                stored += 1;
                last.insert(name, number);
            }
            torn.extend(line.contains("torn ").then(|| line.to_owned()));
            errors.extend(line.contains("error ").then(|| line.to_owned()));
        }
    }
    let found = open(store)
        .await
        .get_token_data_by_resource_server()
        .await
        .expect("whole");
    let lost: Vec<_> = last
        .iter()
        .filter(|(name, number)| found.get(*name).map(|token| token.expires_at_seconds) != Some(**number))
        .collect();
    println!(
        "{what}: {processes} processes x {rounds} rounds: {stored} stored, {} lost, {} torn, {} errors, {:.1} s",
        lost.len(),
        torn.len(),
        errors.len(),
        begun.elapsed().as_secs_f32()
    );
    assert!(
        lost.is_empty() && torn.is_empty() && errors.is_empty(),
        "{lost:?} {torn:?} {errors:?}"
    );
    assert_eq!((stored, last.len()), (processes * rounds, 64));
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name());
    let mut names: Vec<String> = entries.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn eight_processes_and_one_json_file() {
    let folder = tempfile::tempdir().expect("a folder");
    eight_at_once(
        "one JSON file",
        &format!("json {}", folder.path().join("tokens.json").display()),
    )
    .await;
    assert_eq!(files(folder.path()), ["tokens.json", "tokens.json.lock"]);
}

#[tokio::test]
async fn eight_processes_and_one_sqlite_file() {
    let folder = tempfile::tempdir().expect("a folder");
    eight_at_once(
        "one SQLite file",
        &format!("sqlite {}", folder.path().join("tokens.db").display()),
    )
    .await;
    assert_eq!(files(folder.path()), ["tokens.db", "tokens.db.lock"]);
}

#[tokio::test]
async fn eight_processes_and_one_postgres() {
    let Some(server) = PostgresServer::start() else { return };
    eight_at_once("one PostgreSQL", &format!("postgres {}", server.schema().await)).await;
}

/// Where there is no file yet, each of eight processes may be the one that makes it, again and again.
#[tokio::test]
async fn eight_processes_make_one_sqlite_file() {
    let begun = Instant::now();
    let times = if full() { 25 } else { 8 };
    for time in 0..times {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("sqlite {}", folder.path().join("tokens.db").display());
        let children: Vec<Child> = (0..8)
            .map(|process| start(&store, &format!("rs-{process}"), 1))
            .collect();
        for child in children {
            let output = child.wait_with_output().expect("an end");
            let said = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && said.contains("stored 1 "), "{time}: {said}");
            assert!(!said.contains("error ") && !said.contains("torn "), "{time}: {said}");
        }
        let found = open(&store)
            .await
            .get_token_data_by_resource_server()
            .await
            .expect("whole");
        assert_eq!(found.len(), 8, "time {time}");
    }
    println!(
        "one SQLite file: first use by 8 processes, {times} times: 0 of {} failed, {:.1} s",
        times * 8,
        begun.elapsed().as_secs_f32()
    );
}

/// A file that may not grow beyond 40 or 80 KB, depending on the shell, stands for a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_keeps_what_was_stored() {
    for kind in ["json", "sqlite"] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("{kind} {}", folder.path().join("tokens").display());
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        drop(runtime.block_on(open(&store)));
        let limits = "trap '' XFSZ; ulimit -f 80; exec \"$0\" \"$@\"";
        let output = Command::new("sh")
            .args(["-c", limits])
            .arg(std::env::current_exe().expect("this program"))
            .args(["--exact", "token_processes::process", "--ignored", "--nocapture"])
            .env(STORE, &store)
            .env(
                NAMES,
                (0..200).map(|name| format!("rs-{name}")).collect::<Vec<_>>().join(","),
            )
            .env(ROUNDS, "200")
            .output()
            .expect("a process");
        let said = String::from_utf8_lossy(&output.stdout);
        let stored: Vec<_> = said.lines().filter_map(acknowledged).collect();
        let errors: Vec<&str> = said.lines().filter(|line| line.contains("error ")).collect();
        assert!(output.status.success() && !said.contains("torn "), "{said}");
        assert_eq!(stored.len() + errors.len(), 200, "{said}");
        assert!(
            !stored.is_empty()
                && !errors.is_empty()
                && errors
                    .iter()
                    .all(|error| error.contains("cannot write stored tokens in `")),
            "{said}"
        );
        let found = runtime.block_on(async { open(&store).await.get_token_data_by_resource_server().await });
        let found = found.expect("whole");
        assert!(
            stored
                .iter()
                .all(|(number, name)| found[name].expires_at_seconds == *number)
        );
        println!(
            "{kind}, full disk: {} stored and still there; {} times {:?}",
            stored.len(),
            errors.len(),
            errors.first()
        );
    }
}

/// Reading works in a folder where nothing can be written, and storing says why it does not.
#[cfg(unix)]
#[test]
fn a_read_only_folder() {
    use std::os::unix::fs::{PermissionsExt as _, chown};
    for kind in ["json", "sqlite"] {
        let folder = tempfile::tempdir().expect("a folder");
        let store = format!("{kind} {}", folder.path().join("tokens").display());
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let storage = open(&store).await;
            storage
                .store_token_data_by_resource_server(data("before", 7))
                .await
                .expect("stored");
        });
        let mut process = Command::new(std::env::current_exe().expect("this program"));
        process.args(["--exact", "token_processes::process", "--ignored", "--nocapture"]);
        process
            .env(STORE, &store)
            .env(NAMES, "before,after")
            .env(ROUNDS, "2")
            .current_dir("/");
        // Nothing is read-only for root.
        let nobody = 65534;
        if chown(folder.path(), Some(nobody), None).is_ok() {
            for file in files(folder.path()) {
                chown(folder.path().join(file), Some(nobody), None).expect("given away");
            }
            std::os::unix::process::CommandExt::uid(&mut process, nobody);
        }
        for file in files(folder.path()) {
            let readable = std::fs::Permissions::from_mode(0o400);
            std::fs::set_permissions(folder.path().join(file), readable).expect("closed");
        }
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o500)).expect("closed");
        let output = process.output();
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o700)).expect("opened");
        let output = match output {
            Ok(output) if output.status.code() != Some(127) => output,
            other => {
                skipped(&format!("another user cannot run this program ({other:?})"));
                return;
            }
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{kind}: {said} {why}");
        let errors: Vec<&str> = said.lines().filter(|line| line.contains("error cannot ")).collect();
        assert_eq!(errors.len(), 2, "{kind}: {said}");
        println!("{kind}, read-only: {:?}", errors[0]);
    }
}
