//! The page of the guide about where the emulator and fauxbus answer differently, from the list that a test holds to be exact.

use std::fmt::Write as _;

use serde::Deserialize;

use crate::{Result, workspace};

/// The file below the top folder.
pub(super) const PAGE: &str = "docs/src/fauxbus.md";
const LIST: &str = "crates/globus-emulator/tests/peers/fauxbus.toml";
/// How many calls are named before the rest is counted.
const NAMED: usize = 3;

const HEAD: &str = "\
# The other fake

<!-- Written by `cargo xtask generate` from crates/globus-emulator/tests/peers/fauxbus.toml. -->

[fauxbus](https://pypi.org/project/fauxbus/) is a fake of Globus in Python: Groups, logins, and the list of tasks that managers
see. A test of the emulator starts both with the same people, groups and tasks, asks each of them all that fauxbus does, and
compares status and shape of the answers: names of members and JSON types. Everything else is the same; this differs.

| call | fauxbus 0.4.0 | who is right | why |
|---|---|---|---|
";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    difference: Vec<Difference>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Difference {
    calls: toml::Value,
    #[serde(rename = "differs")]
    _differs: Vec<String>,
    what: String,
    right: String,
    why: String,
}

/// The text of the page.
pub(super) fn page() -> Result<String> {
    let list: List = toml::from_str(&workspace::read(LIST)?)?;
    let mut page = HEAD.to_owned();
    for row in &list.difference {
        let right = match row.right.as_str() {
            "unknown" => "nobody knows",
            known => known,
        };
        let cells = [&calls(&row.calls), &row.what, right, &row.why].map(|cell| cell.replace('|', "\\|"));
        writeln!(page, "| {} |", cells.join(" | "))?;
    }
    Ok(page)
}

/// The first calls by name, and how many more there are.
fn calls(calls: &toml::Value) -> String {
    let names: Vec<&str> = match calls {
        toml::Value::Table(table) => table.keys().map(String::as_str).collect(),
        other => other
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .collect(),
    };
    let named = names.iter().take(NAMED).copied().collect::<Vec<_>>().join("; ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named}; {more} more"),
    }
}
