//! What goes into the `Authorization` header.
//!
//! | Authorizer | Header | After a 401 |
//! |---|---|---|
//! | [`AccessTokenAuthorizer`] | a token that never changes | nothing to do |
//! | [`RenewingAuthorizer`] | a token that a [`TokenSource`] renews | renews it |
//! | [`BasicAuthorizer`] | name and password | nothing to do |
//! | [`NullAuthorizer`] | none, not even one that the caller set | nothing to do |

mod access_token;
mod basic;
mod null;
mod renewal;
mod renewing;
mod single_flight;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use http::HeaderValue;

use crate::error::Error;

pub use access_token::AccessTokenAuthorizer;
pub(crate) use access_token::bearer;
pub use basic::BasicAuthorizer;
pub use null::NullAuthorizer;
pub use renewal::{Renewal, TokenSource};
pub use renewing::{RenewingAuthorizer, RenewingAuthorizerBuilder};
pub(crate) use single_flight::{SingleFlight, Work};

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

    /// Whether there are credentials at all. A client without any names itself in requests that ask who sends them.
    fn has_credentials(&self) -> bool {
        true
    }
}

/// One authorizer can serve several clients: its token is renewed once for all of them.
impl<T: Authorizer + ?Sized> Authorizer for Arc<T> {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>> {
        (**self).authorization_header()
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool, Error>> {
        (**self).handle_missing_authorization(rejected)
    }

    fn has_credentials(&self) -> bool {
        (**self).has_credentials()
    }
}
