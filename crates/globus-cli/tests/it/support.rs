//! Running the program, and what must hold whatever it is told to do.

use std::io::Write as _;
use std::process::{Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use globus_emulator::Emulator;
use globus_emulator::seed::{CLIENT_ID, CLIENT_SECRET};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A run of `globus`, with no environment but what it is given.
pub(crate) struct Globus {
    command: Command,
    secrets: Vec<String>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

pub(crate) fn globus<'a>(args: impl IntoIterator<Item = &'a str>) -> Globus {
    let mut command = Command::new(env!("CARGO_BIN_EXE_globus"));
    command.args(args).env_clear();
    Globus {
        command,
        secrets: Vec::new(),
    }
}

impl Globus {
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Points it at an emulator, without credentials.
    pub(crate) fn at(mut self, emulator: &Emulator) -> Self {
        let addresses = emulator.env().into_iter();
        self.command
            .envs(addresses.filter(|(name, _)| name.starts_with("GLOBUS_SDK_SERVICE_URL_")));
        self
    }

    /// Gives it the seeded program's credentials.
    pub(crate) fn program(self) -> Self {
        self.client(CLIENT_ID, CLIENT_SECRET)
    }

    pub(crate) fn client(mut self, id: &str, secret: &str) -> Self {
        self.secrets.push(secret.to_owned());
        self.secrets.push(STANDARD.encode(format!("{id}:{secret}")));
        self.env("GLOBUS_CLIENT_ID", id).env("GLOBUS_CLIENT_SECRET", secret)
    }

    pub(crate) fn with_token(mut self, token: &str) -> Self {
        self.secrets.push(token.to_owned());
        self.env("GLOBUS_ACCESS_TOKEN", token)
    }

    /// The command itself, for what the others do not cover.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    pub(crate) fn run(self) -> Outcome {
        self.run_with(b"")
    }

    /// Runs it to its end with that on stdin.
    pub(crate) fn run_with(mut self, stdin: &[u8]) -> Outcome {
        let mut child = self
            .command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = child.stdin.take().unwrap();
        let stdin = stdin.to_vec();
        // It may end without having read everything.
        let writer = std::thread::spawn(move || drop(pipe.write_all(&stdin)));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let outcome = Outcome {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!outcome.err.contains("panicked"), "{}", outcome.err);
        for secret in &self.secrets {
            let escaped = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
            for form in [secret, &STANDARD.encode(secret), &escaped] {
                assert!(
                    !outcome.out.contains(form.as_str()),
                    "a secret on stdout: {}",
                    outcome.out
                );
                assert!(
                    !outcome.err.contains(form.as_str()),
                    "a secret on stderr: {}",
                    outcome.err
                );
            }
        }
        outcome
    }
}

impl Outcome {
    /// Success: nothing on stderr, and one JSON document on stdout.
    #[track_caller]
    pub(crate) fn document(&self) -> serde_json::Value {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        assert!(self.out.ends_with('\n') && self.out.lines().count() == 1, "{self:?}");
        serde_json::from_str(&self.out).unwrap()
    }

    /// Failure: nothing on stdout, the code, and words about it.
    #[track_caller]
    pub(crate) fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!((self.code, self.out.as_str()), (code, ""), "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "{word:?} is not said: {self:?}");
        }
        assert!(self.err.lines().all(|line| line.len() < 1_000), "{self:?}");
    }

    /// The answers of a batch.
    #[track_caller]
    pub(crate) fn answers(&self) -> Vec<serde_json::Value> {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        self.out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

pub(crate) fn emulator() -> Emulator {
    Emulator::builder().start_now().unwrap()
}
