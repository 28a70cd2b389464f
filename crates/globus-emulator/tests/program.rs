//! The program `globus-emulator` as shells use it.

#![cfg(unix)]

use std::io::{BufRead as _, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_globus-emulator"));
    command.stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> (Output, String) {
    let output = program().arg("run").args(arguments).output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, text)
}

fn port_of(text: &str) -> u16 {
    let rest = text.split("http://127.0.0.1:").nth(1).expect("a URL");
    rest.split('/')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("a port")
}

#[test]
fn a_command_gets_an_emulator_a_home_and_credentials() {
    let script = r#"echo "$GLOBUS_SDK_SERVICE_URL_AUTH"; echo "$HOME"; touch "$HOME/file"
        echo "$GLOBUS_CLIENT_ID/$GLOBUS_CLIENT_SECRET"; echo "$GLOBUS_CLI_CLIENT_ID/$GLOBUS_CLI_CLIENT_SECRET"
        echo "$GLOBUS_SDK_INTERACTIVE"; echo "$NO_PROXY"; exit 7"#;
    let (output, text) = run(&["--", "sh", "-c", script]);
    assert_eq!(output.status.code(), Some(7), "the command's own exit code");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with('/'), "{text}");
    assert!(
        TcpStream::connect(("127.0.0.1", port_of(lines[0]))).is_err(),
        "it has stopped"
    );
    assert_ne!(Some(lines[1]), std::env::var("HOME").ok().as_deref());
    assert!(!std::path::Path::new(lines[1]).exists(), "nothing is left behind");
    let credentials = format!(
        "{}/{}",
        globus_emulator::seed::CLIENT_ID,
        globus_emulator::seed::CLIENT_SECRET
    );
    assert_eq!(
        (lines[2], lines[3], lines[4]),
        (credentials.as_str(), credentials.as_str(), "1")
    );
    assert!(lines[5].ends_with("127.0.0.1,localhost"));
}

#[test]
fn cargo_finds_its_toolchain() {
    let home = tempfile::tempdir().expect("a folder");
    for folder in [".cargo", ".rustup"] {
        std::fs::create_dir(home.path().join(folder)).expect("a folder");
    }
    let script = "echo \"$CARGO_HOME $RUSTUP_HOME\"";
    let output = program()
        .args(["run", "--", "sh", "-c", script])
        .env("HOME", home.path())
        .env("CARGO_HOME", "/elsewhere")
        .env_remove("RUSTUP_HOME")
        .output()
        .expect("the program runs");
    let rustup = home.path().join(".rustup");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        format!("/elsewhere {}", rustup.display())
    );
}

#[test]
fn the_home_folder_may_be_kept() {
    let (_, text) = run(&["--keep-home", "--", "sh", "-c", "echo \"$HOME\""]);
    assert_eq!(text.trim(), std::env::var("HOME").unwrap_or_default());
}

#[test]
fn what_cannot_be_run_is_said() {
    let failing = |arguments: &[&str], code: i32, part: &str| {
        let (output, _) = run(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{error}");
        assert!(error.contains(part), "{error}");
    };
    failing(&["--", "no-such-command-anywhere"], 127, "no-such-command-anywhere");
    failing(&["--", "/"], 126, "denied");
    failing(&["--as", "nobody", "--", "true"], 2, "no user `nobody`");
    failing(&[], 2, "Usage");
}

#[test]
fn signals_reach_the_command_and_nothing_is_left() {
    let script = "trap 'echo told; exit 5' TERM; echo $HOME; while :; do sleep 0.05; done";
    let mut child = program()
        .args(["run", "--", "sh", "-c", script])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let home = lines.next().expect("a line").expect("text");
    assert!(std::path::Path::new(&home).exists());
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .expect("kill runs")
            .success()
    );
    assert_eq!(lines.next().expect("a line").expect("text"), "told");
    assert_eq!(child.wait().expect("an end").code(), Some(5));
    assert!(!std::path::Path::new(&home).exists());
    // One that is ended by a signal is reported as shells do.
    assert_eq!(run(&["--", "sh", "-c", "kill -9 $$"]).0.status.code(), Some(137));
}

