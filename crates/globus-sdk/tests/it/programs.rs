//! The programs that log people in, unmodified, through a pipe: alice reads the address, logs in and types the code.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use globus_emulator::seed::{CLIENT_ID, CLIENT_SECRET};
use globus_emulator::{Emulator, Fault};
use serde_json::Value;

use crate::examples::example;

struct Ran {
    output: String,
    logins: usize,
}

/// Reads what a program prints until it ends, and is alice whenever it asks for a login; says how often that was.
pub(crate) fn watch(emulator: &Emulator, child: &mut Child) -> (String, usize) {
    let mut stdin = child.stdin.take().unwrap();
    let (mut output, mut logins) = (String::new(), 0);
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        if line.contains("/v2/oauth2/authorize?") {
            logins += 1;
            let code = emulator.sign_in(line.trim(), "alice").unwrap().code().unwrap();
            writeln!(stdin, "{code}").unwrap();
        }
        output += &line;
        output.push('\n');
    }
    (output, logins)
}

/// Runs an example to its end; it must succeed.
fn run(emulator: &Emulator, name: &str, home: &Path) -> Ran {
    let mut child = Command::new(example(name))
        .env_clear()
        .envs(emulator.env())
        .env("HOME", home)
        .env("GLOBUS_SDK_INTERACTIVE", "1")
        .env("GLOBUS_CLIENT_ID", CLIENT_ID)
        .env("GLOBUS_CLIENT_SECRET", CLIENT_SECRET)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let (output, logins) = watch(emulator, &mut child);
    assert_eq!(child.wait().unwrap().code(), Some(0), "{output}");
    Ran { output, logins }
}

const GROUPS: &str = "6400d000-5eed-4000-8000-000000000001,\"Example Research Group\",admin\n";

#[test]
fn list_groups() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let ran = run(&emulator, "list_groups", home.path());
    assert!(
        ran.output.contains(&format!("ID,Name,Roles\n{GROUPS}")),
        "{}",
        ran.output
    );
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "nothing is stored");
}

#[test]
fn list_groups_with_storage() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let first = run(&emulator, "list_groups_with_storage", home.path());
    let second = run(&emulator, "list_groups_with_storage", home.path());
    assert_eq!((first.logins, second.logins), (1, 0), "the second run does not ask");
    assert!(second.output.contains(GROUPS), "{}", second.output);

    // The access token ends; the refresh token gets another, which is written back.
    let file = home.path().join(".list-my-globus-groups-tokens.json");
    let token = || {
        let stored: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let token = &stored["data"]["DEFAULT"]["groups.api.globus.org"]["access_token"];
        token.as_str().unwrap_or_else(|| panic!("{stored}")).to_owned()
    };
    let before = token();
    emulator.expire_tokens();
    let third = run(&emulator, "list_groups_with_storage", home.path());
    assert!(third.logins == 0 && third.output.contains(GROUPS), "{}", third.output);
    assert_ne!(token(), before);
}

#[test]
fn authorizers() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let ran = run(&emulator, "authorizers", home.path());
    assert_eq!(ran.logins, 1);
    for line in [
        "you are researcher@example.org\n",
        "2 endpoints of yours\nrenewed: good until ",
    ] {
        assert!(ran.output.contains(line), "{line:?}: {}", ran.output);
    }
}

#[test]
fn globus_app() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let first = run(&emulator, "globus_app", home.path());
    assert_eq!(
        first.logins, 2,
        "one because tokens are missing, one with demands: {}",
        first.output
    );
    assert!(first.output.contains("login required: true\n") && first.output.contains("login required: false\n"));
    let second = run(&emulator, "globus_app", home.path());
    assert_eq!(
        second.logins, 1,
        "tokens are there; only the one with demands: {}",
        second.output
    );
}

#[test]
fn quickstarts() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let first = run(&emulator, "quickstart_person", home.path());
    let second = run(&emulator, "quickstart_person", home.path());
    assert_eq!((first.logins, second.logins), (1, 0), "the second run does not ask");
    assert!(second.output.contains("Example Research Group\n"), "{}", second.output);
    assert_eq!(run(&emulator, "quickstart_program", home.path()).logins, 0);
}

