//! Documents of the Search API.

mod entry;
mod facet;
mod filter;
mod index;
mod query;

pub use entry::*;
pub use facet::*;
pub use filter::*;
pub use index::*;
pub use query::*;
