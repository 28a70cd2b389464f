//! `cargo demo`: it works, asks nothing, and leaves nothing behind.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The demo as `cargo test` has built it, or else built now.
fn demo() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let profile = test.ancestors().nth(2).unwrap();
    let demo = profile
        .join("examples")
        .join(format!("globus-demo{}", std::env::consts::EXE_SUFFIX));
    if !demo.exists() {
        let mut build = Command::new(env!("CARGO"));
        build.args([
            "build",
            "--quiet",
            "--package",
            "globus-cli",
            "--example",
            "globus-demo",
            "--target-dir",
        ]);
        build.arg(profile.parent().unwrap());
        if profile.ends_with("release") {
            build.arg("--release");
        }
        assert!(build.status().unwrap().success());
    }
    demo
}

#[test]
fn it_works_and_leaves_nothing_behind() {
    let room = tempfile::tempdir().unwrap();
    let mark = format!("GLOBUS_DEMO_TEST={}", room.path().display());
    let started = Instant::now();
    let mut child = Command::new(demo())
        .env_clear()
        .envs([mark.split_once('=').unwrap()])
        .envs(["HOME", "TMPDIR"].map(|name| (name, room.path())))
        .current_dir(room.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Stdin stays open and silent: whoever asked something would wait for ever.
    let stdin = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""), "{out}");
    assert!(started.elapsed() < Duration::from_secs(60));

    for said in [
        "Endpoints Belonging to c11e0000-5eed-4000-8000-000000000001@clients.auth.globus.org:",
        "[e4d90000-5eed-4000-8000-000000000001] ",
        "confidential_app_auth.oauth2_client_credentials_tokens: POST /v2/oauth2/token -> 200",
        "transfer.endpoint_search: GET /v0.10/endpoint_search -> 401",
        "groups.get_my_groups: GET /v2/groups/my_groups -> 200",
        "6c54cade-bde5-45c1-bdea-f4bd71dba2cc Globus Tutorial Collection 1",
        "240.00 MiB of 240.00 MiB, 60 of 60 files",
        "the task succeeded",
        "60 files compared, all equal",
        "ActionCompleted State Greet of type Action completed",
        "FlowSucceeded",
    ] {
        assert!(out.contains(said), "{said:?} is not said:\n{out}");
    }

    let files: Vec<_> = std::fs::read_dir(room.path()).unwrap().collect();
    assert!(files.is_empty(), "{files:?}");
    #[cfg(target_os = "linux")]
    {
        assert_eq!(processes_with(&mark), Vec::<String>::new());
        let port = out
            .lines()
            .next()
            .and_then(|line| line.rsplit(':').next())
            .unwrap()
            .trim_end_matches('/');
        assert!(!is_listened_on(port.parse().unwrap()), "port {port}");
    }
}

/// Processes that were started with that in their environment.
#[cfg(target_os = "linux")]
fn processes_with(mark: &str) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let marked = processes.filter(|process| {
        let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
        environment
            .split(|byte| *byte == 0)
            .any(|variable| variable == mark.as_bytes())
    });
    marked.map(|process| process.path().display().to_string()).collect()
}

#[cfg(target_os = "linux")]
fn is_listened_on(port: u16) -> bool {
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let address = format!(":{port:04X}");
    // The second column is the local address, the fourth the state; 0A is listening.
    table.lines().any(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        columns.len() > 3 && columns[1].ends_with(&address) && columns[3] == "0A"
    })
}
