//! Scopes: what a program asks Globus Auth to let it do.
//!
//! A [`Scope`] is a name with, perhaps, *dependencies*: scopes which the named service needs in turn. As text,
//! dependencies stand in brackets, and a `*` marks a scope as optional, which means that its consent can be refused
//! or revoked by itself:
//!
//! ```
//! use globus_sdk::scopes::{self, GCSCollectionScopes, Scope, TransferScopes};
//!
//! # fn main() -> Result<(), scopes::ScopeError> {
//! let collection = GCSCollectionScopes::new("6c54cade-bde5-45c1-bdea-f4bd71dba2cc")?;
//! let transfer = Scope::new(TransferScopes::ALL)?.with_dependency(collection.data_access().with_optional(true));
//! assert_eq!(
//!     transfer.to_string(),
//!     "urn:globus:auth:scope:transfer.api.globus.org:all\
//!      [*https://auth.globus.org/scopes/6c54cade-bde5-45c1-bdea-f4bd71dba2cc/data_access]",
//! );
//!
//! let merged = scopes::parse("openid timer[transfer] timer[transfer[data]]")?;
//! assert_eq!(scopes::serialize(&merged)?, "openid timer[transfer[data]]");
//! # Ok(())
//! # }
//! ```
//!
//! # How scopes are merged
//!
//! Globus Auth reads a request as a graph in which a scope has one set of dependencies, wherever it stands.
//! [`parse`] and [`merge_scopes`] read it in the same way: in `a[b[x]] c[b[y]]` both `b` depend on `x` and `y`; a
//! dependency that is required once is required; a top-level scope stays separate in its required and optional
//! forms. A scope that depends on itself, over however many steps, is an error.
//!
//! # Bounds
//!
//! A short text can describe a graph whose full text would be astronomically long (`a[b c] b[d e] c[d e] ...`).
//! Everything here takes time in proportion to the graph and never recurses, so neither such texts nor deeply
//! nested ones are a danger. No text of more than [`MAX_TEXT_LEN`] bytes is read or written: that is
//! [`ScopeError::TooLarge`].
//!
//! Source: <https://docs.globus.org/api/auth/developer-guide/#scopes> and RFC 6749 section 3.3.

mod collections;
mod consents;
mod equality;
mod error;
mod graph;
mod list;
mod parser;
mod scope;
#[cfg(test)]
mod tests;

use std::borrow::Borrow;

pub use collections::{
    AuthScopes, ComputeScopes, FlowsScopes, GCSCollectionScopes, GCSEndpointScopes, GroupsScopes, NexusScopes,
    ScopeCollection, SearchScopes, SpecificFlowScopes, TimersScopes, TransferScopes, url_scope, urn_scope,
};
pub use consents::{Consent, ConsentError, ConsentForest, ConsentTree};
pub use error::{ScopeError, SyntaxProblem};
pub use list::{IntoScopes, ScopeItem, ScopeList};
pub use scope::Scope;

use graph::Graph;

/// The longest text, in bytes, that is read or written as scopes: 1 MiB.
pub const MAX_TEXT_LEN: usize = 1024 * 1024;

/// Reads text as scopes, and merges them (see [the module's page](self#how-scopes-are-merged)).
///
/// Top-level scopes keep the order in which they first appear. Dependencies come out sorted by their text, so that
/// two spellings of one request compare equal. Blank text has no scopes.
///
/// # Errors
///
/// [`ScopeError::Syntax`], [`ScopeError::Cycle`], or [`ScopeError::TooLarge`] for text over [`MAX_TEXT_LEN`].
pub fn parse(text: &str) -> Result<Vec<Scope>, ScopeError> {
    parser::read(text)?.build()
}

/// Merges two groups of scopes as if they had been asked for in one request.
///
/// The result has the same order as that of [`parse`].
///
/// # Errors
///
/// [`ScopeError::Cycle`] where scopes of the one group close a circle with those of the other;
/// [`ScopeError::InvalidName`] for an optional scope, or one with dependencies, whose name is empty.
pub fn merge_scopes<A, B>(a: A, b: B) -> Result<Vec<Scope>, ScopeError>
where
    A: IntoIterator<Item: Borrow<Scope>>,
    B: IntoIterator<Item: Borrow<Scope>>,
{
    // Held in one place until the graph is built: it borrows names and tells shared parts by their address.
    let mut all: Vec<Scope> = a.into_iter().map(|scope| scope.borrow().clone()).collect();
    all.extend(b.into_iter().map(|scope| scope.borrow().clone()));
    let mut graph = Graph::default();
    for scope in &all {
        graph.absorb(scope)?;
    }
    graph.build()
}

/// Writes scopes as the space-separated text of a request.
///
/// Takes text, a [`Scope`], or a collection of either. Nothing is parsed, merged or checked: text goes out as it is.
///
/// # Errors
///
/// [`ScopeError::Empty`] if the result is empty, as a request without scopes is most often a mistake (use
/// [`serialize_allow_empty`] where it is not); [`ScopeError::TooLarge`] if it is longer than [`MAX_TEXT_LEN`].
pub fn serialize(scopes: impl IntoScopes) -> Result<String, ScopeError> {
    let text = serialize_allow_empty(scopes)?;
    if text.is_empty() {
        Err(ScopeError::Empty)
    } else {
        Ok(text)
    }
}

/// Does what [`serialize`] does, but gives empty text where there are no scopes.
///
/// # Errors
///
/// [`ScopeError::TooLarge`] if the result is longer than [`MAX_TEXT_LEN`].
pub fn serialize_allow_empty(scopes: impl IntoScopes) -> Result<String, ScopeError> {
    scopes.into_scopes().to_text()
}
