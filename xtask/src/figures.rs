//! `cargo xtask figures`: how large the table and its declarations are, and what they cost.

use std::fs::{self, File};
use std::process::Command;
use std::time::{Instant, SystemTime};

use crate::{Result, table, workspace};

/// Where the declarations are.
const SERVICES: &str = "crates/globus-sdk/src/services";
/// The file whose change is timed.
const TOUCHED: &str = "crates/globus-sdk/src/services/groups/operations/groups.rs";
/// A program that logs in as itself and makes one call.
const EXAMPLE: &str = "quickstart_program";
/// So many operations at least have an answer of a type of its own.
const TYPED: usize = 200;
/// Declarations longer than this are named.
const LONG: usize = 15;

pub(crate) fn run(build: bool) -> Result<()> {
    let rows: Vec<_> = table::clients().iter().flat_map(|client| client.operations()).collect();
    let typed = rows.iter().filter(|row| row.answer.model != "Value").count();
    println!(
        "operations                  {} ({typed} with an answer of a type of its own)",
        rows.len()
    );
    let mut declared = declarations()?;
    let lines: usize = declared.iter().map(|(_, lines)| lines).sum();
    // Tenths, without the pitfalls of floating-point numbers.
    let average = lines * 10 / declared.len().max(1);
    println!("declarations                {}, {lines} lines", declared.len());
    println!("lines of each, on average   {}.{}", average / 10, average % 10);
    declared.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    let longest = declared.first().map_or(0, |(_, lines)| *lines);
    println!("lines of the longest        {longest}");
    declared.retain(|(_, lines)| *lines > LONG);
    let long: Vec<String> = declared.iter().map(|(name, lines)| format!("{name} {lines}")).collect();
    println!("longer than {LONG} lines        {}: {}", long.len(), long.join(", "));
    if build {
        println!("check after a change        {:.1} s", check_after_change()?);
        println!(
            "smallest program            {:.1} MB ({EXAMPLE}, release)",
            example_size()?
        );
    }
    if average > LONG * 10 {
        return Err(format!("a declaration has more than {LONG} lines on average").into());
    }
    if typed < TYPED {
        return Err(format!("{typed} operations have an answer of a type of its own; {TYPED} is the least").into());
    }
    Ok(())
}

/// The declarations with the number of their lines, documentation included. A blank line stands between two of them.
fn declarations() -> Result<Vec<(String, usize)>> {
    let mut found = Vec::new();
    for file in workspace::rust_files(SERVICES)? {
        if file.components().any(|part| part.as_os_str() == "operations") {
            found.extend(declared(&workspace::read(&file)?));
        }
    }
    Ok(found)
}

fn declared(source: &str) -> Vec<(String, usize)> {
    let body = source.split_once("\nimpl ").and_then(|(_, rest)| rest.split_once('\n'));
    let blocks = body.map_or("", |(_, body)| body).split("\n\n");
    let named = blocks.filter_map(|block| {
        let (_, rest) = block.split_once("    fn ")?;
        let name = rest.split(['(', '<']).next()?.to_owned();
        let lines = block.lines().filter(|line| line.starts_with("    ")).count();
        Some((name, lines))
    });
    named.collect()
}

/// Seconds of `cargo check -p globus-sdk` when one file of operations is newer than the last check.
fn check_after_change() -> Result<f64> {
    let check = ["check", "--quiet", "--package", "globus-sdk"];
    cargo(&check)?;
    File::options()
        .append(true)
        .open(workspace::root().join(TOUCHED))?
        .set_modified(SystemTime::now())?;
    let start = Instant::now();
    cargo(&check)?;
    Ok(start.elapsed().as_secs_f64())
}

/// Megabytes of the example.
fn example_size() -> Result<f64> {
    cargo(&[
        "build",
        "--quiet",
        "--release",
        "--package",
        "globus-sdk",
        "--example",
        EXAMPLE,
    ])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace::root().join("target"), Into::into);
    let program = target
        .join("release/examples")
        .join(format!("{EXAMPLE}{}", std::env::consts::EXE_SUFFIX));
    let tenths = fs::metadata(program)?.len() / 100_000;
    Ok(f64::from(u32::try_from(tenths)?) / 10.0)
}

fn cargo(arguments: &[&str]) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(arguments)
        .current_dir(workspace::root())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`cargo {}` failed", arguments.join(" ")).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_declaration_are_counted_with_its_documentation() {
        let source = "use x;\n\n#[service]\nimpl A {\n    /// One.\n    #[get(\"/\")]\n    fn one() -> B;\n\n    /// Two.\n    #[get(\"/\")]\n    fn two(\n        /// Id.\n        id: C,\n    ) -> D;\n}\n";
        assert_eq!(declared(source), [("one".to_owned(), 3), ("two".to_owned(), 6)]);
    }

    #[test]
    fn every_declaration_is_counted() {
        let rows: std::collections::BTreeSet<&str> = table::clients()
            .iter()
            .flat_map(|client| client.operations())
            .map(|row| row.name)
            .collect();
        let declared: std::collections::BTreeSet<String> = declarations()
            .expect("sources")
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(rows.len(), declared.len());
        assert!(rows.iter().all(|name| declared.contains(*name)));
    }
}
