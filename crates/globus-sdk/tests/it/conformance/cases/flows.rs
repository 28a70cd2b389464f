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
    }
    SpecificFlowClient {
        run_flow(body: Raw)[
            label: String, tags: Vec<String>, activity_notification_policy: Raw, run_monitors: Vec<String>,
            run_managers: Vec<String>];
    }
};

pub(super) const FURTHER: &[Further] = &[("SpecificFlowClient", "run_flow", r#"{"body": {}, "tags": ["a", "b"]}"#)];
