//! One run of one program, in a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use crate::error::Result;
use crate::measure::Measured;
use crate::scenarios::{Scenario, Work};

/// A program of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Contender {
    Sdk,
    Blocking,
    Value,
    Typed,
    Python,
}

/// What a run brought.
#[derive(Debug)]
pub(super) struct Run {
    measured: Measured,
    /// The whole process, where that is the scenario.
    process_seconds: Option<f64>,
    refreshes: Option<usize>,
}

impl Run {
    /// Microseconds for each item.
    pub(super) fn micros(&self) -> Option<f64> {
        match self.process_seconds {
            Some(seconds) => Some(seconds * 1e6),
            None => self.each(self.measured.seconds),
        }
    }

    /// Microseconds of processor time for each item.
    pub(super) fn cpu_micros(&self) -> Option<f64> {
        self.each(self.measured.cpu_seconds?)
    }

    /// The most memory, in megabytes.
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    pub(super) fn peak_mb(&self) -> Option<f64> {
        Some(self.measured.peak_rss_kb? as f64 / 1024.0)
    }

    pub(super) fn notes(&self) -> String {
        let mut notes = Vec::new();
        if self.process_seconds.is_some() {
            notes.push("the whole process".to_owned());
        }
        notes.extend(self.measured.ok.map(|ok| format!("{ok} of {} ok", self.measured.items)));
        notes.extend(self.refreshes.map(|refreshes| format!("{refreshes} refreshes")));
        notes.extend(
            self.measured
                .latencies
                .as_ref()
                .map(|took| format!("p99 {:.1} ms", took.p99)),
        );
        notes.join(", ")
    }

    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn each(&self, seconds: f64) -> Option<f64> {
        (self.measured.items > 0).then(|| seconds * 1e6 / self.measured.items as f64)
    }
}

impl Contender {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Sdk => "sdk",
            Self::Blocking => "blocking",
            Self::Value => "value",
            Self::Typed => "typed",
            Self::Python => "python",
        }
    }

    /// Runs a scenario once, with a server of its own.
    pub(super) fn run(self, scenario: Scenario) -> Result<Run> {
        let server = Server::start(scenario)?;
        let mut command = if self == Self::Python {
            let mut command = Command::new(interpreter());
            command.arg(script()).arg(scenario.name);
            command
        } else {
            let mut command = Command::new(std::env::current_exe()?);
            command.arg(format!("{}:{}", self.name(), scenario.name));
            command
        };
        let started = Instant::now();
        let output = command.arg(&server.base_url).stderr(Stdio::inherit()).output()?;
        let seconds = started.elapsed().as_secs_f64();
        if !output.status.success() {
            return Err(format!("{} of {} ended with {}", scenario.name, self.name(), output.status).into());
        }
        let output = String::from_utf8(output.stdout)?;
        let line = output.lines().last().ok_or("a program printed nothing")?;
        Ok(Run {
            measured: serde_json::from_str(line)?,
            process_seconds: (scenario.work == Work::Cold).then_some(seconds),
            refreshes: match scenario.work {
                Work::Stampede => Some(server.refreshes()?),
                _ => None,
            },
        })
    }
}

/// A server that ends with this value.
struct Server {
    process: Child,
    base_url: String,
}

impl Server {
    fn start(scenario: Scenario) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let command = command.args(["serve", scenario.name]).stdout(Stdio::piped());
        let mut server = Self {
            process: command.spawn()?,
            base_url: String::new(),
        };
        let output = server.process.stdout.take().ok_or("a server has no output")?;
        BufReader::new(output).read_line(&mut server.base_url)?;
        server.base_url.truncate(server.base_url.trim_end().len());
        Ok(server)
    }

    fn refreshes(&self) -> Result<usize> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let url = format!("{}/bench/refreshes", self.base_url);
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build()?;
        let answer = runtime.block_on(async { client.get(url).send().await?.text().await })?;
        Ok(answer.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The version of the Python SDK, or why it cannot take part.
pub(super) fn python() -> Result<String> {
    let interpreter = interpreter();
    let output = Command::new(&interpreter)
        .args(["-c", "import globus_sdk; print(globus_sdk.__version__)"])
        .output()
        .map_err(|error| format!("{interpreter} cannot be started ({error}); GLOBUS_PYTHON names another"))?;
    if !output.status.success() {
        return Err(format!("{interpreter} has no globus-sdk; GLOBUS_PYTHON names another").into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn interpreter() -> String {
    std::env::var("GLOBUS_PYTHON").unwrap_or_else(|_| "python3".to_owned())
}

fn script() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python/bench.py")
}
