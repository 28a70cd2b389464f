//! The examples run unmodified against the emulator.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use globus_emulator::Emulator;
use globus_emulator::seed::{CLIENT_ID, CLIENT_SECRET};

/// An example as it is now: `cargo test --test it` alone builds none, and an old one would be tested in its place.
pub(crate) fn example(name: &str) -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let built = profile
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut build = Command::new(env!("CARGO"));
    build.args([
        "build",
        "--quiet",
        "--package",
        "globus-sdk",
        "--example",
        name,
        "--target-dir",
    ]);
    build.arg(profile.parent().unwrap());
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success());
    built
}

/// Lists three times; before the last one its token ends by the emulator's clock, and it goes on by itself.
#[test]
fn client_credentials() {
    let emulator = Emulator::builder().start_now().unwrap();
    let mut child = Command::new(example("client_credentials"))
        .args(["2", "1"])
        .env_clear()
        .envs(emulator.env())
        .env("GLOBUS_CLIENT_ID", CLIENT_ID)
        .env("GLOBUS_CLIENT_SECRET", CLIENT_SECRET)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.starts_with("Again in") {
            emulator.advance(Duration::from_secs(3 * 24 * 3600));
        }
        out += &line;
        out.push('\n');
    }
    assert_eq!(child.wait().unwrap().code(), Some(0), "{out}");

    let title = format!("Endpoints Belonging to {CLIENT_ID}@clients.auth.globus.org:\n");
    let listings: Vec<&str> = out
        .split(&title)
        .skip(1)
        .map(|text| text.split("Again").next().unwrap())
        .collect();
    assert_eq!(listings.len(), 3, "{out}");
    assert!(listings.iter().all(|listing| listing == &listings[0]), "{out}");
    assert!(
        listings[0].contains("[e4d90000-5eed-4000-8000-000000000001] Emulator Program Workspace\n"),
        "{out}"
    );

    let requests: Vec<(String, u16)> = emulator
        .requests()
        .into_iter()
        .map(|made| (made.path, made.status))
        .collect();
    let (token, search) = ("/v2/oauth2/token", "/v0.10/endpoint_search");
    let wanted = [
        (token, 200),
        (search, 200),
        (token, 200),
        (search, 200),
        (search, 401),
        (token, 200),
        (search, 200),
    ];
    assert_eq!(requests, wanted.map(|(path, status)| (path.to_owned(), status)));
}
