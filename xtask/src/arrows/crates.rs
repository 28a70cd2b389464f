//! The arrows between the workspace's crates: what the manifests say, and what the emulator takes from the SDK.

use super::scan;
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

/// Places where the emulator uses the SDK's documents. Both would then be wrong in the same way, and no test between
/// them could tell: an answer of the emulator is built from its own state.
pub(crate) fn emulator() -> Result<Vec<String>> {
    let mut forbidden = Vec::new();
    for file in workspace::rust_files("crates/globus-emulator/src")? {
        let found = scan::references_to(&workspace::read(&file)?, "globus_sdk")
            .map_err(|error| format!("{}: {error}", file.display()))?;
        let models = found.into_iter().filter(|reference| is_document(&reference.path));
        forbidden.extend(models.map(|reference| {
            let path = reference.path.join("::");
            format!(
                "{}:{}: the emulator uses a document of the SDK (`{path}`)",
                file.display(),
                reference.line
            )
        }));
    }
    Ok(forbidden)
}

/// Whether a path below `globus_sdk` leads to models, or to a service's own types rather than the list of clients.
fn is_document(path: &[String]) -> bool {
    let inside_service = || path.get(1).is_some_and(|name| name.starts_with(char::is_lowercase)) && path.len() > 2;
    path.iter().any(|part| part == "models")
        || (path.first().is_some_and(|part| part == "services") && inside_service())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_shared_and_documents_are_not() {
        let judge = |path: &str| is_document(&path.split("::").map(str::to_owned).collect::<Vec<_>>());
        assert!(!judge("services::CLIENTS") && !judge("operation::Operation"));
        assert!(judge("services::groups::Group") && judge("services::groups::models::Group") && judge("models::Extra"));
    }
}
