//! What the services keep, as rows: in snapshots, and in a state file.
//!
//! A service keeps its rows in [`Table`]s and single values in [`Kept`]. Both are read like what they hold, and note what
//! changes. Each state has a method `visit`, which names them all; it takes the state apart field by field, so that a
//! field that is added is either named there or left out on purpose.

pub(crate) mod document;
pub(crate) mod keeper;
pub(crate) mod store;
pub(crate) mod table;

pub(crate) use table::{Kept, Rows, Table};

/// Which form the rows have. A change that an older emulator cannot read makes it one more.
pub(crate) const VERSION: u32 = 2;

/// What is told of each table: its name, `service/table`, and its rows.
pub(crate) type Visit<'a> = &'a mut dyn FnMut(&'static str, &mut dyn Rows);
