//! Documents of the Transfer API.

mod documents;
mod endpoints;
mod files;
mod pause;
mod results;
mod sync_level;
mod tasks;

pub use documents::*;
pub use endpoints::*;
pub use files::*;
pub use pause::*;
pub use results::*;
pub use sync_level::SyncLevel;
pub use tasks::*;
