//! `globus-emulator run`.

mod person;
mod scan;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use globus_emulator::{Emulator, seed};
use tokio::process::{Child, Command};

use self::person::{Person, Player};
use crate::{Common, browser};

const EXAMPLES: &str = "\
Examples:
  globus-emulator run -- python my_script.py
      A script that acts as the program of GLOBUS_CLIENT_ID and
      GLOBUS_CLIENT_SECRET, which are set for it.
  globus-emulator run --as alice -- sh -c 'globus login && globus group list'
      Commands of which one asks a person to log in. No other `run` knows of that login.
  globus-emulator run --collection e4d90000-5eed-4000-8000-000000000003=data -- make
      Tests that transfer to and from a folder of yours.

The command gets a home folder of its own, so that the emulator's tokens never mix
with real ones, and its exit code is that of `run`.";

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Run {
    /// Play a seeded person, such as alice, who logs in when the command asks for it
    ///
    /// Whatever login URL of this emulator the command prints, the person signs in there, allows what is asked, and types
    /// the code. For a login that leads back to the command itself the person is the browser (BROWSER). What comes on
    /// standard input is passed on.
    #[arg(long = "as", value_name = "NAME")]
    person: Option<String>,
    /// With --as: seconds of silence, after standard input has ended, until the command is told that it has
    #[arg(long, value_name = "SECONDS", default_value_t = 300, requires = "person")]
    patience: u64,
    /// Let the command use the home folder as it is, and with it the real token files
    #[arg(long)]
    keep_home: bool,
    #[command(flatten)]
    common: Common,
    /// The command and its arguments
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// The seeded program's credentials, under the names that Python's command line client reads.
pub(crate) fn credentials() -> Vec<(String, String)> {
    [
        ("GLOBUS_CLI_CLIENT_ID", seed::CLIENT_ID),
        ("GLOBUS_CLI_CLIENT_SECRET", seed::CLIENT_SECRET),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into()
}

/// Runs the command and passes on how it ended.
pub(crate) async fn run(args: Run) -> io::Result<ExitCode> {
    let emulator = Arc::new(args.common.builder()?.start().await?);
    if let Some(user) = args.person.as_deref().filter(|user| emulator.user_id(user).is_none()) {
        let message = format!("there is no user `{user}`; try `alice`, `bob` or a username");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
    }
    let Some((program, arguments)) = args.command.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "no command was given"));
    };
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(emulator.env())
        .envs(credentials())
        .env("GLOBUS_SDK_INTERACTIVE", "1");
    for name in ["NO_PROXY", "no_proxy"] {
        let others = std::env::var(name).ok().filter(|value| !value.is_empty());
        let loopback = "127.0.0.1,localhost";
        command.env(
            name,
            others.map_or_else(|| loopback.to_owned(), |others| format!("{others},{loopback}")),
        );
    }
    let home = if args.keep_home {
        None
    } else {
        Some(tempfile::Builder::new().prefix("globus-emulator-").tempdir()?)
    };
    if let Some(home) = &home {
        command.envs(toolchain()).env("HOME", home.path());
        if cfg!(windows) {
            command
                .env("USERPROFILE", home.path())
                .env("LOCALAPPDATA", home.path().join("AppData").join("Local"));
        }
        for name in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"] {
            command.env_remove(name);
        }
    }
    let folder = match &args.person {
        Some(user) => Some(play(&mut command, &emulator, user)?),
        None => None,
    };
    let signals = Signals::listen()?;
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            crate::report(&format_args!("{}: {error}", program.to_string_lossy()));
            // As shells have it: 127 for a command that is not there, 126 for one that cannot be run.
            return Ok(ExitCode::from(if error.kind() == io::ErrorKind::NotFound {
                127
            } else {
                126
            }));
        }
    };
    let person = args.person.map(|user| {
        let emulator = Arc::clone(&emulator);
        let patience = Duration::from_secs(args.patience);
        let player = Player {
            emulator,
            user,
            patience,
        };
        Person::sit_down(player, &mut child)
    });
    let status = signals.wait(child).await?;
    if let Some(person) = person {
        person.get_up().await;
    }
    emulator.remove_files();
    for folder in [home, folder].into_iter().flatten() {
        folder.close()?;
    }
    Ok(exit_code(status))
}

/// Where cargo and rustup keep what they have, which they would look for below the other home folder.
fn toolchain() -> Vec<(&'static str, PathBuf)> {
    let Some(home) = std::env::home_dir() else {
        return Vec::new();
    };
    [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]
        .into_iter()
        .filter(|(name, _)| std::env::var_os(name).is_none())
        .map(|(name, folder)| (name, home.join(folder)))
        .filter(|(_, folder)| folder.is_dir())
        .collect()
}

/// Puts a person between us and the command, with a browser of their own. The folder is that of the browser.
fn play(command: &mut Command, emulator: &Emulator, user: &str) -> io::Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("globus-emulator-").tempdir()?;
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .envs(browser::variables(emulator, user, folder.path())?)
        // Python keeps back what it prints to a pipe, the login URL too.
        .env("PYTHONUNBUFFERED", "1");
    // The command line client is not to act as a program; and the browser is on this machine, whatever we are logged in by.
    for name in [
        "GLOBUS_CLI_CLIENT_ID",
        "GLOBUS_CLI_CLIENT_SECRET",
        "SSH_TTY",
        "SSH_CONNECTION",
    ] {
        command.env_remove(name);
    }
    Ok(folder)
}

/// The signals that are for the command. Listened to before there is a command: one that comes at once must not end us
/// and leave the command alone.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }

    /// Waits for the command, and lets it have the signals that come meanwhile.
    async fn wait(mut self, mut child: Child) -> io::Result<ExitStatus> {
        use rustix::process::{Pid, Signal, kill_process};

        loop {
            let signal = tokio::select! {
                status = child.wait() => return status,
                // A terminal sends it to the command as well, which is told once more at worst.
                _ = self.interrupt.recv() => Signal::INT,
                _ = self.terminate.recv() => Signal::TERM,
                _ = self.hang_up.recv() => Signal::HUP,
            };
            let pid = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
            if let Some(pid) = pid {
                // It may have ended just now.
                let _ = kill_process(pid, signal);
            }
        }
    }
}

/// A console sends the command its signals by itself.
#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Waits for the command.
    async fn wait(self, mut child: Child) -> io::Result<ExitStatus> {
        loop {
            tokio::select! {
                status = child.wait() => return status,
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }
}

/// Waits for an interruption, a request to end, or the end of the terminal: from now on, not from when it is first awaited.
#[cfg(unix)]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = (!hang_ups_are_ignored())
        .then(|| signal(SignalKind::hangup()))
        .transpose()?;
    Ok(async move {
        let hang_up = async {
            match &mut hang_up {
                Some(signal) => signal.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up => {}
        }
    })
}

/// Waits for an interruption.
#[cfg(not(unix))]
pub(crate) fn interrupted() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// Whether we are to outlive the terminal (`nohup`), where the system tells.
#[cfg(unix)]
fn hang_ups_are_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & 1 == 1)
}

/// The command's own code, or 128 and the signal that ended it.
fn exit_code(status: ExitStatus) -> ExitCode {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return ExitCode::from(u8::try_from(128 + signal).unwrap_or(255));
    }
    ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}
