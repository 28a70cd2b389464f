//! The program `globus-emulator`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use globus_emulator::{Builder, Clock, Emulator};

mod browser;
mod run;
mod serve;

/// Globus on this machine, to develop and test against.
///
/// It listens on the loopback interface only. No account, no network, nothing left behind.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start an emulator and print the environment variables that point clients at it.
    Serve(serve::Serve),
    /// Start an emulator, run a command against it, stop it.
    Run(run::Run),
    /// Be the browser of the person whom `run --as` plays.
    #[command(hide = true)]
    Browser(browser::Browser),
}

/// What both commands take.
#[derive(Debug, Args)]
struct Common {
    /// Which time it is: the machine's, or one that moves only when told to
    #[arg(long, value_enum, default_value_t = ClockKind::Real)]
    clock: ClockKind,
    /// Let a mapped collection be a folder of this machine; may be given again for others
    #[arg(long = "collection", value_name = "ID=FOLDER", value_parser = collection)]
    collections: Vec<(String, PathBuf)>,
    /// Keep everything in FILE, and go on with what is in it; it holds tokens and secrets
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ClockKind {
    Real,
    Logical,
}

impl Common {
    fn builder(&self) -> Builder {
        let builder = Emulator::builder().clock(match self.clock {
            ClockKind::Real => Clock::Real,
            ClockKind::Logical => Clock::logical(),
        });
        let builder = match &self.state {
            Some(file) => builder.state(file),
            None => builder,
        };
        let folders = self.collections.iter();
        folders.fold(builder, |builder, (id, folder)| builder.collection(id, folder))
    }
}

fn collection(text: &str) -> Result<(String, PathBuf), String> {
    let (id, folder) = text.split_once('=').ok_or("it is an id, `=` and a folder")?;
    Ok((id.to_owned(), folder.into()))
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse_from(arguments());
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let outcome = match cli.command {
        Command::Serve(serve) => serve::serve(serve).await,
        Command::Run(run) => run::run(run).await,
        Command::Browser(browser) => browser::browse(browser).await,
    };
    outcome.unwrap_or_else(|error| {
        report(&error);
        ExitCode::from(2)
    })
}

/// Our arguments; the name under which we are called may be one.
fn arguments() -> Vec<OsString> {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    let name = arguments.first().map(Path::new).and_then(Path::file_name);
    if name == Some(OsStr::new(browser::NAME)) {
        arguments.insert(1, "browser".into());
    }
    arguments
}

/// Says what went wrong.
#[allow(clippy::print_stderr, reason = "a program speaks to people")]
fn report(error: &dyn std::fmt::Display) {
    eprintln!("globus-emulator: {error}");
}
