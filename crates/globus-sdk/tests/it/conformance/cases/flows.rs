//! Cases of the clients of `services::flows`.

use globus_sdk::services::flows::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    FlowsClient {
        list_flows()[
            filter_roles: Vec<FlowRole>, filter_fulltext: String, orderby: Vec<String>, marker: String] pages;
        create_flow(title: String, definition: Raw, input_schema: Raw)[
            subtitle: String, description: String, flow_viewers: Vec<String>, flow_starters: Vec<String>,
            flow_administrators: Vec<String>, run_managers: Vec<String>, run_monitors: Vec<String>,
            keywords: Vec<String>, subscription_id: SubscriptionId | subscription_id_null,
            authentication_policy_id: PolicyId | authentication_policy_id_null];
        get_flow(flow_id: FlowId)[];
        update_flow(flow_id: FlowId)[
            title: String, definition: Raw, input_schema: Raw, subtitle: String, description: String,
            flow_owner: String, flow_viewers: Vec<String>, flow_starters: Vec<String>,
            flow_administrators: Vec<String>, run_managers: Vec<String>, run_monitors: Vec<String>,
            keywords: Vec<String>, subscription_id: SubscriptionId, authentication_policy_id: PolicyId];
        delete_flow(flow_id: FlowId)[];
        validate_flow(definition: Raw)[input_schema: Raw];
        list_runs()[filter_flow_id: Vec<FlowId>, filter_roles: Vec<FlowRole>, marker: String] pages;
        get_run(run_id: RunId)[include_flow_description: bool];
        get_run_definition(run_id: RunId)[];
        get_run_logs(run_id: RunId)[limit: u32, reverse_order: bool, marker: String] pages;
        cancel_run(run_id: RunId)[];
        update_run(run_id: RunId)[
            label: String, tags: Vec<String>, run_monitors: Vec<String>, run_managers: Vec<String>];
        delete_run(run_id: RunId)[];
        list_web_inputs()[
            filter_roles: Vec<WebInputRole>, filter_states: Vec<WebInputStatus>, filter_flow_ids: Vec<FlowId>,
            filter_run_ids: Vec<RunId>, orderby: Vec<String>, per_page: u32, marker: String] pages;
        get_web_input(web_input_id: WebInputId)[];
        respond_to_web_input(web_input_id: WebInputId, value: Raw)[];
        list_registered_apis()[
            filter_roles: Vec<RegisteredApiRole>, orderby: Vec<String>, marker: String, per_page: u32] pages;
        get_registered_api(registered_api_id: RegisteredApiId)[];
    }
    SpecificFlowClient {
        run_flow(body: Raw)[
            label: String, tags: Vec<String>, activity_notification_policy: RunActivityNotificationPolicy,
            run_monitors: Vec<String>, run_managers: Vec<String>];
        validate_run(body: Raw)[
            label: String, tags: Vec<String>, run_monitors: Vec<String>, run_managers: Vec<String>,
            activity_notification_policy: RunActivityNotificationPolicy];
        resume_run(run_id: RunId)[];
    }
};

pub(super) const FURTHER: &[Further] = &[("SpecificFlowClient", "run_flow", r#"{"body": {}, "tags": ["a", "b"]}"#)];
