//! Clients: what binds a row of the table to a service, its credentials and its settings.

#[macro_use]
mod macros;

mod binding;
mod bound;
mod builder;
mod caller;
mod named;
mod plain;
mod request;
mod streamed;

pub use crate::engine::AppBinding;
pub use bound::Bound;
pub use builder::{ClientBuilder, ClientType};
pub(crate) use macros::{builder, client};
pub use named::NamedCall;
pub use request::{Encoding, RawRequest};
pub use streamed::Streamed;

pub use crate::engine::{Async, Blocking, Core, Mode, Task};
