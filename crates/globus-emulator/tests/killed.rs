//! An emulator with a state file that is killed in the middle of its work: what it has answered is there afterwards.

#![cfg(unix)]
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

/// How many times it is killed.
const TIMES: u64 = 25;
/// How many write at once.
const WRITERS: usize = 4;

/// How long anything may take; what takes longer has come to a standstill.
const PATIENCE: Duration = Duration::from_secs(30);

/// A program that is killed with this. One that outlived a failed test would keep the test's output open, and whoever
/// reads that waiting.
struct Program {
    child: Child,
    host: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        // SIGKILL on Unix. It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(state: &Path) -> Self {
        Self::start_with(state, &[])
    }

    fn start_with(state: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
            .args(["serve", "--port", "0", "--json", "--state"])
            .arg(state)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = child.stdout.take().expect("its output");
        let mut program = Self {
            child,
            host: String::new(),
        };
        let (said, line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            // An error leaves the line empty; nobody may wait for it any more.
            let _ = BufReader::new(out).read_line(&mut line);
            let _ = said.send(line);
        });
        let line = line.recv_timeout(PATIENCE);
        let line = line.unwrap_or_else(|_| panic!("the program did not say within {PATIENCE:?} where it listens"));
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let host = told["url"].as_str().expect("a URL");
        host.trim_start_matches("http://")
            .trim_end_matches('/')
            .clone_into(&mut program.host);
        program
    }
}

/// A connection to a port, unless nobody listens there.
fn connect(host: &str) -> Option<TcpStream> {
    let address: SocketAddr = host.parse().expect("an address");
    let stream = TcpStream::connect_timeout(&address, PATIENCE).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
    stream.set_write_timeout(Some(PATIENCE)).expect("a deadline");
    Some(stream)
}

/// The outcome of reading or writing, unless the other side has gone.
fn unless_gone<T>(outcome: io::Result<T>, what: &str) -> Option<T> {
    if let Err(error) = &outcome
        && matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
    {
        panic!("no end of {what} within {PATIENCE:?}");
    }
    outcome.ok()
}

/// The status and the document of an answer that came in full.
fn ask(host: &str, token: &str, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
    let mut stream = connect(host)?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    unless_gone(
        stream.write_all(request.as_bytes()),
        &format!("sending {method} {path}"),
    )?;
    let mut answer = String::new();
    unless_gone(
        stream.read_to_string(&mut answer),
        &format!("the answer to {method} {path}"),
    )?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

fn mint(host: &str, scope: &str) -> Option<String> {
    let body = json!({"identity": "alice", "scopes": [scope]}).to_string();
    let (status, document) = ask(host, "", "POST", "/_emulator/tokens", &body)?;
    if status == 500 && document.to_string().contains("the emulator has stopped") {
        return None;
    }
    assert_eq!(status, 200, "{document}");
    Some(document["access_token"].as_str()?.to_owned())
}

const GROUPS: &str = "urn:globus:auth:scope:groups.api.globus.org:all";

#[test]
fn no_answered_write_is_lost() {
    no_answered_write_is_lost_by(TIMES, drop);
}

/// What is answered while it stops is kept like all else.
#[test]
fn no_answered_write_is_lost_when_it_is_told_to_stop() {
    no_answered_write_is_lost_by(8, |mut program| {
        let told = Command::new("kill").arg(program.child.id().to_string()).status();
        assert!(told.expect("kill runs").success());
        let ended = program.child.wait().expect("an end");
        assert!(ended.success(), "{ended}");
    });
}

fn no_answered_write_is_lost_by(times: u64, end: impl Fn(Program)) {
    let home = tempfile::tempdir().expect("a folder");
    let state = home.path().join("state");
    let mut random = SmallRng::seed_from_u64(7);
    let groups: Mutex<BTreeSet<String>> = Mutex::default();
    let tokens: Mutex<Vec<String>> = Mutex::default();
    let mut deleted: BTreeSet<String> = BTreeSet::new();
    for time in 0..times {
        let program = Program::start(&state);
        let first = mint(&program.host, GROUPS).expect("a token");
        if let Some(token) = tokens.lock().expect("tokens").last() {
            let (status, mine) =
                ask(&program.host, token, "GET", "/v2/groups/my_groups", "").expect("an answer of the next one");
            assert_eq!(status, 200, "the token of the last time: {mine}");
            let there: BTreeSet<String> = mine
                .as_array()
                .expect("groups")
                .iter()
                .map(|group| text(&group["id"]))
                .collect();
            let mut known = groups.lock().expect("groups");
            let lost: Vec<&String> = known.difference(&there).collect();
            assert!(lost.is_empty(), "after {time} kills {lost:?} are lost");
            assert!(deleted.is_disjoint(&there), "a group that was deleted is back");
            // What was not answered may have been done.
            let seeded = |id: &&String| id.contains("-5eed-");
            known.extend(there.iter().filter(|id| !seeded(id)).cloned());
            if let Some(gone) = known.pop_first() {
                let (status, _) =
                    ask(&program.host, token, "DELETE", &format!("/v2/groups/{gone}"), "").expect("an answer");
                assert_eq!(status, 200);
                deleted.insert(gone);
            }
        }
        let pause = Duration::from_micros(random.random_range(2_000..60_000));
        let host = program.host.clone();
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (host, first, groups, tokens) = (&host, &first, &groups, &tokens);
                scope.spawn(move || {
                    for number in 0.. {
                        let body = json!({"name": format!("{time} {writer} {number}")}).to_string();
                        let Some((status, group)) = ask(host, first, "POST", "/v2/groups", &body) else {
                            return;
                        };
                        if status == 500 && group.to_string().contains("the emulator has stopped") {
                            return;
                        }
                        assert_eq!(status, 201, "{group}");
                        groups.lock().expect("groups").insert(text(&group["id"]));
                        let Some(token) = mint(host, GROUPS) else { return };
                        tokens.lock().expect("tokens").push(token);
                    }
                });
            }
            let until = Instant::now() + pause;
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
            end(program);
        });
    }
    let written = groups.lock().expect("groups").len();
    assert!(written > 0, "the emulator was killed before anything was written");
}

