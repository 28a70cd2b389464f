//! The life of a request: read, record, fail if told to, answer.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, StatusCode};
use tokio::sync::watch;
use tower::Service as _;
use uuid::Uuid;

use crate::control::faults::Effect;
use crate::control::requirements::Requirement;
use crate::control::state::Control;
use crate::exchange::{Credentials, Incoming, Job, Reply};
use crate::hosts::Hosts;
use crate::pulse;
use crate::routes::{self, ROUTER, Route};
use crate::seed::{Seed, SeedError};
use crate::services::gcs::address::{self, ManagerOf};
use crate::services::gcs::data;
use crate::services::{Service, flows};
use crate::state::document;
use crate::state::store::Store;
use crate::world::{Setting, World};

/// The largest body that is read; Search and Compute take 10 MB.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// What the tasks of one emulator share.
pub(crate) struct Shared {
    pub(crate) setting: Setting,
    /// What a reset leads to.
    seed: Mutex<Seed>,
    store: Option<Store>,
    hosts: Hosts,
    world: Mutex<World>,
    control: Mutex<Control>,
    /// True once the emulator is to stop.
    pub(crate) stop: watch::Sender<bool>,
    /// True once it has stopped.
    pub(crate) stopped: watch::Sender<bool>,
}

impl Shared {
    pub(crate) fn new(setting: Setting, seed: Seed, world: World, store: Option<Store>, hosts: Hosts) -> Self {
        Self {
            setting,
            seed: Mutex::new(seed),
            store,
            hosts,
            world: Mutex::new(world),
            control: Mutex::new(Control::default()),
            stop: watch::Sender::new(false),
            stopped: watch::Sender::new(false),
        }
    }

    /// The state of the services. A handler that panicked has spoilt nothing that a reset would not mend.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Moves the clock forward, and what waits for it with it: from one step of a run to the next. Where a step wants to know
    /// how a task gets on, the caller waits for what the time would have sufficed for, and nobody else does.
    pub(crate) fn advance(&self, by: Duration) {
        let mut left = by;
        let mut given_up = BTreeSet::new();
        loop {
            let mut world = self.world();
            left = left.saturating_sub(world.advance(left));
            let tasks = world.flows.tasks_due(world.time.now());
            let work = world.transfer.engine.work();
            drop(world);
            for task in tasks {
                if !given_up.contains(&task) && !work.rest(task) {
                    given_up.insert(task);
                }
            }
            let mut world = self.world();
            flows::engine::settle(&mut world, given_up.is_empty());
            let now = world.time.now();
            let more = world.flows.next_due().is_some_and(|due| due <= now);
            if left.is_zero() && !more {
                return;
            }
        }
    }

    /// Requires more of logins from now on.
    pub(crate) fn require(&self, requirement: Requirement) -> Result<(), String> {
        let since = {
            let world = self.world();
            requirement.check(&world)?;
            world.auth.sessions.proofs()
        };
        self.control().add_requirement(requirement, since);
        Ok(())
    }

    pub(crate) fn control(&self) -> MutexGuard<'_, Control> {
        self.control.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds what a seed has to the world, and to that to which a reset leads.
    pub(crate) fn add(&self, seed: Seed) -> Result<(), SeedError> {
        let mut world = self.world();
        world.add(&seed)?;
        self.seed.lock().unwrap_or_else(PoisonError::into_inner).extend(seed);
        Ok(())
    }

    /// Goes to the world of a seed, to which a reset leads from now on.
    pub(crate) fn reset_to(&self, seed: Seed) -> Result<(), SeedError> {
        seed.check(None)?;
        *self.seed.lock().unwrap_or_else(PoisonError::into_inner) = seed;
        self.reset();
        Ok(())
    }

    /// All that the services know, as a JSON document.
    pub(crate) fn snapshot(&self) -> Result<String, String> {
        let mut world = self.world();
        world.settle();
        document::snapshot(&mut world)
    }

    /// Goes back to what a snapshot has, with the faults and the recorded requests gone.
    pub(crate) fn restore(&self, snapshot: &str) -> Result<(), String> {
        let restored = document::restore(snapshot, &self.setting)?;
        let mut world = self.world();
        world.transfer.engine.close();
        *world = restored;
        self.save_anew(&mut world)?;
        drop(world);
        *self.control() = Control::default();
        Ok(())
    }

    /// Back to the seeded world, with the faults and the recorded requests gone.
    pub(crate) fn reset(&self) {
        let mut world = self.world();
        world.transfer.engine.close();
        self.setting.storage.reset();
        let seed = self.seed.lock().unwrap_or_else(PoisonError::into_inner);
        *world = World::new(&self.setting, &seed);
        drop(seed);
        if let Err(error) = self.save_anew(&mut world) {
            tracing::error!(%error, "the seeded world was not written down");
        }
        drop(world);
        *self.control() = Control::default();
    }

