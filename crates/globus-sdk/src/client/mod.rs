//! Clients: what binds a row of the table to a service, its credentials and its settings.

#[macro_use]
mod macros;

mod any;
mod binding;
mod bound;
mod builder;
mod core;
mod mode;
mod named;
mod plain;
mod request;
mod runtime;
mod streamed;

pub use any::AnyClient;
pub use binding::AppBinding;
pub use bound::Bound;
pub use builder::{ClientBuilder, ClientType};
pub use core::Core;
pub(crate) use macros::{builder, client};
pub use mode::{Async, Blocking, Mode};
pub use named::NamedCall;
pub use request::{Encoding, RawRequest};
pub use streamed::Streamed;
