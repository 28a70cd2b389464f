//! Starting and stopping an emulator.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::runtime::Handle;

use crate::clock::Clock;
use crate::control::faults::Fault;
use crate::control::mint::{self, MintError};
use crate::control::requests::RecordedRequest;
use crate::control::requirements::Requirement;
use crate::hosts::Hosts;
use crate::secure::{self, Authority};
use crate::seed::{self, Seed, SeedError};
use crate::server::{self, Shared};
use crate::services::flows::engine::disturbance::ActionFault;
use crate::services::transfer::collections;
use crate::services::transfer::storage::Storage;
use crate::state::{keeper, store};
use crate::world::{Setting, World};

/// The services whose addresses [`Emulator::env`] sets. `TIMER` is the spelling of Python, `TIMERS` that of JavaScript.
const NAMES: [&str; 9] = [
    "AUTH", "TRANSFER", "GROUPS", "FLOWS", "SEARCH", "TIMER", "TIMERS", "COMPUTE", "APP",
];

/// Globus on a port of this machine. Dropping it stops it.
///
/// ```
/// # tokio_test();
/// # fn tokio_test() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// use globus_emulator::Emulator;
///
/// let emulator = Emulator::start().await?;
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// # std::io::Result::Ok(())
/// # }).unwrap() }
/// ```
pub struct Emulator {
    shared: Arc<Shared>,
    address: SocketAddr,
}

/// Why a requirement cannot work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the requirement cannot work: {0}")]
pub struct InvalidRequirement(String);

/// How an emulator starts.
#[derive(Clone)]
#[must_use]
pub struct Builder {
    port: u16,
    tls_port: Option<u16>,
    clock: Clock,
    seed: Seed,
    folders: Vec<(String, PathBuf)>,
    state: Option<PathBuf>,
    hosts: Vec<String>,
    /// One whose keys are being made.
    authority: Option<Arc<Authority>>,
}

impl Builder {
    /// The port to listen on; 0, the default, takes a free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The port to listen on for TLS, where the managers of Globus Connect Server are and the files of its collections; 0
    /// takes a free one. If it is not said, it is the one after [`port`](Self::port), or a free one if that is taken.
    pub fn tls_port(mut self, port: u16) -> Self {
        self.tls_port = Some(port);
        self
    }

    /// The clock; the machine's by default.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The world to start in; [`Seed::standard`] by default.
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Adds what a seed has to the world to start in; may be called again for more.
    pub fn with_seed(mut self, seed: Seed) -> Self {
        self.seed.extend(seed);
        self
    }

    /// Lets a mapped collection be a folder of this machine: what is done to one is done to the other. `/~/` then leads to
    /// the folder itself. Otherwise a collection is a folder in a temporary one, which goes when the emulator does.
    pub fn collection(mut self, id: &str, folder: impl Into<PathBuf>) -> Self {
        self.folders.push((id.to_owned(), folder.into()));
        self
    }