    /// Hands what has changed to the state file, if there is one, and says by which number one can wait for it. What only
    /// the threads that work on tasks have changed may be left for later.
    pub(crate) fn save(&self, world: &mut World, tasks: bool) -> Result<Option<u64>, String> {
        let Some(store) = &self.store else {
            world.forget();
            return Ok(None);
        };
        store.send(world.changes(tasks)?, false)
    }

    fn save_anew(&self, world: &mut World) -> Result<(), String> {
        if let Some(store) = &self.store {
            store.send(world.everything()?, true)?;
        }
        Ok(())
    }

    /// Waits until what was handed over is in the state file.
    pub(crate) async fn saved(&self, number: Option<u64>) -> Result<(), String> {
        match (&self.store, number) {
            (Some(store), Some(number)) => store.committed(number).await,
            _ => Ok(()),
        }
    }

    /// Writes down all that has changed so far, and waits for it.
    pub(crate) async fn save_all(&self) -> Result<(), String> {
        let number = self.save(&mut self.world(), true)?;
        self.saved(number).await
    }

    /// Writes down what is left, and closes the state file.
    pub(crate) fn close_store(&self) {
        if let Some(store) = &self.store {
            if let Err(error) = self.save(&mut self.world(), true) {
                tracing::error!(%error, "the last changes were not written down");
            }
            store.close();
        }
    }
}

