//! All rows as one JSON document.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::VERSION;
use crate::world::{Setting, World};

/// The member by which a snapshot is known, whose value is the version of its form.
pub(crate) const MARK: &str = "globus_emulator_snapshot";

/// A world, written down: rows by key, below `service/table`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Snapshot {
    #[serde(rename = "globus_emulator_snapshot")]
    version: u32,
    tables: BTreeMap<String, BTreeMap<String, Box<RawValue>>>,
}

/// Writes a world down.
pub(crate) fn snapshot(world: &mut World) -> Result<String, String> {
    let mut tables = BTreeMap::new();
    let mut failed = None;
    world.visit(&mut |name, rows| match rows.all() {
        Ok(rows) => {
            let rows = rows
                .into_iter()
                .filter_map(|(key, json)| Some((key, RawValue::from_string(json?).ok()?)));
            tables.insert(name.to_owned(), rows.collect());
        }
        Err(error) => failed = Some(format!("{name}: {error}")),
    });
    match failed {
        Some(failed) => Err(failed),
        None => serde_json::to_string(&Snapshot {
            version: VERSION,
            tables,
        })
        .map_err(|error| error.to_string()),
    }
}

/// Makes a world of what was written down.
pub(crate) fn restore(text: &str, setting: &Setting) -> Result<World, String> {
    #[derive(Deserialize)]
    struct Version {
        #[serde(rename = "globus_emulator_snapshot")]
        version: Option<u32>,
    }
    let read: Version = serde_json::from_str(text).map_err(|error| format!("the snapshot is not readable: {error}"))?;
    let version = read
        .version
        .ok_or_else(|| format!("the document is no snapshot: it has no number \"{MARK}\""))?;
    known_version("snapshot", version)?;
    let snapshot: Snapshot =
        serde_json::from_str(text).map_err(|error| format!("the snapshot is not readable: {error}"))?;
    let rows = snapshot.tables.into_iter().map(|(name, rows)| {
        let rows = rows.into_iter().map(|(key, json)| (key, json.get().to_owned()));
        (name, rows.collect())
    });
    World::load(setting, rows.collect())
}

/// Refuses what another version has written.
pub(crate) fn known_version(what: &str, version: u32) -> Result<(), String> {
    if version == VERSION {
        return Ok(());
    }
    Err(format!(
        "the {what} has version {version}, and this emulator reads version {VERSION}: use the emulator that wrote it"
    ))
}
