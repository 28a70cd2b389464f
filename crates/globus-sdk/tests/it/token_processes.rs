//! One file of tokens, many processes: at once, dying, and in another language.
//!
//! The processes are this test program itself, started again to run [`process`] alone.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use globus_sdk::tokens::{JsonTokenStorage, TokenDataByResourceServer, TokenStorage, TokenStorageData};

/// What a process is to do, for [`process`].
const FILE: &str = "GLOBUS_TEST_TOKEN_FILE";
const NAMES: &str = "GLOBUS_TEST_TOKEN_NAMES";
const ROUNDS: &str = "GLOBUS_TEST_TOKEN_ROUNDS";

fn data(resource_server: &str, number: i64) -> TokenDataByResourceServer {
    let token = TokenStorageData::new(resource_server, "scope", "x".repeat(2000), number);
    [(resource_server.to_owned(), token)].into()
}

/// Not a test of its own: stores tokens and says so, until it has done its rounds or is killed.
#[tokio::test]
#[ignore = "it is run by the other tests of this file, as a process of its own"]
async fn process() {
    let Ok(file) = std::env::var(FILE) else { return };
    let names = std::env::var(NAMES).expect("names of resource servers");
    let rounds: i64 = std::env::var(ROUNDS).expect("a number").parse().expect("a number");
    let names: Vec<&str> = names.split(',').collect();
    let storage = JsonTokenStorage::new(file).expect("a path");
    let first = storage.get_token_data_by_resource_server().await.expect("whole");
    let first = first.values().map(|token| token.expires_at_seconds).max().unwrap_or(0) + 1;
    for (number, name) in (first..first + rounds).zip(names.iter().cycle()) {
        storage
            .store_token_data_by_resource_server(data(name, number))
            .await
            .expect("stored");
        let mut out = std::io::stdout();
        writeln!(out, "stored {number} {name}").expect("a reader");
        out.flush().expect("a reader");
    }
}

