//! The credentials of clients that are bound to an app.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::core::{Core, Held, Slot, locked};
use crate::authorizers::Authorizer;
use crate::error::Result;

/// A token is renewed this long before it ends.
pub(super) const MARGIN: Duration = Duration::from_secs(60);

/// Tokens of one resource server, looked after by an app.
#[derive(Debug)]
pub(super) struct AppAuthorizer {
    app: Arc<Core>,
    resource_server: String,
    slot: Arc<Slot>,
}

impl AppAuthorizer {
    pub(super) fn new(app: Arc<Core>, resource_server: &str) -> Self {
        let slot = app.slot(resource_server);
        Self {
            app,
            resource_server: resource_server.to_owned(),
            slot,
        }
    }

    /// The token in use, if it is still good.
    fn held(&self) -> Option<Held> {
        let held = locked(&self.slot.held).clone()?;
        let good = held.generation == self.app.generation() && self.app.ambient.clock.now() + MARGIN < held.expires_at;
        good.then_some(held)
    }

    /// Gets a good token; `rejected` is one that the service refused.
    async fn obtain(&self, rejected: Option<&HeaderValue>) -> Result<Held> {
        let _gate = self.slot.gate.lock().await;
        // Another caller may have been faster.
        if let Some(held) = self.held().filter(|held| Some(&held.header) != rejected) {
            return Ok(held);
        }
        let generation = self.app.generation();
        let (app, resource_server, rejected) = (self.app.clone(), self.resource_server.clone(), rejected.cloned());
        // To its end, even if this caller goes away: a refresh token may be good for one use only.
        let task = tokio::spawn(async move { app.good_token(&resource_server, rejected.as_ref()).await });
        let token = task
            .await
            .unwrap_or_else(|failed| std::panic::resume_unwind(failed.into_panic()))?;
        let held = Held {
            header: token.header()?,
            expires_at: token.expires_at(),
            generation,
        };
        *locked(&self.slot.held) = Some(held.clone());
        Ok(held)
    }
}

impl Authorizer for AppAuthorizer {
    fn authorization_header(&self) -> BoxFuture<'_, Result<Option<HeaderValue>>> {
        Box::pin(async move {
            let held = match self.held() {
                Some(held) => held,
                None => self.obtain(None).await?,
            };
            Ok(Some(held.header))
        })
    }

    fn handle_missing_authorization(&self, rejected: Option<&HeaderValue>) -> BoxFuture<'_, Result<bool>> {
        let rejected = rejected.cloned();
        Box::pin(async move {
            if !self.app.renews() {
                return Ok(false);
            }
            self.obtain(rejected.as_ref()).await?;
            Ok(true)
        })
    }
}