#[test]
fn serving_prints_exports_until_interrupted() {
    for json in [false, true] {
        let mut command = program();
        command.args(["serve", "--port", "0"]).args(json.then_some("--json"));
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = lines.next().expect("a line").expect("text");
        if json {
            let document: serde_json::Value = serde_json::from_str(&first).expect("JSON");
            assert_eq!(document["env"]["GLOBUS_SDK_SERVICE_URL_TIMERS"], document["url"]);
            let secure = document["secure_url"].as_str().expect("a URL");
            assert!(secure.starts_with("https://127.0.0.1:"), "{secure}");
        } else {
            assert!(
                first.starts_with("export GLOBUS_SDK_SERVICE_URL_AUTH='http://127.0.0.1:"),
                "{first}"
            );
            assert!(first.ends_with("/'"), "{first}");
        }
        let port = port_of(&first);
        assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
        // A port that is taken is an error that names it.
        let taken = program()
            .args(["serve", "--port", &port.to_string()])
            .output()
            .expect("the program runs");
        assert_eq!(taken.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&taken.stderr).contains(&port.to_string()));
        assert!(
            Command::new("kill")
                .args(["-INT", &child.id().to_string()])
                .status()
                .expect("kill runs")
                .success()
        );
        assert_eq!(child.wait().expect("an end").code(), Some(0));
        std::thread::sleep(Duration::from_millis(20));
        assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
    }
}

/// Tells a program something, by the name of a signal.
fn tell(child: &std::process::Child, signal: &str) {
    let told = Command::new("kill").args([signal, &child.id().to_string()]).status();
    assert!(told.expect("kill runs").success());
}

