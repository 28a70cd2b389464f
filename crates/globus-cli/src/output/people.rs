//! Errors for people: what happened, and what to do about it.

use std::io::{self, Write as _};

use super::Failure;

/// Says on stderr what went wrong.
pub(crate) fn explain(failure: &Failure) {
    let mut err = io::stderr().lock();
    // Where stderr is closed there is nobody to tell.
    let _ = match failure {
        Failure::Call(error) => match error.hint() {
            Some(hint) => writeln!(err, "error: {error}\nhint: {hint}"),
            None => writeln!(err, "error: {error}"),
        },
        Failure::Advised(error, hint) => writeln!(err, "error: {error}\nhint: {hint}"),
        Failure::Start(error) => writeln!(err, "error: cannot start: {error}"),
        Failure::Input(error) => writeln!(err, "error: cannot read stdin: {error}"),
        Failure::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Failure::Output(error) => writeln!(err, "error: cannot write to stdout: {error}"),
    };
}
