//! Development tasks: `cargo xtask --help` lists them. Each checks something that the compiler cannot, and each runs
//! in continuous integration just as it runs here.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "these tasks report to a person at a terminal"
)]

mod arrows;
mod figures;
mod generate;
mod live;
mod parity;
mod table;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What a task answers; the text of an error is shown as it is.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Development tasks of the workspace")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Checks that modules import downwards only, by the floors drawn in ARCHITECTURE.md.
    Arrows,
    /// Compares the table of operations with conformance/operations.json, client by client: none may lack, none differ.
    Parity,
    /// Writes the generated pages of the guide.
    Generate {
        /// Write nothing; fail when a page is stale.
        #[arg(long)]
        check: bool,
    },
    /// Reads from the services with credentials of the environment, and says how well the types fit what they answer.
    ///
    /// A program is `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET`; a person `GLOBUS_CLIENT_ID` and the tokens that an app
    /// has stored. Only GET requests are sent.
    Live(live::Arguments),
    /// Prints the size of the table and of its declarations.
    Figures {
        /// Also build, and print how long a check takes after a change, and how large a small program is.
        #[arg(long)]
        build: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().task {
        Task::Arrows => arrows::run(),
        Task::Parity => parity::run(),
        Task::Generate { check } => generate::run(check),
        Task::Live(arguments) => live::run(&arguments),
        Task::Figures { build } => figures::run(build),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
