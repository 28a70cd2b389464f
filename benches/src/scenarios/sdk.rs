//! The SDK as async programs use it.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{join_all, try_join_all};
use globus_sdk::authorizers::Authorizer;
use globus_sdk::client::{ClientBuilder, ClientType, Mode};
use globus_sdk::scopes::GroupsScopes;
use globus_sdk::services::auth::{ConfidentialAppAuthClient, NativeAppAuthClient};
use globus_sdk::services::flows::FlowsClient;
use globus_sdk::services::groups::GroupsClient;
use globus_sdk::services::transfer::{TransferClient, TransferData};
use globus_sdk::transport::HttpTransport;
use globus_sdk::{AccessTokenAuthorizer, ClientCredentialsAuthorizer, RefreshTokenAuthorizer};

use super::{COLLECTION, TOKEN, WORKERS, Work, call, paths};
use crate::error::{Error, Result};
use crate::measure::{Measured, Meter};

/// Does the work; `None` where it is not async.
pub(super) async fn run(work: Work, count: usize, base_url: &str) -> Result<Option<Measured>> {
    let site = Site::new(base_url);
    Ok(Some(match work {
        Work::Cold => cold(&site).await?,
        Work::Groups { rows, in_flight } => groups(&site, rows, in_flight, count).await?,
        Work::Page => page(&site, count).await?,
        Work::Listing => listing(&site, count).await?,
        Work::Document => document(&site, count)?,
        Work::Stampede => stampede(&site, count).await?,
        Work::Faults(_) => faults(&site, count).await?,
        Work::StoreJson | Work::Scopes(_) => return Ok(None),
    }))
}

/// The server, and the connections to it that all clients share.
pub(super) struct Site<'a> {
    base_url: &'a str,
    transport: Arc<HttpTransport>,
}

impl<'a> Site<'a> {
    pub(super) fn new(base_url: &'a str) -> Self {
        Self {
            base_url,
            transport: Arc::default(),
        }
    }

    /// A client of any type and mode.
    pub(super) fn client<C: ClientType>(
        &self,
        builder: ClientBuilder<C>,
        authorizer: impl Authorizer + 'static,
    ) -> Result<C> {
        let builder = builder.base_url(self.base_url).transport(self.transport.clone());
        Ok(builder.authorizer(authorizer).build()?)
    }

    /// A groups client with a token that does not change.
    pub(super) fn groups<M: Mode>(&self) -> Result<GroupsClient<M>> {
        self.client(GroupsClient::builder(), AccessTokenAuthorizer::new(TOKEN))
    }

    /// A groups client that gets its token as the program itself.
    pub(super) fn groups_of_program<M: Mode>(&self) -> Result<GroupsClient<M>> {
        let auth = ConfidentialAppAuthClient::<M>::with_secret("client", "secret")
            .base_url(self.base_url)
            .transport(self.transport.clone())
            .build()?;
        let scope = GroupsScopes::VIEW_MY_GROUPS_AND_MEMBERSHIPS;
        self.client(GroupsClient::builder(), ClientCredentialsAuthorizer::new(&auth, scope))
    }

    /// A groups client whose token has expired and can be renewed.
    pub(super) fn expired_groups<M: Mode>(&self) -> Result<GroupsClient<M>> {
        let auth = NativeAppAuthClient::<M>::builder("client")
            .base_url(self.base_url)
            .transport(self.transport.clone())
            .build()?;
        let authorizer = RefreshTokenAuthorizer::with(&auth, "rt0", |settings| {
            settings.token("expired-token", SystemTime::now() - Duration::from_secs(3600))
        });
        self.client(GroupsClient::builder(), authorizer)
    }
}

