//! Each scenario does its work once, a little of it, and prints what it should. Nothing is timed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

struct Server {
    process: Child,
    base_url: String,
}

impl Server {
    fn start(scenario: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_globus-bench"))
            .args(["serve", scenario])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the server starts");
        let mut base_url = String::new();
        BufReader::new(process.stdout.take().expect("its output"))
            .read_line(&mut base_url)
            .expect("a line");
        let base_url = base_url.trim_end().to_owned();
        Self { process, base_url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn bench(work: &str, count: usize, server: &Server) -> Output {
    Command::new(env!("CARGO_BIN_EXE_globus-bench"))
        .args([work, &server.base_url])
        .env("BENCH_N", count.to_string())
        .output()
        .expect("the program starts")
}

fn line(work: &str, count: usize, server: &Server) -> Value {
    let output = bench(work, count, server);
    assert!(output.status.success(), "{work}: {output:?}");
    let text = String::from_utf8(output.stdout).expect("text");
    let measured: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    assert!(
        measured["seconds"].as_f64().is_some_and(|seconds| seconds > 0.0),
        "{work}: {measured}"
    );
    if cfg!(target_os = "linux") {
        assert!(
            measured["cpu_seconds"].is_f64() && measured["peak_rss_kb"].is_u64(),
            "{work}: {measured}"
        );
    }
    measured
}

#[test]
fn requests_and_documents() {
    for (scenario, count, items) in [
        ("cold", 1, 10),
        ("seq", 7, 7),
        ("seq_large", 2, 2),
        ("conc", 100, 100),
        ("page", 300, 300),
        ("ls1k", 50, 50),
        ("body100k", 40, 40),
    ] {
        let server = Server::start(scenario);
        for program in ["", "blocking:", "value:", "typed:"] {
            let work = format!("{program}{scenario}");
            assert_eq!(line(&work, count, &server)["items"], items, "{work}");
        }
    }
}

#[test]
fn work_without_requests() {
    let server = Server::start("seq");
    for (scenario, count, items) in [
        ("store_json", 9, 9),
        ("scope_wide1k", 30, 30),
        ("scope_deps10k", 30, 31),
        ("scope_deep200", 20, 20),
    ] {
        assert_eq!(line(scenario, count, &server)["items"], items, "{scenario}");
        assert_eq!(
            bench(&format!("value:{scenario}"), count, &server).status.code(),
            Some(3)
        );
    }
}

#[test]
fn many_callers_renew_once() {
    for program in ["", "blocking:"] {
        let server = Server::start("stampede_rotating");
        let measured = line(&format!("{program}stampede_rotating"), 64, &server);
        assert_eq!(measured["ok"], 64, "{measured}");
        // The token that it began with is spent: whoever comes with it again is refused.
        let again = line("stampede_rotating", 4, &server);
        assert_eq!(again["ok"], 0, "{again}");
    }
}

#[test]
fn faults_are_outlived() {
    for scenario in ["faults_none", "faults_503", "faults_429", "faults_reset"] {
        let server = Server::start(scenario);
        let measured = line(scenario, 20, &server);
        assert_eq!(
            (&measured["ok"], &measured["items"]),
            (&20.into(), &20.into()),
            "{scenario}: {measured}"
        );
        assert!(measured["p99_ms"].is_f64(), "{measured}");
    }
}

#[test]
fn what_is_not_there() {
    let server = Server::start("seq");
    for work in ["store_sqlite", "nobody:seq", "value:stampede"] {
        assert_eq!(bench(work, 1, &server).status.code(), Some(3), "{work}");
    }
    let usage = Command::new(env!("CARGO_BIN_EXE_globus-bench"))
        .output()
        .expect("the program starts");
    assert_eq!(usage.status.code(), Some(2));
}