const TRANSFER: &str = "urn:globus:auth:scope:transfer.api.globus.org:all";
/// Alice's computer.
const COLLECTION: &str = "e4d90000-5eed-4000-8000-000000000003";

/// The document of a task once something is true of it.
fn until(host: &str, token: &str, task: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    let began = Instant::now();
    loop {
        let path = format!("/v0.10/task/{task}");
        let (status, document) = ask(host, token, "GET", &path, "").expect("an answer");
        assert_eq!(status, 200, "{document}");
        if wanted(&document) {
            return document;
        }
        assert!(began.elapsed() < PATIENCE, "the task does not get on: {document}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_task_goes_on_where_it_was() {
    let mut files: u64 = 1_000;
    loop {
        let home = tempfile::tempdir().expect("a folder");
        let (state, folder) = (home.path().join("state"), home.path().join("disk"));
        std::fs::create_dir_all(folder.join("from")).expect("a folder");
        let file = |number: u64| folder.join(format!("from/{number:06}"));
        for number in 0..files {
            std::fs::write(file(number), "1234567").expect("a file");
        }
        let place = format!("{COLLECTION}={}", folder.display());
        let start = || Program::start_with(&state, &["--collection", &place]);
        let program = start();
        let token = mint(&program.host, TRANSFER).expect("a token");
        let document = json!({
            "DATA_TYPE": "transfer", "submission_id": "5ab00000-5eed-4000-8000-000000000001",
            "source_endpoint": COLLECTION, "destination_endpoint": COLLECTION, "sync_level": 0,
            "DATA": [{
                "DATA_TYPE": "transfer_item", "source_path": "/~/from/", "destination_path": "/~/to/", "recursive": true,
            }],
        });
        let submitted = ask(&program.host, &token, "POST", "/v0.10/transfer", &document.to_string());
        let (status, submitted) = submitted.expect("an answer");
        assert_eq!(status, 202, "{submitted}");
        let task = text(&submitted["task_id"]);
        // What has begun goes on until the program is killed, but not in the next one.
        until(&program.host, &token, &task, |document| {
            document["nice_status"] != "Queued"
        });
        let hold = json!({"hold": true}).to_string();
        let (status, _) = ask(&program.host, "", "POST", "/_emulator/tasks", &hold).expect("an answer");
        assert_eq!(status, 200);
        let half = |document: &Value| {
            document["status"] != "ACTIVE" || document["files_transferred"].as_u64().expect("a number") > files / 2
        };
        let ended = until(&program.host, &token, &task, half)["status"] != "ACTIVE";
        drop(program);

        // It is held: what is told now is what was written down.
        let program = start();
        let kept = until(&program.host, &token, &task, |_| true);
        let done = kept["files_transferred"].as_u64().expect("a number");
        if ended || done == 0 || done == files {
            // Killed too late or too early.
            files *= 2;
            continue;
        }
        assert_eq!(kept["bytes_transferred"], 7 * done, "{kept}");
        // It does not look again at what it has transferred.
        for number in 0..done {
            std::fs::remove_file(file(number)).expect("a file");
        }
        let go_on = json!({"hold": false}).to_string();
        ask(&program.host, "", "POST", "/_emulator/tasks", &go_on).expect("an answer");
        let ended = until(&program.host, &token, &task, |document| document["status"] != "ACTIVE");
        assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        for (name, wanted) in [
            ("files", files),
            ("files_transferred", files),
            ("files_skipped", 0),
            ("bytes_transferred", 7 * files),
            ("subtasks_succeeded", files + 2),
            ("faults", 0),
        ] {
            assert_eq!(ended[name], wanted, "{name}: {ended}");
        }
        for number in 0..files {
            let copy = std::fs::read(folder.join(format!("to/{number:06}"))).expect("a copy");
            assert_eq!(copy, b"1234567", "{number}");
        }
        return;
    }
}

#[test]
fn a_task_that_was_said_to_be_over_is_over() {
    for _ in 0..5 {
        let home = tempfile::tempdir().expect("a folder");
        let (state, folder) = (home.path().join("state"), home.path().join("disk"));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("old"), "x").expect("a file");
        let place = format!("{COLLECTION}={}", folder.display());
        let program = Program::start_with(&state, &["--collection", &place]);
        let token = mint(&program.host, TRANSFER).expect("a token");
        let document = json!({
            "DATA_TYPE": "delete", "submission_id": "5ab00000-5eed-4000-8000-000000000001", "endpoint": COLLECTION,
            "DATA": [{"DATA_TYPE": "delete_item", "path": "/~/old"}],
        });
        let submitted = ask(&program.host, &token, "POST", "/v0.10/delete", &document.to_string());
        let task = text(&submitted.expect("an answer").1["task_id"]);
        let is_over = |document: &Value| document["status"] != "ACTIVE";
        let told = until(&program.host, &token, &task, is_over);
        drop(program);
        // A file of the same name that came later is none of its business.
        std::fs::write(folder.join("old"), "new").expect("a file");
        let program = Program::start_with(&state, &["--collection", &place]);
        let kept = until(&program.host, &token, &task, |_| true);
        assert_eq!(kept["status"], told["status"], "{kept}");
        assert_eq!(kept["completion_time"], told["completion_time"], "{kept}");
        assert!(folder.join("old").exists());
    }
}

/// It is not written down yet that they have begun.
#[test]
fn tasks_that_have_just_begun_end_as_they_should() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("disk");
    std::fs::create_dir_all(&folder).expect("a folder");
    let place = format!("{COLLECTION}={}", folder.display());
    let content = vec![7; 20_000_000];
    std::fs::write(folder.join("from"), &content).expect("a file");
    for time in 0..10 {
        let state = home.path().join(format!("state{time}"));
        std::fs::write(folder.join("old"), "x").expect("a file");
        let program = Program::start_with(&state, &["--collection", &place]);
        let token = mint(&program.host, TRANSFER).expect("a token");
        let tasks = [
            json!({
                "DATA_TYPE": "delete", "submission_id": "5ab00000-5eed-4000-8000-000000000001", "endpoint": COLLECTION,
                "DATA": [{"DATA_TYPE": "delete_item", "path": "/~/old"}],
            }),
            json!({
                "DATA_TYPE": "transfer", "submission_id": "5ab00000-5eed-4000-8000-000000000002",
                "source_endpoint": COLLECTION, "destination_endpoint": COLLECTION, "sync_level": 0,
                "DATA": [{"DATA_TYPE": "transfer_item", "source_path": "/~/from", "destination_path": "/~/to"}],
            }),
        ];
        let tasks = tasks.map(|document| {
            let path = format!("/v0.10/{}", text(&document["DATA_TYPE"]));
            let submitted = ask(&program.host, &token, "POST", &path, &document.to_string());
            let (status, submitted) = submitted.expect("an answer");
            assert_eq!(status, 202, "{submitted}");
            text(&submitted["task_id"])
        });
        // At different moments of a copy that takes some milliseconds.
        std::thread::sleep(Duration::from_millis(time));
        drop(program);

        let program = Program::start_with(&state, &["--collection", &place]);
        for task in tasks {
            let ended = until(&program.host, &token, &task, |document| document["status"] != "ACTIVE");
            assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
        }
        drop(program);
        assert!(!folder.join("old").exists());
        let copy = std::fs::read(folder.join("to")).expect("a copy");
        assert!(copy == content, "{} bytes of {}", copy.len(), content.len());
        std::fs::remove_file(folder.join("to")).expect("a copy");
    }
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
