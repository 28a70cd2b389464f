//! Consents for the data of collections, found out and asked for in one go.

use std::fmt;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::core::{Core, Handle};
use crate::client::{AppBinding, Async, Blocking, Mode, Task};
use crate::error::Result;
use crate::models::EndpointId;
use crate::scopes::{FlowsScopes, Scope, TimersScopes, TransferScopes};
use crate::services::flows::{Flow, FlowsClient, run_scope};
use crate::services::transfer::TransferClient;
use crate::services::{ResourceIds, data_access};

/// How many collections are read at a time.
const AT_A_TIME: usize = 4;

/// The consents that the data of some collections needs, before they are looked up: await it, or with a blocking app
/// `.send()` it. It answers the ids of the collections that need one.
#[must_use = "nothing is looked up until it is awaited or sent"]
pub struct AddDataAccessScopes<M: Mode = Async> {
    app: Arc<Core>,
    collections: ResourceIds,
    timers: bool,
    flows: Option<ResourceIds>,
    runtime: M::Runtime,
}

impl<M: Mode> AddDataAccessScopes<M> {
    pub(super) fn new(app: Arc<Core>, collections: ResourceIds, runtime: M::Runtime) -> Self {
        Self {
            app,
            collections,
            timers: false,
            flows: None,
            runtime,
        }
    }

    /// Whether timers will transfer the data too, or run the [flows](Self::flows) that do.
    pub fn timers(mut self, timers: bool) -> Self {
        self.timers = timers;
        self
    }

    /// The flows whose runs will transfer the data too. Their definitions are read, since the consents depend on the action
    /// providers that they use; an app that needs no token for Flows so far takes the scope `view_flows` for that.
    pub fn flows(mut self, flow_ids: impl Into<ResourceIds>) -> Self {
        self.flows = Some(flow_ids.into());
        self
    }

    fn task(self) -> Task<Vec<EndpointId>, M> {
        let Self {
            app,
            collections,
            timers,
            flows,
            runtime,
        } = self;
        Task::new(runtime, async move {
            let flows = match &flows {
                Some(flows) => flows.checked("flow_ids")?,
                None => &[],
            };
            let collections = collections.checked("collection_ids")?;
            let binding: Arc<dyn AppBinding> = Arc::new(Handle(app.clone()));
            // Both before anything is sent, so that a login for the one is a login for the other.
            let transfer = TransferClient::<Async>::builder().app(binding.clone()).build()?;
            let flows = read_flows(&app, &binding, flows).await?;
            let found = find(&transfer, collections).await?;
            if !found.is_empty() {
                require(&app, &found, timers, &flows)?;
            }
            Ok(found.into_iter().map(EndpointId::from).collect())
        })
    }
}

impl IntoFuture for AddDataAccessScopes<Async> {
    type Output = Result<Vec<EndpointId>>;
    type IntoFuture = futures_util::future::BoxFuture<'static, Self::Output>;
    fn into_future(self) -> Self::IntoFuture {
        self.task().into_future()
    }
}

impl AddDataAccessScopes<Blocking> {
    /// Looks the collections up and waits for it.
    ///
    /// # Errors
    /// An id that is no UUID, a collection or flow that there is not, and what stops the app from reading it.
    pub fn send(self) -> Result<Vec<EndpointId>> {
        self.task().send()
    }
}

/// The ids in lower case, each once.
fn distinct(ids: &[String]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for id in ids {
        let id = id.to_lowercase();
        if !known.contains(&id) {
            known.push(id);
        }
    }
    known
}

/// The flows of these ids, each once.
async fn read_flows(app: &Core, binding: &Arc<dyn AppBinding>, ids: &[String]) -> Result<Vec<(String, Flow)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let server = FlowsScopes::RESOURCE_SERVER;
    let required = app.requirements.get(server).unwrap_or_default();
    let stored = app.storage.inner().get_token_data(server).await?;
    let mut names = stored.iter().flat_map(|token| token.scope.split_whitespace());
    // Nobody is asked for less than what is there already.
    let all =
        names.any(|name| name == FlowsScopes::ALL) || required.iter().any(|scope| scope.name() == FlowsScopes::ALL);
    let scope = if all { FlowsScopes::ALL } else { FlowsScopes::VIEW_FLOWS };
    let client = FlowsClient::<Async>::builder()
        .app(binding.clone())
        .app_scopes(scope)
        .build()?;
    let read = |id: String| {
        let call = client.get_flow(&id);
        async move { Ok((id, call.await?.into_inner())) }
    };
    stream::iter(distinct(ids))
        .map(read)
        .buffered(AT_A_TIME)
        .try_collect()
        .await
}

/// Those of the collections that have a consent for data access, each once.
async fn find(transfer: &TransferClient, collections: &[String]) -> Result<Vec<String>> {
    let read = |id: String| {
        let call = transfer.get_endpoint(&id);
        async move { Ok::<_, crate::error::Error>(call.await?.needs_data_access().then_some(id)) }
    };
    let found = stream::iter(distinct(collections)).map(read).buffered(AT_A_TIME);
    found.try_filter_map(|needs| async { Ok(needs) }).try_collect().await
}

/// Requires the consents wherever they are needed, so that the next login asks for all of them.
fn require(app: &Core, collections: &[String], timers: bool, flows: &[(String, Flow)]) -> Result<()> {
    let transfer = data_access(&ResourceIds::from(collections), "collection_ids")?;
    let mut timer = Scope::new(TimersScopes::TIMER)?.with_dependency(transfer.clone());
    app.add_requirements(TransferScopes::RESOURCE_SERVER, std::slice::from_ref(&transfer))?;
    for (flow_id, flow) in flows {
        let run = run_scope(flow_id, flow, &transfer)?;
        app.add_requirements(flow_id, std::slice::from_ref(&run))?;
        timer = timer.with_dependency(run);
    }
    if timers {
        app.add_requirements(TimersScopes::RESOURCE_SERVER, &[timer])?;
    }
    Ok(())
}

impl<M: Mode> fmt::Debug for AddDataAccessScopes<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AddDataAccessScopes")
            .field("collections", &self.collections)
            .field("timers", &self.timers)
            .field("flows", &self.flows)
            .finish_non_exhaustive()
    }
}
