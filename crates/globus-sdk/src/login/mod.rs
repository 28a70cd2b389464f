//! How a person is taken through a login.
//!
//! A [`LoginFlowManager`] shows the address of the login page and brings back the code. [`CommandLineLoginFlowManager`]
//! does so on the command line; a program with windows of its own brings its own manager.
//!
//! ```
//! use globus_sdk::NativeAppAuthClient;
//! use globus_sdk::login::{CommandLineLoginFlowManager, LoginFlowManager as _};
//!
//! # globus_emulator::doc::run(async {
//! let client = NativeAppAuthClient::new("61338d24-54d5-408f-a10d-66c06b59f6d2")?;
//! let flow = client.oauth2_start_flow("openid").build()?;
//! let url = flow.authorize_url().to_string();
//! let code = CommandLineLoginFlowManager::new().run_login_flow(&flow, &url).await?;
//! let tokens = flow.exchange(&client, code).await?;
//! # assert!(tokens.by_resource_server().contains_key("auth.globus.org"));
//! # Ok(()) });
//! ```
//!
//! A manager of one's own takes a few lines:
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
mod prompts;

use std::fmt;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::error::Result;
use crate::services::auth::AuthorizationFlow;

pub use command_line::CommandLineLoginFlowManager;
pub use prompts::LoginPrompts;

/// Takes a person through a login that has started.
pub trait LoginFlowManager: Send + Sync + fmt::Debug {
    /// Has the person log in at `url`, and answers the code that the login page gives in the end. Where it comes with a
    /// `state`, [`AuthorizationFlow::code_from_redirect`] checks that it belongs to `flow`.
    ///
    /// # Errors
    /// [`Error::LoginRequired`](crate::Error::LoginRequired) when nobody answers, and
    /// [`Error::Login`](crate::Error::Login) when the login fails. An implementation must not wait for ever.
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>>;
}
