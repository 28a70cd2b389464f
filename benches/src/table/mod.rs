//! `globus-bench table`: everything side by side.
//!
//! For each scenario the programs take turns, as often as `BENCH_RUNS` says, each time with a server of its own. All
//! are held to one core, so that where they run makes no difference. Ratios are those of one turn: the machine may be
//! slower in the next.

mod place;
mod run;

use std::io::{self, Write as _};

use run::{Contender, Run};

use crate::error::Result;
use crate::scenarios::{Fault, SCENARIOS, Scenario, Work};

/// Runs the scenarios (all, when none are named) and prints a row for each program.
pub(crate) fn print(wanted: &[&str]) -> Result<()> {
    let runs = match std::env::var("BENCH_RUNS") {
        Ok(runs) => runs
            .parse()
            .map_err(|_| format!("BENCH_RUNS is `{runs}`; give a number"))?,
        Err(_) => 5,
    };
    for name in wanted {
        Scenario::named(name).ok_or_else(|| format!("there is no scenario `{name}`"))?;
    }
    let mut out = io::stdout();
    writeln!(out, "{}", place::hold())?;
    let python = run::python();
    match &python {
        Ok(version) => writeln!(out, "python: globus-sdk {version}")?,
        Err(why) => writeln!(out, "python is left out: {why}")?,
    }
    writeln!(
        out,
        "medians of {runs} runs (faults: one, cold starts: three times as many); ratios to the first row of a scenario, turn by turn\n"
    )?;
    writeln!(
        out,
        "{:<18} {:<9} {:>12} {:>7} {:>12} {:>7} {:>9} {:>7}  notes",
        "scenario", "program", "µs each", "ratio", "CPU µs each", "ratio", "peak MB", "ratio"
    )?;
    for scenario in SCENARIOS {
        if wanted.is_empty() || wanted.contains(&scenario.name) {
            table(*scenario, runs, python.is_ok(), &mut out)?;
        }
    }
    Ok(())
}

/// Who takes part in a scenario; the first is who the others are measured by.
fn contenders(scenario: Scenario) -> &'static [Contender] {
    use Contender::{Blocking, Python, Sdk, Typed, Value};
    match scenario.work {
        Work::Cold | Work::Groups { .. } => &[Value, Typed, Sdk, Blocking, Python],
        Work::Page | Work::Listing | Work::Document => &[Typed, Value, Sdk, Blocking, Python],
        Work::Stampede | Work::Faults(_) => &[Sdk, Blocking, Python],
        Work::StoreJson | Work::Scopes(_) => &[Sdk, Python],
    }
}

fn table(scenario: Scenario, runs: usize, python: bool, out: &mut impl io::Write) -> Result<()> {
    let contenders: Vec<Contender> = contenders(scenario)
        .iter()
        .copied()
        .filter(|contender| python || *contender != Contender::Python)
        .collect();
    // What waits for chance takes long and says little about time: once is enough.
    let runs = match scenario.work {
        Work::Faults(fault) if fault != Fault::None => 1,
        Work::Cold => runs * 3,
        _ => runs,
    };
    let mut turns: Vec<Vec<Run>> = Vec::with_capacity(runs);
    for _ in 0..runs {
        let turn = contenders.iter().map(|contender| contender.run(scenario));
        turns.push(turn.collect::<Result<_>>()?);
    }
    for (index, contender) in contenders.iter().enumerate() {
        let of = |figure: fn(&Run) -> Option<f64>| median(turns.iter().map(|turn| figure(&turn[index])));
        let ratio = |figure: fn(&Run) -> Option<f64>| {
            median(turns.iter().map(|turn| Some(figure(&turn[index])? / figure(&turn[0])?)))
        };
        writeln!(
            out,
            "{:<18} {:<9} {} {} {} {} {} {}  {}",
            scenario.name,
            contender.name(),
            number(of(Run::micros), 12, 1),
            number(ratio(Run::micros), 7, 2),
            number(of(Run::cpu_micros), 12, 1),
            number(ratio(Run::cpu_micros), 7, 2),
            number(of(Run::peak_mb), 9, 1),
            number(ratio(Run::peak_mb), 7, 2),
            turns.last().map_or_else(String::new, |turn| turn[index].notes()),
        )?;
    }
    Ok(out.flush()?)
}

fn number(number: Option<f64>, width: usize, digits: usize) -> String {
    number.map_or_else(
        || format!("{:>width$}", "-"),
        |number| format!("{number:>width$.digits$}"),
    )
}

/// The middle of what is there.
fn median(figures: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let mut figures: Vec<f64> = figures.collect::<Option<_>>()?;
    figures.sort_unstable_by(f64::total_cmp);
    let middle = figures.len() / 2;
    if figures.len() % 2 == 1 {
        return figures.get(middle).copied();
    }
    Some(f64::midpoint(
        *figures.get(middle.checked_sub(1)?)?,
        *figures.get(middle)?,
    ))
}
