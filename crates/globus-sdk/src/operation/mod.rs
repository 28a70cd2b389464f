//! What an API operation is, as data. Nothing here does I/O.
//!
//! `#[service]` writes one [`Operation`] row per declared method. Every reader of the crate goes through
//! the same rows: the typed builders, calls by name, the command line, the emulator's routes, the
//! generated documentation and the parity report.

mod table;

pub use table::{
    Answer, Before, Body, ClientIdField, ClientSpec, Idempotency, Kind, Method, Operation, Paging, Param, Place,
    ResourceServer, ScopeSource, Style, ValueKind,
};
