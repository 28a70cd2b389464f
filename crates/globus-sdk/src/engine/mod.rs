//! The engine of every client: its core, and the two ways to drive it.

mod background;
mod bond;
mod core;
mod mode;
mod runtime;
mod task;

pub(crate) use background::Background;
pub use bond::AppBinding;
pub(crate) use bond::Bond;
pub use core::Core;
pub use mode::{Async, Blocking, Mode};
pub(crate) use runtime::Runtime;
pub use task::Task;
