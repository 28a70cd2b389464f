//! `cargo bench -p globus-bench`: prints the table.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match Command::new(env!("CARGO_BIN_EXE_globus-bench")).arg("table").status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
