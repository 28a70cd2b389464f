//! Documents of the Globus Connect Server Manager API.

mod collection;
mod collection_document;
mod credential;
mod endpoint;
mod gateway;
mod policies;
mod result;
mod role;
mod storage_policies;

pub use collection::*;
pub use collection_document::*;
pub use credential::*;
pub use endpoint::*;
pub use gateway::*;
pub use policies::*;
pub use result::*;
pub use role::*;
pub use storage_policies::*;
