//! The answers that come with the SDK: those that the Python SDK registers for its users' tests, and those that are
//! written down from what the services document.

use serde::Deserialize;
use serde_json::Value;

use super::RegisteredResponse;
use crate::error::{Error, Result};
use crate::operation::Operation;
use crate::services::{self, operations};

/// By client, one answer a line.
macro_rules! collection {
    ($($client:literal),* $(,)? ; $($written:literal),* $(,)?) => {
        const COLLECTION: &[(&str, &str)] = &[
            $(($client, include_str!(concat!("../../fixtures/", $client, ".jsonl"))),)*
            $(($written, include_str!(concat!("../../fixtures/written/", $written, ".jsonl"))),)*
        ];
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
    "TransferClientV2";
    "AuthClient",
    "ConfidentialAppAuthClient",
    "GCSClient",
    "GroupsClient",
    "GroupsManager",
    "SearchClient",
    "TransferClient",
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
    let mut cases: Vec<String> = services::operation(operation)
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
    services::operation(operation).ok_or_else(|| {
        Error::usage(format!(
            "no operation is called `{operation}`; keys are like `groups.get_group`"
        ))
    })
}

/// The lines of an operation; where there are none, those of the operation of the same name that another client of the
/// service has.
fn lines(row: &Operation) -> Vec<Line> {
    let own = lines_of(row.client.name, row.name);
    if !own.is_empty() {
        return own;
    }
    let same = |other: &&Operation| {
        other.name == row.name && other.client.service == row.client.service && other.answer.model == row.answer.model
    };
    let others = operations().filter(same);
    let mut lines = others.map(|other| lines_of(other.client.name, other.name));
    lines.find(|lines| !lines.is_empty()).unwrap_or_default()
}

fn lines_of(client: &str, operation: &str) -> Vec<Line> {
    let texts = COLLECTION.iter().filter(|(name, _)| *name == client);
    let lines = texts.flat_map(|(_, text)| text.lines());
    lines
        .filter_map(|line| serde_json::from_str::<Line>(line).ok())
        .filter(|line| line.operation == operation)
        .collect()
}
