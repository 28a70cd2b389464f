//! What can be typed: types for clap, and nothing else.

#![allow(clippy::doc_markdown, reason = "the comments are help texts")]

mod call;
mod operations;

use clap::{ArgAction, Parser, Subcommand};

pub(crate) use call::CallArgs;
pub(crate) use operations::OperationsArgs;

/// Globus from a shell: every operation of the SDK by its name
#[derive(Debug, Parser)]
#[command(name = "globus", version, max_term_width = 100, after_long_help = CODES)]
pub(crate) struct Cli {
    /// Say on stderr which requests are made; twice for more. RUST_LOG does the same in detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Keep the program's tokens for the next calls, under this name: profiles never use each other's tokens. Without
    /// one, tokens end with the command
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        env = "GLOBUS_PROFILE",
        hide_env_values = true
    )]
    pub(crate) profile: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The words are those of the arguments' own types.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Call(CallArgs),
    Operations(OperationsArgs),
}

const CODES: &str = "\
Exit codes:
  0  it worked
  1  the service answered with an error, or with something that is no answer
  2  wrong usage: an unknown operation or parameter, a value that is not allowed
  4  a login or a consent is needed
  5  no connection, or no answer in time";