    /// Keeps everything in a file, an SQLite database: an emulator that starts with a file of an earlier one goes on where
    /// that was, however it ended. A seed counts only for a new file. The folders of collections are beside the file, in
    /// one of the same name with `.files` at its end; faults of requests, requirements and recorded requests are not kept. A request is answered once
    /// what it changed is in the file. The file holds tokens and secrets; on Unix it is made readable by its owner only.
    pub fn state(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Answers requests to a host of this name too, and lets pages of it read the answers, at any port; may be called again
    /// for more. Otherwise that is for `localhost`, `127.0.0.1` and `[::1]` only, as a page from elsewhere could work on the
    /// folders of collections. A name has neither scheme nor port: `app.test`. It opens no door to the network: the
    /// emulator still listens on loopback.
    pub fn allow_host(mut self, name: impl Into<String>) -> Self {
        self.hosts.push(name.into());
        self
    }

    /// Makes the keys for TLS while the emulator starts, for a program that tells of the certificate at once.
    #[doc(hidden)]
    pub fn prepare_tls(mut self) -> Self {
        self.authority.insert(Arc::default()).prepare();
        self
    }

    /// Starts the emulator. It runs on the tokio runtime of the caller, or else on a thread of its own.
    ///
    /// # Errors
    ///
    /// When the port is taken or may not be listened on, a collection or its folder is not there, a host to allow is no
    /// name, or the state file is no such file or in use.
    #[allow(
        clippy::unused_async,
        reason = "a start that has something to wait for must not change the signature"
    )]
    pub async fn start(self) -> io::Result<Emulator> {
        self.start_now()
    }

    /// Like [`start`](Self::start), for callers that are not async.
    ///
    /// # Errors
    ///
    /// When the port is taken or may not be listened on, a collection or its folder is not there, a host to allow is no
    /// name, or the state file is no such file or in use.
    pub fn start_now(self) -> io::Result<Emulator> {
        let state_is_kept = self.state.is_some();
        // Loopback only: whoever reaches an emulator is anybody it likes to be.
        let listener = bind(self.port, "")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let secure = self.bind_secure()?;
        secure.set_nonblocking(true)?;
        let origins = (
            format!("http://{address}/"),
            format!("https://{}/", secure.local_addr()?),
        );
        let shared = Arc::new(self.shared(origins)?);
        if state_is_kept {
            keeper::begin(&shared)?;
        }
        let task = Arc::clone(&shared);
        if let Ok(runtime) = Handle::try_current() {
            let listener = TcpListener::from_std(listener)?;
            let secure = TcpListener::from_std(secure)?;
            runtime.spawn(run(listener, secure, task));
        } else {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let (listener, secure) = {
                let _inside = runtime.enter();
                (TcpListener::from_std(listener)?, TcpListener::from_std(secure)?)
            };
            let thread = std::thread::Builder::new().name("globus-emulator".to_owned());
            thread.spawn(move || runtime.block_on(run(listener, secure, task)))?;
        }
        Ok(Emulator { shared, address })
    }

    fn bind_secure(&self) -> io::Result<std::net::TcpListener> {
        let bind = |port| bind(port, " for TLS");
        match (self.tls_port, self.port.checked_add(1)) {
            (Some(port), _) => bind(port),
            (None, Some(next)) if self.port != 0 => bind(next).or_else(|_| bind(0)),
            (None, _) => bind(0),
        }
    }

    /// The world to begin with: that of the state file, or the seeded one.
    fn shared(mut self, (origin, secure_origin): (String, String)) -> io::Result<Shared> {
        let unusable = |what| io::Error::new(io::ErrorKind::InvalidInput, what);
        let hosts = Hosts::new(std::mem::take(&mut self.hosts)).map_err(unusable)?;
        let setting = Setting {
            origin,
            secure_origin,
            authority: self.authority.take().unwrap_or_default(),
            clock: self.clock,
            storage: Arc::new(Storage::new(self.state.as_deref().map(store::files_beside))),
        };
        let mut opened = self.state.as_deref().map(store::open).transpose()?;
        let known = opened.as_mut().and_then(|opened| opened.rows.take());
        let is_new = known.is_none();
        let mut world = if let Some(rows) = known {
            let file = self.state.as_deref().unwrap_or(Path::new(""));
            World::load(&setting, rows)
                .map_err(|what| unusable(format!("the state file {}: {what}", file.display())))?
        } else {
            self.seed
                .check(None)
                .map_err(|error| unusable(format!("the seed: {error}")))?;
            World::new(&setting, &self.seed)
        };
        for (id, folder) in &self.folders {
            // An emulator that starts elsewhere with the same state file goes on with the same folder.
            let folder = std::path::absolute(folder)?;
            collections::set_folder(&mut world, id, &folder).map_err(unusable)?;
            // The seed is what a reset leads to.
            self.seed.set_folder(id, &folder);
        }
        collections::check_folders(&world).map_err(unusable)?;
        let store = match opened {
            None => None,
            Some(opened) if is_new => Some(opened.begin(Some(world.everything().map_err(unusable)?))?),
            Some(opened) => Some(opened.begin(None)?),
        };
        Ok(Shared::new(setting, self.seed, world, store, hosts))
    }
}

/// Listens on a port of this machine.
fn bind(port: u16, what: &str) -> io::Result<std::net::TcpListener> {
    std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| {
        let told = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "another program listens there; stop it, or name another port, or 0 for a free one"
            }
            io::ErrorKind::PermissionDenied => {
                "only the system may listen there; name a port above 1023, or 0 for a free one"
            }
            _ => return io::Error::new(error.kind(), format!("port {port}{what}: {error}")),
        };
        io::Error::new(error.kind(), format!("port {port}{what}: {told}"))
    })
}

async fn run(listener: TcpListener, secure: TcpListener, shared: Arc<Shared>) {
    let (stop, stopped) = (shared.stop.clone(), shared.stopped.clone());
    let authority = Arc::clone(&shared.setting.authority);
    let app = Router::new().fallback(move |request: Request| server::dispatch(Arc::clone(&shared), request));
    let told = || {
        let mut stop = stop.subscribe();
        // An error means that nobody is left to say stop.
        async move { drop(stop.wait_for(|stopped| *stopped).await) }
    };
    let plain = axum::serve(listener, app.clone()).with_graceful_shutdown(told());
    let secure =
        secure::Listener::new(secure, authority).map(|secure| axum::serve(secure, app).with_graceful_shutdown(told()));
    let served = tokio::try_join!(plain.into_future(), async { secure?.await });
    if let Err(error) = served {
        tracing::error!(%error, "the emulator stopped");
    }
    stopped.send_replace(true);
}

