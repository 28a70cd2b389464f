//! [`AppBuilder`]: the settings of a new app.

use std::marker::PhantomData;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use secrecy::SecretString;

use super::config::GlobusAppConfig;
use super::consents::AppConsents;
use super::core::{Core, LoginClient, Person};
use super::turns::Turns;
use crate::client::{Async, Mode};
use crate::config::Config;
use crate::engine::Background;
use crate::error::{Error, Result};
use crate::login::CommandLineLoginFlowManager;
use crate::scopes::IntoScopes;
use crate::services::auth::ConfidentialAppAuthClient as Confidential;
use crate::services::auth::IdTokenDecoder;
use crate::services::auth::NativeAppAuthClient as Native;
use crate::tokens::{
    DEFAULT_NAMESPACE, HasRefreshTokensValidator, JsonTokenStorage, NotExpiredValidator, ScopeRequirements,
    ScopeRequirementsValidator, TokenStorage, UnchangingIdentityIDValidator, ValidatingTokenStorage, slugify_app_name,
};
use crate::transport::{HttpTransport, Transport};

/// Settings of a new app; [`build`](Self::build) checks them.
#[derive(Debug)]
#[must_use = "nothing is made until `build` is called"]
pub struct AppBuilder<A, M: Mode = Async> {
    name: String,
    client_id: Option<String>,
    client_secret: Option<SecretString>,
    login_client: Option<LoginClient>,
    requirements: Vec<(String, crate::scopes::ScopeList)>,
    config: GlobusAppConfig,
    person: bool,
    app: PhantomData<fn() -> (A, M)>,
}

impl<A: From<(Arc<Core>, M::Runtime)>, M: Mode> AppBuilder<A, M> {
    pub(super) fn new(name: impl Into<String>, person: bool) -> Self {
        Self {
            name: name.into(),
            client_id: None,
            client_secret: None,
            login_client: None,
            requirements: Vec::new(),
            config: GlobusAppConfig::default(),
            person,
            app: PhantomData,
        }
    }

    /// Id of the registered client with which the app gets tokens.
    pub fn client_id(mut self, client_id: impl ToString) -> Self {
        self.client_id = Some(client_id.to_string());
        self
    }

    /// Secret of that client.
    pub fn client_secret(mut self, client_secret: impl Into<SecretString>) -> Self {
        self.client_secret = Some(client_secret.into());
        self
    }

    /// A ready client without a secret to get tokens with, instead of a `client_id`.
    pub fn native_login_client(mut self, client: Native) -> Self {
        self.login_client = Some(LoginClient::Native(client));
        self
    }

    /// A ready client with a secret to get tokens with, instead of a `client_id`.
    pub fn confidential_login_client(mut self, client: Confidential) -> Self {
        self.login_client = Some(LoginClient::Confidential(client));
        self
    }

    /// Scopes that the app needs beside those of its clients.
    pub fn scope_requirements(mut self, resource_server: impl Into<String>, scopes: impl IntoScopes) -> Self {
        self.requirements.push((resource_server.into(), scopes.into_scopes()));
        self
    }

    /// Settings of the app.
    pub fn config(mut self, config: GlobusAppConfig) -> Self {
        self.config = config;
        self
    }

