//! What a loop costs: time, processor time, memory, and how long each call took.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// The line that a benchmark prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Measured {
    /// How much was done.
    pub(crate) items: usize,
    /// Time that passed.
    pub(crate) seconds: f64,
    /// User and system time of the process, where the system tells it.
    pub(crate) cpu_seconds: Option<f64>,
    /// The most memory that the process has had so far, start-up included, where the system tells it.
    pub(crate) peak_rss_kb: Option<u64>,
    /// Calls that succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) ok: Option<usize>,
    /// How long calls took.
    #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
    pub(crate) latencies: Option<Latencies>,
}

/// How long calls took, in milliseconds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Latencies {
    #[serde(rename = "mean_ms")]
    mean: f64,
    #[serde(rename = "p50_ms")]
    p50: f64,
    #[serde(rename = "p99_ms")]
    pub(crate) p99: f64,
    #[serde(rename = "max_ms")]
    max: f64,
}

/// A stopwatch.
#[derive(Debug)]
pub(crate) struct Meter {
    started: Instant,
    cpu: Option<Duration>,
}

impl Meter {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
            cpu: cpu_time(),
        }
    }

    pub(crate) fn stop(self, items: usize) -> Measured {
        let seconds = self.started.elapsed().as_secs_f64();
        let cpu = cpu_time().zip(self.cpu).map(|(end, start)| end.saturating_sub(start));
        Measured {
            items,
            seconds,
            cpu_seconds: cpu.map(|cpu| cpu.as_secs_f64()),
            peak_rss_kb: peak_rss_kb(),
            ok: None,
            latencies: None,
        }
    }
}

impl Measured {
    /// Adds what came of single calls: how long each took, and whether it succeeded.
    pub(crate) fn with_calls(mut self, calls: &[(Duration, bool)]) -> Self {
        self.ok = Some(calls.iter().filter(|(_, ok)| *ok).count());
        self.latencies = Latencies::of(calls.iter().map(|(took, _)| *took).collect());
        self
    }
}

impl Latencies {
    pub(crate) fn of(mut times: Vec<Duration>) -> Option<Self> {
        times.sort_unstable();
        let at = |percent: usize| Some(millis(*times.get((times.len() * percent / 100).min(times.len() - 1))?));
        let count = u32::try_from(times.len()).ok().filter(|count| *count > 0)?;
        Some(Self {
            mean: millis(times.iter().sum::<Duration>() / count),
            p50: at(50)?,
            p99: at(99)?,
            max: at(100)?,
        })
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(unix)]
fn cpu_time() -> Option<Duration> {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Some(Duration::new(
        time.tv_sec.try_into().ok()?,
        time.tv_nsec.try_into().ok()?,
    ))
}

#[cfg(not(unix))]
fn cpu_time() -> Option<Duration> {
    None
}

/// `VmHWM` of Linux.
fn peak_rss_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
