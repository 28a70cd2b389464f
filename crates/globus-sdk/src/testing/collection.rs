//! The answers that come with the SDK: those that the Python SDK registers for its users' tests.

use serde::Deserialize;
use serde_json::Value;

use super::RegisteredResponse;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::services::operations;

/// By client, one answer a line.
macro_rules! collection {
    ($($client:literal),* $(,)?) => {
        const COLLECTION: &[(&str, &str)] = &[$(($client, include_str!(concat!("../../fixtures/", $client, ".jsonl")))),*];
    };
}

collection![
    "AuthClient",
    "ComputeClientV2",
    "ComputeClientV3",
    "ConfidentialAppAuthClient",
    "FlowsClient",
    "GCSClient",
    "GroupsClient",
    "NativeAppAuthClient",
    "SearchClient",
    "SpecificFlowClient",
    "TimersClient",
    "TransferClient",
    "TransferClientV2",
];

#[derive(Deserialize)]
struct Line {
    operation: String,
    case: String,
    status: u16,
    body: Value,
}

/// Names of the answers that [`load_response`](super::ResponseRegistry::load_response) finds for an operation, such as
/// `groups.get_group`. The usual one is called `default`.
pub fn cases(operation: &str) -> Vec<String> {
    let mut cases: Vec<String> = find(operation)
        .map(lines)
        .into_iter()
        .flatten()
        .map(|line| line.case)
        .collect();
    cases.dedup();
    cases
}

/// The answers of one case, in the order in which they are given.
pub(super) fn load(operation: &str, case: &str) -> Result<Vec<RegisteredResponse>> {
    let row = known(operation)?;
    let lines = lines(row).into_iter().filter(|line| line.case == case);
    let answers: Vec<_> = lines
        .map(|line| RegisteredResponse::json(line.status, &line.body))
        .collect();
    if answers.is_empty() {
        let cases = cases(operation);
        return Err(Error::usage(if cases.is_empty() {
            format!("the collection has no answer for `{operation}`; register one of your own")
        } else {
            format!("`{operation}` has no case `{case}`; it has {}", cases.join(", "))
        }));
    }
    Ok(answers)
}

/// The row of an operation that is called by its key.
pub(super) fn known(operation: &str) -> Result<&'static Operation> {
    find(operation).ok_or_else(|| {
        Error::usage(format!(
            "no operation is called `{operation}`; keys are like `groups.get_group`"
        ))
    })
}

fn find(operation: &str) -> Option<&'static Operation> {
    operations().find(|row| row.key() == operation)
}

fn lines(row: &Operation) -> Vec<Line> {
    let text = COLLECTION.iter().find(|(client, _)| *client == row.client.name);
    let lines = text.into_iter().flat_map(|(_, text)| text.lines());
    lines
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        .filter(|line| line.operation == row.name)
        .collect()
}
