//! The page of the guide about the control routes of the emulator, from the documentation of its crate.

use crate::{Result, workspace};

/// The file below the top folder.
pub(super) const PAGE: &str = "docs/src/control.md";
const SOURCE: &str = "crates/globus-emulator/src/lib.rs";

const HEAD: &str = "\
# Control routes

<!-- Written by `cargo xtask generate` from crates/globus-emulator/src/lib.rs. -->

What a test or a script may want of [the emulator](emulator.md) and no real service does: below `/_emulator/`, in JSON, from this
machine only. [Faults](faults.md) have a page of their own. Rust has the same as methods of `Emulator`.

";

/// The text of the page.
pub(super) fn page() -> Result<String> {
    let source = workspace::read(SOURCE)?;
    let rows = source.lines().filter_map(|line| line.strip_prefix("//! |"));
    let table: Vec<String> = rows.map(|row| format!("|{row}\n")).collect();
    if !table.iter().any(|row| row.contains("/_emulator/health")) {
        return Err(format!("{SOURCE} has no table of control routes any more").into());
    }
    Ok(format!("{HEAD}{}", table.concat()))
}
