//! The SDK's table of operations, as the tasks read it.

use globus_sdk::operation::{ClientSpec, Operation};

/// All clients that the SDK declares.
pub(crate) fn clients() -> &'static [&'static ClientSpec] {
    globus_sdk::services::CLIENTS
}

/// An operation of the client type `client`, such as `GroupsClient`.
pub(crate) fn find(client: &str, method: &str) -> Option<&'static Operation> {
    let client = clients().iter().find(|spec| spec.name == client)?;
    client.operations().find(|operation| operation.name == method)
}
