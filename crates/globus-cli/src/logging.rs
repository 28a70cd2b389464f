//! What the program is doing, on stderr, for those who ask.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// Starts the log when `-v` or `RUST_LOG` asks for one; otherwise starting costs nothing.
pub(crate) fn start(verbose: u8) {
    let wanted = std::env::var("RUST_LOG")
        .ok()
        .filter(|filter| !filter.trim().is_empty());
    let filter = match (wanted, verbose) {
        (None, 0) => return,
        (Some(filter), 0) => filter,
        (_, 1) => "globus_sdk=debug".to_owned(),
        (_, _) => "globus_sdk=trace,hyper_util=debug,reqwest=debug".to_owned(),
    };
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::builder().parse_lossy(filter))
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
}
