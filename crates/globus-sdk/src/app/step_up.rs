//! Meeting what a service demands of a login: of a request it refused, or of a run or a task that stands still.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::core::{Core, Handle};
use super::turns::Ticket;
use super::types::UserApp;
use crate::client::{Mode, Task};
use crate::error::{ApiError, Error, Result};
use crate::gare::{GlobusAuthRequirementsError, GlobusAuthorizationParameters};
use crate::response::Response;
use crate::services::flows::{Run, SpecificFlowClient};
use crate::transport::AuthorizationHook;

impl Core {
    /// Logs in with these demands, unless somebody else has done so since `ticket`. Answers whether it could help.
    async fn step_up(
        self: &Arc<Self>,
        ticket: Ticket,
        why: &str,
        demands: &GlobusAuthorizationParameters,
    ) -> Result<bool> {
        if self.person.is_none() && demands.required_scopes.is_none() {
            // A program has no session that could get better.
            return Ok(false);
        }
        let (_gate, _) = self.turns.enter(ticket).await;
        if self.turns.is_met(ticket, demands) {
            return Ok(true);
        }
        if let Some(failure) = self.turns.failure(ticket, Some(demands)) {
            return Err(failure);
        }
        match &self.person {
            Some(person) if !self.may_ask(person) => Err(self.offer(person, why, Some(demands))),
            _ => self.ask_anybody(Some(demands)).await.map(|()| true),
        }
    }
}

impl AuthorizationHook for Handle {
    fn logins(&self) -> u64 {
        self.0.turns.ticket().0
    }

    fn redrive<'a>(&'a self, refusal: &'a ApiError, before: u64) -> BoxFuture<'a, Result<bool>> {
        Box::pin(async move {
            let Some(gare) = crate::gare::to_gare(refusal) else {
                return Ok(false);
            };
            let demands = &gare.authorization_parameters;
            self.0.step_up(Ticket(before), &refusal.to_string(), demands).await
        })
    }
}

impl<M: Mode> UserApp<M> {
    /// Logs in as a service demands, be it for a run, a timer or a task that stands still, or for a refused request: with
    /// a second factor, other identities, a policy, more consents. Callers that are there at the same time with the same
    /// demands share one login.
    ///
    /// ```
    /// # async fn example(app: globus_sdk::UserApp, task: globus_sdk::services::transfer::Task) -> globus_sdk::Result<()> {
    /// if let Some(demands) = task.auth_requirements() {
    ///     app.meet_requirements(&demands).await?; // the task goes on by itself
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The task answers [`Error::LoginRequired`] where the app's [`LoginPolicy`](super::LoginPolicy) lets it ask nobody.
    pub fn meet_requirements(&self, requirements: &GlobusAuthRequirementsError) -> Task<(), M> {
        let (core, requirements) = (self.core.clone(), requirements.clone());
        let ticket = core.turns.ticket();
        Task::new(
            self.runtime.clone(),
            async move { core.meet(ticket, &requirements).await },
        )
    }

    /// Has a run go on that waits for its person (`INACTIVE`): logs in with what the run lacks, if it says so, and
    /// resumes it once. `flow` is the client of the run's flow, and has to be bound to this app.
    ///
    /// ```
    /// use globus_sdk::services::flows::RunStatus;
    /// # async fn example(app: globus_sdk::UserApp, flows: globus_sdk::FlowsClient, flow: globus_sdk::SpecificFlowClient,
    /// #     run_id: globus_sdk::models::RunId) -> globus_sdk::Result<()> {
    /// let run = flows.get_run(&run_id).await?;
    /// if run.status == Some(RunStatus::Inactive) {
    ///     app.resume_run(&flow, &run).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The task answers the errors of [`meet_requirements`](Self::meet_requirements) and of
    /// [`resume_run`](SpecificFlowClient::resume_run), and a usage error for a run without an id.
    pub fn resume_run(&self, flow: &SpecificFlowClient<M>, run: &Run) -> Task<Response<Run>, M> {
        let (core, requirements) = (self.core.clone(), run.auth_requirements());
        let (ticket, run_id) = (core.turns.ticket(), run.run_id.clone());
        let resume = flow.resume_run(run_id.clone().unwrap_or_default());
        Task::new(self.runtime.clone(), async move {
            if run_id.is_none() {
                return Err(Error::usage("a run without an id cannot be resumed"));
            }
            if let Some(requirements) = requirements {
                core.meet(ticket, &requirements).await?;
            }
            resume.into_bound().one().await
        })
    }
}

impl Core {
    async fn meet(self: &Arc<Self>, ticket: Ticket, requirements: &GlobusAuthRequirementsError) -> Result<()> {
        let parameters = &requirements.authorization_parameters;
        let message = parameters.session_message.as_deref().unwrap_or(&requirements.code);
        self.step_up(ticket, message, parameters).await.map(drop)
    }
}
