//! [`ClientBuilder`]: the settings of a new client of any type.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::binding::AskingAuthorizer;
use super::{AppBinding, Core, Mode};
use crate::authorizers::Authorizer;
use crate::config::{ClientInfo, Config, user_agent};
use crate::engine::{Bond, Runtime};
use crate::error::{Error, Result};
use crate::operation::{ClientSpec, ResourceServer};
use crate::scopes::{IntoScopes, ScopeList};
use crate::transport::{
    Ambient, AuthorizationHook, Exchange, HttpTransport, MAX_ANSWER_BYTES, RetryConfig, Settings, Transport,
};

/// A type of client, such as [`GroupsClient`](crate::services::groups::GroupsClient).
pub trait ClientType: Sized {
    /// What its operations have in common.
    const SPEC: &'static ClientSpec;
    /// [`Async`](super::Async) or [`Blocking`](super::Blocking).
    type Mode: Mode;
    /// Wraps a core.
    fn from_core(core: Arc<Core>) -> Self;
    /// The core.
    fn core(&self) -> &Arc<Core>;
}

/// Settings of a new client. Everything has a default; [`build`](Self::build) checks them.
#[derive(Debug)]
#[must_use = "nothing is made until `build` is called"]
pub struct ClientBuilder<C> {
    pub(crate) spec: &'static ClientSpec,
    config: Option<Config>,
    environment: Option<String>,
    base_url: Option<String>,
    app_name: Option<String>,
    client_info: ClientInfo,
    authorizer: Option<Arc<dyn Authorizer>>,
    /// What the client proves itself with, in place of an authorizer.
    credentials: Option<Arc<dyn Authorizer>>,
    transport: Option<Arc<dyn Transport>>,
    retry: RetryConfig,
    max_answer_bytes: usize,
    ambient: Option<Ambient>,
    app: Option<Arc<dyn AppBinding>>,
    app_scopes: Option<ScopeList>,
    hook: Option<Arc<dyn AuthorizationHook>>,
    vars: Vec<(&'static str, String)>,
    client: PhantomData<fn() -> C>,
}

impl<C: ClientType> ClientBuilder<C> {
    pub(crate) fn new() -> Self {
        Self::of(C::SPEC)
    }

    /// Settings of a client whose type is only known by its row.
    pub(crate) fn of(spec: &'static ClientSpec) -> Self {
        Self {
            spec,
            config: None,
            environment: None,
            base_url: None,
            app_name: None,
            client_info: ClientInfo::default(),
            authorizer: None,
            credentials: None,
            transport: None,
            retry: RetryConfig::default(),
            max_answer_bytes: MAX_ANSWER_BYTES,
            ambient: None,
            app: None,
            app_scopes: None,
            hook: None,
            vars: Vec::new(),
            client: PhantomData,
        }
    }

    pub(crate) fn var(mut self, name: &'static str, value: String) -> Self {
        self.vars.retain(|(known, _)| *known != name);
        self.vars.push((name, value));
        self
    }

    /// What supplies the `Authorization` header. Without one, requests carry none.
    pub fn authorizer(mut self, authorizer: impl Authorizer + 'static) -> Self {
        self.authorizer = Some(Arc::new(authorizer));
        self
    }

    pub(crate) fn credentials(mut self, credentials: impl Authorizer + 'static) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// The app that supplies credentials, environment and name, and learns the scopes that the client needs.
    pub fn app(mut self, app: impl Into<Arc<dyn AppBinding>>) -> Self {
        self.app = Some(app.into());
        self
    }

    /// Scopes to register with the app instead of the client's default ones.
    pub fn app_scopes(mut self, scopes: impl IntoScopes) -> Self {
        self.app_scopes = Some(scopes.into_scopes());
        self
    }

    /// Settings to use instead of those of the process environment.
    pub fn config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// The Globus environment, for example `preview`; wins over `GLOBUS_SDK_ENVIRONMENT`.
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// The service's URL; wins over environment and `GLOBUS_SDK_SERVICE_URL_*`.
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = Some(base_url.into());
        self
    }

