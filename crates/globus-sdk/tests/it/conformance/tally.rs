//! How many vectors hold: for the reader of the test, and for `cargo xtask parity`.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::vector::{Skip, Vector};

/// Outcomes of the vectors of one operation.
#[derive(Debug, Default, Serialize)]
struct Outcome {
    vectors: usize,
    held: usize,
    waiting: usize,
}

/// Outcomes by `Client.method`.
#[derive(Debug, Default)]
pub(super) struct Tally {
    outcomes: BTreeMap<String, Outcome>,
    reasons: BTreeMap<Skip, usize>,
    failures: Vec<String>,
}

impl Tally {
    pub(super) fn skip(&mut self, vector: &Vector, skip: Skip) {
        self.of(vector).waiting += 1;
        *self.reasons.entry(skip).or_default() += 1;
    }

    pub(super) fn add(&mut self, vector: &Vector, result: Result<(), String>) {
        let outcome = self.of(vector);
        outcome.vectors += 1;
        match result {
            Ok(()) => outcome.held += 1,
            Err(difference) => self.failures.push(format!("{}: {difference}", vector.id)),
        }
    }

    fn of(&mut self, vector: &Vector) -> &mut Outcome {
        let key = format!("{}.{}", vector.client, vector.method);
        self.outcomes.entry(key).or_default()
    }

    /// Leaves the outcomes where `cargo xtask parity` finds them.
    pub(super) fn write(&self) {
        let target = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target"));
        let json = serde_json::to_vec_pretty(&self.outcomes).expect("it is JSON");
        std::fs::create_dir_all(target).expect("the target folder");
        std::fs::write(target.join("conformance.json"), json).expect("a file in the target folder");
    }

    /// Says what was run, and fails if something did not hold.
    #[allow(clippy::print_stdout)]
    pub(super) fn finish(self) {
        let run: usize = self.outcomes.values().map(|outcome| outcome.vectors).sum();
        println!("{run} vectors run");
        for (skip, number) in &self.reasons {
            println!("{number} vectors wait: {}", skip.why());
        }
        let (number, failures) = (self.failures.len(), self.failures.join("\n"));
        assert!(number == 0, "{number} of {run} vectors do not hold:\n{failures}");
    }
}
