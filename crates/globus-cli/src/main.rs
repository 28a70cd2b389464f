//! The program `globus`: Globus from a shell.

mod calls;
mod cli;
mod commands;
mod logging;
mod output;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    logging::start(cli.verbose);
    let profile = cli.profile.unwrap_or_default();
    let outcome = match cli.command {
        Command::Call(args) if args.batch => commands::batch::run(&args, profile),
        Command::Call(args) => commands::call::run(&args, profile),
        Command::Operations(args) => commands::operations::run(&args),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::people::explain(&failure);
            failure.exit_code()
        }
    }
}
