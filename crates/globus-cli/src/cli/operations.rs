//! Arguments of `globus operations`.

use clap::Args;

/// List the operations
///
/// One line for each operation: the name that `globus call` takes, the request, and what it does. With --json also the
/// parameters, where they go, defaults, scopes and the page of the service's documentation.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct OperationsArgs {
    /// Everything that is known of them, as a JSON list
    #[arg(long)]
    pub(crate) json: bool,
}

const EXAMPLES: &str = "\
Examples:
  globus operations | grep member
  globus operations --json | jq '.[] | select(.key == \"groups.get_group\") | .params'";