    pub(crate) fn base_url_unless_given(mut self, base_url: String) -> Self {
        self.base_url.get_or_insert(base_url);
        self
    }

    /// Name of the program, added to the `User-Agent` header.
    pub fn app_name(mut self, app_name: impl Into<String>) -> Self {
        self.app_name = Some(app_name.into());
        self
    }

    /// What `X-Globus-Client-Info` says; an empty one sends no such header.
    pub fn client_info(mut self, client_info: ClientInfo) -> Self {
        self.client_info = client_info;
        self
    }

    /// What sends the requests, instead of the SDK's own HTTP client. Share one to share its connections.
    pub fn transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// How failed requests are sent again.
    pub fn retry_config(mut self, retry: RetryConfig) -> Self {
        self.retry = retry;
        self
    }

    /// Longest body of an answer that is read into memory, in bytes after decompression; 512 MiB by default. A longer
    /// one is an [`Error::Decode`]; answers that are streamed may be of any length. Of the document of an error, never
    /// more than the first MiB is kept.
    pub fn max_answer_bytes(mut self, bytes: usize) -> Self {
        self.max_answer_bytes = bytes;
        self
    }

    /// Where time and randomness come from.
    pub fn ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = Some(ambient);
        self
    }

    /// What may answer a demand for another login, and have the request sent once more.
    pub fn authorization_hook(mut self, hook: Arc<dyn AuthorizationHook>) -> Self {
        self.hook = Some(hook);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`Error::Validation`] for an unknown environment, an unusable URL or a bad `GLOBUS_SDK_*` variable.
    pub fn build(self) -> Result<C> {
        let spec = self.spec;
        self.check_credentials()?;
        self.check_app()?;
        let config = self.settings()?;
        if config.http_timeout().is_some_and(|timeout| timeout.is_zero()) {
            return Err(Error::validation(
                "GLOBUS_SDK_HTTP_TIMEOUT",
                "0 seconds leave no time for any answer; give more, or -1 for no limit",
            ));
        }
        let base_url = match (&self.base_url, spec.service) {
            (Some(url), _) => crate::config::base_url("`base_url`", url)?,
            (None, Some(service)) => config.service_url(service)?,
            (None, None) => {
                let address = match spec.resource_server {
                    ResourceServer::Fetched(_) => "a `gcs_address`",
                    ResourceServer::FromVariable(_) => "a `collection_address`",
                    _ => "a `base_url`",
                };
                return Err(Error::usage(format!("`{}` needs {address}", spec.name)));
            }
        };
        check_variables(spec, &self.vars)?;
        let headers = self.headers()?;
        let bond = self.app.map(Bond::new);
        let transport = match (self.transport, &bond) {
            (Some(transport), _) => transport,
            (None, Some(bond)) => bond.app.transport(),
            (None, None) => Arc::new(HttpTransport::new(&config)),
        };
        let ambient = self
            .ambient
            .or_else(|| bond.as_ref().map(|bond| bond.app.ambient()))
            .unwrap_or_default();
        let hook = self.hook.or_else(|| bond.as_ref().and_then(|bond| bond.app.hook()));
        let runtime = if C::Mode::BLOCKING {
            let runtime = Runtime::new()?;
            Some(Arc::new(runtime))
        } else {
            None
        };
        let exchange = Exchange::new(Settings {
            transport,
            authorizer: self.credentials.or(self.authorizer),
            retry: self.retry,
            ambient,
            shape: spec.errors,
            transient: spec.transient,
            origin: base_url.clone(),
            hook,
            max_answer_bytes: self.max_answer_bytes,
        });
        let timeout = config.http_timeout();
        let fetched = OnceLock::new();
        let core = Core {
            spec,
            base_url,
            vars: self.vars,
            headers,
            timeout,
            exchange,
            runtime,
            fetched,
            bond,
        };
        Ok(C::from_core(bind(core, self.app_scopes)?))
    }

    fn settings(&self) -> Result<Config> {
        let config = match (&self.config, &self.app) {
            (Some(config), _) => config.clone(),
            (None, Some(app)) => app.config().clone(),
            (None, None) => Config::from_env()?,
        };
        Ok(match &self.environment {
            Some(environment) => config.with_environment(environment),
            None => config,
        })
    }