/// The program opens a browser, which is played here: it gets the address from a command that `BROWSER` names.
#[cfg(unix)]
#[test]
fn local_server_login() {
    use std::io::Read as _;

    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let address = home.path().join("address");
    let start = || {
        let mut command = Command::new(example("local_server_login"));
        command
            .env_clear()
            .envs(emulator.env())
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("GLOBUS_SDK_INTERACTIVE", "1")
            .env("BROWSER", format!("sh -c 'echo \"$1\" > {}' sh %s", address.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command.spawn().unwrap()
    };
    let mut child = start();
    // It says the address too, for people whose browser does not open.
    let mut said = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let url = said.find(|line| line.contains("/v2/oauth2/authorize?")).unwrap();
    let opened = (0..1000).find_map(|_| {
        std::thread::sleep(std::time::Duration::from_millis(20));
        let opened = std::fs::read_to_string(&address).unwrap_or_default();
        opened.ends_with('\n').then_some(opened)
    });
    assert_eq!(opened.unwrap().trim(), url, "the browser is opened with the same");
    let back = emulator.sign_in(&url, "alice").unwrap().redirect().to_owned();
    let (host, query) = back.trim_start_matches("http://").split_once('?').unwrap();
    let host = host.trim_end_matches('/');
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    write!(stream, "GET /?{query} HTTP/1.1\r\nHost: {host}\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    assert!(page.contains("Login successful"), "{page}");
    let output = child.wait_with_output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stdout).starts_with("Example Research Group\n"),
        "{output:?}"
    );
    let again = start().wait_with_output().unwrap();
    assert!(
        again.status.success() && again.stderr.is_empty(),
        "the second run does not ask: {again:?}"
    );
}

#[test]
fn own_token_storage() {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let first = run(&emulator, "own_token_storage", home.path());
    assert_eq!(first.logins, 1);
    // Of those that run at once, one renews a token that has ended; the refresh token is good once.
    emulator.rotate_refresh_tokens(true);
    emulator.expire_tokens();
    emulator.clear_requests();
    let late = Fault::slow(Duration::from_millis(500)).path("/v2/oauth2/token");
    emulator.inject(late.times(1));
    let later = std::thread::scope(|scope| {
        let start = || scope.spawn(|| run(&emulator, "own_token_storage", home.path()));
        [start(), start(), start()].map(|run| run.join().unwrap())
    });
    for ran in later {
        assert_eq!(ran.logins, 0, "the later runs do not ask");
        assert!(ran.output.contains("Example Research Group\n"), "{}", ran.output);
    }
    let requests = emulator.requests();
    let renewals = requests.iter().filter(|request| request.path == "/v2/oauth2/token");
    assert_eq!(renewals.count(), 1);
}

/// What each program says, and how often somebody logs in, on a Globus that knows nothing of the ones before.
fn says(name: &str, logins: usize, lines: &[&str]) -> (Emulator, String) {
    let (emulator, home) = (Emulator::builder().start_now().unwrap(), tempfile::tempdir().unwrap());
    let ran = run(&emulator, name, home.path());
    assert_eq!(ran.logins, logins, "{}", ran.output);
    for line in lines {
        assert!(ran.output.contains(line), "{line:?}: {}", ran.output);
    }
    (emulator, ran.output)
}

#[test]
fn minimal_transfer() {
    let (emulator, _) = says("minimal_transfer", 2, &["Task ID: ", "the task succeeded: "]);
    let folder = |id| emulator.folder(id).unwrap();
    let source = folder("6c54cade-bde5-45c1-bdea-f4bd71dba2cc").join("home/share/godata");
    let files: Vec<_> = std::fs::read_dir(&source).unwrap().map(|file| file.unwrap()).collect();
    assert!(!files.is_empty());
    for file in files {
        let copy = folder("31ce9ba0-176d-45a5-add3-f37d233ba47d")
            .join("home/researcher/godata")
            .join(file.file_name());
        assert_eq!(std::fs::read(file.path()).unwrap(), std::fs::read(copy).unwrap());
    }
}

#[test]
fn detect_data_access() {
    let needs = "31ce9ba0-176d-45a5-add3-f37d233ba47d needs data_access\nlogin required: true\n";
    says(
        "detect_data_access",
        2,
        &[needs, "6c54cade-bde5-45c1-bdea-f4bd71dba2cc: 2 entries"],
    );
}

#[test]
fn transfers() {
    says("transfer_with_deadline", 1, &["Task ID: ", ", given up at 2"]);
    says(
        "transfer_auth_params",
        2,
        &["Transfer asks for more: ConsentRequired\n", "Task ID: "],
    );
}

#[test]
fn listings() {
    says(
        "recursive_ls",
        2,
        &["/home/share/godata\n", "/home/share/godata/file1.txt\n"],
    );
    says("client_app_listing", 0, &[" file1.txt\n"]);
}

#[test]
fn create_and_run_flow() {
    let log = "  FlowStarted The Flow Instance started execution\n  ActionStarted ";
    says("create_and_run_flow", 2, &[log, "the run ended: SUCCEEDED\n"]);
}

/// What the README shows are the examples, so it runs.
#[test]
fn the_readme_shows_the_quickstarts() {
    let readme = include_str!("../../../../README.md");
    for program in [
        include_str!("../../examples/quickstart_person.rs"),
        include_str!("../../examples/quickstart_program.rs"),
    ] {
        let shown = program.find("use globus_sdk").map(|start| &program[start..]).unwrap();
        assert!(
            readme.contains(&format!("\n{shown}```\n")),
            "not in the README:\n{shown}"
        );
    }
}
