//! Operations of [`FlowsClient`].

use globus_sdk_macros::service;

use crate::models::{PolicyId, SubscriptionId};
use crate::scopes::FlowsScopes;
use crate::services::flows::{Flow, FlowRole, FlowsClient};

#[service(reference = "https://globusonline.github.io/globus-flows/")]
impl FlowsClient {
    /// Lists the flows that the caller may see.
    #[get("/flows", scopes = [FlowsScopes::VIEW_FLOWS, FlowsScopes::ALL], page = Marker("flows"))]
    fn list_flows(
        /// Keep flows on which the caller holds one of these roles.
        #[csv]
        filter_roles: Option<Vec<FlowRole>>,
        /// Keep flows in whose texts these words occur.
        filter_fulltext: Option<String>,
        /// Sort keys, each a field and `ASC` or `DESC`, for example `updated_at DESC`.
        #[repeat]
        orderby: Option<Vec<String>>,
        /// Where to resume, from the page before.
        marker: Option<String>,
    ) -> Flow;

    /// Creates a flow, which the caller owns.
    #[post("/flows", scopes = [FlowsScopes::MANAGE_FLOWS, FlowsScopes::ALL])]
    fn create_flow(
        /// Title, at most 128 characters.
        title: String,
        /// The states of the flow and how they follow each other.
        definition: Value,
        /// JSON Schema of the input of a run; `{}` takes anything.
        input_schema: Value,
        /// Second line below the title.
        subtitle: Option<String>,
        /// What the flow does, at most 4096 characters.
        description: Option<String>,
        /// Principals that may see the flow, or `public`.
        #[list]
        flow_viewers: Option<Vec<String>>,
        /// Principals that may run the flow, or `all_authenticated_users`.
        #[list]
        flow_starters: Option<Vec<String>>,
        /// Principals that may change the flow.
        #[list]
        flow_administrators: Option<Vec<String>>,
        /// Principals that may change every run of the flow.
        #[list]
        run_managers: Option<Vec<String>>,
        /// Principals that may watch every run of the flow.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// Words by which people find the flow.
        #[list]
        keywords: Option<Vec<String>>,
        /// Subscription that pays for the flow.
        #[nullable]
        subscription_id: Option<SubscriptionId>,
        /// Policy that everybody who uses the flow must meet.
        #[nullable]
        authentication_policy_id: Option<PolicyId>,
    ) -> Flow;
}