fn start(file: &Path, names: &str, rounds: i64) -> Child {
    Command::new(std::env::current_exe().expect("this program"))
        .args([
            "--exact",
            "token_processes::process",
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FILE, file)
        .env(NAMES, names)
        .env(ROUNDS, rounds.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a process")
}

/// The number and the name of what a process said it had stored.
fn acknowledged(line: &str) -> Option<(i64, String)> {
    // The harness writes the test's name before the first line.
    let (_, said) = line.split_once("stored ")?;
    let (number, name) = said.trim_end().split_once(' ')?;
    Some((number.parse().ok()?, name.to_owned()))
}

#[tokio::test]
async fn processes_do_not_undo_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tokens.json");
    let (processes, rounds) = (8, 50);
    let names = |process: i64| -> Vec<String> { (0..rounds).map(|round| format!("rs-{process}-{round}")).collect() };
    let children: Vec<Child> = (0..processes)
        .map(|process| start(&file, &names(process).join(","), rounds))
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("an end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let storage = JsonTokenStorage::new(&file).expect("a path");
    let stored = storage.get_token_data_by_resource_server().await.expect("whole");
    let lost: Vec<String> = (0..processes)
        .flat_map(names)
        .filter(|name| !stored.contains_key(name))
        .collect();
    assert!(lost.is_empty(), "{} lost: {lost:?}", lost.len());
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 2, "the file and its lock, nothing else");
}

/// Kills a process that stores, again and again; each time, the file must be whole and hold all it had said was stored.
fn kill_again_and_again(times: u64, seed: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("tokens.json");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let storage = JsonTokenStorage::new(&file).expect("a path");
    for time in 0..times {
        let mut child = start(&file, "a,b,c,d,e,f,g", 1_000_000);
        let mut lines = BufReader::new(child.stdout.take().expect("its output"));
        let mut said = Vec::new();
        let mut line = String::new();
        while said.is_empty() {
            line.clear();
            if lines.read_line(&mut line).expect("text") == 0 {
                let mut why = String::new();
                let _ = child.stderr.take().expect("its errors").read_to_string(&mut why);
                panic!("it ended by itself: {why}");
            }
            said.extend(acknowledged(&line));
        }
        // Some moment within the next two or three changes.
        std::thread::sleep(Duration::from_micros((time * 7919 + seed * 104_729) % 4000));
        child.kill().expect("killed");
        child.wait().expect("an end");
        said.extend(
            lines
                .lines()
                .map_while(Result::ok)
                .filter_map(|line| acknowledged(&line)),
        );
        let stored = runtime.block_on(storage.get_token_data_by_resource_server());
        let stored = stored.unwrap_or_else(|error| panic!("kill {time}: {error}"));
        for (number, name) in &said {
            let found = stored.get(name).map_or(0, |token| token.expires_at_seconds);
            assert!(found >= *number, "kill {time}: {name} is at {found}, not {number}");
        }
    }
    runtime
        .block_on(storage.store_token_data_by_resource_server(data("last", 1)))
        .expect("stored");
    let files = std::fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(files, 2, "the file and its lock, nothing else");
}

#[test]
fn kills_leave_the_file_whole() {
    std::thread::scope(|scope| {
        for seed in 1..=3 {
            scope.spawn(move || kill_again_and_again(100, seed));
        }
    });
}

const PYTHON: &str = r#"
import sys
from globus_sdk.token_storage import JSONTokenStorage, TokenStorageData
storage = JSONTokenStorage(sys.argv[1])
for line in sys.stdin:
    name, number = line.split()
    storage.store_token_data_by_resource_server({name: TokenStorageData(
        resource_server=name, identity_id=None, scope="scope", access_token="x", refresh_token=None,
        expires_at_seconds=int(number), token_type="Bearer")})
    found = storage.get_token_data_by_resource_server()
    print(" ".join(sorted(f"{key}={value.expires_at_seconds}" for key, value in found.items())), flush=True)
"#;

/// A Python with the SDK, or why there is none.
fn python() -> Result<String, String> {
    let python = std::env::var("GLOBUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python)
        .args(["-c", "import globus_sdk"])
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(python),
        Ok(output) => Err(format!("{python}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{python}: {error}")),
    }
}

#[tokio::test]
async fn the_python_sdk_and_this_one_take_turns() {
    let python = match python() {
        Ok(python) => python,
        Err(why) => {
            // Not eprintln: the test harness swallows what a passing test prints that way.
            let message = format!("\n*** SKIPPED: the Python SDK is not there ({why}); set GLOBUS_PYTHON ***\n\n");
            let _ = std::io::stderr().write_all(message.as_bytes());
            return;
        }
    };
    let folder = tempfile::tempdir().expect("a folder");
    let storage = JsonTokenStorage::new(folder.path().join("tokens.json")).expect("a path");
    let mut child = Command::new(python)
        .args(["-c", PYTHON])
        .arg(storage.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python");
    let mut theirs = child.stdin.take().expect("its input");
    let mut answers = BufReader::new(child.stdout.take().expect("its output")).lines();
    for round in 1..=100 {
        let own = format!("ours-{}", round % 5);
        storage
            .store_token_data_by_resource_server(data(&own, round))
            .await
            .expect("stored");
        writeln!(theirs, "theirs-{} {round}", round % 3).expect("a reader");
        let seen = answers.next().expect("an answer").expect("text");
        let stored = storage.get_token_data_by_resource_server().await.expect("whole");
        let expected: Vec<String> = stored
            .iter()
            .map(|(name, token)| format!("{name}={}", token.expires_at_seconds))
            .collect();
        assert_eq!(seen, expected.join(" "), "round {round}");
        assert_eq!(stored[&own].expires_at_seconds, round);
        assert_eq!(stored[&format!("theirs-{}", round % 3)].expires_at_seconds, round);
    }
    drop(theirs);
    assert!(child.wait().expect("an end").success());
}
