//! An emulator with a state file that is killed in the middle of its work: what it has answered is there afterwards.

#![cfg(unix)]
#![allow(missing_docs)]

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

/// How many times it is killed.
const TIMES: u64 = 25;
/// How many write at once.
const WRITERS: usize = 4;

struct Program {
    child: Child,
    host: String,
}

impl Program {
    fn start(state: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
            .args(["serve", "--port", "0", "--json", "--state"])
            .arg(state)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        out.read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let host = told["url"].as_str().expect("a URL");
        let host = host.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { child, host }
    }

    fn kill(mut self) {
        // SIGKILL on Unix.
        self.child.kill().expect("it runs");
        self.child.wait().expect("it has ended");
    }
}

/// The status and the document of an answer that came in full.
fn ask(host: &str, token: &str, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
    let mut stream = TcpStream::connect(host).ok()?;
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some((status, serde_json::from_str(body).ok()?))
}

fn mint(host: &str, scope: &str) -> Option<String> {
    let body = json!({"identity": "alice", "scopes": [scope]}).to_string();
    let (status, document) = ask(host, "", "POST", "/_emulator/tokens", &body)?;
    assert_eq!(status, 200, "{document}");
    Some(document["access_token"].as_str()?.to_owned())
}

const GROUPS: &str = "urn:globus:auth:scope:groups.api.globus.org:all";

#[test]
fn no_answered_write_is_lost() {
    let home = tempfile::tempdir().expect("a folder");
    let state = home.path().join("state");
    let mut random = SmallRng::seed_from_u64(7);
    let groups: Mutex<BTreeSet<String>> = Mutex::default();
    let tokens: Mutex<Vec<String>> = Mutex::default();
    let mut deleted: BTreeSet<String> = BTreeSet::new();
    for time in 0..TIMES {
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
                        assert_eq!(status, 201, "{group}");
                        groups.lock().expect("groups").insert(text(&group["id"]));
                        let Some(token) = mint(host, GROUPS) else { return };
                        tokens.lock().expect("tokens").push(token);
                    }
                });
            }
            let until = Instant::now() + pause;
            std::thread::sleep(until.saturating_duration_since(Instant::now()));
            program.kill();
        });
    }
    let written = groups.lock().expect("groups").len();
    assert!(written > 0, "the emulator was killed before anything was written");
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
