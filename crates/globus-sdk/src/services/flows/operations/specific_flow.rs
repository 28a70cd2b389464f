//! Operations of [`SpecificFlowClient`].

use globus_sdk_macros::service;

use crate::services::flows::{Run, SpecificFlowClient};

#[service(reference = "https://globusonline.github.io/globus-flows/", vars(flow_id))]
impl SpecificFlowClient {
    /// Starts a run of the flow.
    #[post("/flows/{flow_id}/run")]
    fn run_flow(
        /// Input of the run, which must fit the flow's input schema.
        body: Value,
        /// Short text that tells this run from others, at most 64 characters.
        label: Option<String>,
        /// Words by which people find the run.
        #[list]
        tags: Option<Vec<String>>,
        /// On which statuses the owner is notified, for example `{"status": ["INACTIVE"]}`.
        activity_notification_policy: Option<Value>,
        /// Principals that may watch the run.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// Principals that may change the run.
        #[list]
        run_managers: Option<Vec<String>>,
    ) -> Run;
}
