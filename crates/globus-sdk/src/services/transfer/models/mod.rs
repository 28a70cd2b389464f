//! Documents of the Transfer API.

mod access;
mod bookmarks;
mod deadline;
mod document_checks;
mod documents;
mod endpoints;
mod files;
mod filter;
mod jsonapi;
mod manager;
mod pause;
mod results;
mod roles;
mod shares;
mod sync_level;
mod tasks;
mod tunnels;

pub use access::*;
pub use bookmarks::*;
pub use deadline::Deadline;
pub use documents::*;
pub use endpoints::*;
pub use files::*;
pub use filter::TransferFilter;
pub use jsonapi::*;
pub use manager::*;
pub use pause::*;
pub use results::*;
pub use roles::*;
pub use shares::*;
pub use sync_level::SyncLevel;
pub use tasks::*;
pub use tunnels::*;
