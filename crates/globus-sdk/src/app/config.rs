//! Settings of an app.

use std::sync::Arc;

use crate::config::Config;
use crate::login::LoginFlowManager;
use crate::tokens::TokenStorage;
use crate::transport::{Ambient, Transport};

/// Settings of an app. Everything has a default.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GlobusAppConfig {
    pub(super) config: Option<Config>,
    pub(super) environment: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) request_refresh_tokens: Option<bool>,
    pub(super) token_storage: Option<Arc<dyn TokenStorage>>,
    pub(super) login_flow_manager: Option<Arc<dyn LoginFlowManager>>,
    pub(super) login_redirect_uri: Option<String>,
    pub(super) login_policy: LoginPolicy,
    pub(super) auto_redrive_gares: bool,
    pub(super) transport: Option<Arc<dyn Transport>>,
    pub(super) ambient: Option<Ambient>,
}

/// Whether a request that needs a login may ask the person for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LoginPolicy {
    /// When somebody is there: standard input is a terminal, or `GLOBUS_SDK_INTERACTIVE=1` says so. Otherwise the
    /// request fails with [`Error::LoginRequired`](crate::Error::LoginRequired), from which the login can be finished
    /// later.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never; [`login`](super::UserApp::login) still does, when it is called.
    Never,
}

impl GlobusAppConfig {
    /// The default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Settings of the SDK to use instead of those of the process environment.
    pub fn with_config(mut self, config: Config) -> Self {
        self.config = Some(config);
        self
    }

    /// The Globus environment, for example `preview`, of the app and all its clients.
    pub fn with_environment(mut self, environment: impl Into<String>) -> Self {
        self.environment = Some(environment.into());
        self
    }

    /// The profile under which the app keeps its tokens, for example `work`; wins over `GLOBUS_PROFILE`. Two profiles never
    /// use each other's tokens. A [storage of one's own](Self::with_token_storage) must have the namespace
    /// [`token_namespace`](crate::config::Config::token_namespace).
    pub fn with_profile(mut self, profile: impl Into<String>) -> Self {
        self.profile = Some(profile.into());
        self
    }

    /// Whether a login asks for refresh tokens, which renew access tokens for months. A user app does by default.
    pub fn with_request_refresh_tokens(mut self, request: bool) -> Self {
        self.request_refresh_tokens = Some(request);
        self
    }

    /// Where tokens are kept; by default in a JSON file below the home folder.
    pub fn with_token_storage(mut self, storage: impl TokenStorage + 'static) -> Self {
        self.token_storage = Some(Arc::new(storage));
        self
    }

    /// How a person logs in; by default on the command line. For the browser it is a
    /// [`LocalServerLoginFlowManager`](crate::login::LocalServerLoginFlowManager), and where the program's settings name
    /// one, [`login::known`](crate::login::known).
    pub fn with_login_flow_manager(mut self, manager: impl LoginFlowManager + 'static) -> Self {
        self.login_flow_manager = Some(Arc::new(manager));
        self
    }

    /// Where the login page leads in the end; needed for a client with a secret.
    pub fn with_login_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.login_redirect_uri = Some(uri.into());
        self
    }

    /// Whether a request that needs a login may ask the person for it.
    pub fn with_login_policy(mut self, policy: LoginPolicy) -> Self {
        self.login_policy = policy;
        self
    }

    /// Whether a service's demand for a fresh login or a further consent is met by logging in, and the request sent
    /// once more. It is not by default.
    pub fn with_auto_redrive_gares(mut self, redrive: bool) -> Self {
        self.auto_redrive_gares = redrive;
        self
    }

    /// What sends the requests of the app and its clients.
    pub fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = Some(transport);
        self
    }

    /// Where time and randomness come from.
    pub fn with_ambient(mut self, ambient: Ambient) -> Self {
        self.ambient = Some(ambient);
        self
    }
}
