//! `cargo xtask parity`: how much of the reference is declared, and whether it is declared alike.

mod reference;
mod results;

use crate::{Result, table};
use reference::Expected;
use results::Results;

/// One line of the report.
#[derive(Debug, Default)]
struct Tally {
    expected: usize,
    declared: usize,
    matching: usize,
    missing: Vec<String>,
    vectors: usize,
    held: usize,
    waiting: usize,
}

/// Prints the report; fails when an operation of the reference lacks or is declared otherwise.
pub(crate) fn run() -> Result<()> {
    let expected = reference::load()?;
    let results = Results::load()?;
    let mut problems = Vec::new();
    let mut clients: Vec<(&str, Tally)> = Vec::new();
    for operation in &expected {
        if clients.last().is_none_or(|(client, _)| *client != operation.client) {
            clients.push((&operation.client, Tally::default()));
        }
        if let Some((_, tally)) = clients.last_mut() {
            count(operation, &results, tally, &mut problems);
        }
    }
    for (client, tally) in &clients {
        problems.extend(tally.missing.iter().map(|method| format!("{client} lacks {method}")));
    }
    print(&clients, &results);
    additions(&expected);
    if problems.is_empty() {
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    Err(format!("{} difference(s) from the reference", problems.len()).into())
}

/// Adds one operation of the reference to its client's line.
fn count(expected: &Expected, results: &Results, tally: &mut Tally, problems: &mut Vec<String>) {
    tally.expected += 1;
    let [vectors, held, waiting] = results.of(&expected.client, &expected.method);
    tally.vectors += vectors;
    tally.held += held;
    tally.waiting += waiting;
    let Some(declared) = table::find(&expected.client, &expected.method) else {
        tally.missing.push(expected.method.clone());
        return;
    };
    tally.declared += 1;
    let differences = reference::differences(expected, declared);
    if differences.is_empty() && vectors == held {
        tally.matching += 1;
    }
    problems.extend(
        differences
            .into_iter()
            .map(|what| format!("{}.{}: {what}", expected.client, expected.method)),
    );
    if vectors != held {
        problems.push(format!(
            "{}.{}: {held} of {vectors} vectors hold",
            expected.client, expected.method
        ));
    }
}

fn print(clients: &[(&str, Tally)], results: &Results) {
    println!(
        "{:<27}{:>10}{:>10}{:>10}{:>9}{:>9}{:>9}{:>9}",
        "client", "reference", "declared", "matching", "missing", "vectors", "hold", "wait"
    );
    let mut total = [0; 7];
    for (client, tally) in clients {
        let row = [
            tally.expected,
            tally.declared,
            tally.matching,
            tally.missing.len(),
            tally.vectors,
            tally.held,
            tally.waiting,
        ];
        line(client, row, !results.is_empty());
        for (sum, value) in total.iter_mut().zip(row) {
            *sum += value;
        }
    }
    line("all", total, !results.is_empty());
    if results.is_empty() {
        println!(
            "No results of the vectors: `cargo test -p globus-sdk --test it` leaves them in {}.",
            results::FILE
        );
    }
}

/// A client's line; the columns of the vectors have a dash when they were not replayed.
fn line(client: &str, [expected, declared, matching, missing, vectors, hold, wait]: [usize; 7], replayed: bool) {
    let [vectors, hold, wait] =
        [vectors, hold, wait].map(|number| if replayed { number.to_string() } else { "-".to_owned() });
    println!("{client:<27}{expected:>10}{declared:>10}{matching:>10}{missing:>9}{vectors:>9}{hold:>9}{wait:>9}");
}

/// Names the declared operations that the reference does not have: allowed, but nobody should overlook them.
fn additions(expected: &[Expected]) {
    for client in table::clients() {
        let known = |name: &str| {
            expected
                .iter()
                .any(|row| row.client == client.name && row.method == name)
        };
        let own: Vec<&str> = client
            .operations()
            .map(|row| row.name)
            .filter(|name| !known(name))
            .collect();
        if !own.is_empty() {
            println!("{} has more: {}", client.name, own.join(", "));
        }
    }
}
