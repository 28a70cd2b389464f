//! The HTTP clients behind an [`HttpTransport`](super::HttpTransport).
//!
//! A pooled connection is driven by the tokio runtime in which it was made, and dies with it. A transport that
//! is shared between runtimes (a blocking client used from several threads, a static client in tests)
//! therefore keeps clients per runtime, and forgets them when the runtime shuts down.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::Uri;
use tokio::runtime::{Handle, Id};
use tokio::sync::oneshot;

use super::proxy::Proxies;
use super::tls::Trust;
use super::{TransportError, TransportErrorKind};

/// Runtimes remembered at the same time; the one used least recently makes room.
const MAX_RUNTIMES: usize = 64;

/// How clients are built.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) trust: Trust,
    pub(super) proxies: Proxies,
    pub(super) connect_timeout: Option<Duration>,
}

/// Requests that can share a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Route {
    /// Plain http on this machine: needs neither proxies nor certificate authorities.
    Plain,
    /// https on this machine: never through a proxy.
    Local,
    /// Everything else.
    Network,
}

#[derive(Debug)]
pub(super) struct Pool {
    settings: Settings,
    runtimes: Arc<Mutex<Vec<Entry>>>,
}

#[derive(Debug)]
struct Entry {
    runtime: Id,
    clients: Vec<(Route, reqwest::Client)>,
    /// Dropping it ends the task that waits for the end of the runtime.
    _alive: oneshot::Sender<()>,
}

impl Pool {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            runtimes: Arc::default(),
        }
    }

    /// `host:port` of the proxy through which `uri` is reached.
    pub(super) fn proxy(&self, uri: &Uri) -> Option<String> {
        self.settings.proxies.on_the_way_to(uri)
    }

    /// The client for a route in the current runtime.
    pub(super) fn client(&self, route: Route) -> Result<reqwest::Client, TransportError> {
        let handle = Handle::try_current()
            .map_err(|_| TransportError::new(TransportErrorKind::Invalid, "there is no tokio runtime to send it in"))?;
        let id = handle.id();
        if let Some(client) = find(&mut lock(&self.runtimes), id, route) {
            return Ok(client);
        }
        check_timers()?;
        // Built without the lock: reading certificates takes a while, and other runtimes need not wait for it.
        let client = self.settings.build(route)?;
        if let Some(watch) = self.keep(id, route, client.clone()) {
            handle.spawn(watch.until_the_end());
        }
        Ok(client)
    }

    /// Remembers a client. Answers a watch if the runtime is a new one.
    fn keep(&self, id: Id, route: Route, client: reqwest::Client) -> Option<Watch> {
        let mut runtimes = lock(&self.runtimes);
        if let Some(entry) = runtimes.iter_mut().find(|entry| entry.runtime == id) {
            entry.clients.push((route, client));
            return None;
        }
        let forgotten = (runtimes.len() >= MAX_RUNTIMES).then(|| runtimes.remove(0));
        let (alive, ended) = oneshot::channel();
        runtimes.push(Entry {
            runtime: id,
            clients: vec![(route, client)],
            _alive: alive,
        });
        drop(runtimes);
        drop(forgotten);
        Some(Watch {
            runtimes: Arc::downgrade(&self.runtimes),
            runtime: id,
            ended,
        })
    }
}

/// Refuses runtimes without timers, in which the HTTP library would panic later. There is no other way to find out
/// than to try; it happens once for each runtime and route.
fn check_timers() -> Result<(), TransportError> {
    std::panic::catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))).map_err(|_| {
        TransportError::new(
            TransportErrorKind::Invalid,
            "the tokio runtime has no timers; build it with `enable_all`, or at least `enable_io` and `enable_time`",
        )
    })
}

/// Finds a client and moves its runtime to the end, where the recently used ones are.
fn find(runtimes: &mut Vec<Entry>, id: Id, route: Route) -> Option<reqwest::Client> {
    let position = runtimes.iter().position(|entry| entry.runtime == id)?;
    if position + 1 != runtimes.len() {
        let entry = runtimes.remove(position);
        runtimes.push(entry);
    }
    let clients = &runtimes.last()?.clients;
    clients
        .iter()
        .find(|(known, _)| *known == route)
        .map(|(_, client)| client.clone())
}

fn lock(runtimes: &Mutex<Vec<Entry>>) -> MutexGuard<'_, Vec<Entry>> {
    runtimes.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lives in a task of a runtime; when the runtime drops its tasks, the runtime's clients are forgotten.
#[derive(Debug)]
struct Watch {
    runtimes: Weak<Mutex<Vec<Entry>>>,
    runtime: Id,
    ended: oneshot::Receiver<()>,
}

impl Watch {
    async fn until_the_end(mut self) {
        let _ = (&mut self.ended).await;
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // A finished channel means that the entry has been forgotten already.
        if self.ended.try_recv() != Err(oneshot::error::TryRecvError::Empty) {
            return;
        }
        if let Some(runtimes) = self.runtimes.upgrade() {
            let mut runtimes = lock(&runtimes);
            let position = runtimes.iter().position(|entry| entry.runtime == self.runtime);
            let forgotten = position.map(|position| runtimes.remove(position));
            drop(runtimes);
            drop(forgotten);
        }
    }
}

impl Settings {
    fn build(&self, route: Route) -> Result<reqwest::Client, TransportError> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .gzip(true)
            // Shorter than what servers and load balancers keep, so that a request rarely meets a closed connection.
            .pool_idle_timeout(Duration::from_secs(20))
            .tcp_keepalive(Duration::from_secs(60));
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        builder = match route {
            Route::Plain => builder.no_proxy().tls_certs_only([]),
            Route::Local => self.trust.apply(builder.no_proxy())?,
            Route::Network => self.proxies.apply(self.trust.apply(builder)?)?,
        };
        builder.build().map_err(|error| {
            TransportError::new(
                TransportErrorKind::Invalid,
                super::http::root_cause(&error.without_url()),
            )
        })
    }
}

#[cfg(test)]
impl Pool {
    pub(super) fn runtimes(&self) -> usize {
        lock(&self.runtimes).len()
    }
}