impl Emulator {
    /// Starts one on a free port, in real time, in the seeded world.
    ///
    /// # Errors
    ///
    /// When no port is to be had.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// Starts one that differs from the usual.
    pub fn builder() -> Builder {
        Builder {
            port: 0,
            tls_port: None,
            clock: Clock::Real,
            seed: Seed::standard(),
            folders: Vec::new(),
            state: None,
            hosts: Vec::new(),
            authority: None,
        }
    }

    /// Adds what a seed has, which also is there after a [`reset`](Self::reset).
    ///
    /// ```
    /// # tokio_test();
    /// # fn tokio_test() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use globus_emulator::{Emulator, Seed};
    ///
    /// let seed = Seed::from_json(r#"{"groups": [{"id": "00000000-0000-4000-8000-000000000001", "name": "Mine"}]}"#)?;
    /// let emulator = Emulator::start().await?.with_seed(seed)?;
    /// # drop(emulator);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap() }
    /// ```
    ///
    /// # Errors
    ///
    /// When the seed names what is not there. Nothing was added then, and the emulator is gone.
    pub fn with_seed(self, seed: Seed) -> Result<Self, SeedError> {
        self.shared.add(seed)?;
        Ok(self)
    }

    /// Where it listens, with a slash at the end: the base URL of every service.
    pub fn url(&self) -> &str {
        &self.shared.setting.origin
    }

    /// The port on which it listens.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where it listens for TLS, with a slash at the end. Followed by the id of a Globus Connect Server endpoint it is the
    /// address of its manager, by the id of a collection that of its files.
    pub fn secure_url(&self) -> &str {
        &self.shared.setting.secure_origin
    }

    /// The certificate of the authority that vouches for [`secure_url`](Self::secure_url), in PEM. Each emulator has its own.
    ///
    /// # Errors
    ///
    /// When no keys can be made.
    pub fn certificate(&self) -> io::Result<String> {
        self.shared.setting.authority.certificate().map(str::to_owned)
    }

    /// The environment variables that point a client at it, each URL with a slash at the end, and the id and the secret
    /// of the seeded program as `GLOBUS_CLIENT_ID` and `GLOBUS_CLIENT_SECRET`. `GLOBUS_SDK_VERIFY_SSL` is a file with the
    /// certificate of [`certificate`](Self::certificate), which goes when the emulator does.
    pub fn env(&self) -> Vec<(String, String)> {
        let one = |name| (format!("GLOBUS_SDK_SERVICE_URL_{name}"), self.url().to_owned());
        let credentials = [
            ("GLOBUS_CLIENT_ID", seed::CLIENT_ID),
            ("GLOBUS_CLIENT_SECRET", seed::CLIENT_SECRET),
        ];
        let credentials = credentials.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let trusted = match self.shared.setting.authority.file() {
            Ok(file) => Some(("GLOBUS_SDK_VERIFY_SSL".to_owned(), file.to_string_lossy().into_owned())),
            Err(error) => {
                tracing::error!(%error, "the certificate was not written down");
                None
            }
        };
        let all = NAMES.into_iter().map(one).chain(credentials);
        all.chain(trusted).collect()
    }

    /// Moves the clock forward: tokens expire as if the time had passed.
    pub fn advance(&self, by: Duration) {
        self.shared.advance(by);
    }