    /// Makes the app. Nothing is sent and nobody is asked.
    ///
    /// # Errors
    /// [`Error::Usage`] for settings that do not go together, [`Error::Validation`] for a bad `GLOBUS_SDK_*` variable.
    pub fn build(self) -> Result<A> {
        let slug = slugify_app_name(&self.name)?;
        let config = self.sdk_config()?;
        let transport: Arc<dyn Transport> = match &self.config.transport {
            Some(transport) => transport.clone(),
            None => Arc::new(HttpTransport::new(&config)),
        };
        let ambient = self.config.ambient.clone().unwrap_or_default();
        let login = self.login_client(&config, &transport)?;
        if let (true, LoginClient::Confidential(_), None) = (self.person, &login, &self.config.login_redirect_uri) {
            return Err(Error::usage(
                "a user app with a secret needs a `login_redirect_uri` in its config",
            ));
        }
        let client_id = match &login {
            LoginClient::Native(client) => client.client_id().to_owned(),
            LoginClient::Confidential(client) => client.client_id().to_owned(),
        };
        let storage = if let Some(storage) = &self.config.token_storage {
            self.of_profile(storage, &config)?
        } else {
            let storage = JsonTokenStorage::for_app(&client_id, &self.name, config.environment())?;
            Arc::new(storage.with_namespace(config.token_namespace()))
        };
        let refresh_tokens = self.person && self.config.request_refresh_tokens.unwrap_or(true);
        let requirements = ScopeRequirements::new();
        let consents = AppConsents::default();
        let unsaved = storage.unsaved().cloned().unwrap_or_default().of(storage.namespace());
        let mut storage = ValidatingTokenStorage::new(storage);
        if self.person {
            // First, so that nobody's consents are asked for with somebody else's token.
            storage = storage.with_validator(UnchangingIdentityIDValidator);
        }
        storage = storage.with_validator(ScopeRequirementsValidator::new(requirements.clone(), consents.clone()));
        if self.person {
            storage = if refresh_tokens {
                storage.with_validator(HasRefreshTokensValidator)
            } else {
                let clock = ambient.clock.clone();
                storage.with_validator(NotExpiredValidator::with_now(move || clock.now()))
            };
        }
        let person = if self.person {
            let manager = match &self.config.login_flow_manager {
                Some(manager) => manager.clone(),
                None => Arc::new(CommandLineLoginFlowManager::new()),
            };
            if let Some(uri) = &self.config.login_redirect_uri {
                manager.check_redirect(uri)?;
            }
            Some(Person {
                manager,
                redirect_uri: self.config.login_redirect_uri.clone(),
                policy: self.config.login_policy,
                refresh_tokens,
                decoder: match &login {
                    LoginClient::Native(client) => IdTokenDecoder::new(client),
                    LoginClient::Confidential(client) => IdTokenDecoder::new(client),
                },
                pending: Mutex::default(),
            })
        } else {
            None
        };
        let core = Arc::new(Core {
            name: self.name,
            slug,
            config,
            login,
            person,
            turns: Turns::default(),
            requirements,
            generation: AtomicU64::new(0),
            storage,
            unsaved,
            auto_redrive: self.config.auto_redrive_gares,
            transport,
            ambient,
            slots: Mutex::default(),
            adding: Mutex::default(),
            background: Background::default(),
        });
        consents.of(&core);
        for (resource_server, scopes) in &self.requirements {
            core.add_requirements(resource_server, &scopes.to_scopes()?)?;
        }
        if self.person {
            core.require_openid()?;
        }
        Ok(A::from((core, M::runtime()?)))
    }

    fn sdk_config(&self) -> Result<Config> {
        let config = match &self.config.config {
            Some(config) => config.clone(),
            None => Config::from_env()?,
        };
        let config = match &self.config.environment {
            Some(environment) => config.with_environment(environment.clone()),
            None => config,
        };
        Ok(match &self.config.profile {
            Some(profile) => config.with_profile(profile.clone()),
            None => config,
        })
    }

    /// A storage of the program's own, if it keeps the chosen profile apart from others.
    fn of_profile(&self, storage: &Arc<dyn TokenStorage>, config: &Config) -> Result<Arc<dyn TokenStorage>> {
        let wanted = config.token_namespace();
        // A profile of the environment leaves the namespaces alone that a program has chosen.
        let named = self.config.profile.is_some() || storage.namespace() == DEFAULT_NAMESPACE;
        if named && config.profile().is_some() && storage.namespace() != wanted {
            return Err(Error::usage(format!(
                "the token storage has the namespace {:?}, and that of the profile is {wanted:?}; give it that one \
                 (`with_namespace`)",
                storage.namespace()
            )));
        }
        Ok(storage.clone())
    }

    fn login_client(&self, config: &Config, transport: &Arc<dyn Transport>) -> Result<LoginClient> {
        match (&self.login_client, &self.client_id, &self.client_secret) {
            (Some(_), None, Some(_)) => Err(Error::usage(
                "a login client brings its own secret; give no `client_secret`",
            )),
            (Some(_), Some(_), _) => Err(Error::usage("give either a `client_id` or a login client, not both")),
            (None, None, _) => Err(Error::usage("an app needs a `client_id`, or a login client")),
            (Some(LoginClient::Native(_)), None, _) | (None, Some(_), None) if !self.person => {
                Err(Error::usage("a ClientApp acts as itself and needs a `client_secret`"))
            }
            (Some(client), None, _) => Ok(client.clone()),
            (None, Some(id), Some(secret)) => {
                let builder = Confidential::<Async>::with_secret(id, secret.clone());
                let builder = builder
                    .config(config.clone())
                    .transport(transport.clone())
                    .app_name(&self.name);
                Ok(LoginClient::Confidential(self.with_ambient(builder).build()?))
            }
            (None, Some(id), None) => {
                let builder = Native::<Async>::builder(id);
                let builder = builder
                    .config(config.clone())
                    .transport(transport.clone())
                    .app_name(&self.name);
                Ok(LoginClient::Native(self.with_ambient(builder).build()?))
            }
        }
    }

    fn with_ambient<C: crate::client::ClientType>(
        &self,
        builder: crate::client::ClientBuilder<C>,
    ) -> crate::client::ClientBuilder<C> {
        match &self.config.ambient {
            Some(ambient) => builder.ambient(ambient.clone()),
            None => builder,
        }
    }
}