/// Hands a request to the router that all emulators share, or to the server of the endpoint or the collection whose id its
/// path begins with.
pub(crate) async fn dispatch(shared: Arc<Shared>, mut request: Request) -> Response {
    let stranger = shared.hosts.stranger(request.uri(), request.headers());
    if let Some(host) = stranger.filter(|host| address::of_name(&shared.world(), host).is_none()) {
        return refuse(&host, request).await;
    }
    if let Some((id, rest)) = address::split(request.uri().path()) {
        if !address::is_manager(&shared.world(), id, rest) {
            let rest = rest.to_owned();
            return serve_file(&shared, id, &rest, request).await;
        }
        if let Some(uri) = address::below(request.uri(), rest) {
            *request.uri_mut() = uri;
            request.extensions_mut().insert(ManagerOf(id));
        }
    }
    request.extensions_mut().insert(shared);
    let answer: Result<Response, Infallible> = ROUTER.clone().call(request).await;
    match answer {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// Answers a request to a name under which somebody else may have led a browser here.
async fn refuse(host: &str, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // Somebody who still writes would not see the answer.
    drop(to_bytes(body, LARGEST_BODY).await);
    let path = parts.uri.path();
    let message = format!("The emulator does not answer as {host}; start it with `--allow-host {host}`");
    let service = Service::of_path(path).unwrap_or(Service::Auth);
    finish(
        service
            .error(StatusCode::FORBIDDEN, "Forbidden", &message, path)
            .inferred(),
    )
}

/// Serves a request for a file of a collection, which is neither read nor answered in one piece.
async fn serve_file(shared: &Arc<Shared>, collection: Uuid, path: &str, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let page = shared.hosts.page(&parts.headers);
    let incoming = Incoming {
        method: parts.method,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        path: parts.uri.path().to_owned(),
        headers: parts.headers,
        body: Bytes::new(),
        params: Vec::new(),
    };
    let (identity, client) = asks(shared, &incoming);
    let fault = shared.control().take_fault(&incoming, identity, client);
    let mut response = match &fault {
        Some(fault) if !fault.lets_through() => finish(fault.reply(&incoming)),
        _ => data::answer(shared, collection, path, &incoming, body).await,
    };
    if let Some(fault) = fault
        .as_ref()
        .filter(|fault| fault.lets_through() && fault.effect == Effect::Answer)
    {
        response = finish(fault.reply(&incoming));
    }
    record(shared, &incoming, identity, response.status());
    if let Some(fault) = fault {
        response = fault.apply(response, &shared.stop).await;
    }
    with_cors(response, page)
}

/// Serves a request of a service.
pub(crate) async fn serve(
    shared: &Arc<Shared>,
    route: Option<&'static Route>,
    params: Vec<(String, String)>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let page = shared.hosts.page(&parts.headers);
    if parts.method == Method::OPTIONS {
        return with_cors(
            finish(Reply {
                status: StatusCode::NO_CONTENT,
                ..Reply::ok(&serde_json::Value::Null)
            }),
            page,
        );
    }
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        let service = Service::of_path(&path).unwrap_or(Service::Auth);
        let reply = service.error(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PayloadTooLarge",
            "The body is too large",
            &path,
        );
        return with_cors(finish(reply.inferred()), page);
    };
    let incoming = Incoming {
        method: parts.method,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        path,
        headers: parts.headers,
        body,
        params,
    };
    let (identity, client) = asks(shared, &incoming);
    let fault = shared.control().take_fault(&incoming, identity, client);
    let mut reply = match &fault {
        Some(fault) if !fault.lets_through() => fault.reply(&incoming),
        _ => answer(shared, route, &incoming).await,
    };
    if let Some(fault) = fault
        .as_ref()
        .filter(|fault| fault.lets_through() && fault.effect == Effect::Answer)
    {
        reply = fault.reply(&incoming);
    }
    if let Some(fault) = &fault {
        reply = fault.change(reply);
    }
    record(shared, &incoming, identity, reply.status);
    let response = match fault {
        Some(fault) => fault.apply(finish(reply), &shared.stop).await,
        None => finish(reply),
    };
    with_cors(response, page)
}

/// The service's answer, with its work on files done where it keeps nobody waiting.
async fn answer(shared: &Arc<Shared>, route: Option<&Route>, request: &Incoming) -> Reply {
    let failed = |message: &str| {
        let service = Service::of_path(&request.path).unwrap_or(Service::Transfer);
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        service.error(status, "InternalError", message, &request.path)
    };
    let (begun, saving) = begin(shared, route, request);
    let reply = match begun {
        Ok(job) => tokio::task::spawn_blocking(job)
            .await
            .unwrap_or_else(|_| failed("The emulator failed; please report how")),
        Err(reply) => reply,
    };
    let saved = match saving {
        Ok(number) => shared.saved(number).await,
        Err(what) => Err(what),
    };
    match saved {
        Ok(()) => reply,
        Err(what) => failed(&what),
    }
}

/// The number by which one waits for what a request has changed.
type Saving = Result<Option<u64>, String>;

/// What is left to do, or the answer, if the login behind the token is as it is required to be.
fn begin(shared: &Arc<Shared>, route: Option<&Route>, request: &Incoming) -> (Result<Job, Reply>, Saving) {
    // Both locks, and always in this order.
    let control = shared.control();
    let mut world = shared.world();
    if let Some(reply) = control.shortfall(&world, request) {
        return (Err(reply), Ok(None));
    }
    drop(control);
    world.settle();
    let answer = routes::answer(&mut world, route, request);
    // What is said of tasks is kept. Elsewhere a request for reading says nothing of them, and changes nothing.
    let tells = route.is_some_and(|route| matches!(route.service, Service::Transfer | Service::Flows));
    let saving = shared.save(&mut world, tells || request.method != Method::GET);
    pulse::begin(shared, &mut world);
    (answer, saving)
}

/// The identity and the application that ask: those of the token, if it is a token at all, or whom the request names.
fn asks(shared: &Shared, request: &Incoming) -> (Option<Uuid>, Option<Uuid>) {
    match request.credentials() {
        Credentials::Bearer(token) => {
            let world = shared.world();
            let token = world.auth.tokens.get(token);
            (token.map(|token| token.identity), token.map(|token| token.client))
        }
        Credentials::Basic { user, .. } => (None, Uuid::parse_str(&user).ok()),
        Credentials::Missing | Credentials::Malformed => {
            let (form, query) = (request.form(), request.query());
            let named = form.get("client_id").or_else(|| query.get("client_id"));
            (None, named.and_then(|id| Uuid::parse_str(id).ok()))
        }
    }
}

fn record(shared: &Shared, request: &Incoming, identity: Option<Uuid>, status: StatusCode) {
    let time = shared.world().time.now();
    shared.control().record(request, time, identity, status);
}

pub(crate) fn finish(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    if reply.status == StatusCode::NO_CONTENT {
        *response.body_mut() = Body::empty();
    } else {
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    }
    for (name, value) in reply.headers {
        response.headers_mut().append(name, value);
    }
    response
}

/// Lets a page read the answer, as the services do for applications in browsers.
fn with_cors(mut response: Response, page: Option<HeaderValue>) -> Response {
    const MORE: [(&str, &str); 4] = [
        (
            "access-control-allow-headers",
            "authorization, content-type, range, x-globus-client-info",
        ),
        ("access-control-allow-methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS"),
        ("access-control-max-age", "600"),
        ("vary", "origin"),
    ];
    if let Some(page) = page {
        let headers = response.headers_mut();
        headers.insert(HeaderName::from_static("access-control-allow-origin"), page);
        for (name, value) in MORE {
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
    }
    response
}