    /// A login client would send one of two credentials, or some where it should send none.
    fn check_credentials(&self) -> Result<()> {
        let message = match &self.authorizer {
            Some(_) if self.credentials.is_some() => {
                "this client proves itself with its own secret; give it no `authorizer`"
            }
            Some(_) if self.spec.id == "native_app_auth" => {
                "a client without a secret has no credentials to send; give it no `authorizer`, or use an `AuthLoginClient`"
            }
            _ => return Ok(()),
        };
        Err(Error::usage(message))
    }

    fn check_app(&self) -> Result<()> {
        let Some(app) = &self.app else {
            return match self.app_scopes {
                Some(_) => Err(Error::usage("`app_scopes` needs an `app` to register them with")),
                None => Ok(()),
            };
        };
        if self.authorizer.is_some() || self.credentials.is_some() {
            return Err(Error::usage("give either an `app` or an `authorizer`, not both"));
        }
        let theirs = app.config().environment();
        match &self.environment {
            Some(ours) if ours != theirs => Err(Error::usage(format!(
                "[Environment Mismatch] the client is for the environment {ours:?} and its app for {theirs:?}"
            ))),
            _ => Ok(()),
        }
    }

    fn headers(&self) -> Result<HeaderMap> {
        let refused = |what: &str| Error::validation(what, "has characters that no header may have");
        let app_name = self
            .app_name
            .as_deref()
            .or_else(|| self.app.as_ref().map(|app| app.app_name()));
        let mut headers = HeaderMap::new();
        let agent = HeaderValue::try_from(user_agent(app_name)).map_err(|_| refused("`app_name`"))?;
        headers.insert(http::header::USER_AGENT, agent);
        if !self.client_info.is_empty() {
            let info = HeaderValue::try_from(self.client_info.format()).map_err(|_| refused("`client_info`"))?;
            headers.insert(HeaderName::from_static("x-globus-client-info"), info);
        }
        Ok(headers)
    }
}

/// Registers the client's scopes with its app and takes its credentials from there.
fn bind(mut core: Core, app_scopes: Option<ScopeList>) -> Result<Arc<Core>> {
    let Some(bond) = core.bond.clone() else {
        return Ok(Arc::new(core));
    };
    let own_scopes = app_scopes.is_none();
    let known = core.known_resource_server().map(ToOwned::to_owned);
    let scopes = match (app_scopes, core.spec.scopes_of, &known) {
        (Some(scopes), _, _) => Some(scopes),
        (None, Some(scopes_of), Some(resource_server)) => Some(scopes_of(resource_server)?.into_scopes()),
        (None, Some(_), None) => None,
        (None, None, _) => Some(core.spec.default_scopes.iter().copied().collect()),
    };
    if let Some(scopes) = scopes.filter(|scopes| !scopes.is_empty()) {
        bond.register(known.as_deref(), scopes)?;
    }
    if let Some(resource_server) = known {
        core.exchange.set_authorizer(bond.app.authorizer(&resource_server));
        return Ok(Arc::new(core));
    }
    Ok(Arc::new_cyclic(|weak| {
        let authorizer = AskingAuthorizer {
            bond,
            core: weak.clone(),
            own_scopes,
            found: OnceLock::new(),
        };
        core.exchange.set_authorizer(Arc::new(authorizer));
        core
    }))
}

/// What names a resource server becomes part of scopes, so it must not break out of them.
fn check_variables(spec: &ClientSpec, vars: &[(&'static str, String)]) -> Result<()> {
    let name = match spec.resource_server {
        ResourceServer::FromVariable(name) => name,
        ResourceServer::None => "resource_server",
        _ => return Ok(()),
    };
    match vars.iter().find(|(var, _)| *var == name) {
        Some((_, value)) if value.is_empty() || value.contains([' ', '*', '[', ']']) => Err(Error::validation(
            format!("`{name}` of `{}`", spec.name),
            format!("{value:?} is no id: it is empty or has a space or one of `*[]`, which mean something in scopes"),
        )),
        _ => Ok(()),
    }
}
