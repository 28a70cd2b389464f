//! What may happen when a service wants more than a valid token.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::error::{ApiError, Error};

/// Steps in when a service refuses a request for want of a consent or of a fresh login.
///
/// It is called with errors that carry authorization parameters or ask for a consent, after all retries, at
/// most once per call. An app implements it by asking its person to log in again.
pub trait AuthorizationHook: Send + Sync + fmt::Debug {
    /// Answers whether the request should be sent once more.
    ///
    /// # Errors
    /// An error takes the place of the service's refusal, for example
    /// [`Error::LoginRequired`] where nobody can be asked.
    fn redrive<'a>(&'a self, refusal: &'a ApiError) -> BoxFuture<'a, Result<bool, Error>>;
}

/// Whether a refusal is one that a login could cure.
pub(super) fn concerns(refusal: &ApiError) -> bool {
    let info = refusal.info();
    info.authorization_parameters.is_some() || info.consent_required.is_some()
}