#[test]
fn the_end_of_the_terminal_leaves_nothing_behind() {
    for signal in ["-HUP", "-TERM", "-INT"] {
        let home = tempfile::tempdir().expect("a folder");
        let mut command = program();
        command.args(["serve", "--port", "0"]).env("TMPDIR", home.path());
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        tell(&child, signal);
        assert_eq!(child.wait().expect("an end").code(), Some(0), "{signal}");
        let left: Vec<_> = std::fs::read_dir(home.path()).expect("a folder").collect();
        assert!(left.is_empty(), "{signal}: {left:?}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn who_is_to_outlive_the_terminal_does() {
    let mut command = Command::new("nohup");
    command
        .args([env!("CARGO_BIN_EXE_globus-emulator"), "serve", "--port", "0"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("nohup runs");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    tell(&child, "-HUP");
    // Otherwise it would end within this time.
    for _ in 0..20 {
        assert!(child.try_wait().expect("a state").is_none(), "it has ended");
        std::thread::sleep(Duration::from_millis(10));
    }
    assert!(TcpStream::connect(("127.0.0.1", port_of(&line))).is_ok());
    tell(&child, "-TERM");
    assert_eq!(child.wait().expect("an end").code(), Some(0));
}

#[test]
fn a_seed_for_a_world_that_is_there_is_not_passed_over_in_silence() {
    let home = tempfile::tempdir().expect("a folder");
    let state = home.path().join("state");
    let state = state.to_string_lossy();
    let run = |more: &[&str]| {
        let arguments = [&["--state", &state], more, &["--", "true"]].concat();
        String::from_utf8_lossy(&run(&arguments).0.stderr).into_owned()
    };
    assert_eq!(run(&["--empty"]), "");
    assert_eq!(run(&[]), "");
    let said = run(&["--empty"]);
    assert!(said.contains("has a world already"), "{said}");
}

#[test]
fn a_folder_stays_the_same_wherever_one_starts() {
    let home = tempfile::tempdir().expect("a folder");
    for folder in ["here/data", "there"] {
        std::fs::create_dir_all(home.path().join(folder)).expect("a folder");
    }
    let run = |folder: &str, more: &[&str]| {
        let state = home.path().join("state");
        let mut command = program();
        command
            .args(["run", "--state"])
            .arg(state)
            .args(more)
            .args(["--", "true"]);
        let output = command.current_dir(home.path().join(folder)).output();
        let output = output.expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
    };
    run("here", &["--collection", "e4d90000-5eed-4000-8000-000000000003=data"]);
    run("there", &[]);
}

#[test]
fn what_cannot_be_served_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    let file = |name: &str, content: &str| {
        let path = home.path().join(name);
        std::fs::write(&path, content).expect("a file");
        path.to_string_lossy().into_owned()
    };
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let taken = listener.local_addr().expect("an address").port().to_string();
    let folder = home.path().to_string_lossy().into_owned();
    for (arguments, wanted) in [
        (["--port", &taken], "another program listens there"),
        (["--tls-port", &taken], "for TLS: another program listens there"),
        (["--seed", &file("a", "{\"grups\": []}")], "grups: unknown field"),
        (
            ["--seed", &file("b", "{\"groups\": [{\"id\": 3}]}")],
            "groups[0].id: invalid type",
        ),
        (["--seed", &format!("{folder}/nothing")], "nothing: No such file"),
        (
            ["--state", &format!("{folder}/no/where")],
            "no/where: there is no such folder; make it",
        ),
        (["--state", &folder], "it is a folder; name a file in it"),
        (
            ["--state", &file("c", &"text ".repeat(2_000))],
            "it is something else; name another file",
        ),
        (["--state", "/dev/null"], "it is a device or a pipe; name a file"),
        (["--allow-host", "http://app.test"], "`http://app.test` is no name"),
        (["--collection", "x=/"], "there is no collection x"),
    ] {
        let mut command = program();
        command.arg("serve").args(arguments);
        if arguments[0] != "--port" {
            command.args(["--port", "0"]);
        }
        let output = command.output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(wanted), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

/// An emulator that serves until it is dropped, and its URL.
struct Serving(std::process::Child, String);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(arguments: &[&std::ffi::OsStr]) -> Serving {
    let mut child = program()
        .args(["serve", "--port", "0", "--json"])
        .args(arguments)
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = String::new();
    let out = child.stdout.take().expect("its output");
    BufReader::new(out).read_line(&mut line).expect("a line");
    let told: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    let url = told["url"].as_str().expect("a URL").to_owned();
    Serving(child, url)
}

#[test]
fn worlds_are_seeded_written_down_and_restored() {
    let home = tempfile::tempdir().expect("a folder");
    let (seed, lab, kept) = (
        home.path().join("all"),
        home.path().join("lab"),
        home.path().join("kept"),
    );
    let printed = program().args(["seed", "--print"]).output().expect("the program runs");
    assert_eq!(printed.stdout, globus_emulator::Seed::STANDARD.as_bytes());
    std::fs::write(&seed, &printed.stdout).expect("a file");
    let group = r#"{"groups": [{"id": "6400d000-5eed-4000-8000-0000000000ab", "name": "A Lab"}]}"#;
    std::fs::write(&lab, group).expect("a file");

    let world = serve(&["--empty".as_ref(), "--seed".as_ref(), seed.as_os_str()]);
    let ask = |arguments: &[&std::ffi::OsStr]| {
        let output = program().args(arguments).args(["--url", &world.1]).output();
        let output = output.expect("the program runs");
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        (
            output.status.success(),
            text,
            String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    };
    let (good, text, _) = ask(&["snapshot".as_ref(), kept.as_os_str()]);
    assert!(good, "{text}");
    // Through a link, which stays one.
    let link = home.path().join("link");
    std::os::unix::fs::symlink(&kept, &link).expect("a link");
    let (good, text, _) = ask(&["snapshot".as_ref(), link.as_os_str()]);
    assert!(good, "{text}");
    assert!(std::fs::symlink_metadata(&link).expect("a link").is_symlink());
    let mode = std::fs::metadata(&kept).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "it holds secrets");
    let (good, text, _) = ask(&["seed".as_ref(), lab.as_os_str()]);
    assert!(good, "{text}");
    assert!(ask(&["snapshot".as_ref()]).2.contains("A Lab"));
    let (good, text, _) = ask(&["snapshot".as_ref(), "--restore".as_ref(), kept.as_os_str()]);
    assert!(good, "{text}");
    assert!(!ask(&["snapshot".as_ref()]).2.contains("A Lab"));

    std::fs::write(&lab, r#"{"groups": [{"name": "x"}]}"#).expect("a file");
    let (good, text, _) = ask(&["seed".as_ref(), lab.as_os_str()]);
    assert!(
        !good && text.contains("groups[0]: missing field `id`") && text.contains("/lab: "),
        "{text}"
    );
    let (good, text, _) = ask(&["snapshot".as_ref(), "--restore".as_ref(), lab.as_os_str()]);
    assert!(
        !good && text.contains("no number \"globus_emulator_snapshot\""),
        "{text}"
    );
    drop(world);
    let (good, text) = {
        let output = program()
            .args(["snapshot", "--url", "http://127.0.0.1:9/"])
            .output()
            .expect("the program runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    assert!(
        !good && text.contains("no emulator answers at http://127.0.0.1:9/"),
        "{text}"
    );
}

#[test]
fn help_teaches() {
    let output = program().arg("--help").output().expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for part in [
        "Examples:",
        "run --as alice -- sh -c 'globus login",
        "--state globus.db",
        "seed --print",
        "snapshot --restore",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
