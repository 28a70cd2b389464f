//! `cargo xtask generate`: pages, and parts of pages, that are written by the program they describe.

mod control;
mod expansion;
mod fauxbus;
mod models;
mod operations;

use std::fs;

use crate::{Result, workspace};

/// The generated files below the top folder, and their text as it should be.
fn pages() -> Result<Vec<(&'static str, String)>> {
    Ok(vec![
        ("docs/src/operations.md", operations::page(crate::table::clients())),
        (expansion::PAGE, expansion::page()?),
        (control::PAGE, control::page()?),
        (fauxbus::PAGE, fauxbus::page()?),
        (models::PAGE, models::page(crate::table::clients())?),
    ])
}

/// Writes the pages, or with `check` only compares them.
pub(crate) fn run(check: bool) -> Result<()> {
    let mut stale = Vec::new();
    for (path, text) in pages()? {
        if workspace::read(path).is_ok_and(|present| present == text) {
            continue;
        }
        if check {
            stale.push(path);
        } else {
            fs::write(workspace::root().join(path), text)?;
            println!("wrote {path}");
        }
    }
    if stale.is_empty() {
        return Ok(());
    }
    Err(format!("stale: {}; run `cargo xtask generate` and commit", stale.join(", ")).into())
}
