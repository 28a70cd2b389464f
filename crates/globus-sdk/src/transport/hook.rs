//! What may happen when a service wants more than a valid token.

use std::fmt;

use futures_util::future::BoxFuture;

use crate::error::{ApiError, Error};

/// Steps in when a service refuses a request for want of a consent or of a fresh login.
///
/// It is called with errors that carry authorization parameters or ask for a consent, after all retries, at
/// most once per call. An app implements it by asking its person to log in again.
pub trait AuthorizationHook: Send + Sync + fmt::Debug {
    /// How many logins there have been. Asked before a request gets its credentials, and handed to
    /// [`redrive`](Self::redrive) should they not be enough.
    fn logins(&self) -> u64;

    /// Answers whether the request should be sent once more. `before` is how many logins there had been when it got its
    /// credentials: a login since may have met what this refusal demands.
    ///
    /// # Errors
    /// An error takes the place of the service's refusal, for example
    /// [`Error::LoginRequired`] where nobody can be asked.
    fn redrive<'a>(&'a self, refusal: &'a ApiError, before: u64) -> BoxFuture<'a, Result<bool, Error>>;
}

/// Whether a refusal is one that a login could cure.
pub(super) fn concerns(refusal: &ApiError) -> bool {
    let info = refusal.info();
    info.authorization_parameters.is_some() || info.consent_required.is_some()
}
