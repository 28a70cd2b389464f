//! `cargo xtask arrows`: modules import downwards only.
//!
//! The floors stand in ARCHITECTURE.md, so that the drawing a reader sees is the one that is checked.

mod crates;
mod floors;
mod scan;

use std::path::Path;

use crate::{Result, workspace};
use floors::Floors;
use scan::Reference;

const SDK: &str = "crates/globus-sdk/src";

/// Prints every forbidden arrow with its place; fails if there is one.
pub(crate) fn run() -> Result<()> {
    let floors = Floors::parse(&workspace::read("ARCHITECTURE.md")?)?;
    let mut forbidden = crates::check()?;
    forbidden.extend(crates::emulator()?);
    let mut seen = 0;
    for file in workspace::rust_files(SDK)? {
        let Some(module) = scan::module_of(file.strip_prefix(SDK)?) else {
            continue;
        };
        let references = scan::references(&workspace::read(&file)?, &module)
            .map_err(|error| format!("{}: {error}", file.display()))?;
        seen += references.len();
        forbidden.extend(
            references
                .iter()
                .filter_map(|reference| judge(&floors, &file, &module, reference)),
        );
    }
    if forbidden.is_empty() {
        println!("{seen} references to modules, none upwards");
        return Ok(());
    }
    for arrow in &forbidden {
        println!("{arrow}");
    }
    Err(format!(
        "{} forbidden arrow(s); the floors are drawn in ARCHITECTURE.md",
        forbidden.len()
    )
    .into())
}

/// What is wrong with a reference made in `module`, if anything.
fn judge(floors: &Floors, file: &Path, module: &[String], reference: &Reference) -> Option<String> {
    let from = module.first()?; // the crate's root re-exports everything
    let to = reference.path.first()?;
    if from == to {
        return None;
    }
    let problem = match (floors.of(from), floors.of(to)) {
        (None, _) => format!("module `{from}` stands on no floor"),
        (_, None) if to.starts_with(char::is_uppercase) => {
            format!("`{to}` is taken from the crate's root, which hides the arrow: name its module")
        }
        (_, None) => format!("module `{to}` stands on no floor"),
        (Some(own), Some(other)) if other < own => return None,
        (Some(own), Some(other)) if other == own => format!("{from} -> {to}: neighbours on one floor"),
        _ => format!("{from} -> {to}: upwards"),
    };
    Some(format!(
        "{}:{}: {problem} (`{}`)",
        file.display(),
        reference.line,
        reference.path.join("::")
    ))
}
