//! `globus-bench`: what the SDK costs, beside bare HTTP libraries and the Python SDK.
//!
//! `globus-bench SCENARIO BASE_URL` does the work of one scenario against a server at `BASE_URL` and prints one line of
//! JSON. `globus-bench serve` is such a server. `globus-bench table` runs everything and prints the comparison.

mod error;
mod load;
mod measure;
mod scenarios;
mod server;
mod table;

use std::io::{self, Write as _};
use std::process::ExitCode;

use error::Result;
use scenarios::{Program, Scenario};

const USAGE: &str = "\
usage: globus-bench [PROGRAM:]SCENARIO BASE_URL
       globus-bench serve [SCENARIO]
       globus-bench table [SCENARIO ...]
       globus-bench load EMULATOR [ARGUMENT ...]

PROGRAM is sdk (the default), blocking, value (bare reqwest and serde_json::Value) or typed (bare reqwest and plain
structs). BENCH_N changes how often a scenario does its work. `serve` listens on a free port of this machine, or on
that of BENCH_PORT, with the faults of SCENARIO. `table` takes BENCH_RUNS (5) and GLOBUS_PYTHON (python3). `load` starts the program
EMULATOR (a release build of globus-emulator) and lets 64 clients ask it twice for BENCH_SECONDS (60): how long it
took to start, requests a second, p50 and p99, and its resident size after the first and the second time.
";

/// What a program answers that does not have a scenario.
const LACKING: u8 = 3;

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            let _ = writeln!(io::stderr(), "globus-bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Result<ExitCode> {
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["serve"] => server::serve(None)?,
        ["serve", scenario] => match Scenario::named(scenario) {
            Some(scenario) => server::serve(Some(scenario))?,
            None => return lacking(scenario),
        },
        ["table", wanted @ ..] => table::print(wanted)?,
        ["load", program, arguments @ ..] => load::print(program, arguments)?,
        [work, base_url] => {
            let (program, scenario) = work.split_once(':').unwrap_or(("sdk", work));
            let (Some(program), Some(scenario)) = (Program::named(program), Scenario::named(scenario)) else {
                return lacking(work);
            };
            let Some(measured) = scenarios::run(program, scenario, base_url)? else {
                return lacking(work);
            };
            writeln!(io::stdout(), "{}", serde_json::to_string(&measured)?)?;
        }
        _ => {
            io::stderr().write_all(USAGE.as_bytes())?;
            return Ok(ExitCode::from(2));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Says what there would be.
fn lacking(work: &str) -> Result<ExitCode> {
    let scenarios: Vec<&str> = scenarios::SCENARIOS.iter().map(|scenario| scenario.name).collect();
    writeln!(
        io::stderr(),
        "globus-bench: there is no `{work}`; the scenarios are {}",
        scenarios.join(", ")
    )?;
    Ok(ExitCode::from(LACKING))
}
