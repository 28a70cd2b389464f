//! Documents of the Transfer API.

mod deadline;
mod document_checks;
mod documents;
mod endpoints;
mod files;
mod filter;
mod pause;
mod results;
mod sync_level;
mod tasks;

pub use deadline::Deadline;
pub use documents::*;
pub use endpoints::*;
pub use files::*;
pub use filter::TransferFilter;
pub use pause::*;
pub use results::*;
pub use sync_level::SyncLevel;
pub use tasks::*;
