//! The SDK's table of operations, as the tasks read it.

use globus_sdk::operation::{ClientSpec, Operation};

/// All clients that the SDK declares.
pub(crate) fn clients() -> &'static [&'static ClientSpec] {
    &[]
}

/// An operation, with `client` naming the type: `GroupsClient`.
pub(crate) fn find(client: &str, method: &str) -> Option<&'static Operation> {
    let client = clients().iter().find(|spec| spec.name == client)?;
    client.operations().find(|operation| operation.name == method)
}
