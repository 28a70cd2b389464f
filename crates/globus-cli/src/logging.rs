//! What the program is doing, on stderr, for those who ask.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;

/// Starts the log that `-v` or `RUST_LOG` asks for; without them, only what makes a person wait is told, one line each.
pub(crate) fn start(verbose: u8) {
    let wanted = std::env::var("RUST_LOG")
        .ok()
        .filter(|filter| !filter.trim().is_empty());
    let filter = match (wanted, verbose) {
        (None, 0) => {
            let format = tracing_subscriber::fmt::format().compact();
            return tracing_subscriber::fmt()
                .event_format(
                    format
                        .without_time()
                        .with_level(false)
                        .with_target(false)
                        .with_ansi(false),
                )
                .with_env_filter(EnvFilter::new("globus_sdk::transport=warn"))
                .with_writer(io::stderr)
                .init();
        }
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
