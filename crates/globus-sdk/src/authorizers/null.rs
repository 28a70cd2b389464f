//! No credentials.

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::Authorizer;
use crate::error::Error;

/// Sends no credentials, and takes away an `Authorization` header that the caller set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NullAuthorizer;

impl Authorizer for NullAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>, Error>> {
        Box::pin(async { Ok(None) })
    }

    fn has_credentials(&self) -> bool {
        false
    }
}
