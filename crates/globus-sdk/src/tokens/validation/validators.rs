//! Validators that need nothing but the tokens.

use std::fmt;
use std::time::{Duration, SystemTime};

use futures_util::future::BoxFuture;

use super::{TokenDataValidator, TokenValidationContext};
use crate::error::{Result, TokenError};
use crate::tokens::TokenDataByResourceServer;

/// Lets tokens be used only if they can be renewed: [`TokenError::MissingRefreshToken`] otherwise.
#[derive(Debug, Clone, Copy, Default)]
pub struct HasRefreshTokensValidator;

impl TokenDataValidator for HasRefreshTokensValidator {
    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        _context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let lacking = data.values().find(|token| token.refresh_token.is_none());
        let result = lacking.map_or(Ok(()), |token| {
            Err(TokenError::missing_refresh_token(&token.resource_server).into())
        });
        Box::pin(async { result })
    }
}

/// Lets tokens be used only until they end: [`TokenError::Expired`] afterwards.
pub struct NotExpiredValidator {
    now: Box<dyn Fn() -> SystemTime + Send + Sync>,
}

impl NotExpiredValidator {
    /// Goes by the system's clock.
    pub fn new() -> Self {
        Self::with_now(SystemTime::now)
    }

    /// Goes by another clock.
    pub fn with_now(now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        Self { now: Box::new(now) }
    }
}

impl Default for NotExpiredValidator {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for NotExpiredValidator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NotExpiredValidator")
    }
}

impl TokenDataValidator for NotExpiredValidator {
    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        _context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let now = (self.now)();
        let since_1970 = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let has_ended = |end: i64| u64::try_from(end).map_or(true, |end| Duration::from_secs(end) < since_1970);
        let ended = data.values().find(|token| has_ended(token.expires_at_seconds));
        let result = ended.map_or(Ok(()), |token| {
            Err(TokenError::expired(&token.resource_server, token.expires_at_seconds).into())
        });
        Box::pin(async { result })
    }
}

/// Lets tokens be stored only if they are those of the identity whose tokens were stored before, and be used only as
/// long as no other identity has taken their place.
///
/// [`TokenError::MissingIdentity`] if the tokens do not tell, [`TokenError::IdentityMismatch`] if it is another one.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnchangingIdentityIDValidator;

impl TokenDataValidator for UnchangingIdentityIDValidator {
    fn before_store<'a>(
        &'a self,
        _data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let result = match (&context.token_data_identity_id, &context.prior_identity_id) {
            (None, _) => Err(TokenError::MissingIdentity.into()),
            (Some(new), Some(stored)) if new != stored => Err(TokenError::identity_mismatch(stored, new).into()),
            _ => Ok(()),
        };
        Box::pin(async { result })
    }

    fn after_retrieve<'a>(
        &'a self,
        _data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let result = match (&context.token_data_identity_id, &context.prior_identity_id) {
            (Some(found), Some(known)) if found != known => Err(TokenError::identity_mismatch(found, known).into()),
            _ => Ok(()),
        };
        Box::pin(async { result })
    }
}
