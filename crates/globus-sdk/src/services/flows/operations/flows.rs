//! Operations on flows.

use globus_sdk_macros::service;

use crate::models::{FlowId, PolicyId, SubscriptionId};
use crate::scopes::FlowsScopes;
use crate::services::flows::{Flow, FlowRole, FlowValidation, FlowsClient, errors};

#[service(reference = "https://flows.globus.org/redoc", errors = [FORBIDDEN, NOT_FOUND])]
impl FlowsClient {
    /// Lists the flows that the caller may see.
    #[get("/flows", scopes = [FlowsScopes::VIEW_FLOWS, FlowsScopes::ALL], page = Marker("flows"), errors = [BAD_QUERY],
        reference = "#tag/Flows/paths/~1flows/get")]
    fn list_flows(
        /// Keep flows on which the caller holds one of these roles.
        #[csv]
        filter_roles: Option<Vec<FlowRole>>,
        /// Keep flows in whose title, texts or keywords these words occur.
        filter_fulltext: Option<String>,
        /// Sort keys, each a field and `ASC` or `DESC`, for example `updated_at DESC`.
        #[repeat]
        orderby: Option<Vec<String>>,
        marker: Option<String>,
    ) -> Flow;

    /// Creates a flow, which the caller owns.
    ///
    /// Principals are URNs: `urn:globus:auth:identity:<id>` or `urn:globus:groups:id:<id>`.
    #[post("/flows", scopes = [FlowsScopes::MANAGE_FLOWS, FlowsScopes::ALL], errors = [FORBIDDEN, UNPROCESSABLE],
        reference = "#tag/Flows/paths/~1flows/post")]
    fn create_flow(
        /// Title, at most 128 characters.
        title: String,
        /// The states of the flow and how they follow each other.
        definition: Value,
        /// JSON Schema of the input of a run; `{}` takes anything.
        input_schema: Value,
        /// Second line below the title, at most 128 characters.
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

    /// Reads one flow.
    #[get("/flows/{flow_id}", scopes = [FlowsScopes::VIEW_FLOWS, FlowsScopes::ALL],
        reference = "#tag/Flows/paths/~1flows~1{flow_id}/get")]
    fn get_flow(
        /// The flow to read.
        flow_id: FlowId,
    ) -> Flow;

    /// Changes fields of a flow; those that are not given stay. A list is replaced as a whole.
    ///
    /// Runs that were started before keep the definition they were started with. Principals are URNs, as in
    /// [`create_flow`](Self::create_flow).
    #[put("/flows/{flow_id}", scopes = [FlowsScopes::MANAGE_FLOWS, FlowsScopes::ALL], errors = [UNPROCESSABLE],
        reference = "#tag/Flows/paths/~1flows~1{flow_id}/put")]
    fn update_flow(
        /// The flow to change.
        flow_id: FlowId,
        /// New title, at most 128 characters.
        title: Option<String>,
        /// New states and how they follow each other.
        definition: Option<Value>,
        /// New JSON Schema of the input of a run.
        input_schema: Option<Value>,
        /// New second line below the title, at most 128 characters.
        subtitle: Option<String>,
        /// New text about what the flow does, at most 4096 characters.
        description: Option<String>,
        /// Principal that takes the flow over, which can only be the caller's own.
        flow_owner: Option<String>,
        /// Principals that may see the flow from now on, or `public`.
        #[list]
        flow_viewers: Option<Vec<String>>,
        /// Principals that may run the flow from now on, or `all_authenticated_users`.
        #[list]
        flow_starters: Option<Vec<String>>,
        /// Principals that may change the flow from now on.
        #[list]
        flow_administrators: Option<Vec<String>>,
        /// Principals that may change every run of the flow from now on.
        #[list]
        run_managers: Option<Vec<String>>,
        /// Principals that may watch every run of the flow from now on.
        #[list]
        run_monitors: Option<Vec<String>>,
        /// New words by which people find the flow.
        #[list]
        keywords: Option<Vec<String>>,
        /// Subscription that pays for the flow from now on, or `DEFAULT`, which the service fills in.
        subscription_id: Option<SubscriptionId>,
        /// Policy that everybody who uses the flow must meet from now on.
        authentication_policy_id: Option<PolicyId>,
    ) -> Flow;

    /// Deletes a flow; the answer is the flow as it was.
    #[delete("/flows/{flow_id}", scopes = [FlowsScopes::MANAGE_FLOWS, FlowsScopes::ALL],
        reference = "#tag/Flows/paths/~1flows~1{flow_id}/delete")]
    fn delete_flow(
        /// The flow to delete.
        flow_id: FlowId,
    ) -> Flow;

    /// Checks a definition without creating a flow, and says which scopes its runs would need.
    ///
    /// A definition with mistakes is an [`Error::Api`](crate::error::Error::Api) with a message for each of them.
    #[post("/flows/validate", idempotency = Repeatable, errors = [FORBIDDEN, SCOPE_RESOLUTION_FAILED, UNPROCESSABLE],
        reference = "#tag/Flows/paths/~1flows~1validate/post")]
    fn validate_flow(
        /// The states to check and how they follow each other.
        definition: Value,
        /// JSON Schema of the input of a run, to be checked too.
        input_schema: Option<Value>,
    ) -> FlowValidation;
}
