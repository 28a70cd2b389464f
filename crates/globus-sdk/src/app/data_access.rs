//! Consents for the data of collections, found out and asked for in one go.

use std::fmt;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::core::{Core, Handle};
use crate::client::{AppBinding, Async, Blocking, Mode, Task};
use crate::error::Result;
use crate::models::EndpointId;
use crate::scopes::{Scope, SpecificFlowScopes, TimersScopes, TransferScopes};
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

    /// Whether timers will transfer the data too.
    pub fn timers(mut self, timers: bool) -> Self {
        self.timers = timers;
        self
    }

    /// The flows whose runs will transfer the data too.
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
            let found = find(&app, collections.checked("collection_ids")?).await?;
            if !found.is_empty() {
                require(&app, &found, timers, flows)?;
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
    /// An id that is no UUID, a collection that there is not, and what stops the app from reading it.
    pub fn send(self) -> Result<Vec<EndpointId>> {
        self.task().send()
    }
}

/// Those of the collections that have a consent for data access, each once.
async fn find(app: &Arc<Core>, collections: &[String]) -> Result<Vec<String>> {
    let mut ids: Vec<String> = Vec::new();
    for id in collections {
        let id = id.to_lowercase();
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let binding: Arc<dyn AppBinding> = Arc::new(Handle(app.clone()));
    let transfer = TransferClient::<Async>::builder().app(binding).build()?;
    let read = |id: String| {
        let call = transfer.get_endpoint(&id);
        async move { Ok::<_, crate::error::Error>(call.await?.needs_data_access().then_some(id)) }
    };
    let found = stream::iter(ids).map(read).buffered(AT_A_TIME);
    found.try_filter_map(|needs| async { Ok(needs) }).try_collect().await
}

/// Requires the consents wherever they are needed, so that the next login asks for all of them.
fn require(app: &Core, collections: &[String], timers: bool, flows: &[String]) -> Result<()> {
    let transfer = data_access(&ResourceIds::from(collections), "collection_ids")?;
    app.add_requirements(TransferScopes::RESOURCE_SERVER, std::slice::from_ref(&transfer))?;
    if timers {
        let timer = Scope::new(TimersScopes::TIMER)?.with_dependency(transfer.clone());
        app.add_requirements(TimersScopes::RESOURCE_SERVER, &[timer])?;
    }
    for flow_id in flows {
        let user = SpecificFlowScopes::new(flow_id)?.user().clone();
        app.add_requirements(flow_id, &[user.with_dependency(transfer.with_optional(true))])?;
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
