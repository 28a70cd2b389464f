//! What an API operation is, as data. Nothing here does I/O.
//!
//! `#[service]` writes one [`Operation`] row per declared method. Every reader of the crate goes through
//! the same rows: the typed builders, calls by name, the command line, the emulator's routes, the
//! generated documentation and the parity report.

mod arg;
mod body;
mod call;
mod composite;
mod encode;
mod nearest;
mod table;
mod values;

pub use arg::{Arg, Argument, Document, TypedDocument};
pub(crate) use call::object_entries;
pub use call::{Call, CallOptions};
pub use composite::{Caller, Composite};
pub(crate) use encode::{Binding, check_arguments, encode, escape_path, pairs_of};
pub use nearest::nearest;
pub use table::{
    Answer, Before, Body, Check, ClientIdField, ClientSpec, Kind, Method, Operation, OperationFiles, Paging, Param,
    Place, ResourceServer, ScopeSource, ScopesOf, Style, ValueKind,
};

pub use crate::transport::Idempotency;
