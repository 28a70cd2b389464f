//! The arrows between the workspace's crates, read from their manifests.

use crate::{Result, workspace};

/// What each crate may depend on of the others. Dev-dependencies are free: the SDK's tests run against the emulator.
const ALLOWED: [(&str, &[&str]); 4] = [
    ("globus-sdk-macros", &[]),
    ("globus-sdk", &["globus-sdk-macros"]),
    ("globus-emulator", &["globus-sdk"]),
    ("globus-cli", &["globus-sdk", "globus-emulator"]),
];

/// The forbidden arrows.
pub(crate) fn check() -> Result<Vec<String>> {
    let mut forbidden = Vec::new();
    for (name, allowed) in ALLOWED {
        let path = format!("crates/{name}/Cargo.toml");
        let manifest: toml::Table = workspace::read(&path)?.parse()?;
        for section in ["dependencies", "build-dependencies"] {
            let Some(dependencies) = manifest.get(section).and_then(toml::Value::as_table) else {
                continue;
            };
            let ours = ALLOWED
                .iter()
                .map(|(other, _)| *other)
                .filter(|other| dependencies.contains_key(*other));
            forbidden.extend(
                ours.filter(|other| !allowed.contains(other))
                    .map(|other| format!("{path}: {name} -> {other}: not among its [{section}]")),
            );
        }
    }
    Ok(forbidden)
}
