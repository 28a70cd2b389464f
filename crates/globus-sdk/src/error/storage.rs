//! Stored tokens that could not be read, written or locked.

use std::fmt;
use std::path::{Path, PathBuf};

use super::{Cause, redact};

/// What stands in the way of stored tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StorageProblem {
    /// The system refused access, or the file is not this user's.
    Access,
    /// The content could not be read as stored tokens at all; it was kept aside.
    Corrupt,
    /// The content is in order, but no stored tokens, or of a version that this crate does not know.
    Format,
    /// Another process holds the lock for too long.
    Locked,
    /// Everything else, for example a full disk.
    Failed,
}

impl StorageProblem {
    /// The name in serialized errors, for example `corrupt`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Corrupt => "corrupt",
            Self::Format => "format",
            Self::Locked => "locked",
            Self::Failed => "failed",
        }
    }
}

/// Stored tokens could not be read, written or locked.
///
/// It never holds anything of what is stored.
#[derive(Debug, Clone)]
pub struct StorageError {
    problem: StorageProblem,
    tried: &'static str,
    message: String,
    path: Option<PathBuf>,
    kept_at: Option<PathBuf>,
    hint: Option<String>,
    cause: Option<Cause>,
}

impl StorageError {
    /// `tried` says what was to be done with the tokens, as a verb: `read`, `write`, `lock`; `message` what prevented it.
    pub fn new(problem: StorageProblem, tried: &'static str, message: impl Into<String>) -> Self {
        Self {
            problem,
            tried,
            message: redact::paragraph(&message.into()),
            path: None,
            kept_at: None,
            hint: None,
            cause: None,
        }
    }

    /// An error of the operating system.
    pub fn io(tried: &'static str, cause: std::io::Error) -> Self {
        let problem = match cause.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => StorageProblem::Access,
            _ => StorageProblem::Failed,
        };
        Self::new(problem, tried, cause.to_string()).with_source(cause)
    }

    /// Adds the file in which the tokens are.
    #[must_use]
    pub fn at(mut self, path: impl Into<PathBuf>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Adds where the old content is kept.
    #[must_use]
    pub fn kept_at(mut self, path: impl Into<PathBuf>) -> Self {
        self.kept_at = Some(path.into());
        self
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Keeps the error of the system or of a library as the source.
    #[must_use]
    pub fn with_source(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.cause = Some(Cause::new(cause));
        self
    }

    /// What stands in the way.
    pub fn problem(&self) -> StorageProblem {
        self.problem
    }

    /// What was to be done with the tokens: `read`, `write`, `lock`.
    pub fn tried(&self) -> &'static str {
        self.tried
    }

    /// What prevented it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file in which the tokens are.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Where the old content of a corrupt file is kept.
    pub fn kept_path(&self) -> Option<&Path> {
        self.kept_at.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} stored tokens", self.tried)?;
        if let Some(path) = &self.path {
            write!(f, " in {}", super::quoted(&path.to_string_lossy()))?;
        }
        write!(f, ": {}", self.message)?;
        if let Some(path) = &self.kept_at {
            write!(f, "; the old content is in {}", super::quoted(&path.to_string_lossy()))?;
        }
        Ok(())
    }
}

impl std::error::Error for StorageError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_ref().map(Cause::as_dyn)
    }
}
