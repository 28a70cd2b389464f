//! What tokens must fulfil to be stored or used.

mod identity;
mod scope_requirements;
mod storage;
mod validators;

use std::fmt;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::TokenDataByResourceServer;
use crate::error::Result;

pub use scope_requirements::{ConsentFetcher, ScopeRequirements, ScopeRequirementsValidator};
pub use storage::ValidatingTokenStorage;
pub use validators::{HasRefreshTokensValidator, NotExpiredValidator, UnchangingIdentityIDValidator};

/// What a validator knows besides the tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenValidationContext {
    /// Whose tokens the storage held before, if it is known.
    pub prior_identity_id: Option<String>,
    /// Whose tokens these are, if they tell.
    pub token_data_identity_id: Option<String>,
}

impl TokenValidationContext {
    /// Whose tokens these are, or else those that were stored before.
    pub fn identity_id(&self) -> Option<&str> {
        self.token_data_identity_id
            .as_deref()
            .or(self.prior_identity_id.as_deref())
    }
}

/// Looks at tokens before they are stored and after they are read; an error prevents it.
///
/// The errors of this crate's own validators are [`Error::Token`](crate::error::Error::Token).
pub trait TokenDataValidator: Send + Sync + fmt::Debug {
    /// Called before tokens are stored.
    fn before_store<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (data, context);
        Box::pin(async { Ok(()) })
    }

    /// Called when tokens were read, before anybody gets them. There may be none.
    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        let _ = (data, context);
        Box::pin(async { Ok(()) })
    }
}

impl<T: TokenDataValidator + ?Sized> TokenDataValidator for Arc<T> {
    fn before_store<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        (**self).before_store(data, context)
    }

    fn after_retrieve<'a>(
        &'a self,
        data: &'a TokenDataByResourceServer,
        context: &'a TokenValidationContext,
    ) -> BoxFuture<'a, Result<()>> {
        (**self).after_retrieve(data, context)
    }
}
