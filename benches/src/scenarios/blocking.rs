//! The SDK as programs without async use it: several calls at a time are several threads.

use std::io::{self, Write as _};
use std::thread;
use std::time::Instant;

use globus_sdk::AccessTokenAuthorizer;
use globus_sdk::blocking::{FlowsClient, GroupsClient, TransferClient};

use super::sdk::{Site, check, document};
use super::{COLLECTION, TOKEN, WORKERS, Work, call};
use crate::error::Result;
use crate::measure::{Measured, Meter};

/// Does the work; `None` where no request is made.
pub(super) fn run(work: Work, count: usize, base_url: &str) -> Result<Option<Measured>> {
    let site = Site::new(base_url);
    Ok(Some(match work {
        Work::Cold => cold(&site)?,
        Work::Groups { rows, in_flight } => groups(&site, rows, in_flight, count)?,
        Work::Page => page(&site, count)?,
        Work::Listing => listing(&site, count)?,
        Work::Document => document(&site, count)?,
        Work::Stampede => stampede(&site, count)?,
        Work::Faults(_) => faults(&site, count)?,
        Work::StoreJson | Work::Scopes(_) => return Ok(None),
    }))
}

/// Runs `work` in that many threads, or here when one will do; the results in order.
fn threads<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if count == 1 {
        return vec![work(0)];
    }
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|caller| {
                scope.spawn({
                    let work = &work;
                    move || work(caller)
                })
            })
            .collect();
        threads.into_iter().filter_map(|thread| thread.join().ok()).collect()
    })
}

fn cold(site: &Site<'_>) -> Result<Measured> {
    let meter = Meter::start();
    let groups: GroupsClient = site.groups_of_program()?;
    let answer = groups.get_my_groups().send()?;
    for group in answer.iter() {
        let (id, name) = (group.id.as_ref(), group.name.as_deref());
        writeln!(
            io::stdout(),
            "{} {}",
            id.map_or("", |id| id.as_str()),
            name.unwrap_or_default()
        )?;
    }
    Ok(meter.stop(answer.len()))
}

fn groups(site: &Site<'_>, rows: Option<usize>, in_flight: usize, count: usize) -> Result<Measured> {
    let groups: GroupsClient = site.groups()?;
    let get = || match rows {
        None => groups.get_my_groups(),
        Some(rows) => groups.get_my_groups().with_query_param("n", rows),
    };
    let expected = get().send()?.len();
    let meter = Meter::start();
    let callers = threads(in_flight, |caller| {
        (caller..count)
            .step_by(in_flight)
            .try_for_each(|_| check(get().send()?.len(), expected))
    });
    callers.into_iter().collect::<Result<()>>()?;
    Ok(meter.stop(count))
}

fn page(site: &Site<'_>, count: usize) -> Result<Measured> {
    let flows: FlowsClient = site.client(FlowsClient::builder(), AccessTokenAuthorizer::new(TOKEN))?;
    flows.list_flows().send()?;
    let meter = Meter::start();
    let (mut titles, mut found) = (0, 0);
    for flow in flows.list_flows().items().take(count) {
        titles += flow?.title.map_or(0, |title| title.len());
        found += 1;
    }
    check(titles.min(found), found)?;
    Ok(meter.stop(found))
}

fn listing(site: &Site<'_>, count: usize) -> Result<Measured> {
    let transfer: TransferClient = site.client(TransferClient::builder(), AccessTokenAuthorizer::new(TOKEN))?;
    transfer.operation_ls(COLLECTION).with_query_param("n", 1).send()?;
    let meter = Meter::start();
    let entries = transfer.operation_ls(COLLECTION).with_query_param("n", count).send()?;
    let names = entries.iter().filter(|entry| entry.name.is_some()).count();
    drop(entries);
    check(names, count)?;
    Ok(meter.stop(names))
}

fn stampede(site: &Site<'_>, callers: usize) -> Result<Measured> {
    let groups: GroupsClient = site.expired_groups()?;
    let meter = Meter::start();
    let calls = threads(callers, |_| {
        let started = Instant::now();
        call(started, &groups.get_my_groups().send())
    });
    Ok(meter.stop(callers).with_calls(&calls))
}

fn faults(site: &Site<'_>, count: usize) -> Result<Measured> {
    let groups: GroupsClient = site.groups()?;
    groups.get_my_groups().send()?;
    let meter = Meter::start();
    let calls = threads(WORKERS, |worker| {
        let get = |_| {
            let started = Instant::now();
            call(started, &groups.get_my_groups().send())
        };
        (worker..count).step_by(WORKERS).map(get).collect::<Vec<_>>()
    });
    Ok(meter.stop(count).with_calls(&calls.concat()))
}
