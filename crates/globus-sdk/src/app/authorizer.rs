//! The credentials of clients that are bound to an app.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::HeaderValue;

use super::core::{Core, Held, Slot, locked};
use super::turns::Ticket;
use crate::authorizers::Authorizer;
use crate::error::Result;
use crate::scopes::Scope;

/// A token is renewed this long before it ends.
pub(super) const MARGIN: Duration = Duration::from_secs(60);

/// Tokens of one resource server, looked after by an app.
#[derive(Debug, Clone)]
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
    ///
    /// The work is a task of its own, with the gate in its hands: nobody waits for a caller that stands still. It ends
    /// with this caller, a login in the browser too; what must come to its end is a task of the app.
    async fn obtain(&self, rejected: Option<&HeaderValue>) -> Result<Held> {
        let (this, rejected) = (self.clone(), rejected.cloned());
        let ticket = self.app.turns.ticket();
        let tried = locked(&self.slot.tries).count;
        let task = async move {
            let _gate = this.slot.gate.lock().await;
            this.obtain_in_turn(rejected.as_ref(), ticket, tried).await
        };
        self.app.background.run(task).await
    }

    /// Gets a token, or shares in the failure of somebody who tried since there had been `tried` tries.
    async fn obtain_in_turn(&self, rejected: Option<&HeaderValue>, ticket: Ticket, tried: u64) -> Result<Held> {
        let generation = self.app.generation();
        let unsaved = self.app.unsaved.get(&self.resource_server).is_some();
        let failure = locked(&self.slot.tries).failure(tried, generation);
        if let Some(failure) = failure.filter(|_| !unsaved) {
            return Err(failure);
        }
        let outcome = self.obtain_alone(rejected, ticket).await;
        let failure = outcome.as_ref().err().cloned();
        locked(&self.slot.tries).end(failure.map(|failure| (generation, failure)));
        outcome
    }

    async fn obtain_alone(&self, rejected: Option<&HeaderValue>, ticket: Ticket) -> Result<Held> {
        // Another caller may have been faster.
        if let Some(held) = self.held().filter(|held| Some(&held.header) != rejected) {
            return Ok(held);
        }
        let generation = self.app.generation();
        let required = self.app.required(&self.resource_server)?;
        let outgrown = self.outgrown(&required).await;
        let rejected = rejected.or(outgrown.as_ref());
        let token = self.app.good_token(&self.resource_server, rejected, ticket).await?;
        let held = Held {
            header: token.header()?,
            expires_at: token.expires_at(),
            generation,
            required,
        };
        *locked(&self.slot.held) = Some(held.clone());
        Ok(held)
    }
}

impl AppAuthorizer {
    /// The token of an app that acts as itself, when it may be for less than what is required now: a token does not tell
    /// its dependent scopes, and another one costs no login.
    async fn outgrown(&self, required: &[Scope]) -> Option<HeaderValue> {
        if self.app.person.is_some() {
            return None;
        }
        let held = locked(&self.slot.held).clone();
        match held {
            Some(held) => (held.required != required).then_some(held.header),
            None if required.iter().all(|scope| scope.dependencies().is_empty()) => None,
            None => {
                let found = self.app.found(&self.resource_server).await.ok()?;
                found.header().ok()
            }
        }
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
            self.obtain(rejected.as_ref()).await?;
            Ok(true)
        })
    }
}