    /// The requests so far, oldest first; of very many, the last.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.control().requests()
    }

    /// Forgets the recorded requests.
    pub fn clear_requests(&self) {
        self.shared.control().clear_requests();
    }

    /// Makes requests fail.
    pub fn inject(&self, fault: Fault) {
        self.shared.control().add_fault(fault);
    }

    /// Makes actions of runs go wrong.
    pub fn inject_action(&self, fault: ActionFault) {
        self.shared.world().flows.faults.push(fault);
    }

    /// Requires more of logins than they had; requests of those that fall short are answered with 403, until
    /// [`clear_requirements`](Self::clear_requirements) or until the person has signed in as required.
    ///
    /// # Errors
    ///
    /// When the requirement is for nobody there is, requires nothing, or has a scope that cannot be read.
    pub fn require(&self, requirement: Requirement) -> Result<(), InvalidRequirement> {
        self.shared.require(requirement).map_err(InvalidRequirement)
    }

    /// Requires no more than tokens again.
    pub fn clear_requirements(&self) {
        self.shared.control().clear_requirements();
    }

    /// Replaces every refresh token when it is used (RFC 9700, section 4.14.2), or stops doing so. The old one is
    /// worth nothing from then on.
    pub fn rotate_refresh_tokens(&self, on: bool) {
        self.shared.world().auth.rotation.all = on;
    }

    /// Ends all refresh tokens, as if six months had passed without their use.
    pub fn expire_refresh_tokens(&self) {
        self.shared.world().auth.refresh_tokens.clear();
    }

    /// Takes back all that a user, given by id, username or first name, has consented to, with the tokens that rest on
    /// it. Says how many consents that were.
    pub fn withdraw_consents(&self, user: &str) -> usize {
        let mut world = self.shared.world();
        let Some(id) = world.auth.person(user).map(|row| row.id) else {
            return 0;
        };
        let withdrawn = world.auth.consents.withdraw(Some(id), None);
        world.auth.drop_unconsented();
        withdrawn
    }

    /// Ends all access tokens, as if their time had run out.
    pub fn expire_tokens(&self) {
        let mut world = self.shared.world();
        let now = world.time.now();
        for token in world.auth.tokens.values_mut() {
            token.expires = token.expires.min(now);
        }
    }

    /// Makes an access token, 48 hours long, without anybody logging in: for an identity, given by id, username or first
    /// name, and scopes of one resource server. The token belongs to the seeded native client.
    ///
    /// # Errors
    ///
    /// When there is no such identity or scope, or the scopes belong to several resource servers.
    pub fn mint_token(&self, identity: &str, scopes: &[&str]) -> Result<String, MintError> {
        let mut world = self.shared.world();
        mint::token(&mut world, identity, scopes)
    }

    /// Where on this machine the files of a collection are.
    ///
    /// # Errors
    ///
    /// When there is no such collection, or its folder cannot be made.
    pub fn folder(&self, collection: &str) -> io::Result<PathBuf> {
        let (files, root) = {
            let world = self.shared.world();
            let root = collections::root_of(&world, collection);
            (world.transfer.engine.files(), root)
        };
        let root = root.ok_or_else(|| {
            let message = format!("there is no collection {collection}");
            io::Error::new(io::ErrorKind::NotFound, message)
        })?;
        files.storage.path(&root)
    }

    /// Begins no work on tasks while it is true: they stay active, queued, until it is false again or they are canceled or
    /// expire. What was begun is brought to its end.
    pub fn hold_tasks(&self, held: bool) {
        self.shared.world().transfer.engine.hold(held);
    }

    /// Switches the computer of a Globus Connect Personal collection on or off. Says whether there is one of this id.
    pub fn connect(&self, collection: &str, connected: bool) -> bool {
        collections::connect(&mut self.shared.world(), collection, connected)
    }

    /// Ends the work on tasks and removes the files, for a program that is about to end while others hold the emulator.
    #[doc(hidden)]
    pub fn remove_files(&self) {
        self.shared.world().transfer.engine.close();
        self.shared.setting.storage.close();
        self.shared.setting.authority.close();
    }

    /// Whether an authorization code waits to be exchanged.
    #[doc(hidden)]
    pub fn is_code_pending(&self, code: &str) -> bool {
        self.shared.world().auth.codes.contains_key(code)
    }

    /// Whether somebody has gone through this very login, by [`sign_in`](Self::sign_in) or the route of that name.
    #[doc(hidden)]
    pub fn is_answered(&self, url: &str) -> bool {
        self.shared.control().is_answered(url)
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Stops it and waits until its port is free. Dropping it stops it too, a moment later.
    pub async fn stop(self) {
        let mut stopped = self.shared.stopped.subscribe();
        drop(self);
        // An error means that the server is gone altogether.
        let _ = stopped.wait_for(|stopped| *stopped).await;
    }

    /// All that the services know, as a JSON document: people, tokens, groups, flows, runs, tasks and how far they have come,
    /// the clock, and what is to go wrong with tasks and runs. It holds secrets. What is on collections, faults of requests,
    /// requirements and recorded requests are no part of it.
    ///
    /// # Errors
    ///
    /// When something cannot be written in JSON, which is a fault of the emulator.
    pub fn snapshot(&self) -> io::Result<String> {
        self.shared.snapshot().map_err(io::Error::other)
    }

    /// Goes back to what a snapshot has, also one of another emulator; faults of requests, requirements and recorded requests
    /// are forgotten. Tasks and runs that were at work go on where they were.
    ///
    /// # Errors
    ///
    /// When the document is none of [`snapshot`](Self::snapshot), or of another version or kind of clock. Nothing has
    /// changed then.
    pub fn restore(&self, snapshot: &str) -> io::Result<()> {
        let refused = |what| io::Error::new(io::ErrorKind::InvalidData, what);
        self.shared.restore(snapshot).map_err(refused)
    }

    /// Goes back to the seeded world, without faults and recorded requests.
    pub fn reset(&self) {
        self.shared.reset();
    }
}

// Tokens and secrets stay out of what a test prints when it fails.
impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("port", &self.port)
            .field("clock", &self.clock)
            .finish_non_exhaustive()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
        // Its server may live on for a moment; its files and its threads do not.
        self.remove_files();
        self.shared.close_store();
    }
}
