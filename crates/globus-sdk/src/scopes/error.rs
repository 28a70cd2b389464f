//! What can be wrong with scopes.

use std::fmt;

use serde::Serialize;

use crate::error::Error;

/// How many characters of a name, and how many characters on each side of a fault, an error shows.
const NAME_SHOWN: usize = 200;
const CONTEXT_SHOWN: usize = 24;
/// How many scopes of a cycle an error names.
const CYCLE_SHOWN: usize = 16;

/// What is wrong with scopes, or with text that should be scopes.
///
/// Its size is bounded: names and excerpts of hostile input are clipped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScopeError {
    /// The text does not follow the grammar of scopes.
    #[error("bad scope text at byte {position} (near {near:?}): {problem}; {}", .problem.advice())]
    #[non_exhaustive]
    Syntax {
        /// Which rule the text breaks.
        problem: SyntaxProblem,
        /// Where, in bytes from the start of the text.
        position: usize,
        /// A few characters of the text around that place.
        near: String,
    },
    /// A scope depends on itself.
    #[error("{}; remove one of these dependencies", CycleText { scopes, length: *length })]
    #[non_exhaustive]
    Cycle {
        /// The scopes of the circle in their order, each a dependency of the one before it and the first one a
        /// dependency of the last; only the first sixteen of a longer circle.
        scopes: Vec<String>,
        /// How many scopes the circle has.
        length: usize,
    },
    /// A scope's name is empty where it may not be, or holds a space, `*`, `[` or `]`.
    #[error("{name:?} is not the name of one scope; use scopes::parse for text with spaces, '*' or brackets")]
    #[non_exhaustive]
    InvalidName {
        /// The name, clipped.
        name: String,
    },
    /// No scopes were given where some are needed.
    #[error("no scopes were given; name at least one")]
    Empty,
    /// The text should be exactly one scope.
    #[error("expected exactly one scope, found {found}; use scopes::parse for any number of them")]
    #[non_exhaustive]
    NotOne {
        /// How many scopes the text holds, once merged.
        found: usize,
    },
    /// The text of the scopes is, or would be, longer than [`MAX_TEXT_LEN`](super::MAX_TEXT_LEN).
    #[error("the text of the scopes has {size} bytes, the limit is {limit}; ask for fewer dependencies")]
    #[non_exhaustive]
    TooLarge {
        /// Bytes of the text; `u64::MAX` also stands for everything above.
        size: u64,
        /// The limit, in bytes.
        limit: u64,
    },
}

impl ScopeError {
    pub(super) fn syntax(problem: SyntaxProblem, text: &str, position: usize) -> Self {
        let (before, after) = text.split_at(position);
        let start = before
            .char_indices()
            .rev()
            .take(CONTEXT_SHOWN)
            .last()
            .map_or(position, |(index, _)| index);
        let near = before[start..]
            .chars()
            .chain(after.chars().take(CONTEXT_SHOWN))
            .collect();
        Self::Syntax {
            problem,
            position,
            near,
        }
    }

    pub(super) fn cycle<'a>(scopes: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let length = scopes.len();
        Self::Cycle {
            scopes: scopes.take(CYCLE_SHOWN).map(clip).collect(),
            length,
        }
    }

    pub(super) fn invalid_name(name: &str) -> Self {
        Self::InvalidName { name: clip(name) }
    }

    /// `Ok` if a text of `size` bytes may be read or written.
    pub(super) fn check_size(size: u64) -> Result<(), Self> {
        let limit = super::MAX_TEXT_LEN as u64;
        if size > limit {
            Err(Self::TooLarge { size, limit })
        } else {
            Ok(())
        }
    }
}

/// Scopes that are missing are a mistake in the call ([`Error::Usage`]); everything else is [`Error::Scope`].
impl From<ScopeError> for Error {
    fn from(error: ScopeError) -> Self {
        match error {
            ScopeError::Empty => Self::usage(error.to_string()),
            _ => Self::scope(error),
        }
    }
}

/// The rule of the grammar that a text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SyntaxProblem {
    /// A space before `[`.
    SpaceBeforeBracket,
    /// A space after `*`.
    SpaceAfterStar,
    /// Something else than a space, `]` or the end after `]`.
    TextAfterBracket,
    /// Nothing after `*`.
    EndsInStar,
    /// `*` before `*`, `[` or `]`.
    StarWithoutName,
    /// Nothing after `[`.
    EndsInBracket,
    /// `[]`.
    EmptyBrackets,
    /// `[[`.
    DoubleBracket,
    /// `[` without a name before it.
    BracketWithoutName,
    /// `]` without a `[`.
    Unopened,
    /// `[` without a `]`.
    Unclosed,
}

impl SyntaxProblem {
    fn advice(self) -> &'static str {
        match self {
            Self::SpaceBeforeBracket => "write name[dependency] without the space",
            Self::SpaceAfterStar | Self::EndsInStar | Self::StarWithoutName => "write *name",
            Self::TextAfterBracket => "put a space between a ']' and the next scope",
            Self::EndsInBracket | Self::EmptyBrackets => "name the dependencies or leave out the brackets",
            Self::DoubleBracket | Self::BracketWithoutName => "put the scope that has the dependencies before the '['",
            Self::Unopened => "remove the ']' or open it earlier",
            Self::Unclosed => "add the missing ']'",
        }
    }
}

impl fmt::Display for SyntaxProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SpaceBeforeBracket => "there is a space before the '['",
            Self::SpaceAfterStar => "there is a space after the '*'",
            Self::TextAfterBracket => "there is text right after a ']'",
            Self::EndsInStar => "the text stops after a '*'",
            Self::StarWithoutName => "no name follows the '*'",
            Self::EndsInBracket => "the text stops after a '['",
            Self::EmptyBrackets => "the brackets are empty",
            Self::DoubleBracket => "there are two '[' in a row",
            Self::BracketWithoutName => "no scope stands before the '['",
            Self::Unopened => "this ']' closes nothing",
            Self::Unclosed => "this '[' is never closed",
        })
    }
}

struct CycleText<'a> {
    scopes: &'a [String],
    length: usize,
}

impl fmt::Display for CycleText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scope depends on itself: ")?;
        for scope in self.scopes {
            write!(f, "{scope} -> ")?;
        }
        if self.length > self.scopes.len() {
            write!(f, "({} more) -> ", self.length - self.scopes.len())?;
        }
        f.write_str(self.scopes.first().map_or("", String::as_str))
    }
}

fn clip(name: &str) -> String {
    match name.char_indices().nth(NAME_SHOWN) {
        Some((end, _)) => format!("{}...", &name[..end]),
        None => name.to_owned(),
    }
}
