//! What the conformance test found, as it left it behind.

use std::collections::BTreeMap;
use std::fs;

use serde::Deserialize;

use crate::{Result, workspace};

/// Written by the test that replays the vectors: `{"GroupsClient.create_group": {"vectors": 5, "held": 5, "waiting": 0}}`.
/// A vector that a rule of `conformance/differences.toml` covers holds when the rule's own expectation does; those that
/// wait are not run, since the operation is not declared yet.
pub(crate) const FILE: &str = "target/conformance.json";

#[derive(Debug, Deserialize)]
struct Outcome {
    vectors: usize,
    held: usize,
    waiting: usize,
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

    /// Number of vectors of an operation that were run, of those that hold, and of those that wait.
    pub(crate) fn of(&self, client: &str, method: &str) -> [usize; 3] {
        self.0
            .get(&format!("{client}.{method}"))
            .map_or([0; 3], |outcome| [outcome.vectors, outcome.held, outcome.waiting])
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
