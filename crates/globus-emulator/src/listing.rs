//! `globus-emulator routes`.

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::Args;
use globus_emulator::{RouteInfo, routes};

/// Arguments of `routes`.
#[derive(Debug, Args)]
pub(crate) struct Routes {
    /// Only those of one service: auth, compute, flows, gcs, groups, search, timers, transfer
    service: Option<String>,
    /// Only those that are answered with 501
    #[arg(long)]
    missing: bool,
    /// Print one JSON document instead of a table
    #[arg(long)]
    json: bool,
}

/// Prints the routes.
pub(crate) fn list(args: &Routes) -> io::Result<ExitCode> {
    let all = routes();
    let service = args.service.as_deref();
    if let Some(name) = service.filter(|name| !all.iter().any(|row| row.service.eq_ignore_ascii_case(name))) {
        let what = format!("there is no service `{name}`; `globus-emulator routes --help` names them");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, what));
    }
    let wanted = |row: &RouteInfo| {
        service.is_none_or(|name| row.service.eq_ignore_ascii_case(name)) && !(args.missing && row.is_served)
    };
    let rows: Vec<RouteInfo> = all.into_iter().filter(wanted).collect();
    let text = if args.json {
        serde_json::to_string_pretty(&rows)?
    } else {
        table(&rows)
    };
    let mut out = io::stdout();
    // A reader that has seen enough, such as `head`, is no failure.
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// A line for each route, and how many there are.
fn table(rows: &[RouteInfo]) -> String {
    let line = |row: &RouteInfo| {
        let is = if row.is_served { "served" } else { "501" };
        let operations = row.operations.join(" ");
        let line = format!(
            "{:<9} {is:<7} {:<7} {}  {operations}",
            row.service, row.method, row.path
        );
        line.trim_end().to_owned()
    };
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    let served = rows.iter().filter(|row| row.is_served).count();
    let missing = rows.len() - served;
    lines.push(format!("{} routes: {served} served, {missing} are a 501", rows.len()));
    lines.join("\n")
}
