//! `cargo demo`: a person moves data and runs a flow, and a program works on its own, on a Globus on this machine.
//!
//! It asks nothing, needs no account and leaves nothing behind. The emulator runs inside this process, on a free port of
//! the loopback interface.

/// Prints a line. Nobody has to listen: the demo goes on when its output is closed.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

mod data;
mod flow;
mod job;
mod narrator;
mod person;
mod progress;

use std::collections::HashMap;
use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use globus_emulator::Emulator;
use globus_sdk::Config;
use globus_sdk::client::{ClientBuilder, ClientType};

use narrator::Narrator;

/// Where the demo plays.
struct Stage {
    emulator: Arc<Emulator>,
    config: Config,
    narrator: Arc<Narrator>,
}

impl Stage {
    async fn set() -> Result<Self, Box<dyn Error>> {
        let emulator = Arc::new(Emulator::start().await?);
        // What `globus-emulator serve` prints as exports: where each service is. The demo's own environment is not read.
        let env: HashMap<String, String> = emulator.env().into_iter().collect();
        let config = Config::from_lookup(move |name| env.get(name).cloned())?;
        let narrator = Arc::new(Narrator::new(&config));
        Ok(Self {
            emulator,
            config,
            narrator,
        })
    }

    /// A client that talks to this Globus, and says so.
    fn client<C: ClientType>(&self, builder: ClientBuilder<C>) -> globus_sdk::Result<C> {
        builder
            .config(self.config.clone())
            .transport(self.narrator.clone())
            .build()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match play().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "\nThe demo failed: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn play() -> Result<(), Box<dyn Error>> {
    let stage = Stage::set().await?;
    say!("A Globus on this machine, at {}", stage.emulator.url());
    let alice = person::play(&stage).await?;
    data::play(&stage, &alice).await?;
    flow::play(&stage, &alice).await?;
    job::play(&stage).await?;
    let calls = stage.narrator.calls();
    say!("\nThat worked: {calls} requests. The Globus on this machine is gone again.");
    Ok(())
}

/// Announces a step.
fn step(what: &str) {
    say!("\n{what}");
}

/// Something the demo relies on.
fn expect(holds: bool, what: &str) -> Result<(), Box<dyn Error>> {
    if holds {
        Ok(())
    } else {
        Err(format!("this should hold and does not: {what}").into())
    }
}
