//! The least code that does the work: reqwest, and whatever holds the documents.

use std::io::{self, Write as _};

use bytes::Bytes;
use futures_util::future::try_join_all;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};

use super::sdk::check;
use super::{COLLECTION, TOKEN, Work};
use crate::error::{Error, Result};
use crate::measure::{Measured, Meter};

/// What documents are decoded into, and built from.
pub(super) trait Documents {
    /// Decodes groups; their number. They are written to `out` as id and name.
    fn groups(body: &[u8], out: &mut dyn io::Write) -> Result<usize>;

    /// Decodes a page of flows.
    fn flows(body: &[u8]) -> Result<FlowsPage>;

    /// Decodes a folder; how many of its entries have a name.
    fn listing(body: &[u8]) -> Result<usize>;

    /// The bytes of a transfer document.
    fn document(count: usize) -> Result<Vec<u8>>;

    /// The access token in the answer of a token request.
    fn token(body: &[u8]) -> Result<String>;
}

/// What is needed of a page.
pub(super) struct FlowsPage {
    pub(super) flows: usize,
    /// Length of all titles.
    pub(super) titles: usize,
    pub(super) marker: Option<String>,
}

/// Does the work; `None` where there is nothing to do with a bare HTTP library.
pub(super) async fn run<D: Documents>(work: Work, count: usize, base_url: &str) -> Result<Option<Measured>> {
    let site = Site::new(base_url)?;
    Ok(Some(match work {
        Work::Cold => cold::<D>(&site).await?,
        Work::Groups { rows, in_flight } => groups::<D>(&site, rows, in_flight, count).await?,
        Work::Page => page::<D>(&site, count).await?,
        Work::Listing => {
            let path = format!("/v0.10/operation/endpoint/{COLLECTION}/ls");
            D::listing(&site.get(&format!("{path}?n=1")).await?)?;
            let meter = Meter::start();
            let names = D::listing(&site.get(&format!("{path}?n={count}")).await?)?;
            check(names, count)?;
            meter.stop(names)
        }
        Work::Document => {
            let meter = Meter::start();
            let document = D::document(count)?;
            let written = document.len();
            drop(document);
            check(written.min(count), count)?;
            meter.stop(count)
        }
        Work::StoreJson | Work::Scopes(_) | Work::Stampede | Work::Faults(_) => return Ok(None),
    }))
}

struct Site<'a> {
    base_url: &'a str,
    client: Client,
}

impl<'a> Site<'a> {
    fn new(base_url: &'a str) -> Result<Self> {
        Ok(Self {
            base_url: base_url.trim_end_matches('/'),
            // This machine needs neither proxies nor certificate authorities.
            client: Client::builder().no_proxy().tls_certs_only([]).build()?,
        })
    }

    async fn get(&self, path: &str) -> Result<Bytes> {
        self.get_with(path, TOKEN).await
    }

    async fn get_with(&self, path: &str, token: &str) -> Result<Bytes> {
        let request = self.client.get(format!("{}{path}", self.base_url));
        send(request.header(AUTHORIZATION, format!("Bearer {token}"))).await
    }
}

async fn send(request: RequestBuilder) -> Result<Bytes> {
    Ok(request.send().await?.error_for_status()?.bytes().await?)
}

async fn cold<D: Documents>(site: &Site<'_>) -> Result<Measured> {
    let meter = Meter::start();
    let form = "grant_type=client_credentials&scope=urn%3Aglobus%3Aauth%3Ascope%3Agroups.api.globus.org%3A\
                view_my_groups_and_memberships";
    let request = site.client.post(format!("{}/v2/oauth2/token", site.base_url));
    let request = request.basic_auth("client", Some("secret")).body(form);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let token = D::token(&send(request).await?)?;
    let body = site.get_with("/v2/groups/my_groups", &token).await?;
    let found = D::groups(&body, &mut io::stdout())?;
    io::stdout().flush()?;
    Ok(meter.stop(found))
}

async fn groups<D: Documents>(
    site: &Site<'_>,
    rows: Option<usize>,
    in_flight: usize,
    count: usize,
) -> Result<Measured> {
    let path = match rows {
        None => "/v2/groups/my_groups".to_owned(),
        Some(rows) => format!("/v2/groups/my_groups?n={rows}"),
    };
    let get = async || D::groups(&site.get(&path).await?, &mut io::sink());
    let expected = get().await?;
    let meter = Meter::start();
    let callers = (0..in_flight).map(async |caller| {
        for _ in (caller..count).step_by(in_flight) {
            check(get().await?, expected)?;
        }
        Ok::<_, Error>(())
    });
    try_join_all(callers).await?;
    Ok(meter.stop(count))
}

async fn page<D: Documents>(site: &Site<'_>, count: usize) -> Result<Measured> {
    site.get("/v2/groups/my_groups").await?;
    let meter = Meter::start();
    let (mut titles, mut found, mut path) = (0, 0, "/flows".to_owned());
    while found < count {
        let page = D::flows(&site.get(&path).await?)?;
        titles += page.titles;
        found += page.flows;
        let Some(marker) = page.marker else { break };
        path = format!("/flows?marker={marker}");
    }
    check(titles.min(found), found)?;
    Ok(meter.stop(found))
}
