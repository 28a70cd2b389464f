//! How a person logs in: from the address of the login page to the code that it gives.
//!
//! An app has a [`LoginFlowManager`]; by default it is the [command line](CommandLineLoginFlowManager). One of your own
//! takes a few lines:
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

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use crate::error::Result;
use crate::services::auth::AuthorizationFlow;

pub use command_line::CommandLineLoginFlowManager;

/// Leads a person through a login.
pub trait LoginFlowManager: Send + Sync + std::fmt::Debug {
    /// Shows `url` to the person and answers the code that the login gave.
    ///
    /// Where the login leads back to an address, [`AuthorizationFlow::code_from_redirect`] takes the code out of it and
    /// checks that it belongs to this login.
    ///
    /// # Errors
    /// [`Error::LoginRequired`](crate::Error::LoginRequired) when nobody answers.
    fn run_login_flow<'a>(&'a self, flow: &'a AuthorizationFlow, url: &'a str) -> BoxFuture<'a, Result<SecretString>>;
}
