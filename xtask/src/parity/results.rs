//! What the conformance test found, as it left it behind.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::{Result, workspace};

/// Written by the test that replays the vectors: `{"GroupsClient.create_group": {"vectors": 5, "held": 5}}`, where a
/// vector that a rule of `conformance/differences.toml` covers holds when the rule's own expectation does.
pub(crate) const FILE: &str = "target/conformance.json";

#[derive(Debug, Deserialize)]
struct Outcome {
    vectors: usize,
    held: usize,
}

/// Outcomes by `Client.method`.
#[derive(Debug, Default)]
pub(crate) struct Results(BTreeMap<String, Outcome>);

impl Results {
    /// Reads them; none where the test has not run.
    pub(crate) fn load() -> Result<Self> {
        match fs::read(workspace::root().join(FILE)) {
            Ok(text) => Ok(Self(
                serde_json::from_slice(&text).map_err(|error| format!("{FILE}: {error}"))?,
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(format!("{FILE}: {error}").into()),
        }
    }

    /// Number of vectors of an operation, and of those that hold.
    pub(crate) fn of(&self, client: &str, method: &str) -> (usize, usize) {
        self.0
            .get(&format!("{client}.{method}"))
            .map_or((0, 0), |outcome| (outcome.vectors, outcome.held))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
