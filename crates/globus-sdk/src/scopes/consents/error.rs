//! What can be wrong with consents.

use serde::Serialize;

use crate::error::{DecodeError, Error, quoted};

/// What is wrong with consents that Globus Auth sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ConsentError {
    /// A consent lacks a member, or has one of another type.
    #[error("consent {index}: {problem}")]
    #[non_exhaustive]
    Malformed {
        /// Which consent of the list, from 0.
        index: usize,
        /// What is wrong with it.
        problem: String,
    },
    /// A consent depends on one that is not there.
    #[error("consent {id} depends on consent {parent}, which is not among them")]
    #[non_exhaustive]
    MissingParent {
        /// The consent.
        id: i64,
        /// The one that is missing.
        parent: i64,
    },
}

impl ConsentError {
    pub(super) fn missing(name: &str) -> String {
        format!("{} is missing", quoted(name))
    }

    pub(super) fn wrong(name: &str, expected: &str) -> String {
        format!("{} is not {expected}", quoted(name))
    }
}

impl From<ConsentError> for Error {
    fn from(error: ConsentError) -> Self {
        DecodeError::new("a list of consents", error.to_string())
            .with_source(error)
            .into()
    }
}
