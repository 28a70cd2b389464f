//! The scenarios, and the programs that carry them out.

mod bare;
mod blocking;
mod local;
mod sdk;
mod typed;
mod value;

use std::time::{Duration, Instant};

use crate::error::Result;
use crate::measure::Measured;

/// Who does the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Program {
    /// The SDK, async.
    Sdk,
    /// The SDK, blocking.
    Blocking,
    /// reqwest with `serde_json::Value`.
    Value,
    /// reqwest with plain structs.
    Typed,
}

impl Program {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "sdk" => Self::Sdk,
            "blocking" => Self::Blocking,
            "value" => Self::Value,
            "typed" => Self::Typed,
            _ => return None,
        })
    }
}

/// One scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) work: Work,
    /// How often, or how many.
    pub(crate) count: usize,
}

/// What a scenario does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// A token by client credentials, then the caller's groups, printed.
    Cold,
    /// The caller's groups, again and again.
    Groups {
        /// Groups in an answer; the server's default when absent.
        rows: Option<usize>,
        in_flight: usize,
    },
    /// All flows, page by page.
    Page,
    /// A folder.
    Listing,
    /// A transfer document, down to its bytes.
    Document,
    /// A token stored in a file and read back.
    StoreJson,
    /// A text of scopes read and written again.
    Scopes(ScopeShape),
    /// Many callers whose token has expired.
    Stampede,
    /// Many calls to a server with faults.
    Faults(Fault),
}

/// How scopes depend on each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeShape {
    /// All beside each other.
    Wide,
    /// All below one.
    Dependencies,
    /// Each below the one before.
    Chain,
}

/// What a server does to one of five requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    None,
    /// 503.
    Unavailable,
    /// 429 with `Retry-After: 1`.
    TooMany,
    /// The connection is reset.
    Reset,
}

/// Every scenario, in the order of the table.
pub(crate) static SCENARIOS: &[Scenario] = &[
    of("cold", Work::Cold, 1),
    of("seq", groups(None, 1), 5000),
    of("seq_large", groups(Some(1000), 1), 100),
    of("conc", groups(None, 64), 5000),
    of("page", Work::Page, 10_000),
    of("ls1k", Work::Listing, 1000),
    of("ls10k", Work::Listing, 10_000),
    of("ls100k", Work::Listing, 100_000),
    of("body100k", Work::Document, 100_000),
    of("body1m", Work::Document, 1_000_000),
    of("store_json", Work::StoreJson, 2000),
    of("scope_wide1k", Work::Scopes(ScopeShape::Wide), 1000),
    of("scope_wide10k", Work::Scopes(ScopeShape::Wide), 10_000),
    of("scope_deps1k", Work::Scopes(ScopeShape::Dependencies), 1000),
    of("scope_deps10k", Work::Scopes(ScopeShape::Dependencies), 10_000),
    of("scope_deep200", Work::Scopes(ScopeShape::Chain), 200),
    of("stampede", Work::Stampede, 64),
    of("stampede_rotating", Work::Stampede, 64),
    of("faults_none", Work::Faults(Fault::None), 2000),
    of("faults_503", Work::Faults(Fault::Unavailable), 2000),
    of("faults_429", Work::Faults(Fault::TooMany), 2000),
    of("faults_reset", Work::Faults(Fault::Reset), 2000),
];

const fn of(name: &'static str, work: Work, count: usize) -> Scenario {
    Scenario { name, work, count }
}

const fn groups(rows: Option<usize>, in_flight: usize) -> Work {
    Work::Groups { rows, in_flight }
}

impl Scenario {
    pub(crate) fn named(name: &str) -> Option<Self> {
        SCENARIOS.iter().find(|scenario| scenario.name == name).copied()
    }
}

/// Callers of the fault scenarios.
const WORKERS: usize = 16;

/// A folder's name: servers of this kind answer for any.
const COLLECTION: &str = "6c54cade-bde5-45c1-bdea-f4bd71dba2cc";

/// What the requests carry where the scenario does not say otherwise.
const TOKEN: &str = "a-token";

/// Does the work of a scenario; `None` if the program does not have it.
pub(crate) fn run(program: Program, scenario: Scenario, base_url: &str) -> Result<Option<Measured>> {
    let count = match std::env::var("BENCH_N") {
        Ok(count) => count
            .parse()
            .map_err(|_| format!("BENCH_N is `{count}`; give a number"))?,
        Err(_) => scenario.count,
    };
    match (program, scenario.work) {
        (Program::Sdk | Program::Blocking, Work::StoreJson) => runtime()?.block_on(local::store_json(count)).map(Some),
        (Program::Sdk | Program::Blocking, Work::Scopes(shape)) => local::scopes(shape, count).map(Some),
        (Program::Sdk, work) => runtime()?.block_on(sdk::run(work, count, base_url)),
        (Program::Blocking, work) => blocking::run(work, count, base_url),
        (Program::Value, work) => runtime()?.block_on(bare::run::<value::Documents>(work, count, base_url)),
        (Program::Typed, work) => runtime()?.block_on(bare::run::<typed::Documents>(work, count, base_url)),
    }
}

/// One thread, which is also what drives a blocking client.
fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}

/// The paths of one item of a transfer.
fn paths(item: usize) -> (String, String) {
    (
        format!("/source/project/run-{item:07}.dat"),
        format!("/destination/project/run-{item:07}.dat"),
    )
}

/// How long a call took, and whether it succeeded.
fn call<T, E>(started: Instant, result: &std::result::Result<T, E>) -> (Duration, bool) {
    (started.elapsed(), result.is_ok())
}
