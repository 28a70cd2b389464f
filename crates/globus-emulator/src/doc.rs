//! Examples in documentation run against an emulator, as if a person sat in front of them.
//!
//! Hidden, since it is for this workspace's own documentation; it may change at any time.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;

use crate::Emulator;

/// Who logs in where an example sends somebody to a login page.
const PERSON: &str = "alice";
/// The first of the variables that an emulator gives: where it is set, the example runs in its world.
const MARK: &str = "GLOBUS_SDK_SERVICE_URL_AUTH";

/// Goes on in the world of an emulator. The first time it starts one, runs the same program again with its environment,
/// a home folder of its own and a person who logs in, and ends as that program did. The second time it returns.
///
/// # Panics
///
/// When the program cannot be run again.
pub fn enter() {
    if std::env::var_os(MARK).is_none() {
        let status = Emulator::builder().start_now().and_then(|emulator| again(&emulator));
        end(status.expect("the example runs again"));
    }
}

/// Runs an async example to its end, in the world of an emulator.
///
/// # Panics
///
/// When the example fails, which is what a test of it should do.
pub fn run<F: Future<Output = Result<(), Box<dyn Error>>>>(example: F) {
    enter();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    if let Err(error) = runtime.expect("a runtime starts").block_on(example) {
        panic!("the example failed: {error}");
    }
}

/// The code that the person types.
///
/// # Panics
///
/// When the standard input cannot be read.
pub fn code() -> String {
    let mut line = String::new();
    io::stdin().read_line(&mut line).expect("standard input is there");
    line.trim().to_owned()
}

fn again(emulator: &Emulator) -> io::Result<ExitStatus> {
    let home = tempfile::Builder::new().prefix("globus-emulator-").tempdir()?;
    let mut child = Command::new(std::env::current_exe()?)
        .args(std::env::args_os().skip(1))
        .envs(emulator.env())
        .env("GLOBUS_SDK_INTERACTIVE", "1")
        // Nobody's browser is to be opened.
        .env("SSH_TTY", "an example")
        .env("NO_PROXY", "127.0.0.1,localhost")
        .env("no_proxy", "127.0.0.1,localhost")
        .env("HOME", home.path())
        .env("USERPROFILE", home.path())
        .env("LOCALAPPDATA", home.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let status = sit_in_front(emulator, &mut child);
    home.close()?;
    status
}

/// Passes on what the program says, and types the code of every login that it asks for.
fn sit_in_front(emulator: &Emulator, child: &mut Child) -> io::Result<ExitStatus> {
    let (said, heard) = mpsc::channel();
    let (out, err, keys) = (child.stdout.take(), child.stderr.take(), child.stdin.take());
    thread::scope(|scope| {
        let urls = said.clone();
        scope.spawn(move || listen(out, io::stdout(), &urls));
        scope.spawn(move || listen(err, io::stderr(), &said));
        let Some(mut keys) = keys else { return };
        for url in heard {
            let code = emulator
                .sign_in(&url, PERSON)
                .ok()
                .and_then(|signed_in| signed_in.code());
            // It may have ended meanwhile; how, is what counts.
            let _ = writeln!(keys, "{}", code.unwrap_or_default());
        }
    });
    child.wait()
}

/// Passes lines on, and tells the login pages that they name.
fn listen(from: Option<impl Read>, mut to: impl Write, urls: &mpsc::Sender<String>) {
    let Some(from) = from else { return };
    for line in BufReader::new(from).lines().map_while(Result::ok) {
        let _ = writeln!(to, "{line}");
        let mut words = line.split_whitespace();
        if let Some(url) = words.find(|word| word.contains("/v2/oauth2/authorize?")) {
            let _ = urls.send(url.to_owned());
        }
    }
}

#[allow(clippy::exit, reason = "the example has run; what is left of this program is not it")]
fn end(status: ExitStatus) -> ! {
    std::process::exit(status.code().unwrap_or(1))
}
