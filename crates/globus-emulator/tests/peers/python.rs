//! Where Python is, for the tests that need it; shared with those of the SDK.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// A Python with the package, or why there is none. `GLOBUS_PYTHON` names it; the default is `python3`.
pub(crate) fn python(package: &str) -> Result<String, String> {
    let python = std::env::var("GLOBUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(&python)
        .args(["-c", &format!("import {package}")])
        .stdin(Stdio::null())
        .output();
    match output {
        Ok(output) if output.status.success() => Ok(python),
        Ok(output) => Err(format!("{python}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{python}: {error}")),
    }
}

/// Says that a test did not run.
pub(crate) fn skipped(what: &str) {
    // Not eprintln: the test harness swallows what a passing test prints that way.
    let message = format!("\n*** SKIPPED: {what} ***\n\n");
    let _ = std::io::stderr().write_all(message.as_bytes());
}
