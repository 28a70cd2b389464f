//! Whether and how servers' certificates are checked.

use std::path::PathBuf;

use crate::error::{Error, Result, quoted};

/// Whether and how servers' certificates are checked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum VerifySsl {
    /// Against the system's certificate authorities.
    #[default]
    Yes,
    /// Not at all: anybody on the way can read the tokens. For tests only.
    No,
    /// Against the certificate authorities in this file (PEM).
    CaBundle(PathBuf),
}

impl VerifySsl {
    /// Reads a setting: a word for yes or no in any case, or the path of an existing file.
    /// `what` names the setting in the error.
    ///
    /// # Errors
    /// [`Error::Validation`] for anything else.
    pub fn parse(what: &str, value: &str) -> Result<Self> {
        match value.to_lowercase().as_str() {
            "y" | "yes" | "t" | "true" | "on" | "1" => return Ok(Self::Yes),
            "n" | "no" | "f" | "false" | "off" | "0" => return Ok(Self::No),
            _ => {}
        }
        Self::ca_bundle(value).map_err(|_| {
            Error::validation(
                what,
                format!(
                    "{} is neither true nor false nor the path of an existing file",
                    quoted(value)
                ),
            )
        })
    }

    /// The file `path` with certificate authorities.
    ///
    /// # Errors
    /// [`Error::Validation`] if there is no such file.
    pub fn ca_bundle(path: impl Into<PathBuf>) -> Result<Self> {
        let path = path.into();
        if path.is_file() {
            Ok(Self::CaBundle(path))
        } else {
            Err(Error::validation(
                "CA bundle",
                format!("{} is not an existing file", quoted(&path.to_string_lossy())),
            ))
        }
    }
}

impl From<bool> for VerifySsl {
    fn from(verify: bool) -> Self {
        if verify { Self::Yes } else { Self::No }
    }
}
