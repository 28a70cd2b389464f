//! The program `globus-emulator`.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use globus_emulator::{Builder, Clock, Emulator, Seed};

mod browser;
mod listing;
mod run;
mod serve;
mod snapshot;

const EXAMPLES: &str = "\
Examples:
  globus-emulator run -- python my_script.py
      Run a program against an emulator of its own, which is gone afterwards.
  globus-emulator run --as alice -- sh -c 'globus login && globus whoami'
      The same, and let Alice log in where the program asks for it.
  globus-emulator serve
      Stay until interrupted; paste the lines that it prints into another terminal.
  globus-emulator serve --state globus.db
      Go on tomorrow where you stop today. What is in the file is secret.
  globus-emulator serve --seed my-lab.json
      Add people, groups, collections and flows of your own; `seed --print` shows how.
  globus-emulator snapshot before.json
  globus-emulator snapshot --restore before.json
      Keep what a running emulator knows, and go back to it.

Open http://127.0.0.1:9700/ in a browser to see what happens. Faults, clock and tokens
are below /_emulator/, see the guide.";

/// Globus on this machine, to develop and test against.
///
/// It listens on the loopback interface only. No account, no network, nothing left behind.
#[derive(Debug, Parser)]
#[command(version, max_term_width = 100, after_help = EXAMPLES)]
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
    /// Add people, groups, collections and flows to a running emulator, from a JSON document.
    Seed(snapshot::SeedFile),
    /// Write down all that a running emulator knows, or let it go back to that.
    Snapshot(snapshot::Snapshot),
    /// List what is served, and what is known but answered with 501.
    Routes(listing::Routes),
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
    /// Add what the seed document FILE has to a new world; may be given again for more
    #[arg(long = "seed", value_name = "FILE")]
    seeds: Vec<PathBuf>,
    /// Begin with an empty world: no people, no programs, nothing but what --seed adds
    #[arg(long)]
    empty: bool,
    /// Keep everything in FILE, and go on with what is in it; it holds tokens and secrets
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
    /// Answer to the host NAME too, and let pages of it read the answers; may be given again for more
    ///
    /// Otherwise only localhost and its addresses count: what a browser shows from elsewhere gets nothing. The emulator
    /// listens on loopback all the same.
    #[arg(long = "allow-host", value_name = "NAME")]
    hosts: Vec<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ClockKind {
    Real,
    Logical,
}

impl Common {
    fn builder(&self) -> std::io::Result<Builder> {
        let mut builder = Emulator::builder().prepare_tls().clock(match self.clock {
            ClockKind::Real => Clock::Real,
            ClockKind::Logical => Clock::logical(),
        });
        if self.empty {
            builder = builder.seed(Seed::empty());
        }
        for file in &self.seeds {
            builder = builder.with_seed(snapshot::load(Some(file), &snapshot::read(Some(file))?)?);
        }
        if let Some(file) = &self.state {
            let is_kept = std::fs::metadata(file).is_ok_and(|found| found.len() > 0);
            if is_kept && (self.empty || !self.seeds.is_empty()) {
                report(&format_args!(
                    "{} has a world already: --empty and --seed count only for a new file; add to it with \
                     `globus-emulator seed FILE`",
                    file.display()
                ));
            }
            builder = builder.state(file);
        }
        builder = self.hosts.iter().fold(builder, Builder::allow_host);
        let folders = self.collections.iter();
        Ok(folders.fold(builder, |builder, (id, folder)| builder.collection(id, folder)))
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
        Command::Seed(args) => snapshot::seed(args).await,
        Command::Snapshot(args) => snapshot::snapshot(args).await,
        Command::Routes(routes) => listing::list(&routes),
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
