//! What a login on the command line says.

use std::fmt;
use std::io::{self, Write};

/// What a login on the command line says. Both methods have a default; `output` is flushed afterwards.
pub trait LoginPrompts: Send + Sync + fmt::Debug {
    /// Shows the address of the login page.
    ///
    /// # Errors
    /// Those of `output`.
    fn print_authorize_url(&self, output: &mut dyn Write, authorize_url: &str) -> io::Result<()> {
        writeln!(output, "Log in to Globus on this page:\n\n{authorize_url}\n")
    }

    /// Asks for the code.
    ///
    /// # Errors
    /// Those of `output`.
    fn prompt_for_code(&self, output: &mut dyn Write) -> io::Result<()> {
        write!(output, "Then enter the code that it shows: ")
    }
}

/// The defaults.
#[derive(Debug)]
pub(super) struct Plain;

impl LoginPrompts for Plain {}
