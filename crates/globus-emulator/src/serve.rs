//! `globus-emulator serve`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;
use globus_emulator::seed;
use serde_json::json;

use crate::{Common, run};

const EXAMPLES: &str = "\
Examples:
  globus-emulator serve > globus.env &
      Stay in the background. In any terminal, `. ./globus.env` then lets SDKs and
      command line clients use this emulator instead of the real Globus.
  globus-emulator serve --state globus.db
      Keep everything, and go on with it next time.
  globus-emulator serve --collection e4d90000-5eed-4000-8000-000000000003=data
      Let Alice's computer be a folder of yours.
  globus-emulator serve --port 0 --json
      For programs: any free ports, and one line of JSON that says which.

Stop it with Ctrl-C. `globus-emulator seed --print` shows who and what is in it.";

/// Arguments of `serve`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Serve {
    /// Port to listen on; 0 takes a free one
    #[arg(long, default_value_t = 9700)]
    port: u16,
    /// Port to listen on for TLS; by default the next one, or a free one if that is taken
    #[arg(long, value_name = "PORT")]
    tls_port: Option<u16>,
    /// Print one JSON document instead of export lines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    common: Common,
}

/// Serves until interrupted.
pub(crate) async fn serve(args: Serve) -> io::Result<ExitCode> {
    let mut builder = args.common.builder()?.port(args.port);
    if let Some(port) = args.tls_port {
        builder = builder.tls_port(port);
    }
    // Whoever reads where it listens may stop it at once.
    let interrupted = run::interrupted()?;
    let emulator = builder.start().await?;
    let mut env = emulator.env();
    env.extend(run::credentials());
    let text = if args.json {
        let env: serde_json::Map<_, _> = env.into_iter().map(|(name, value)| (name, value.into())).collect();
        format!(
            "{}\n",
            json!({
                "url": emulator.url(), "secure_url": emulator.secure_url(), "env": env, "client_id": seed::CLIENT_ID,
            })
        )
    } else {
        // None of the values has a quote in it.
        let lines = env
            .into_iter()
            .map(|(name, value)| format!("export {name}='{value}'\n"));
        lines
            .chain([format!(
                "# Globus on {}, with TLS on {}, until interrupted\n",
                emulator.url(),
                emulator.secure_url()
            )])
            .collect()
    };
    let mut out = io::stdout();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    interrupted.await;
    Ok(ExitCode::SUCCESS)
}
