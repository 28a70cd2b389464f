//! Operations of [`SpecificFlowClient`].

use globus_sdk_macros::service;

use crate::client::{Bound, Mode};
use crate::models::RunId;
use crate::services::flows::{Run, RunActivityNotificationPolicy, RunValidation, SpecificFlowClient, errors};

#[service(reference = "https://flows.globus.org/redoc", vars(flow_id), scope_source = Documented)]
impl SpecificFlowClient {
    /// Starts a run of the flow.
    #[post("/flows/{flow_id}/run",
        errors = [FLOW_INPUT_ERROR, FORBIDDEN, POLICY_REQUIRED, NOT_FOUND, UNPROCESSABLE, BAD_GATEWAY],
        reference = "#tag/Runs/paths/~1flows~1{flow_id}~1run/post")]
    fn run_flow(
        /// Input of the run, which must fit the flow's input schema.
        body: Value,
        /// Short text that tells this run from others, at most 64 characters.
        label: Option<String>,
        /// Words by which people find the run.
        #[list]
        tags: Option<Vec<String>>,
        /// On which statuses the owner is notified by mail; the service's own choice when absent.
        activity_notification_policy: Option<Json<RunActivityNotificationPolicy>>,
        /// Principals that may watch the run.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// Principals that may change the run.
        #[list]
        run_managers: Option<Vec<String>>,
    ) -> Run;

    /// Checks what a run would be started with, without starting one.
    ///
    /// An input that does not fit the schema is an [`Error::Api`](crate::error::Error::Api) with the code
    /// `FLOW_INPUT_ERROR` and a message for each mistake.
    #[post("/flows/{flow_id}/validate_run", idempotency = Repeatable, errors = [FLOW_INPUT_ERROR, FORBIDDEN],
        reference = "#tag/Runs/paths/~1flows~1{flow_id}~1validate_run/post")]
    fn validate_run(
        /// The input to check against the flow's input schema.
        body: Value,
        /// Short text to check, at most 64 characters.
        label: Option<String>,
        /// Words to check by which people would find the run.
        #[list]
        tags: Option<Vec<String>>,
        /// Principals to check that would watch the run.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// Principals to check that would change the run.
        #[list]
        run_managers: Option<Vec<String>>,
        /// Policy to check: on which statuses the owner would be notified.
        activity_notification_policy: Option<Json<RunActivityNotificationPolicy>>,
    ) -> RunValidation;

    /// Lets a run go on that waits for a person (`INACTIVE`), once that person has done what it lacked.
    #[post("/runs/{run_id}/resume", errors = [FORBIDDEN, NOT_FOUND],
        reference = "#tag/Runs/paths/~1flows~1{flow_id}~1runs~1{run_id}~1resume/post")]
    fn resume_run(
        /// The run to go on with, which must be a run of this flow.
        run_id: RunId,
    ) -> Run;
}

impl<M: Mode> ResumeRun<M> {
    /// The call itself, for whoever has to do something first.
    pub(crate) fn into_bound(self) -> Bound<M> {
        self.bound
    }
}
