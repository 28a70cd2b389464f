//! Operations on web inputs: questions that a run asks people.

use globus_sdk_macros::service;

use crate::models::{FlowId, RunId, WebInputId};
use crate::scopes::FlowsScopes;
use crate::services::flows::{
    FlowsClient, WebInput, WebInputReceipt, WebInputRole, WebInputStatus, WebInputSummary, errors,
};

#[service(reference = "https://flows.globus.org/redoc", errors = [FORBIDDEN, POLICY_REQUIRED, NOT_FOUND])]
impl FlowsClient {
    /// Lists the web inputs that the caller may see or answer.
    #[get("/web_inputs", scopes = [FlowsScopes::WEB_INPUT_VIEW, FlowsScopes::ALL],
        page = NullableMarker("web_input_summaries", "marker"), errors = [BAD_QUERY, UNPROCESSABLE],
        reference = "#tag/Web-Inputs/paths/~1web_inputs/get")]
    fn list_web_inputs(
        /// Keep web inputs on which the caller holds one of these roles.
        #[csv]
        filter_roles: Option<Vec<WebInputRole>>,
        /// Keep web inputs that are in one of these states.
        #[csv]
        filter_states: Option<Vec<WebInputStatus>>,
        /// Keep web inputs of runs of these flows.
        #[csv]
        filter_flow_ids: Option<Vec<FlowId>>,
        /// Keep web inputs of these runs.
        #[csv]
        filter_run_ids: Option<Vec<RunId>>,
        /// Sort keys, each `created_timestamp`, `edited_timestamp` or `closed_timestamp`, and `ASC` or `DESC`.
        #[csv]
        orderby: Option<Vec<String>>,
        /// Rows on a page, at most; the service documents no limit, and chooses the number when absent.
        per_page: Option<u32>,
        marker: Option<String>,
    ) -> WebInputSummary;

    /// Reads one web input: the question, and what may be answered.
    #[get("/web_inputs/{web_input_id}", scopes = [FlowsScopes::WEB_INPUT_VIEW, FlowsScopes::ALL],
        reference = "#tag/Web-Inputs/paths/~1web_inputs~1{web_input_id}/get")]
    fn get_web_input(
        /// The web input to read.
        web_input_id: WebInputId,
    ) -> WebInput;

    /// Answers a web input, for which its run waits. One that was answered already is refused (`STATE_CONFLICT`).
    #[post("/web_inputs/{web_input_id}/respond", scopes = [FlowsScopes::WEB_INPUT_RESPOND, FlowsScopes::ALL],
        errors = [STATE_CONFLICT, UNPROCESSABLE],
        reference = "#tag/Web-Inputs/paths/~1web_inputs~1{web_input_id}~1respond/post")]
    fn respond_to_web_input(
        /// The web input to answer.
        web_input_id: WebInputId,
        /// The answer, which must fit its input schema; for a selection, the id of the chosen option.
        #[at("/response/value")]
        value: Value,
    ) -> WebInputReceipt;
}
