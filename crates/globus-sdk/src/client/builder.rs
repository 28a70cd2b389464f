//! [`ClientBuilder`]: the settings of a new client of any type.

use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::runtime::Runtime;
use super::{Core, Mode};
use crate::authorizers::Authorizer;
use crate::config::{ClientInfo, Config, user_agent};
use crate::error::{Error, Result};
use crate::operation::ClientSpec;
use crate::transport::{Ambient, AuthorizationHook, Exchange, HttpTransport, RetryConfig, Transport};

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
    pub(super) spec: &'static ClientSpec,
    config: Option<Config>,
    environment: Option<String>,
    base_url: Option<String>,
    app_name: Option<String>,
    client_info: ClientInfo,
    authorizer: Option<Arc<dyn Authorizer>>,
    transport: Option<Arc<dyn Transport>>,
    retry: RetryConfig,
    ambient: Ambient,
    hook: Option<Arc<dyn AuthorizationHook>>,
    vars: Vec<(&'static str, String)>,
    client: PhantomData<fn() -> C>,
}

impl<C: ClientType> ClientBuilder<C> {
    pub(crate) fn new() -> Self {
        Self::of(C::SPEC)
    }

    /// Settings of a client whose type is only known by its row.
    pub(super) fn of(spec: &'static ClientSpec) -> Self {
        Self {
            spec,
            config: None,
            environment: None,
            base_url: None,
            app_name: None,
            client_info: ClientInfo::default(),
            authorizer: None,
            transport: None,
            retry: RetryConfig::default(),
            ambient: Ambient::default(),
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

    pub(super) fn base_url_unless_given(mut self, base_url: String) -> Self {
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

    /// Where time and randomness come from.
    pub fn ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = ambient;
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
        let mut config = match self.config {
            Some(config) => config,
            None => Config::from_env()?,
        };
        if let Some(environment) = self.environment {
            config = config.with_environment(environment);
        }
        let base_url = match (&self.base_url, spec.service) {
            (Some(url), _) => parse_base_url(url)?,
            (None, Some(service)) => config.service_url(service)?,
            (None, None) => return Err(Error::usage(format!("`{}` needs a `base_url`", spec.name))),
        };
        let mut headers = HeaderMap::new();
        let user_agent = HeaderValue::try_from(user_agent(self.app_name.as_deref()))
            .map_err(|_| Error::validation("`app_name`", "has characters that no header may have"))?;
        headers.insert(http::header::USER_AGENT, user_agent);
        if !self.client_info.is_empty() {
            let value = HeaderValue::try_from(self.client_info.format())
                .map_err(|_| Error::validation("`client_info`", "has characters that no header may have"))?;
            headers.insert(HeaderName::from_static("x-globus-client-info"), value);
        }
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HttpTransport::new(&config)),
        };
        let runtime = if C::Mode::BLOCKING {
            let runtime = Runtime::new()
                .map_err(|error| Error::usage(format!("no runtime for a blocking client could be made: {error}")))?;
            Some(Arc::new(runtime))
        } else {
            None
        };
        let exchange = Exchange::new(
            transport,
            self.authorizer,
            self.retry,
            self.ambient,
            spec.errors,
            spec.transient,
            base_url.clone(),
            self.hook,
        );
        let timeout = config.http_timeout();
        let core = Core {
            spec,
            base_url,
            vars: self.vars,
            headers,
            timeout,
            exchange,
            runtime,
            fetched: OnceLock::new(),
        };
        Ok(C::from_core(Arc::new(core)))
    }
}

fn parse_base_url(text: &str) -> Result<Url> {
    let invalid = |why: String| Error::validation("`base_url`", format!("{text:?} {why}"));
    let url = Url::parse(text).map_err(|error| invalid(format!("is no URL: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(invalid(
            "must begin with http:// or https:// and name a host".to_owned(),
        ));
    }
    Ok(url)
}
