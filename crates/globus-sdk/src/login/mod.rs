//! How a person is taken through a login.
//!
//! A [`LoginFlowManager`] shows the login page and brings back the code. [`CommandLineLoginFlowManager`] prints the address
//! and has the code typed; [`LocalServerLoginFlowManager`] opens the browser and is told the code by it; a program with
//! windows of its own brings its own manager.
//!
//! ```
//! use globus_sdk::NativeAppAuthClient;
//! use globus_sdk::login::{CommandLineLoginFlowManager, LoginFlowManager as _};
//!
//! # globus_emulator::doc::run(async {
//! let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
//! let mut flow = client.oauth2_start_flow("openid").build()?;
//! let code = CommandLineLoginFlowManager::new().log_in(&mut flow, None).await?;
//! let tokens = flow.exchange(&client, code).await?;
//! # assert!(tokens.by_resource_server().contains_key("auth.globus.org"));
//! # Ok(()) });
//! ```
//!
//! A manager of one's own takes a few lines, and goes to
//! [`GlobusAppConfig::with_login_flow_manager`](crate::app::GlobusAppConfig::with_login_flow_manager) as the others do:
//!
//! ```
//! use futures_util::future::BoxFuture;
//! use globus_sdk::login::LoginFlowManager;
//! use globus_sdk::{AuthorizationFlow, Result};
//! use secrecy::SecretString;
//!
//! /// Somebody else shows the address and brings the code.
//! #[derive(Debug)]
//! struct Concierge;
//!
//! impl LoginFlowManager for Concierge {
//!     fn run_login_flow<'a>(&'a self, _flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
//!         Box::pin(async move { Ok(bring_code_for(url).await) })
//!     }
//! }
//! # async fn bring_code_for(url: &str) -> SecretString { url.to_owned().into() }
//! ```

mod command_line;
mod input;
mod local_server;
mod prompts;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::engine::Runtime;
use crate::error::{AuthorizationParameters, Error, Result, quoted};
use crate::gare::GlobusAuthorizationParameters;
use crate::services::auth::AuthorizationFlow;

pub use command_line::CommandLineLoginFlowManager;
pub use local_server::LocalServerLoginFlowManager;
pub use prompts::LoginPrompts;

/// What remains to be done with the code that a login brought: it is traded for tokens by the flow that it belongs to, and
/// they are stored.
pub type Finish<'a> = Box<dyn FnOnce(AuthorizationFlow, SecretString) -> BoxFuture<'a, Result<()>> + Send + 'a>;

/// Takes a person through a login that has started.
pub trait LoginFlowManager: Send + Sync + fmt::Debug {
    /// Has the person log in at `url`, and answers the code that the login page gives in the end. Where it comes with a
    /// `state`, [`AuthorizationFlow::code_from_redirect`] checks that it belongs to `flow`.
    ///
    /// # Errors
    /// [`Error::LoginRequired`] when nobody answers, and [`Error::Login`] when the login fails. An implementation must
    /// not wait for ever.
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>>;

    /// Runs a login with what a service demands of it, and answers the code, to be exchanged by `flow`.
    ///
    /// The provided method calls [`run_login_flow`](Self::run_login_flow). A manager that waits for the browser itself
    /// leads `flow` to where it waits ([`AuthorizationFlow::with_redirect_uri`]), and leaves it as it is when it fails.
    ///
    /// # Errors
    /// Those of [`run_login_flow`](Self::run_login_flow).
    fn log_in<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
    ) -> BoxFuture<'a, Result<SecretString>> {
        Box::pin(async move { self.run_login_flow(flow, &address(flow, demands)).await })
    }

    /// Runs a login to its end: `finish` gets the code and the flow that trades it. Apps call this method.
    ///
    /// The provided method calls [`log_in`](Self::log_in), and shows nothing of how it ends. A manager with a window or a
    /// page that is still there can say it.
    ///
    /// # Errors
    /// Those of [`log_in`](Self::log_in) and of `finish`.
    fn complete_login<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
        finish: Finish<'a>,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let code = self.log_in(flow, demands).await?;
            finish(flow.clone(), code).await
        })
    }

    /// The same as [`log_in`](Self::log_in) for programs without async: blocks the thread.
    ///
    /// # Errors
    /// The same.
    fn log_in_blocking(
        &self,
        flow: &mut AuthorizationFlow,
        demands: Option<&GlobusAuthorizationParameters>,
    ) -> Result<SecretString> {
        Runtime::new()?.block_on(self.log_in(flow, demands))
    }

    /// Says whether logins that lead to an app's own `login_redirect_uri` can work; asked when the app is built.
    ///
    /// The provided method takes any.
    ///
    /// # Errors
    /// [`Error::Usage`] if they cannot.
    fn check_redirect(&self, login_redirect_uri: &str) -> Result<()> {
        let _ = login_redirect_uri;
        Ok(())
    }
}

/// Clones of the pointer are the same manager.
impl<T: LoginFlowManager + ?Sized> LoginFlowManager for Arc<T> {
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>> {
        (**self).run_login_flow(flow, url)
    }

    fn log_in<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
    ) -> BoxFuture<'a, Result<SecretString>> {
        (**self).log_in(flow, demands)
    }

    fn complete_login<'a>(
        &'a self,
        flow: &'a mut AuthorizationFlow,
        demands: Option<&'a GlobusAuthorizationParameters>,
        finish: Finish<'a>,
    ) -> BoxFuture<'a, Result<()>> {
        (**self).complete_login(flow, demands, finish)
    }

    fn check_redirect(&self, login_redirect_uri: &str) -> Result<()> {
        (**self).check_redirect(login_redirect_uri)
    }
}

/// The manager of this name, for programs whose settings name one: `command-line` or `local-server`.
///
/// ```
/// use globus_sdk::app::GlobusAppConfig;
///
/// let config = GlobusAppConfig::new().with_login_flow_manager(globus_sdk::login::known("local-server")?);
/// # let _ = config;
/// # Ok::<(), globus_sdk::Error>(())
/// ```
///
/// # Errors
/// [`Error::Validation`] for any other name.
pub fn known(name: &str) -> Result<Arc<dyn LoginFlowManager>> {
    match name {
        "command-line" => Ok(Arc::new(CommandLineLoginFlowManager::new())),
        "local-server" => Ok(Arc::new(LocalServerLoginFlowManager::new())),
        _ => {
            let message = format!("{} is not known; known are command-line, local-server", quoted(name));
            Err(Error::validation("login_flow_manager", message))
        }
    }
}

/// The address of the login page, with what a service demands.
pub(crate) fn address(flow: &AuthorizationFlow, demands: Option<&GlobusAuthorizationParameters>) -> String {
    let url = flow.authorize_url();
    let url = match demands {
        Some(demands) => url.parameters(&AuthorizationParameters::from(demands)),
        None => url,
    };
    url.to_string()
}

/// The scopes of a login, one by one.
pub(crate) fn scopes_of(flow: &AuthorizationFlow) -> Vec<String> {
    let scopes = flow.scope().split(' ').filter(|scope| !scope.is_empty());
    scopes.map(str::to_owned).collect()
}
