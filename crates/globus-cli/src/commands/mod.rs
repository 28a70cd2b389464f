//! The commands, one file each.

pub(crate) mod batch;
pub(crate) mod call;
pub(crate) mod operations;

use crate::output::Failure;

/// Runs a command that talks to services, on the thread that is there.
fn block_on<T>(command: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(Failure::Start)?.block_on(command)
}