/// A transfer document, down to the bytes of its request.
pub(super) fn document(site: &Site<'_>, count: usize) -> Result<Measured> {
    let transfer: TransferClient = site.client(TransferClient::builder(), AccessTokenAuthorizer::new(TOKEN))?;
    let meter = Meter::start();
    let mut data = TransferData::new(COLLECTION, COLLECTION);
    data.submission_id = Some(COLLECTION.to_owned());
    data.data.reserve(count);
    for item in 0..count {
        let (source, destination) = paths(item);
        data.add_item(source, destination, false);
    }
    let request = transfer.submit_transfer(&data).into_request()?;
    let written = request.body().len();
    drop((data, request));
    if written < count {
        return Err("the document is too short".into());
    }
    Ok(meter.stop(count))
}

async fn cold(site: &Site<'_>) -> Result<Measured> {
    let meter = Meter::start();
    let groups: GroupsClient = site.groups_of_program()?;
    let answer = groups.get_my_groups().await?;
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

async fn groups(site: &Site<'_>, rows: Option<usize>, in_flight: usize, count: usize) -> Result<Measured> {
    let groups: GroupsClient = site.groups()?;
    let get = || match rows {
        None => groups.get_my_groups(),
        Some(rows) => groups.get_my_groups().with_query_param("n", rows),
    };
    let expected = get().await?.len();
    let meter = Meter::start();
    let callers = (0..in_flight).map(async |caller| {
        for _ in (caller..count).step_by(in_flight) {
            check(get().await?.len(), expected)?;
        }
        Ok::<_, Error>(())
    });
    try_join_all(callers).await?;
    Ok(meter.stop(count))
}

async fn page(site: &Site<'_>, count: usize) -> Result<Measured> {
    let flows: FlowsClient = site.client(FlowsClient::builder(), AccessTokenAuthorizer::new(TOKEN))?;
    site.groups()?.get_my_groups().await?;
    let meter = Meter::start();
    let (mut titles, mut items) = (0, flows.list_flows().items());
    let mut found = 0;
    while found < count {
        let Some(flow) = items.next().await else { break };
        titles += flow?.title.map_or(0, |title| title.len());
        found += 1;
    }
    drop(items);
    check(titles.min(found), found)?;
    Ok(meter.stop(found))
}

async fn listing(site: &Site<'_>, count: usize) -> Result<Measured> {
    let transfer: TransferClient = site.client(TransferClient::builder(), AccessTokenAuthorizer::new(TOKEN))?;
    transfer.operation_ls(COLLECTION).with_query_param("n", 1).await?;
    let meter = Meter::start();
    let entries = transfer.operation_ls(COLLECTION).with_query_param("n", count).await?;
    let names = entries.iter().filter(|entry| entry.name.is_some()).count();
    drop(entries);
    check(names, count)?;
    Ok(meter.stop(names))
}

async fn stampede(site: &Site<'_>, callers: usize) -> Result<Measured> {
    site.groups()?.get_my_groups().await?;
    let groups: GroupsClient = site.expired_groups()?;
    let meter = Meter::start();
    let calls = join_all((0..callers).map(async |_| {
        let started = Instant::now();
        call(started, &groups.get_my_groups().await)
    }));
    let calls = calls.await;
    Ok(meter.stop(callers).with_calls(&calls))
}

async fn faults(site: &Site<'_>, count: usize) -> Result<Measured> {
    let groups: GroupsClient = site.groups()?;
    groups.get_my_groups().await?;
    let meter = Meter::start();
    let calls = join_all((0..WORKERS).map(async |worker| {
        let mut calls = Vec::new();
        for _ in (worker..count).step_by(WORKERS) {
            let started = Instant::now();
            calls.push(call(started, &groups.get_my_groups().await));
        }
        calls
    }));
    let calls = calls.await.concat();
    Ok(meter.stop(count).with_calls(&calls))
}

/// A server that answers something else is no measure.
pub(super) fn check(found: usize, expected: usize) -> Result<()> {
    if found == expected {
        return Ok(());
    }
    Err(format!("expected {expected} items and got {found}").into())
}
