//! What goes into the `Authorization` header.

use std::fmt;

use futures_util::future::BoxFuture;
use http::HeaderValue;

use crate::error::Error;

/// Supplies the `Authorization` header of requests.
pub trait Authorizer: Send + Sync + fmt::Debug {
    /// The header's value now, or `None` to send no such header. May renew a token first.
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>>;

    /// Called after a 401. `rejected` is the header that was refused. Answers whether another try has a chance.
    ///
    /// An implementation that renews forgets its token only when `rejected` is still the current one.
    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool, Error>> {
        let _ = rejected;
        Box::pin(async { Ok(false) })
    }
}
