//! Documents of the Compute API.

mod endpoint;
mod function;
mod task;
mod text_or;

pub use endpoint::*;
pub use function::*;
pub use task::*;
pub use text_or::*;
