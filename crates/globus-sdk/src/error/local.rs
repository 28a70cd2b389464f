//! Errors of this side: nothing was sent.

use std::fmt;

use super::Cause;

/// The crate was used in a way that cannot work.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct UsageError {
    message: String,
}

impl UsageError {
    /// `message` says what was done and what to do instead.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// A value is not among those allowed.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{what}: {message}")]
pub struct ValidationError {
    what: String,
    message: String,
    hint: Option<String>,
}

impl ValidationError {
    /// `what` names the value (a parameter, a variable); `message` says what is wrong with it and what is allowed.
    pub fn new(what: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            message: message.into(),
            hint: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Name of the value.
    pub fn what(&self) -> &str {
        &self.what
    }

    /// What is wrong with it.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

/// A scope string or a scope tree is wrong.
#[derive(Debug, Clone)]
pub struct ScopeFailure {
    cause: Cause,
}

impl fmt::Display for ScopeFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.cause.as_dyn(), f)
    }
}

impl std::error::Error for ScopeFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.cause.as_dyn().source()
    }
}

impl ScopeFailure {
    pub(super) fn new(cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self {
            cause: Cause::new(cause),
        }
    }

    /// The parser's own error; downcast it to `scopes::ScopeError` for the position.
    pub fn cause(&self) -> &(dyn std::error::Error + 'static) {
        self.cause.as_dyn()
    }
}

/// A person has to log in, and nobody is there to be asked.
///
/// The login can be finished later from [`LoginRequired::url`], where there is one. The error shows that address, so that
/// a person finds it in the log of a job. It gives nobody access: tokens are got with a secret that stays in the program.
/// What it tells is who asks for which scopes, and the `state` of this login, by which the program knows the answer to
/// it. Whoever reads both could try to have the program log in as *themselves*, which an app refuses once it has stored
/// tokens of somebody else; so show it to the person who is to log in, and not to everybody.
#[derive(Debug, Clone)]
pub struct LoginRequired {
    why: String,
    scopes: Vec<String>,
    url: Option<String>,
    hint: Option<String>,
}

impl LoginRequired {
    /// `why` is a sentence: what is missing (a token, a consent, a session with a second factor).
    pub fn new(why: impl Into<String>) -> Self {
        Self {
            why: why.into(),
            scopes: Vec::new(),
            url: None,
            hint: None,
        }
    }

    /// Adds the scopes that a login has to ask for.
    #[must_use]
    pub fn with_scopes(mut self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Adds the page where the login can be made.
    #[must_use]
    pub fn with_url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Adds what to do, in place of the general advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Why a login is needed.
    pub fn why(&self) -> &str {
        &self.why
    }

    /// Scopes that a login has to ask for.
    pub fn scopes(&self) -> &[String] {
        &self.scopes
    }

    /// Page where the login can be made.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        Some(self.hint.as_deref().unwrap_or(if self.url.is_some() {
            "open the URL, log in and finish the login with the code it shows"
        } else {
            "log in from a terminal first, or use client credentials in programs without a person"
        }))
    }
}

impl fmt::Display for LoginRequired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "login required: {}", self.why)?;
        if !self.scopes.is_empty() {
            write!(f, " (scopes: {})", self.scopes.join(" "))?;
        }
        if let Some(url) = &self.url {
            write!(f, "; log in at {url}")?;
        }
        Ok(())
    }
}

impl std::error::Error for LoginRequired {}
