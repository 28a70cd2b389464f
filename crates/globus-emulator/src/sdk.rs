//! Programs of the Rust SDK in the world of an emulator: settings, authorizers and apps that are logged in.

use std::fmt;
use std::sync::{Arc, Weak};

use futures_util::future::BoxFuture;
use globus_sdk::AuthorizationFlow;
use globus_sdk::app::{ClientApp, GlobusAppConfig, LoginPolicy, UserApp};
use globus_sdk::authorizers::AccessTokenAuthorizer;
use globus_sdk::blocking;
use globus_sdk::config::Config;
use globus_sdk::error::{LoginError, LoginErrorKind, Result};
use globus_sdk::login::LoginFlowManager;
use globus_sdk::tokens::MemoryTokenStorage;
use secrecy::SecretString;

use crate::control::mint::MintError;
use crate::emulator::Emulator;
use crate::person::Person;
use crate::seed;
use crate::server::Shared;

/// The name of apps that are made here.
const APP: &str = "globus-emulator";

impl Emulator {
    /// Settings of the SDK for clients and apps that use this emulator, whatever the process environment says.
    ///
    /// ```
    /// # tokio_test();
    /// # fn tokio_test() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use globus_emulator::Emulator;
    /// use globus_sdk::GroupsClient;
    ///
    /// let globus = Emulator::start().await?;
    /// let bob = globus.as_user("bob").authorizer(&["urn:globus:auth:scope:groups.api.globus.org:all"])?;
    /// let groups = GroupsClient::builder().config(globus.config()?).authorizer(bob).build()?;
    /// assert!(!groups.get_my_groups().await?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap() }
    /// ```
    ///
    /// # Errors
    ///
    /// When the certificate of this emulator cannot be written to a file.
    pub fn config(&self) -> Result<Config> {
        let env = self.env();
        Config::from_lookup(move |name| {
            let found = env.iter().find(|(known, _)| known == name);
            found.map(|(_, value)| value.clone())
        })
    }

    /// An app that acts as the seeded program, [`seed::CLIENT_ID`]. It keeps its tokens in memory.
    ///
    /// ```
    /// # tokio_test();
    /// # fn tokio_test() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use globus_emulator::{Emulator, seed};
    /// use globus_sdk::TransferClient;
    ///
    /// let globus = Emulator::start().await?;
    /// let transfer = TransferClient::builder().app(&globus.client_app()?).build()?;
    /// let mine = transfer.get_endpoint(seed::CLIENT_COLLECTION).await?;
    /// println!("{}", mine.display_name.as_deref().unwrap_or_default());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap() }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`config`](Self::config), and of an app that cannot be built.
    pub fn client_app(&self) -> Result<ClientApp> {
        let app = ClientApp::builder(APP).client_id(seed::CLIENT_ID);
        app.client_secret(seed::CLIENT_SECRET).config(self.settings()?).build()
    }

    /// Like [`client_app`](Self::client_app), for programs that are not async. Their emulator is started by
    /// [`start_now`](crate::Builder::start_now): one on the runtime of the thread that waits would never answer.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn blocking_client_app(&self) -> Result<blocking::ClientApp> {
        let app = blocking::ClientApp::builder(APP).client_id(seed::CLIENT_ID);
        app.client_secret(seed::CLIENT_SECRET).config(self.settings()?).build()
    }

    fn settings(&self) -> Result<GlobusAppConfig> {
        let settings = GlobusAppConfig::new().with_config(self.config()?);
        Ok(settings.with_token_storage(MemoryTokenStorage::new()))
    }
}

impl Person<'_> {
    /// What sends an access token of this person, 48 hours long, for scopes of one resource server. Nobody logs in for
    /// it; the token belongs to the seeded native client.
    ///
    /// # Errors
    ///
    /// Those of [`Emulator::mint_token`].
    pub fn authorizer(&self, scopes: &[&str]) -> Result<AccessTokenAuthorizer, MintError> {
        self.token(scopes).map(AccessTokenAuthorizer::new)
    }

    /// An app of the seeded native client in which this person logs in, with everything consented to, as soon as a client
    /// that is bound to it needs that. It keeps its tokens in memory, and also logs in again when a service demands it.
    ///
    /// ```
    /// # tokio_test();
    /// # fn tokio_test() { tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// use globus_emulator::Emulator;
    /// use globus_sdk::GroupsClient;
    ///
    /// let globus = Emulator::start().await?;
    /// let groups = GroupsClient::builder().app(&globus.as_user("alice").app()?).build()?;
    /// assert!(!groups.get_my_groups().await?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// # }).unwrap() }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Emulator::config`], and of an app that cannot be built. That there is no such person is told by the first
    /// request.
    pub fn app(&self) -> Result<UserApp> {
        let app = UserApp::builder(APP).client_id(seed::NATIVE_CLIENT_ID);
        app.config(self.settings()?).build()
    }

    /// Like [`app`](Self::app), for programs that are not async. Their emulator is started by
    /// [`start_now`](crate::Builder::start_now): one on the runtime of the thread that waits would never answer.
    ///
    /// # Errors
    ///
    /// The same.
    pub fn blocking_app(&self) -> Result<blocking::UserApp> {
        let app = blocking::UserApp::builder(APP).client_id(seed::NATIVE_CLIENT_ID);
        app.config(self.settings()?).build()
    }

    /// How this person logs in, for an app of your own:
    /// [`GlobusAppConfig::with_login_flow_manager`]. They sign in as in [`Emulator::sign_in`], and nobody is asked.
    pub fn login_flow_manager(&self) -> impl LoginFlowManager + 'static {
        SignsIn {
            shared: Arc::downgrade(self.emulator.shared()),
            name: self.name.clone(),
        }
    }

    fn settings(&self) -> Result<GlobusAppConfig> {
        let settings = self.emulator.settings()?.with_login_policy(LoginPolicy::Always);
        let settings = settings.with_login_flow_manager(self.login_flow_manager());
        Ok(settings.with_auto_redrive_gares(true))
    }
}

/// Somebody who signs in wherever an app asks for it.
struct SignsIn {
    /// An app does not keep its emulator alive.
    shared: Weak<Shared>,
    name: String,
}

impl fmt::Debug for SignsIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignsIn")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl SignsIn {
    fn code(&self, flow: &AuthorizationFlow, url: &str) -> Result<SecretString> {
        let refused = |what: String| LoginError::new(LoginErrorKind::Refused, what);
        let shared = self.shared.upgrade();
        let shared =
            shared.ok_or_else(|| refused("the emulator has stopped; keep it as long as its apps".to_owned()))?;
        let there = shared.sign_in(url, &self.name);
        let there = there.map_err(|error| refused(error.to_string()))?;
        flow.code_from_redirect(there.redirect())
    }
}

impl LoginFlowManager for SignsIn {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        let code = self.code(flow, url);
        Box::pin(async { code })
    }
}
