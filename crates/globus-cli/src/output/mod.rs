//! What goes out: documents on stdout, words for people on stderr.

pub(crate) mod json;
pub(crate) mod people;

use std::io;
use std::process::ExitCode;

use globus_sdk::{Error, ErrorKind};

/// Why the program ends early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A call failed, or could not be made.
    Call(Error),
    /// The call failed, and the program has its own advice.
    Advised(Error, String),
    /// The system does not let the program work.
    Start(io::Error),
    /// Stdin could not be read.
    Input(io::Error),
    /// Stdout could not be written.
    Output(io::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl Failure {
    /// The code that tells scripts what kind of failure it was.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Call(error) | Self::Advised(error, _) => ExitCode::from(code_of(error)),
            // Whoever read the output has seen enough.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Self::Start(_) | Self::Input(_) | Self::Output(_) => ExitCode::FAILURE,
        }
    }
}

fn code_of(error: &Error) -> u8 {
    match error.kind() {
        ErrorKind::Usage | ErrorKind::Validation | ErrorKind::Scope => 2,
        ErrorKind::Connection | ErrorKind::ConnectTimeout | ErrorKind::Timeout => 5,
        ErrorKind::LoginRequired | ErrorKind::Login | ErrorKind::Token => 4,
        ErrorKind::Api if wants_login(error) => 4,
        _ => 1,
    }
}

/// Whether a service refuses until somebody logs in or consents. A refused client secret is not among that: logging in
/// does not mend it.
fn wants_login(error: &Error) -> bool {
    let Some(api) = error.api() else { return false };
    let info = api.info();
    let secret_refused = || {
        api.request()
            .auth_scheme()
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic"))
    };
    info.consent_required.is_some()
        || info.authorization_parameters.is_some()
        || (api.http_status().as_u16() == 401 && !secret_refused())
}
